import type { Statement } from '../transaction.ts'
import { moment } from './inserts.ts'

export interface CardRow {
  readonly owner: string
  readonly hash: Buffer
  /** The version that this one is; a change by somebody else since it was read meets the same one. */
  readonly version: bigint
  readonly state: object
  readonly identity: Buffer
  readonly keyVersion: number
  readonly at: number
}

/** The next version of some cards, or the first: the history's key is the proof that nobody else wrote it. */
export const changeCards = (rows: readonly CardRow[]): Statement => ({
  name: 'change-cards',
  text: `
    with next as (
      select owner_id, card_hash, version, document, identity, key_version, ${moment('at')} as recorded_at
      from unnest($1::text[], $2::bytea[], $3::bigint[], $4::jsonb[], $5::bytea[], $6::int[], $7::float8[])
        as r (owner_id, card_hash, version, document, identity, key_version, at)
    ), history as (
      insert into card_version (owner_id, card_hash, version, document, recorded_at)
      select owner_id, card_hash, version, document, recorded_at from next
    )
    insert into card (owner_id, card_hash, version, document, identity, key_version, recorded_at)
    select owner_id, card_hash, version, document, identity, key_version, recorded_at from next
    on conflict (owner_id, card_hash) do update
      set version = excluded.version, document = excluded.document, identity = excluded.identity,
          key_version = excluded.key_version, recorded_at = excluded.recorded_at`,
  values: [
    rows.map((r) => r.owner),
    rows.map((r) => r.hash),
    rows.map((r) => r.version),
    rows.map((r) => JSON.stringify(r.state)),
    rows.map((r) => r.identity),
    rows.map((r) => r.keyVersion),
    rows.map((r) => r.at),
  ],
})

export interface PinRow {
  readonly owner: string
  readonly hash: Buffer
  readonly verifier: Buffer | undefined
  readonly keyVersion: number | undefined
  readonly initial: boolean
  readonly tries: number
  readonly at: number
}

/** The PINs of some cards from now on, with all their tries. */
export const changePins = (rows: readonly PinRow[]): Statement => ({
  name: 'change-pins',
  text: `
    insert into card_pin (owner_id, card_hash, verifier, key_version, initial, tries, tries_left, changed_at)
    select owner_id, card_hash, verifier, key_version, initial, tries, tries, ${moment('at')}
    from unnest($1::text[], $2::bytea[], $3::bytea[], $4::int[], $5::boolean[], $6::int[], $7::float8[])
      as r (owner_id, card_hash, verifier, key_version, initial, tries, at)
    on conflict (owner_id, card_hash) do update
      set verifier = excluded.verifier, key_version = excluded.key_version, initial = excluded.initial,
          tries = excluded.tries, tries_left = excluded.tries, right_to = card_pin.taken,
          changed_at = excluded.changed_at`,
  values: [
    rows.map((r) => r.owner),
    rows.map((r) => r.hash),
    rows.map((r) => r.verifier ?? null),
    rows.map((r) => r.keyVersion ?? null),
    rows.map((r) => r.initial),
    rows.map((r) => r.tries),
    rows.map((r) => r.at),
  ],
})

export interface CredentialRow {
  readonly hash: Buffer
  readonly kind: string
  readonly owner: string
  readonly card: Buffer | undefined
  readonly at: number
}

/**
 * Numbers that nobody else may have had before: one that is somebody's ends the transaction. A number that its holder once had
 * is theirs again.
 */
export const insertCredentials = (rows: readonly CredentialRow[]): Statement => ({
  name: 'insert-credentials',
  text: `
    with given as (
      select number_hash, kind, owner_id, card_hash, ${moment('at')} as recorded_at
      from unnest($1::bytea[], $2::text[], $3::text[], $4::bytea[], $5::float8[])
        as r (number_hash, kind, owner_id, card_hash, at)
    ), again as (
      update credential c set ended_at = null, recorded_at = g.recorded_at from given g
      where c.number_hash = g.number_hash and c.owner_id = g.owner_id and c.ended_at is not null
      returning c.number_hash
    )
    insert into credential (number_hash, kind, owner_id, card_hash, recorded_at)
    select number_hash, kind, owner_id, card_hash, recorded_at from given g
    where not exists (select from again a where a.number_hash = g.number_hash)`,
  values: [
    rows.map((r) => r.hash),
    rows.map((r) => r.kind),
    rows.map((r) => r.owner),
    rows.map((r) => r.card ?? null),
    rows.map((r) => r.at),
  ],
})

/** E-cards that derive from another card from now on, or from their first. */
export const bearECards = (rows: readonly CredentialRow[]): Statement => ({
  name: 'bear-e-cards',
  text: `
    insert into credential (number_hash, kind, owner_id, card_hash, recorded_at)
    select number_hash, 'e-card', owner_id, card_hash, ${moment('at')}
    from unnest($1::bytea[], $2::text[], $3::bytea[], $4::float8[]) as r (number_hash, owner_id, card_hash, at)
    on conflict (number_hash) do update set card_hash = excluded.card_hash
    where credential.owner_id = excluded.owner_id`,
  values: [
    rows.map((r) => r.hash),
    rows.map((r) => r.owner),
    rows.map((r) => r.card),
    rows.map((r) => r.at),
  ],
})

/** Citizen numbers that find nobody from now on. */
export const endCredentials = (
  rows: readonly Pick<CredentialRow, 'hash' | 'owner' | 'at'>[],
): Statement => ({
  name: 'end-credentials',
  text: `
    update credential c set ended_at = ${moment('r.at')}
    from unnest($1::bytea[], $2::text[], $3::float8[]) as r (number_hash, owner_id, at)
    where c.number_hash = r.number_hash and c.owner_id = r.owner_id and c.ended_at is null`,
  values: [rows.map((r) => r.hash), rows.map((r) => r.owner), rows.map((r) => r.at)],
})
