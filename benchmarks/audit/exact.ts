import type pg from 'pg'

/** A sum that was told, and what it should be. */
export interface Compared {
  readonly what: string
  readonly told: string
  readonly computed: string
}

type Ask = (path: string) => Promise<Told>

// oxlint-disable-next-line typescript/no-explicit-any -- Whoever asked knows the form of what they asked.
type Told = any

const yuan = (fen: string): string => {
  const digits = fen.replace('-', '').padStart(3, '0')
  return `${fen.startsWith('-') ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * Every account by adding up all transfers, those of a moment by the rows that posted them: neither the journal nor a rollup
 * is looked at, which is all that the answer is made of.
 */
const sumsOfAll = `
  select summary_account(e.account) as account, sum(e.debit_fen)::text as debits, sum(e.credit_fen)::text as credits
  from entry e left join settlement s on s.id = e.posting_id
  where $1::timestamptz is null or e.kind = 'opening' or s.posted_at <= $1::timestamptz
  group by 1`

interface Sums {
  readonly account: string
  readonly debits: string
  readonly credits: string
}

const lineOf = ({ account, debits, credits }: Sums): string => `${account} ${debits} ${credits}`

export async function compareTrialBalance(
  pool: pg.Pool,
  ask: Ask,
  asOf: string | undefined,
): Promise<Compared> {
  const told: { items: readonly Sums[]; difference: string } = await ask(
    `/v1/ledger/trial-balance${asOf === undefined ? '' : `?asOf=${asOf}`}`,
  )
  const { rows } = await pool.query<Sums>(sumsOfAll, [asOf ?? null])
  const computed = rows.map(({ account, debits, credits }) =>
    lineOf({ account, debits: yuan(debits), credits: yuan(credits) }),
  )
  // Answers are in the order of names.
  const lines = computed.toSorted()
  return {
    what: `trial balance ${asOf ?? 'now'}`,
    told: [...told.items.map(lineOf), told.difference].join('\n'),
    computed: [...lines, '0.00'].join('\n'),
  }
}

/** All pages of an account's transfers, beside the sums of the account and all transfers that name it. */
export async function compareStatement(
  pool: pg.Pool,
  ask: Ask,
  account: string,
): Promise<Compared> {
  let [debits, credits, count] = [0n, 0n, 0]
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: Told = await ask(
      `/v1/ledger/transfers?account=${account}&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    for (const { debit, amount } of page.items) {
      const fen = BigInt(amount.replace('.', ''))
      if (debit === account) debits += fen
      else credits += fen
      count++
    }
    cursor = page.next
  }
  const { rows } = await pool.query<Sums & { count: string }>(
    `select count(*)::text as count, coalesce(sum(debit_fen), 0)::text as debits, coalesce(sum(credit_fen), 0)::text as credits
     from entry where account = $1`,
    [account],
  )
  const [all] = rows
  return {
    what: `transfers of ${account}`,
    told: `${count} ${debits} ${credits}`,
    computed: `${all?.count} ${all?.debits} ${all?.credits}`,
  }
}

/** Totals by fund and institution, on the day of treatment, beside the shares of all settlements. */
export async function compareTotals(pool: pg.Pool, ask: Ask): Promise<Compared> {
  const told = await ask('/v1/totals?by=fund,institution')
  const { rows } = await pool.query<{ line: string; fen: string; count: string }>(
    `select fund || ' ' || institution as line, sum(sign * fen)::text as fen, sum(sign)::text as count
     from settlement s, unnest(share_funds, share_fen) as f (fund, fen),
          lateral (select case when kind in ('settlement', 'restoration') then 1 else -1 end as sign) g
     where fen > 0 group by 1 having sum(sign * fen) <> 0 or sum(sign) <> 0`,
  )
  return {
    what: 'totals by fund and institution',
    told: told.items
      .map((item: Told) => `${item.fund} ${item.institution} ${item.amount} ${item.settlements}`)
      .toSorted()
      .join('\n'),
    computed: rows
      .map(({ line, fen, count }) => `${line} ${yuan(fen)} ${count}`)
      .toSorted()
      .join('\n'),
  }
}

/** Every account as what was treated until a day has left it, beside all transfers of those settlements. */
export async function compareTreatedUntil(pool: pg.Pool, ask: Ask, day: string): Promise<Compared> {
  const told: { items: readonly Sums[]; difference: string } = await ask(
    `/v1/ledger/trial-balance?treatedUntil=${day}`,
  )
  const { rows } = await pool.query<Sums>(
    `select summary_account(e.account) as account, sum(e.debit_fen)::text as debits, sum(e.credit_fen)::text as credits
     from entry e left join settlement s on s.id = e.posting_id
     where e.kind = 'opening' or s.treated_on <= $1::date group by 1`,
    [day],
  )
  const lines = rows.map(({ account, debits, credits }) =>
    lineOf({ account, debits: yuan(debits), credits: yuan(credits) }),
  )
  return {
    what: `trial balance of what was treated until ${day}`,
    told: [...told.items.map(lineOf), told.difference].join('\n'),
    computed: [...lines.toSorted(), '0.00'].join('\n'),
  }
}

/** The first thousands of an account's entries, each with the balance that it left, and what they add up to by themselves. */
export async function compareEntries(ask: Ask, account: string): Promise<Compared> {
  const [told, computed]: [string[], string[]] = [[], []]
  let balance = 0n
  let cursor: string | undefined = ''
  for (let page = 0; page < 50 && cursor !== undefined; page++) {
    const { items, next }: Told = await ask(
      `/v1/ledger/accounts/${account}/entries?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    for (const { row, leg, side, amount, balance: left } of items) {
      const fen = BigInt(amount.replace('.', ''))
      balance += side === 'debit' ? -fen : fen
      told.push(`${row} ${leg} ${left}`)
      computed.push(`${row} ${leg} ${yuan(String(balance))}`)
    }
    cursor = next
  }
  return { what: `entries of ${account}`, told: told.join('\n'), computed: computed.join('\n') }
}

/** All pages of an institution's settlements of a day. */
export async function compareList(
  pool: pg.Pool,
  ask: Ask,
  institution: string,
  day: string,
): Promise<Compared> {
  const found: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: Told = await ask(
      `/v1/settlements?institution=${institution}&from=${day}&until=${day}&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    found.push(
      ...page.items.map(({ id, total }: { id: string; total: string }) => `${id} ${total}`),
    )
    cursor = page.next
  }
  const { rows } = await pool.query<{ id: string; total: string }>(
    `select settlement_id as id, total_fen::text as total from settlement
     where sequence = 1 and institution = $1 and treated_on = $2::date order by settlement_id desc`,
    [institution, day],
  )
  return {
    what: `settlements of ${institution} on ${day}`,
    told: found.join('\n'),
    computed: rows.map(({ id, total }) => `${id} ${yuan(total)}`).join('\n'),
  }
}
