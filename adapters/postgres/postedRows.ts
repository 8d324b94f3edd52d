import type pg from 'pg'
import type { SealedPosting, SealedYear } from '../../engine/seal/posting.ts'
import { postedBetween } from './sql/seal.ts'

/** Where questions go: any connection, or one within a transaction. */
export type Client = pg.Pool | pg.PoolClient

interface StoredPosting {
  readonly position: bigint
  readonly owner: string
  readonly posting: string
  readonly participants: readonly string[]
  readonly digest: Buffer | null
  readonly mac: Buffer | null
  readonly at: string
  readonly settlement: Buffer | null
  readonly movement: Buffer | null
  readonly clearing: Buffer | null
  readonly columns: Record<string, unknown> | null
  readonly transfers: SealedPosting['transfers'] | null
  readonly balances: SealedPosting['balances'] | null
  readonly years: [string, string, string, Record<string, string>][] | null
}

export type PostingKind = 'settlement' | 'movement' | 'clearing' | 'opening'

/** A posting as it is stored now, read back from all the tables that it wrote. */
export interface PostedRow {
  readonly position: bigint
  readonly at: string
  readonly kind: PostingKind
  readonly participants: readonly string[]
  readonly digest: Buffer | undefined
  readonly mac: Buffer | undefined
  readonly sealed: SealedPosting
  readonly columns: Record<string, unknown> | undefined
}

/** The postings of the positions after one and up to another, in their order. */
export async function readPosted(
  client: Client,
  after: bigint,
  until: bigint,
  withColumns = false,
): Promise<PostedRow[]> {
  const { rows } = await client.query<StoredPosting>(postedBetween, [after, until, withColumns])
  return rows.map(postedRow)
}

function postedRow(row: StoredPosting): PostedRow {
  const { position, at, participants, digest, mac, columns, owner, posting } = row
  const [kind, bytes] = documentOf(row)
  return {
    position,
    at,
    kind,
    participants,
    digest: digest ?? undefined,
    mac: mac ?? undefined,
    columns: columns ?? undefined,
    sealed: {
      owner,
      posting,
      transfers: row.transfers ?? [],
      balances: row.balances ?? [],
      years: (row.years ?? []).map(yearOf),
      document: bytes?.toString('utf8') ?? '',
    },
  }
}

function documentOf({ settlement, movement, clearing }: StoredPosting): [PostingKind, Buffer?] {
  if (settlement) return ['settlement', settlement]
  if (movement) return ['movement', movement]
  return clearing ? ['clearing', clearing] : ['opening']
}

const yearOf = ([owner, year, version, counters]: [
  string,
  string,
  string,
  Record<string, string>,
]): SealedYear => [owner, year, version, Object.entries(counters)]
