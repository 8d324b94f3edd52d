import type pg from 'pg'
import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import { type Day, dayAfter, type Instant } from '../../engine/day.ts'
import type { Json } from '../../engine/dossier.ts'
import type { Fen } from '../../engine/money.ts'
import type { Row, RowKind } from '../../engine/ports.ts'
import { openInput, openResult } from './bind.ts'
import { decodeRow } from './document.ts'
import type { Crypto } from './needs.ts'
import {
  type PostedBetween,
  readInputs,
  readPosted,
  readRowsOf,
  readToldOf,
  type StoredInput,
  type StoredPosted,
  type StoredSums,
  type StoredTold,
  sumPosted,
} from './sql/posted.ts'
import type { Statement } from './transaction.ts'

/** A row of the books with the transaction and message of the national interface that wrote it, where one did. */
export interface Posted {
  readonly id: string
  readonly settlement: string
  readonly kind: RowKind
  readonly person: string
  readonly visit?: string | undefined
  readonly scheme: Scheme
  readonly care: CareKind
  readonly homeRegion: Division
  readonly day: Day
  readonly postedAt: Instant
  readonly total: Fen
  readonly fundTotal: Fen
  readonly account: Fen
  readonly cash: Fen
  readonly infno?: string | undefined
  readonly msgid?: string | undefined
}

/** Which rows: of an institution, posted from the start of a day in China to the end of another. */
export interface PostedFilter {
  readonly institution: string
  readonly from: Day
  readonly until: Day
  readonly schemes?: readonly Scheme[] | undefined
  readonly cares?: readonly CareKind[] | undefined
}

/** Sums of posted rows: those of undone rows stand apart, positive. */
export interface PostedSums {
  readonly undo: boolean
  readonly rows: number
  readonly total: Fen
  readonly fundTotal: Fen
  readonly account: Fen
  readonly cash: Fen
}

/** What institutions reconcile by (对账), and all that was settled of a person. */
export interface PostedQueries {
  sums(filter: PostedFilter): Promise<readonly PostedSums[]>
  /** In the order in which they were posted. */
  posted(filter: PostedFilter): Promise<readonly Posted[]>
  ofPerson(
    person: string,
    within?: { readonly from?: Day | undefined; readonly until?: Day | undefined },
  ): Promise<readonly Row[]>
  /** The message that wrote a row of a person, and what its sender was told beside it. */
  told(person: string, row: string): Promise<Told | undefined>
}

export interface Told extends Pick<Posted, 'infno' | 'msgid'> {
  readonly result?: Json | undefined
}

export function createPosted({ pool, crypto }: { pool: pg.Pool; crypto: Crypto }): PostedQueries {
  const ask = async <T extends pg.QueryResultRow>(statement: Statement): Promise<T[]> =>
    (await pool.query<T>({ ...statement, values: [...statement.values] })).rows
  return {
    async sums(filter) {
      return (await ask<StoredSums>(sumPosted(between(filter)))).map(readSums)
    },
    async posted(filter) {
      const rows = await ask<StoredPosted>(readPosted(between(filter)))
      const senders = await sendersOf(
        crypto,
        rows.flatMap(({ key_hash }) => key_hash ?? []),
        (keys) => ask<StoredInput>(readInputs(keys)),
      )
      return rows.map((row) => ({
        ...readRow(row),
        ...(row.key_hash && senders.get(row.key_hash.toString('hex'))),
      }))
    },
    async ofPerson(person, { from, until } = {}) {
      const rows = await ask<{ canonical: Buffer }>(readRowsOf(person, from, until))
      return rows.map(({ canonical }) => decodeRow(canonical))
    },
    async told(person, row) {
      const [stored] = await ask<StoredTold>(readToldOf(person, row))
      return (
        stored && { ...senderOf(openInput(crypto, stored)), result: openResult(crypto, stored) }
      )
    },
  }
}

const startOf = (day: Day): number => Date.parse(`${day}T00:00:00+08:00`)

const between = ({ institution, from, until, schemes, cares }: PostedFilter): PostedBetween => ({
  institution,
  from_ms: startOf(from),
  before_ms: startOf(dayAfter(until)),
  schemes,
  cares,
})

const readSums = (sums: StoredSums): PostedSums => ({
  undo: sums.undo,
  rows: Number(sums.rows),
  total: sums.total_fen as Fen,
  fundTotal: sums.fund_total_fen as Fen,
  account: sums.account_fen as Fen,
  cash: sums.cash_fen as Fen,
})

const readRow = (row: StoredPosted): Posted => ({
  id: row.id,
  settlement: row.settlement_id,
  kind: row.kind as RowKind,
  person: row.owner_id,
  visit: row.visit ?? undefined,
  scheme: row.scheme as Scheme,
  care: row.care as CareKind,
  homeRegion: row.home_region,
  day: row.treated_on as Day,
  postedAt: Number(row.posted_at_ms),
  total: row.total_fen as Fen,
  fundTotal: row.fund_total_fen as Fen,
  account: row.account_fen as Fen,
  cash: row.cash_fen as Fen,
})

type Sender = Pick<Posted, 'infno' | 'msgid'>

/** Requests are long and encrypted: so many are held at once. */
const inputsAtOnce = 500

/** Who sent what was asked under some keys, by the key in hexadecimal. */
async function sendersOf(
  crypto: Crypto,
  keys: readonly Buffer[],
  read: (keys: readonly Buffer[]) => Promise<readonly StoredInput[]>,
): Promise<ReadonlyMap<string, Sender>> {
  const senders = new Map<string, Sender>()
  for (let start = 0; start < keys.length; start += inputsAtOnce)
    for (const stored of await read(keys.slice(start, start + inputsAtOnce)))
      senders.set(stored.key_hash.toString('hex'), senderOf(openInput(crypto, stored)))
  return senders
}

/** What came another way, such as over REST, has neither a transaction nor a message. */
function senderOf(input: string): Sender {
  const { infno, msgid } = JSON.parse(input) as Record<string, unknown>
  return typeof infno === 'string' && typeof msgid === 'string' ? { infno, msgid } : {}
}
