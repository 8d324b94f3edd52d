import type pg from 'pg'
import { type Day, dayAfter, type Instant } from '../../engine/day.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { openRefusal } from './bind.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import type { Crypto } from './needs.ts'
import { refusalsNewestFirst, type StoredRefusal } from './sql/refusals.ts'

export interface RefusalFilter extends PageAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly code?: string | undefined
  /** Days in China on which it was refused, both included. */
  readonly from?: Day | undefined
  readonly until?: Day | undefined
}

/** What was refused (拒付记录): to whom, under which key, and why. */
export interface KeptRefusal {
  readonly at: Instant
  readonly institution: string
  readonly key: string
  /** Absent where it was about nobody, such as an institution's clearing. */
  readonly person?: string | undefined
  readonly refusal: Refusal
}

/** Whoever belongs to a region or an institution has a colon in their name, and nobody else has. */
export const personAmong = (owner: string): string | undefined =>
  owner.includes(':') ? undefined : owner

const startOf = (day: Day): Instant => Date.parse(`${day}T00:00:00+08:00`)

/** Refusals, the newest first. */
export async function listRefusals(
  { pool, crypto }: { readonly pool: pg.Pool; readonly crypto: Crypto },
  { from, until, after, limit, ...filter }: RefusalFilter,
): Promise<Page<KeptRefusal>> {
  const [afterMoment_ms, hash] = after?.split('@') ?? []
  const { text, values } = refusalsNewestFirst({
    ...filter,
    from_ms: from && startOf(from),
    before_ms: until && startOf(dayAfter(until)),
    limit: limit + 1,
    afterMoment_ms,
    afterHash: hash === undefined ? undefined : Buffer.from(hash, 'hex'),
  })
  const { rows } = await pool.query<StoredRefusal>(text, [...values])
  const page = pageOf(
    rows,
    limit,
    ({ answered_at_ms, key_hash }) => `${answered_at_ms}@${key_hash.toString('hex')}`,
  )
  return { ...page, items: page.items.map((row) => readRefusal(crypto, row)) }
}

function readRefusal(crypto: Crypto, row: StoredRefusal): KeptRefusal {
  const { refusal, key = '' } = openRefusal(crypto, row)
  return {
    at: Number(row.answered_at_ms),
    institution: row.institution,
    key,
    person: personAmong(row.owner_id),
    refusal,
  }
}
