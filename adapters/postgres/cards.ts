import type { Card, NewCard } from '../../engine/card.ts'
import { canonicalJson } from './document.ts'
import { cardHash } from './hashes.ts'
import type { Crypto, Sealed } from './needs.ts'

/** What is kept of a card's PIN beside the card: never the PIN itself. */
export interface StoredPin {
  /** Null where no PIN was ever made. */
  readonly tries_left: number | null
  readonly pin_initial: boolean | null
}

export interface StoredCard extends StoredPin {
  readonly owner_id: string
  readonly card_hash: Buffer
  readonly version: bigint
  readonly document: object
  readonly identity: Buffer
}

/** A state that a card was recorded in; its numbers and its PIN are as they are now. */
export interface StoredPastCard extends Omit<StoredCard, 'version'> {
  readonly recorded_at_ms: bigint
}

/** The columns that a card is opened from; `c` is `card` and `p` is `card_pin`. */
export const cardColumns =
  'c.owner_id, c.card_hash, c.version, c.document, c.identity, n.tries_left, n.initial as pin_initial'
export const cardTables =
  'card c left join card_pin n on n.owner_id = c.owner_id and n.card_hash = c.card_hash'

/** What a card is called without telling its number: sixteen bytes of its keyed hash. */
export const cardIdOf = (hash: Buffer): string => hash.subarray(0, 16).toString('hex')

const placeOf = (hash: Buffer): Buffer => Buffer.concat([Buffer.from('card\0'), hash])

/** A card as the engine knows it: its numbers are encrypted, its state is not. */
export function openCard({ cipher }: Crypto, row: Omit<StoredCard, 'version' | 'owner_id'>): Card {
  const { card_hash: hash, document, identity } = row
  const numbers = cipher.decrypt(identity, placeOf(hash)).toString('utf8')
  const { pin, ...state } = document as Partial<Card>
  return {
    version: '3.00',
    ...state,
    ...JSON.parse(numbers),
    managedIn: state.managedIn ?? JSON.parse(numbers).serial.slice(0, 6),
    id: cardIdOf(hash),
    pin: pinOf(row) ?? pin ?? 'initial',
  }
}

/** A locked PIN is one without tries left: the counter is the fact, and the state follows from it. */
function pinOf({ tries_left, pin_initial }: StoredPin): Card['pin'] | undefined {
  if (tries_left === null) return undefined
  if (tries_left === 0) return 'locked'
  return pin_initial === true ? 'initial' : 'set'
}

/** A card as it is kept: its state in the clear, its numbers sealed; whose it is and its PIN stand in columns. */
export function sealCard(
  crypto: Crypto,
  card: NewCard,
): { readonly hash: Buffer; readonly state: object; readonly sealed: Sealed } {
  const { number, serial, ...rest } = card
  const hash = cardHash(crypto, number)
  const sealed = crypto.cipher.encrypt(
    Buffer.from(canonicalJson({ number, serial })),
    placeOf(hash),
  )
  const { id: _id, pin: _pin, ...state } = rest as Omit<Card, 'number' | 'serial'>
  return { hash, state, sealed }
}
