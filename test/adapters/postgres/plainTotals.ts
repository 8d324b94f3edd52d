import type pg from 'pg'
import { totalsDimensions } from '../../../adapters/postgres/sql/totals.ts'
import type { TotalsAsked } from '../../../adapters/postgres/totals.ts'
import { parseDay } from '../../../engine/day.ts'

// Totals and balances by adding up every row there is, in this file alone: nothing that is kept or journaled is looked at.

interface Bill {
  readonly kind: string
  readonly region: string
  readonly careRegion: string
  readonly institution: string
  readonly scheme: string
  readonly care: string
  readonly treated: string
  readonly posted: string
  readonly payers: ReadonlyMap<string, bigint>
}

const china = (moment: string): string =>
  new Date(Date.parse(moment) + 8 * 3_600_000).toISOString().slice(0, 10)

async function readBills(pool: pg.Pool): Promise<Bill[]> {
  const { rows } = await pool.query(
    `select s.*, posted_at at time zone 'UTC' || 'Z' as posted from settlement s`,
  )
  return rows.map((s): Bill => {
    const fen = (name: string): bigint => s[`${name}_fen`]
    const payers = new Map<string, bigint>()
    const add = (payer: string, fen: bigint): void => {
      if (fen > 0n) payers.set(payer, (payers.get(payer) ?? 0n) + fen)
    }
    s.share_funds.forEach((fund: string, i: number) => add(`fund:${fund}`, s.share_fen[i]))
    add('account', fen('account') - fen('family_account'))
    add('familyAccount', fen('family_account'))
    add('employer', fen('employer_share'))
    add('receivable', fen('receivable'))
    add('cash', fen('cash') - fen('employer_share') - fen('receivable'))
    add('hospital', fen('hospital_share'))
    return {
      kind: s.kind,
      region: s.home_region,
      careRegion: s.care_region,
      institution: s.institution,
      scheme: s.scheme,
      care: s.care,
      treated: s.treated_on,
      posted: china(s.posted.replace(' ', 'T')),
      payers,
    }
  })
}

export interface PlainTotals {
  readonly items: Readonly<Record<string, readonly [amount: bigint, settlements: bigint]>>
  readonly amount: bigint
  readonly settlements: bigint
}

export async function plainTotals(pool: pg.Pool, asked: TotalsAsked): Promise<PlainTotals> {
  const { by, basis, payers, from = '0', until = '9', filter } = asked
  const items = new Map<string, [bigint, bigint]>()
  let [amount, settlements] = [0n, 0n]
  for (const bill of await readBills(pool)) {
    const day = bill[basis]
    if (day < from || day > until) continue
    const names = ['region', 'careRegion', 'institution', 'scheme', 'care'] as const
    if (names.some((name) => filter[name] !== undefined && filter[name] !== bill[name])) continue
    const sign = bill.kind === 'settlement' || bill.kind === 'restoration' ? 1n : -1n
    const counted = new Set<string>()
    let isPart = filter.fund === undefined
    for (const [payer, fen] of bill.payers) {
      const fund = payer.replace(/^fund:/, '')
      if (payers === 'funds' && fund === payer) continue
      if (filter.fund !== undefined && filter.fund !== fund) continue
      isPart = true
      amount += sign * fen
      add(keyOf(fund), sign * fen, by.includes('fund') || filter.fund !== undefined ? sign : 0n)
    }
    if (isPart) settlements += sign
    if (!by.includes('fund') && filter.fund === undefined) add(keyOf(''), 0n, sign)
    function keyOf(fund: string): string {
      const values = { ...bill, fund, month: day.slice(0, 7) }
      return by.map((name) => values[name]).join(' ')
    }
    function add(key: string, fen: bigint, count: bigint): void {
      const [sum = 0n, number = 0n] = items.get(key) ?? []
      items.set(key, [sum + fen, number + (counted.has(key) ? 0n : count)])
      if (count !== 0n) counted.add(key)
    }
  }
  const left = [...items].filter(([, [fen, count]]) => fen !== 0n || count !== 0n)
  return { items: Object.fromEntries(left), amount, settlements }
}

/** Every account by what belongs to the days until one: debits and credits. */
export async function plainBalances(
  pool: pg.Pool,
  until: string,
): Promise<Record<string, readonly [debits: bigint, credits: bigint]>> {
  const days = new Map<string, string>()
  const posted = `posted_at at time zone 'UTC' || 'Z'`
  for (const text of [
    `select id, treated_on as day, null as at from settlement`,
    `select id, moved_on, null from movement`,
    `select id, null, ${posted} from clearing_posting`,
  ])
    for (const { id, day, at } of (await pool.query({ text, rowMode: 'array' })).rows.map(
      ([id, day, at]) => ({ id, day, at }),
    ))
      days.set(id, day ?? china(at.replace(' ', 'T')))
  const sums: Record<string, [bigint, bigint]> = {}
  const { rows } = await pool.query('select * from transfer')
  for (const t of rows) {
    // Openings have no row; the tests open books on the first day.
    if ((days.get(t.posting_id) ?? '2026-03-02') > until) continue
    for (const [account, side] of [
      [t.debit_account, 0],
      [t.credit_account, 1],
    ] as const) {
      const sum = (sums[summary(account)] ??= [0n, 0n])
      sum[side] += t.amount_fen
    }
  }
  return sums
}

const summary = (account: string): string =>
  account
    .replace(/^(personal|memo:person):.*/, '$1:*')
    .replace(/^((?:receivable|owed):\d+:person):.*/, '$1:*')

const pick = <T>(of: readonly T[], at: number): T => of[at % of.length] as T

/** One question or another: what it is depends on its number alone. */
export function questionOf(at: number): TotalsAsked {
  const dimension = (n: number) => pick(totalsDimensions, n)
  const [one, other] = [dimension(at), dimension(at + 1 + (at % 6))]
  const day = (n: number) =>
    parseDay(new Date(Date.parse('2026-03-01') + n * 86_400_000).toISOString().slice(0, 10))
  return {
    by: at % 5 === 0 ? [one] : [one, other],
    basis: at % 2 === 0 ? 'treated' : 'posted',
    payers: at % 3 === 0 ? 'all' : 'funds',
    from: at % 4 === 0 ? undefined : day(at % 50),
    until: at % 4 === 1 ? undefined : day(20 + (at % 90)),
    filter: {
      fund: at % 7 === 0 ? 'pool' : undefined,
      institution: at % 11 === 0 ? 'H51010000001' : undefined,
      scheme: at % 13 === 0 ? 'employee' : undefined,
      care: at % 17 === 0 ? 'outpatient' : undefined,
    },
  }
}
