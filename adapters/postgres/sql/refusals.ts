import { Conditions } from './conditions.ts'

/** Which refusals, by what stands in their columns. */
export interface RefusalsAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly code?: string | undefined
  readonly from_ms?: number | undefined
  readonly before_ms?: number | undefined
  readonly limit: number
  readonly afterMoment_ms?: string | undefined
  readonly afterHash?: Buffer | undefined
}

const columns = `a.owner_id, a.key_hash, a.code, a.institution, a.body,
  (extract(epoch from a.answered_at) * 1000)::bigint as answered_at_ms`

/** Refusals, the newest first, in the order of an index that holds nothing else; those of one person are few. */
export function refusalsNewestFirst(asked: RefusalsAsked): {
  readonly text: string
  readonly values: readonly unknown[]
} {
  const given = new Conditions()
  const conditions = given.of(
    ['a.owner_id = ?', asked.person],
    ['a.institution = ?', asked.institution],
    ['a.code = ?', asked.code],
    ['a.answered_at >= to_timestamp(?::float8 / 1000)', asked.from_ms],
    ['a.answered_at < to_timestamp(?::float8 / 1000)', asked.before_ms],
    [
      '(a.answered_at, a.key_hash) < (to_timestamp(?::float8 / 1000), ?)',
      asked.afterMoment_ms,
      asked.afterHash,
    ],
  )
  return {
    text: `
      select ${columns} from answer a where a.code is not null${conditions}
      order by a.answered_at desc, a.key_hash desc limit ${given.put(asked.limit)}`,
    values: given.values,
  }
}

export interface StoredRefusal {
  readonly owner_id: string
  readonly key_hash: Buffer
  readonly code: string
  readonly institution: string
  readonly body: Buffer
  readonly answered_at_ms: bigint
}

/** The newest refusals of a person with what was asked, older ones among them that tell their codes to who decrypts them alone. */
export const refusalsOfOwner = `
  select a.key_hash, a.institution, a.body,
         case when octet_length(r.input) <= 16384 then r.input end as input, (extract(epoch from a.answered_at) * 1000)::bigint as answered_at_ms
  from answer a join request r on r.key_hash = a.key_hash
  where a.owner_id = $1 and a.kind = 'refused'
  order by a.answered_at desc limit 100`

export interface RefusalOfOwner extends Omit<StoredRefusal, 'institution' | 'owner_id' | 'code'> {
  readonly institution: string | null
  /** Null of what is longer than whatever names a settlement: a claim does not. */
  readonly input: Buffer | null
}
