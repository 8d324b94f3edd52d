import type { CardChange } from '../../engine/card.ts'
import type { Instant } from '../../engine/day.ts'
import { eCardNumber } from '../../engine/eCard.ts'
import type { Identity } from '../../engine/ports.ts'
import { sealCard } from './cards.ts'
import { credentialHash } from './hashes.ts'
import type { Crypto } from './needs.ts'
import {
  bearECards,
  type CardRow,
  changeCards,
  changePins,
  type CredentialRow,
  endCredentials,
  insertCredentials,
  type PinRow,
} from './sql/cards.ts'
import type { Statement } from './transaction.ts'

/** What changes of cards and of what their holders are called, in the transaction of the answer. */
export class CardPosting {
  readonly #crypto: Crypto
  readonly #at: Instant
  /** Which version each card is that was read. */
  readonly #versions: Map<string, bigint>
  readonly #cards: CardRow[] = []
  readonly #pins: PinRow[] = []
  readonly #numbers: CredentialRow[] = []
  readonly #eCards: CredentialRow[] = []
  readonly #ended: CredentialRow[] = []

  constructor(crypto: Crypto, versions: Map<string, bigint>, at: Instant) {
    this.#crypto = crypto
    this.#versions = versions
    this.#at = at
  }

  add({ card, pin, bearsECard = false }: CardChange): void {
    const { owner, number } = card
    const { hash, state, sealed } = sealCard(this.#crypto, card)
    const before = this.#versions.get(card.id)
    const version = (before ?? 0n) + 1n
    this.#versions.set(card.id, version)
    const at = this.#at
    const { bytes: identity, keyVersion } = sealed
    this.#cards.push({ owner, hash, version, state, identity, keyVersion, at })
    if (before === undefined) this.#addNumber('card', number, owner, hash)
    if (bearsECard) this.#eCards.push(this.#credential('e-card', eCardNumber(owner), owner, hash))
    if (!pin) return
    const { made, initial, tries } = pin
    const verifier = made && Buffer.from(made.verifier, 'hex')
    this.#pins.push({ owner, hash, verifier, keyVersion: made?.keyVersion, initial, tries, at })
  }

  /** Somebody has another citizen number from now on: the old one finds nobody. */
  rename(owner: string, before: Identity, after: Identity): void {
    if (before.citizenNumber === after.citizenNumber) return
    this.#ended.push(this.#credential('citizen-number', before.citizenNumber, owner, undefined))
    this.#addNumber('citizen-number', after.citizenNumber, owner, undefined)
  }

  #addNumber(
    type: 'card' | 'citizen-number',
    number: string,
    owner: string,
    card: Buffer | undefined,
  ): void {
    this.#numbers.push(this.#credential(type, number, owner, card))
  }

  #credential(
    type: 'card' | 'citizen-number' | 'e-card',
    number: string,
    owner: string,
    card: Buffer | undefined,
  ): CredentialRow {
    const hash = credentialHash(this.#crypto, { type, number })
    return { hash, kind: type, owner, card, at: this.#at }
  }

  statements(): Statement[] {
    return [
      this.#cards.length > 0 && changeCards(this.#cards),
      this.#pins.length > 0 && changePins(this.#pins),
      this.#ended.length > 0 && endCredentials(this.#ended),
      this.#numbers.length > 0 && insertCredentials(this.#numbers),
      this.#eCards.length > 0 && bearECards(this.#eCards),
    ].filter((statement) => statement !== false)
  }
}
