import type pg from 'pg'
import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import { timeOfId } from './ids.ts'
import {
  lastLeg,
  nextStretch,
  ofPerson,
  type Page,
  type PageAsked,
  pageOf,
  type Place,
} from './ledger.ts'
import {
  changeBefore,
  entriesOfOwner,
  entriesOfStretch,
  type Order,
  rollupBefore,
} from './sql/accountEntries.ts'

/** One entry of a ledger account (明细账), with the balance that it left. */
export interface LedgerEntry {
  readonly position: bigint
  readonly row: string
  readonly settlement: string
  readonly leg: number
  readonly kind: string
  readonly side: 'debit' | 'credit'
  readonly counterAccount: string
  readonly amount: Fen
  readonly balance: Fen
  readonly postedAt: Instant
  /** Of a bill the day of treatment, of a movement its own. */
  readonly treatedOn?: Day | undefined
}

export interface EntriesAsked extends PageAsked {
  readonly account: string
  readonly order: Order
}

const lastPosition = 9_223_372_036_854_775_807n

/** Stretches of the journal that one page looks through, at most; it may then be short and still have a next one. */
const mostStretches = 3

/** Where a stretch had few entries the next one is longer, for to plan it costs more than to read it: so many times what lies between two rollups. */
const spansOf = (stretch: number): bigint => 2n ** BigInt(stretch)

/**
 * A page of an account's entries in the order of the journal, so that it stays as it was told. The balance at which it starts
 * is that of the rollup before it: what a cursor says of money would be whatever somebody wrote there.
 */
export async function listEntries(
  pool: pg.Pool,
  { account, order, limit, after }: EntriesAsked,
): Promise<Page<LedgerEntry>> {
  const from = placeOf(after, order)
  const owner = ofPerson.exec(account)?.[2]
  const found =
    owner === undefined || owner === '*'
      ? await (order === 'oldest' ? oldestFirst : newestFirst)(pool, account, from, limit + 1)
      : { entries: await ownEntries(pool, { owner, account, order, from, limit: limit + 1 }) }
  const { items, next } = pageOf(found.entries, limit, write)
  const resumed = next ?? (found.resume && write(found.resume))
  return resumed === undefined ? { items } : { items, next: resumed }
}

const write = ({ position, leg }: Place): string => `${position}.${leg}`

function placeOf(after: string | undefined, order: Order): Place {
  if (after === undefined)
    return order === 'oldest' ? { position: 0n, leg: 0 } : { position: lastPosition, leg: lastLeg }
  const [, position, leg] = /^(\d{1,18})\.(\d{1,7})$/.exec(after) ?? []
  if (position === undefined) throw new RangeError(after)
  return { position: BigInt(position), leg: Number(leg) }
}

interface Found {
  readonly entries: readonly LedgerEntry[]
  /** Where to go on, where a page ended before it was full. */
  readonly resume?: Place
}

async function oldestFirst(
  pool: pg.Pool,
  account: string,
  from: Place,
  limit: number,
): Promise<Found> {
  const entries: LedgerEntry[] = []
  let place = from
  for (let stretch = 0; stretch < mostStretches; stretch++) {
    const [since, next] = await nextStretch(pool, account, place)
    const until = next === lastPosition ? next : since + spansOf(stretch) * (next - since)
    const values = [since, until, account, place.position, place.leg, limit - entries.length]
    entries.push(...(await read(pool, entriesOfStretch('oldest', account), values)))
    if (entries.length >= limit || until === lastPosition) return { entries }
    place = { position: until, leg: lastLeg }
  }
  return { entries, resume: place }
}

async function newestFirst(
  pool: pg.Pool,
  account: string,
  from: Place,
  limit: number,
): Promise<Found> {
  const entries: LedgerEntry[] = []
  let since: bigint = (await pool.query(rollupBefore, [from.position])).rows[0].position
  let until = from.position
  for (let stretch = 0; stretch < mostStretches; stretch++) {
    const values = [since, until, account, from.position, from.leg, limit - entries.length]
    entries.push(...(await read(pool, entriesOfStretch('newest', account), values)))
    const earlier = since > 0n && (await pool.query(changeBefore, [account, since])).rows[0]
    if (entries.length >= limit || !earlier) return { entries }
    until = earlier.until
    const wanted = until - spansOf(stretch + 1) * (until - earlier.since)
    since = (await pool.query(rollupBefore, [wanted + 1n])).rows[0].position
  }
  return { entries, resume: { position: until, leg: lastLeg } }
}

interface OwnAsked {
  readonly owner: string
  readonly account: string
  readonly order: Order
  readonly from: Place
  readonly limit: number
}

const ownEntries = async (
  pool: pg.Pool,
  { owner, account, order, from, limit }: OwnAsked,
): Promise<LedgerEntry[]> =>
  read(pool, entriesOfOwner(order), [owner, account, from.position, from.leg, limit])

interface EntryRow {
  readonly position: bigint
  readonly posting_id: string
  readonly settlement_id: string
  readonly leg: number
  readonly kind: string
  readonly debit_fen: Fen
  readonly credit_fen: Fen
  readonly counter_account: string
  readonly balance: Fen
  readonly treated_on: Day | null
}

async function read(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[],
): Promise<LedgerEntry[]> {
  const { rows } = await pool.query<EntryRow>(text, [...values])
  return rows.map((row) => ({
    position: row.position,
    row: row.posting_id,
    settlement: row.settlement_id,
    leg: row.leg,
    kind: row.kind,
    side: row.debit_fen > 0n ? 'debit' : 'credit',
    counterAccount: row.counter_account,
    amount: row.debit_fen > 0n ? row.debit_fen : row.credit_fen,
    balance: row.balance,
    postedAt: timeOfId(row.posting_id),
    treatedOn: row.treated_on ?? undefined,
  }))
}
