import { binaryArray } from '../arrays.ts'
import type { Statement } from '../transaction.ts'

/** Whose is a credential, and whose accounts may its holder draw on? */
export const resolveCredentials = (hashes: readonly Buffer[]): Statement => ({
  name: 'resolve-credentials',
  text: `
    select c.number_hash, c.owner_id, c.card_hash, p.version as person_version,
           array(select jsonb_array_elements(p.document -> 'familyShares') ->> 'owner') as family
    from credential c join person p on p.owner_id = c.owner_id
    where c.number_hash = any ($1::bytea[]) and c.ended_at is null`,
  values: [binaryArray('bytea', hashes)],
})

export interface ResolvedCredential {
  readonly number_hash: Buffer
  readonly owner_id: string
  readonly card_hash: Buffer | null
  readonly person_version: bigint
  readonly family: readonly string[]
}

/** Whose is a settlement, and whose accounts did it touch? Its own id is that of its first row. */
export const resolveSettlements = (ids: readonly string[]): Statement => ({
  name: 'resolve-settlements',
  text: `
    select settlement_id, owner_id, participants, visit
    from settlement where id = any ($1::text[]) and sequence = 1`,
  values: [binaryArray('text', ids)],
})

export interface ResolvedSettlement {
  readonly settlement_id: string
  readonly owner_id: string
  readonly participants: readonly string[]
  readonly visit: string | null
}

/**
 * What was answered to a request. There is one at most; that it is looked for request by request has to be said, for where
 * few rows are known of when the statement is planned, all of a table and all of another are joined, however many there are by then.
 */
const answerOf = `
    left join lateral (
      select kind, body, subject, posting_id from answer
      where owner_id = r.owner_id and key_hash = r.key_hash limit 1
    ) a on true`

/** Whose is the request under a key, which settlement did it touch, and which of some people are there at all? */
export const resolveOriginals = (
  keyHashes: readonly Buffer[],
  people: readonly string[],
): Statement => ({
  name: 'resolve-originals',
  text: `
    select r.key_hash, r.owner_id, s.settlement_id, s.participants, s.visit, a.subject
    from request r ${answerOf}
    left join lateral (
      select settlement_id, participants, visit from settlement
      where owner_id = r.owner_id and id = a.posting_id limit 1
    ) s on true
    where r.key_hash = any ($1::bytea[])
    union all
    select null, owner_id, null, null, null, null from person where owner_id = any ($2::text[])`,
  values: [binaryArray('bytea', keyHashes), binaryArray('text', people)],
})

export interface ResolvedOriginal {
  readonly key_hash: Buffer | null
  readonly owner_id: string
  readonly settlement_id: string | null
  readonly participants: readonly string[] | null
  readonly visit: string | null
  readonly subject: string | null
}

export const readInstitutions = (codes: readonly string[]): Statement => ({
  name: 'read-institutions',
  text: 'select code, document from institution where code = any ($1::text[])',
  values: [binaryArray('text', codes)],
})

/**
 * Transaction locks, one a name, in one order for everybody: nobody waits in a circle. They are taken in a statement of
 * their own so that the next one sees what the holders before us committed.
 */
export const takeLocks = (names: readonly string[]): Statement => ({
  name: 'take-locks',
  text: `
    select pg_advisory_xact_lock(key)
    from (select distinct hashtextextended(name, 0) as key from unnest($1::text[]) name order by 1) k`,
  values: [binaryArray('text', names)],
})

/** The names whose locks are free, and ours from now on: nobody is waited for. */
export const tryLocks = (names: readonly string[]): Statement => ({
  name: 'try-locks',
  text: `
    select name from unnest($1::text[]) name where pg_try_advisory_xact_lock(hashtextextended(name, 0))`,
  values: [binaryArray('text', names)],
})

/** Whether anything was ever asked under a key. */
export const findKey = (hash: Buffer): Statement => ({
  name: 'find-key',
  text: 'select from request where key_hash = $1',
  values: [hash],
})

/** What stands under some keys: what was asked, and what was answered with its row. */
export const readBindings = (keyHashes: readonly Buffer[]): Statement => ({
  name: 'read-bindings',
  text: `
    select r.key_hash, r.fingerprint, r.input, r.owner_id, a.kind, a.body, a.subject,
           coalesce(s.canonical, m.canonical) as canonical
    from request r ${answerOf}
    left join lateral (
      select canonical from settlement where owner_id = r.owner_id and id = a.posting_id limit 1
    ) s on true
    left join lateral (
      select canonical from movement
      where a.kind = 'moved' and owner_id = r.owner_id and id = a.posting_id limit 1
    ) m on true
    where r.key_hash = any ($1::bytea[])`,
  values: [binaryArray('bytea', keyHashes)],
})

export interface StoredBinding {
  readonly key_hash: Buffer
  readonly fingerprint: string
  readonly input: Buffer
  readonly owner_id: string
  readonly kind: 'settled' | 'undone' | 'reversed' | 'refused' | 'entered' | 'moved' | null
  readonly subject: string | null
  readonly body: Buffer | null
  readonly canonical: Buffer | null
}
