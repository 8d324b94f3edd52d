import { cardColumns, cardTables } from '../cards.ts'
import type { Sealed } from '../needs.ts'
import type { Statement } from '../transaction.ts'
import { moment } from './inserts.ts'

/** People who are named and not found by a credential: are they there, and whose accounts may they draw on? */
export const resolvePeople = (ids: readonly string[]): Statement => ({
  name: 'resolve-people',
  text: `
    select owner_id,
           array(select jsonb_array_elements(document -> 'familyShares') ->> 'owner') as family
    from person where owner_id = any ($1::text[])`,
  values: [ids],
})

export interface ResolvedPerson {
  readonly owner_id: string
  readonly family: readonly string[]
}

/** People with what they are called. */
export const readNamedPeople = (owners: readonly string[]): Statement => ({
  name: 'read-named-people',
  text: 'select owner_id, version, document, identity from person where owner_id = any ($1::text[])',
  values: [owners],
})

export interface NamedPerson {
  readonly owner_id: string
  readonly version: bigint
  readonly document: unknown
  readonly identity: Buffer
}

/** Every card of some people. */
export const readCardsOf = (owners: readonly string[]): Statement => ({
  name: 'read-cards-of',
  text: `select ${cardColumns} from ${cardTables} where c.owner_id = any ($1::text[]) order by c.owner_id, c.card_hash`,
  values: [owners],
})

/** The settlements in force of some people, treated on some days: which bills they were. */
export const readBills = (owners: readonly string[], from: string): Statement => ({
  name: 'read-bills',
  text: `
    select s.owner_id, s.settlement_id, s.bill_hash, s.terminal,
           (extract(epoch from s.posted_at) * 1000)::bigint as posted_at_ms
    from settlement s
    where s.owner_id = any ($1::text[]) and s.treated_on >= $2::date
      and s.kind in ('settlement', 'restoration')
      and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id)
    order by s.id desc`,
  values: [owners, from],
})

export interface StoredBill {
  readonly owner_id: string
  readonly settlement_id: string
  readonly bill_hash: Buffer
  readonly terminal: string | null
  readonly posted_at_ms: bigint
}

export interface PersonChange {
  readonly owner: string
  /** The version that was read; a change by somebody else since then meets the same next one. */
  readonly version: bigint
  /** Undefined where only what they are called changes. */
  readonly document?: unknown
  /** What they are called from now on, sealed; undefined where that stays. */
  readonly identity?: Sealed | undefined
  /** What that name is found by where it is masked. */
  readonly names?: { readonly family: Buffer; readonly whole: Buffer } | undefined
  readonly at: number
}

/** The next version of some people: the history's key is the proof that nobody else wrote it. */
export const changePeople = (changes: readonly PersonChange[]): Statement => ({
  name: 'change-people',
  text: `
    with next as (
      insert into person_version (owner_id, version, region, document, identity, key_version, recorded_at)
      select p.owner_id, q.version + 1, p.region, coalesce(q.document, p.document), coalesce(q.identity, p.identity),
             coalesce(q.key_version, p.key_version), ${moment('q.at')}
      from unnest($1::text[], $2::bigint[], $3::jsonb[], $4::float8[], $5::bytea[], $6::int[])
        as q (owner_id, version, document, at, identity, key_version)
      join person p on p.owner_id = q.owner_id
      returning *
    ), called as (
      select * from unnest($1::text[], $7::bytea[], $8::bytea[]) as q (owner_id, family_hash, name_hash)
    )
    update person p set version = n.version, document = n.document, identity = n.identity,
      key_version = n.key_version, recorded_at = n.recorded_at,
      family_hash = coalesce(c.family_hash, p.family_hash), name_hash = coalesce(c.name_hash, p.name_hash)
    from next n join called c on c.owner_id = n.owner_id where p.owner_id = n.owner_id`,
  values: [
    changes.map((one) => one.owner),
    changes.map((one) => one.version),
    changes.map((one) => (one.document === undefined ? null : JSON.stringify(one.document))),
    changes.map((one) => one.at),
    changes.map((one) => one.identity?.bytes ?? null),
    changes.map((one) => one.identity?.keyVersion ?? null),
    changes.map((one) => one.names?.family ?? null),
    changes.map((one) => one.names?.whole ?? null),
  ],
})

/** The newest states that a person was recorded in, the newest first. */
export const readPersonVersions = (person: string): Statement => ({
  name: 'read-person-versions',
  text: `
    select version, region, document, (extract(epoch from recorded_at) * 1000)::bigint as recorded_at_ms
    from person_version where owner_id = $1 order by version desc limit 200`,
  values: [person],
})

export interface StoredVersion {
  readonly version: bigint
  readonly region: string
  readonly document: unknown
  readonly recorded_at_ms: bigint
}
