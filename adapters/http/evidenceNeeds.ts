import type { CardRead, Reading } from '../../engine/cardReading.ts'
import type { Card } from '../../engine/card.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { ECredentialKind, Token } from '../../engine/eCard.ts'
import type { Kept, Subject } from '../../engine/dossier.ts'
import type { Person } from '../../engine/person.ts'
import type { Identity } from '../../engine/ports.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Rulebooks } from '../../engine/rulebook.ts'
import type { PinBlock, PinChecked } from './needs.ts'

/** Where a card is read. */
export interface ReadWhere {
  readonly institution: string
  readonly terminal?: string | undefined
}

/** What a card answered to a challenge of ours (卡鉴权): its cryptogram, or its signature with its certificates. */
export interface ChipAnswer {
  readonly challenge: string
  /** Sixteen bytes in hexadecimal. */
  readonly cryptogram?: string | undefined
  readonly signature?: string | undefined
  /** In base64, the card's own first. */
  readonly certificates?: readonly string[] | undefined
  /** The card's own random numbers, for its authentication of the centre (外部认证). */
  readonly cardChallenge?: string | undefined
}

export interface CardShown extends ReadWhere {
  readonly read: CardRead
  readonly answer?: ChipAnswer | undefined
  readonly pin?: PinBlock | undefined
}

/** A card that was looked at before anything is asked of the books. */
export interface Looked {
  readonly owner: string
  readonly reading: Reading
  /** What proves the centre to the card, in hexadecimal. */
  readonly external?: string | undefined
}

/** Whoever holds a card, by its number. */
export interface Holder {
  readonly person: Person
  readonly card: Card
  readonly identity: Identity
}

/** 内部认证值 and 外部认证值, in hexadecimal. */
export interface TwoValues {
  readonly internal: string
  readonly external: string
}

/** Proofs of cards and tokens of e-credentials: what needs keys, and the challenges that are given once. */
export interface EvidenceDesk {
  /** A single-use challenge (挑战码), or why none is given. */
  challenge(
    where: ReadWhere,
  ): Promise<{ readonly id: string; readonly random: string; readonly until: Instant } | Refusal>
  /** Takes the challenge, whatever the answer is worth; a PIN is tried only where nothing else is wrong. */
  look(shown: CardShown): Promise<Looked | Refusal>
  /** The two values of the flow in which the reader compares (HSM 方式). */
  twoStep(where: ReadWhere, line: string): Promise<TwoValues | Refusal>
  /** Is this an institution, or an office of a place that is served: somebody at whom a card may be read? */
  isAsker(code: string): Promise<boolean>
  holderOf(number: string): Promise<Holder | undefined>
  cardsOf(owner: string): Promise<readonly Card[]>
  kept(subject: Subject): Promise<readonly Kept[]>
  checkPin(card: Card, entered: PinBlock, institution: string): Promise<PinChecked>
  readonly tokens: TokenKeys
  newId(owner: string): string
  maskName(name: string): string
  readonly books: Pick<Rulebooks, 'of'>
  today(): Day
}

/** Tokens as text: signed, and readable only here. */
export interface TokenKeys {
  /** Thirty-two hexadecimal digits that nobody can foresee. */
  newId(): string
  write(token: Token): string
  /** What a text says if we signed it; undefined for whatever else. */
  read(text: string): Token | undefined
  /** Whether a text is as long as our tokens are and of their letters, signed or not. */
  looksLike(text: string): boolean
  /** What others verify tokens by. */
  publicKeys(): readonly PublicKey[]
}

export interface PublicKey {
  readonly kind: ECredentialKind
  readonly division: string
  readonly keyVersion: number
  /** The uncompressed point in hexadecimal. */
  readonly publicKey: string
}
