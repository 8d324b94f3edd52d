import type { Subject } from '../../../engine/dossier.ts'
import type { Statement } from '../transaction.ts'
import { insertInto, moment } from './inserts.ts'

export interface StoredEntry {
  readonly owner_id: string
  readonly subject: string
  readonly version: number
  readonly kind: string
  readonly institution: string
  readonly body: Buffer
  readonly recorded_at_ms: bigint
}

const columns = `owner_id, subject, version, kind, institution, body,
  (extract(epoch from recorded_at) * 1000)::bigint as recorded_at_ms`

/** All that is kept of some subjects, or the newest where they say so, in the order of versions. */
export const readEntries = (subjects: readonly Subject[]): Statement => ({
  name: 'read-entries',
  text: `
    select ${columns}
    from unnest($1::text[], $2::text[], $3::int[]) as q (owner, name, newest)
    cross join lateral (
      select * from dossier_entry
      where owner_id = q.owner and subject = q.name order by version desc limit q.newest
    ) e
    order by owner_id, subject, version`,
  values: [
    subjects.map(({ owner }) => owner),
    subjects.map(({ name }) => name),
    subjects.map(({ newest }) => newest ?? null),
  ],
})

/** All that is kept of an owner's subjects whose names begin with a prefix. */
export const listEntries = (owner: string, prefix: string): Statement => ({
  name: 'list-entries',
  text: `
    select ${columns} from dossier_entry
    where owner_id = $1 and subject >= $2 and subject < $2 || U&'\\FFFF'
    order by subject, version`,
  values: [owner, prefix],
})

/** The newest entry of each of an owner's subjects whose names begin with a prefix, after one of them. */
export const readEntriesAfter = (
  owner: string,
  prefix: string,
  after: string,
  limit: number,
): Statement => ({
  name: 'read-entries-after',
  text: `
    select distinct on (subject) ${columns} from dossier_entry
    where owner_id = $1 and subject > $2 and subject < $3 || U&'\\FFFF'
    order by subject, version desc limit $4`,
  values: [owner, after, prefix, limit],
})

export interface EntryRow {
  readonly subject: Subject
  readonly version: number
  readonly kind: string
  readonly institution: string
  readonly posting: string | undefined
  readonly body: Buffer
  readonly keyVersion: number
  readonly at: number
}

export const insertEntries = insertInto<EntryRow>('dossier_entry', [
  { name: 'owner_id', type: 'text', of: (r) => r.subject.owner },
  { name: 'subject', type: 'text', of: (r) => r.subject.name },
  { name: 'version', type: 'int', of: (r) => r.version },
  { name: 'kind', type: 'text', of: (r) => r.kind },
  { name: 'institution', type: 'text', of: (r) => r.institution },
  { name: 'posting_id', type: 'text', of: (r) => r.posting ?? null },
  { name: 'body', type: 'bytea', of: (r) => r.body },
  { name: 'key_version', type: 'int', of: (r) => r.keyVersion },
  { name: 'recorded_at', type: 'float8', of: (r) => r.at, as: moment('recorded_at') },
])
