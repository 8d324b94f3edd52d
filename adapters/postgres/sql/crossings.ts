import type { Statement } from '../transaction.ts'
import { moment } from './inserts.ts'

/** Requests to other regions that are not over, in the order of their subjects: each with where it stands since when. */
const openCrossings = `
  select d.owner_id, d.subject, d.attempts, e.kind as state,
         (extract(epoch from d.due_at) * 1000)::bigint as due_at_ms,
         (extract(epoch from e.recorded_at) * 1000)::bigint as since_ms,
         (extract(epoch from a.asked_at) * 1000)::bigint as asked_at_ms
  from due d
  cross join lateral (
    select kind, recorded_at from dossier_entry e
    where e.owner_id = d.owner_id and e.subject = d.subject order by version desc limit 1
  ) e
  cross join lateral (
    select max(recorded_at) as asked_at from dossier_entry a
    where a.owner_id = d.owner_id and a.subject = d.subject and a.kind = 'asked'
  ) a
  where starts_with(d.subject, 'crossing ')`

export interface StoredCrossing {
  readonly owner_id: string
  readonly subject: string
  readonly attempts: number
  readonly state: string
  readonly due_at_ms: bigint
  readonly since_ms: bigint
  readonly asked_at_ms: bigint
}

export const listCrossings = (after: string, limit: number): Statement => ({
  name: 'list-crossings',
  text: `select * from (${openCrossings}) c where subject > $1 order by subject limit $2`,
  values: [after, limit],
})

/** How many stand where, and how long the oldest of them has waited since it was asked. */
export const countCrossings = (now: number): Statement => ({
  name: 'count-crossings',
  text: `
    select state, count(*)::int as count, ($1::float8 - min(asked_at_ms)) / 1000 as oldest_seconds
    from (${openCrossings}) c group by 1`,
  values: [now],
})

export interface StoredCrossingCount {
  readonly state: string
  readonly count: number
  readonly oldest_seconds: number
}

/** Who a request to another region is about, by the institution's request that it serves, over or not. */
export const findCrossing = (subject: string, keyHash: Buffer): Statement => ({
  name: 'find-crossing',
  text: `
    select owner_id from due where subject = $1
    union
    select owner_id from request where key_hash = $2`,
  values: [subject, keyHash],
})

/** Makes a subject due at once, as if nobody had looked at it yet. */
export const dueNow = (owner: string, subject: string, now: number): Statement => ({
  name: 'due-now',
  text: `
    update due set due_at = ${moment('$3::float8')}, attempts = 0 where owner_id = $1 and subject = $2`,
  values: [owner, subject, now],
})
