import { bookCryptoOf } from '../../adapters/crypto/bookCrypto.ts'
import pg from 'pg'
import { readDataKeys } from '../../adapters/crypto/dataKey.ts'
import { netOf, ourRows } from '../../adapters/nhsa/statement.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { createPosted, type PostedQueries } from '../../adapters/postgres/posted.ts'
import { type Day, parseDay } from '../../engine/day.ts'
import { add, type Fen } from '../../engine/money.ts'
import { compareSums, reconcile, type Stated } from '../../engine/reconcile.ts'

/** A day of all institutions, compared with what each of them says. */
export interface Reconciled {
  readonly rows: number
  readonly institutions: number
  readonly totals_s: number
  readonly details_s: number
  /** What was found although nobody put it there, and what was put there and not found. */
  readonly wrong: readonly string[]
}

/**
 * Compares the totals of each institution (对总账), then every row (对明细账) of lists in which one row is missing, one has
 * another amount and one is of nobody's: as 3201 and 3202 do, but for the way of the lists through the gateway, which takes
 * no more than some five thousand rows at once.
 */
export async function reconcileDay(ownerUrl: string, on: string): Promise<Reconciled> {
  const crypto = bookCryptoOf(readDataKeys({ file: undefined, mode: 'sandbox' }))
  const pool = createPool({ url: ownerUrl, max: 4, applicationName: 'day end', onError: () => {} })
  try {
    const day = parseDay(on)
    const settlements = createPosted({ pool, crypto })
    const lists = await listsOf(pool, day)
    const wrong: string[] = []
    const begun = performance.now()
    for (const [institution, list] of lists)
      wrong.push(...(await compareTotals(settlements, institution, day, list)))
    const between = performance.now()
    for (const [institution, list] of lists)
      wrong.push(...(await compareDetails(settlements, institution, day, list)))
    return {
      rows: [...lists.values()].reduce((sum, list) => sum + list.length, 0),
      institutions: lists.size,
      totals_s: (between - begun) / 1000,
      details_s: (performance.now() - between) / 1000,
      wrong,
    }
  } finally {
    await pool.end()
  }
}

type Settlements = { readonly settlements: PostedQueries }

/** What the institutions have: read for them here, in a way that has nothing in common with how it is compared. */
async function listsOf(pool: pg.Pool, day: Day): Promise<Map<string, Stated[]>> {
  const client = new pg.Client({ ...pool.options, query_timeout: undefined, statement_timeout: 0 })
  await client.connect()
  const { rows } = await client.query<{
    institution: string
    settlement: string
    undo: boolean
    total: string
    fund: string
    account: string
  }>(
    `select institution, settlement_id as settlement, kind <> 'settlement' as undo, total_fen::text as total,
            fund_total_fen::text as fund, account_fen::text as account
     from settlement
     where posted_at >= $1::timestamptz and posted_at < $1::timestamptz + interval '1 day'`,
    [`${day}T00:00:00+08:00`],
  )
  await client.end()
  const lists = new Map<string, Stated[]>()
  for (const { institution, settlement, undo, ...amounts } of rows) {
    const fen = (text: string): Fen => (undo ? -BigInt(text) : BigInt(text)) as Fen
    const list = lists.get(institution) ?? []
    lists.set(institution, list)
    const { total, fund, account } = amounts
    list.push({ settlement, undo, total: fen(total), fundTotal: fen(fund), account: fen(account) })
  }
  return lists
}

const asked = (institution: string, day: Day) => ({ institution, from: day, until: day })

async function compareTotals(
  settlements: PostedQueries,
  institution: string,
  day: Day,
  list: readonly Stated[],
): Promise<string[]> {
  const ours = netOf(await settlements.sums(asked(institution, day)))
  const sum = (of: (one: Stated) => Fen): Fen =>
    list.reduce((all, one) => add(all, of(one)), 0n as Fen)
  const undone = list.filter(({ undo }) => undo).length
  const { standing } = compareSums(ours, {
    rows: list.length - 2 * undone,
    total: sum((one) => one.total),
    fundTotal: sum((one) => one.fundTotal),
    account: sum((one) => one.account),
  })
  return standing === 'level' ? [] : [`totals of ${institution} are ${standing}`]
}

async function compareDetails(
  settlements: PostedQueries,
  institution: string,
  day: Day,
  list: readonly Stated[],
): Promise<string[]> {
  const [missing, other, ...rest] = list
  if (!missing || !other) return []
  const theirs: Stated[] = [
    ...rest,
    { ...other, total: add(other.total, 1n as Fen) },
    { ...other, settlement: 'nobody’s' },
  ]
  const world: Settlements = { settlements }
  const ours = await ourRows(world as Parameters<typeof ourRows>[0], asked(institution, day))
  const found = reconcile<Stated, Stated>(ours, theirs)
  const told = found.map((one) =>
    one.kind === 'missingHere'
      ? `missingHere ${one.theirs.settlement}`
      : `${one.kind} ${one.ours.settlement}`,
  )
  const expected = [
    `missingThere ${missing.settlement}`,
    `amounts ${other.settlement}`,
    'missingHere nobody’s',
  ]
  return told.toSorted().join() === expected.toSorted().join()
    ? []
    : [`details of ${institution}: ${told.slice(0, 5).join(', ')}, not ${expected.join(', ')}`]
}
