import type { Statement } from '../transaction.ts'

/** Rows of an institution that were posted from one moment to before another. */
export interface PostedBetween {
  readonly institution: string
  readonly from_ms: number
  readonly before_ms: number
  /** Absent means all. */
  readonly schemes: readonly string[] | undefined
  readonly cares: readonly string[] | undefined
}

/**
 * What the agency's desk settled, or undid for it, an institution or another region knows nothing of: it stays as it was
 * told. Looked up row by row, by its unique key.
 */
export const told = `s.desk is null
  and (select d.id from settlement d where d.owner_id = s.owner_id and d.replaces = s.id) is null`

const among = `
  s.institution = $1 and ${told}
  and s.posted_at >= to_timestamp($2::float8 / 1000.0) and s.posted_at < to_timestamp($3::float8 / 1000.0)
  and ($4::text[] is null or s.scheme = any ($4::text[]))
  and ($5::text[] is null or s.care = any ($5::text[]))`

const valuesOf = ({ institution, from_ms, before_ms, schemes, cares }: PostedBetween) => [
  institution,
  from_ms,
  before_ms,
  schemes ?? null,
  cares ?? null,
]

/** Sums of posted rows, apart for those that undo. */
export const sumPosted = (asked: PostedBetween): Statement => ({
  name: 'sum-posted',
  text: `
    select s.kind in ('cancellation', 'reversal') as undo, count(*) as rows,
           sum(s.total_fen)::bigint as total_fen, sum(s.fund_total_fen)::bigint as fund_total_fen,
           sum(s.account_fen)::bigint as account_fen, sum(s.cash_fen)::bigint as cash_fen
    from settlement s where ${among}
    group by 1 order by 1`,
  values: valuesOf(asked),
})

export interface StoredSums {
  readonly undo: boolean
  readonly rows: bigint
  readonly total_fen: bigint
  readonly fund_total_fen: bigint
  readonly account_fen: bigint
  readonly cash_fen: bigint
}

/**
 * Posted rows in their order, each with the key of the request that wrote it: the first that was answered with it. A
 * later reversal may have found the row and be answered with it as well.
 */
export const readPosted = (asked: PostedBetween): Statement => ({
  name: 'read-posted',
  text: `
    select s.id, s.settlement_id, s.kind, s.owner_id, s.visit, s.scheme, s.care, s.home_region, s.treated_on,
           (extract(epoch from s.posted_at) * 1000)::bigint as posted_at_ms,
           s.total_fen, s.fund_total_fen, s.account_fen, s.cash_fen, a.key_hash
    from settlement s
    left join lateral (
      select key_hash from answer
      where owner_id = s.owner_id and posting_id = s.id
      order by kind = 'reversed', answered_at limit 1
    ) a on true
    where ${among}
    order by s.posted_at, s.id`,
  values: valuesOf(asked),
})

export interface StoredPosted {
  readonly id: string
  readonly settlement_id: string
  readonly kind: string
  readonly owner_id: string
  readonly visit: string | null
  readonly scheme: string
  readonly care: string
  readonly home_region: string
  readonly treated_on: string
  readonly posted_at_ms: bigint
  readonly total_fen: bigint
  readonly fund_total_fen: bigint
  readonly account_fen: bigint
  readonly cash_fen: bigint
  readonly key_hash: Buffer | null
}

/** What was asked under some keys. */
export const readInputs = (keyHashes: readonly Buffer[]): Statement => ({
  name: 'read-inputs',
  text: 'select key_hash, input from request where key_hash = any ($1::bytea[])',
  values: [keyHashes],
})

export interface StoredInput {
  readonly key_hash: Buffer
  readonly input: Buffer
}

/** Every row of a person's settlements, the newest chain first, treated within days where given. */
export const readRowsOf = (
  owner: string,
  from: string | undefined,
  until: string | undefined,
): Statement => ({
  name: 'read-rows-of-person',
  text: `
    select canonical from settlement
    where owner_id = $1
      and ($2::date is null or treated_on >= $2::date) and ($3::date is null or treated_on <= $3::date)
    order by settlement_id desc, sequence`,
  values: [owner, from ?? null, until ?? null],
})

/** What was answered first with a row, and what was asked under that key. */
export const readToldOf = (owner: string, row: string): Statement => ({
  name: 'read-told-of-row',
  text: `
    select a.key_hash, a.body, r.input
    from answer a join request r on r.key_hash = a.key_hash
    where a.owner_id = $1 and a.posting_id = $2
    order by a.kind = 'reversed', a.answered_at limit 1`,
  values: [owner, row],
})

export interface StoredTold extends StoredInput {
  readonly body: Buffer
}
