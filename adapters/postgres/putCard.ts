import type pg from 'pg'
import type { NewCard } from '../../engine/card.ts'
import { usualCardPolicy } from '../../engine/cardPolicy.ts'
import type { Instant } from '../../engine/day.ts'
import { sealCard } from './cards.ts'
import type { Crypto } from './needs.ts'

/** What a PIN is checked by (PIN 校验值), and how many wrong tries lock it. */
export interface PinVerifier {
  readonly bytes: Buffer
  readonly keyVersion: number
  readonly tries: number
}

/** A PIN that is there already stays, unless another one or another state comes. */
const recordPin = `
  insert into card_pin (owner_id, card_hash, verifier, key_version, initial, tries, tries_left, right_to, changed_at)
  values ($1, $2, $3, $4, $5, $6::int, $7::int, $7::int - $6::int, $8)
  on conflict (owner_id, card_hash) do update
    set verifier = coalesce(excluded.verifier, card_pin.verifier),
        key_version = coalesce(excluded.key_version, card_pin.key_version),
        initial = excluded.initial, tries = excluded.tries, tries_left = excluded.tries_left,
        right_to = card_pin.taken + excluded.right_to, changed_at = excluded.changed_at
    where (card_pin.initial, card_pin.tries_left = 0) is distinct from (excluded.initial, excluded.tries_left = 0)
       or card_pin.verifier is distinct from coalesce(excluded.verifier, card_pin.verifier)`

const recordCard = `
  with present as (
    insert into card (owner_id, card_hash, version, document, identity, key_version, recorded_at)
    values ($1, $2, 1, $3, $4, $5, $6)
    on conflict (owner_id, card_hash) do update
      set version = card.version + 1, document = excluded.document, identity = excluded.identity,
          key_version = excluded.key_version, recorded_at = excluded.recorded_at
      where card.document is distinct from excluded.document
    returning *
  )
  insert into card_version (owner_id, card_hash, version, document, recorded_at)
  select owner_id, card_hash, version, document, recorded_at from present`

/** Records a card as it is now, from outside: desks change cards by asks. */
export async function putCard(
  pool: pg.Pool,
  crypto: Crypto,
  card: NewCard,
  verifier: PinVerifier | undefined,
  now: Instant,
): Promise<void> {
  const { hash, state, sealed } = sealCard(crypto, card)
  const at = new Date(now)
  const { bytes, keyVersion } = sealed
  const tries = verifier?.tries ?? usualCardPolicy.pinTries
  await pool.query(recordCard, [card.owner, hash, state, bytes, keyVersion, at])
  await pool.query(recordPin, [
    card.owner,
    hash,
    verifier?.bytes ?? null,
    verifier?.keyVersion ?? null,
    card.pin === 'initial',
    tries,
    card.pin === 'locked' ? 0 : tries,
    at,
  ])
}
