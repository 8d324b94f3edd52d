import type { Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'

/**
 * The keys of a centre as a hardware security module would hold them (密码机): they are asked to derive, compute, verify and
 * sign, and no method gives one away. Every method is synchronous and answers a value for whatever it is given; it throws
 * only where the caller's own configuration is wrong (a division whose keys are not here, asked to compute something).
 * Symmetric methods take some ten microseconds and belong on the main thread. docs/card-cryptography.md has every byte.
 */
export interface KeyStore extends CardKeys, TapKeys, PinKeys, SigningKeys {
  /** Bytes that nobody can predict. */
  random(length: number): Buffer
  /** The version that a region computes with now; undefined where the region has no keys here. */
  currentVersion(division: string): number | undefined
}

/** Whether the card before a reader is the one it says it is (卡鉴权). */
export interface CardKeys {
  /** Sixteen bytes for a card to answer, in a form that `hsmValues` never computes for anybody. Use each once. */
  newChallenge(): Buffer
  /** Checks the sixteen bytes that a card gave to INTERNAL AUTHENTICATE over a challenge of `newChallenge`. */
  verifyCardCryptogram(card: ChipCard, challenge: Uint8Array, cryptogram: Uint8Array): Checked
  /** What the card must answer to the reader's own random numbers (内部认证值). */
  internalValue(card: ChipCard, readerChallenge: Uint8Array): Computed
  /** What proves the centre to the card, over the card's random numbers (外部认证值). */
  externalValue(card: ChipCard, cardChallenge: Uint8Array): Computed
}

/** Contactless quick payments (小额快速支付), and the records that a terminal kept while it had no line. */
export interface TapKeys {
  /** Checks the MAC of a card over one payment. That the counter only rises is for the caller's books to see. */
  verifyTapCryptogram(card: TappedCard, tap: Tap, mac: Uint8Array): Checked
  /** Checks the MAC of a terminal over the exact bytes of a record. */
  verifyTerminalMac(terminal: Terminal, record: Uint8Array, mac: Uint8Array): Checked
}

/** PINs, which come in only under a terminal's key and go out only as verifiers. */
export interface PinKeys {
  /** What is kept of a PIN: nobody without the keys can try PINs against it, and no two cards have the same one. */
  pinVerifier(entry: PinEntry): MadeVerifier | Refused<'unreadable'>
  /** Raise the counter of tries and commit it before asking. */
  checkPin(entry: PinEntry, kept: PinVerifier): PinAnswer
  /** Whether the entered PIN is the one that cards are handed out with (初始密码), which pays for nothing. */
  isInitialPin(entry: PinEntry): 'yes' | 'no' | 'unreadable'
  /** The verifier of a PIN that a person chose, where the rules allow it. */
  acceptNewPin(entry: PinEntry): MadeVerifier | Refused<NewPinProblem>
}

/** SM2 signatures of the centre itself, over the message as it is given. */
export interface SigningKeys {
  sign(purpose: SigningPurpose, division: string, message: Uint8Array): Signature
  /** With `keyVersion` by that version alone; a signature says nowhere which one made it, so keep the version beside it. */
  verify(
    purpose: SigningPurpose,
    division: string,
    message: Uint8Array,
    signature: { readonly signature: Uint8Array; readonly keyVersion?: number | undefined },
  ): Checked
  /** The uncompressed point in hexadecimal, for whoever verifies elsewhere; the current version where none is named. */
  publicKey(purpose: SigningPurpose, division: string, keyVersion?: number): string | undefined
}

/** What a card computes with (算法标识 03 and 01); SSF33 (02) is not public and so not here. */
export type CardAlgorithm = 'sm4' | '3des'

/** A card as its cryptograms name it. */
export interface ChipCard {
  /** 卡识别码 (card_sn), 32 hexadecimal digits; the first six are the region that issued it and whose keys it holds. */
  readonly serial: string
  readonly algorithm: CardAlgorithm
  /** The version of the region's keys that the card was made with, where it is on record. */
  readonly keyVersion?: number | undefined
}

/** Quick payments are for cards that have SM4. */
export type TappedCard = Omit<ChipCard, 'algorithm'>

/** A terminal (终端): the region whose keys it holds, and its number there, 1 to 32 printable ASCII characters. */
export interface Terminal {
  readonly division: string
  readonly id: string
}

/** What the card binds its MAC to. */
export interface Tap {
  readonly terminal: Terminal
  readonly amount: Fen
  /** The card's own counter (交易计数器), 32 bits. */
  readonly counter: number
  /** When, by the terminal's clock, in whole milliseconds. */
  readonly moment: Instant
  /** Eight bytes of the terminal that the card could not foresee (不可预知数). */
  readonly unpredictable: Uint8Array
}

/** A PIN as a terminal sends it. */
export interface PinEntry {
  /** The PIN block, 16 bytes. */
  readonly block: Uint8Array
  /** The terminal whose key the block is under. */
  readonly terminal: Terminal
  /** The region that keeps the PIN, and 卡号 (cardno), to which block and verifier are bound. */
  readonly card: { readonly division: string; readonly number: string }
}

/** What is kept of a PIN. It belongs to the division and the card number that it was made for. */
export interface PinVerifier {
  readonly verifier: Uint8Array
  readonly keyVersion: number
}

export interface MadeVerifier {
  readonly verifier: Buffer
  readonly keyVersion: number
}

export interface Refused<Why> {
  readonly refused: Why
}

/**
 * `unreadable`: not a PIN block for this card under this terminal's key. It counts as a try all the same. `no-key`: the
 * version that the verifier was made with is not here any more, so that this PIN has to be reset.
 */
export type PinAnswer = 'right' | 'wrong' | 'unreadable' | 'no-key'

/** Why a person has to choose another PIN. */
export type NewPinProblem = 'unreadable' | 'not-six-digits' | 'initial' | 'all-the-same' | 'run'

/** 医保电子凭证 and 电子社保卡 have keys of their own. */
export type SigningPurpose = 'e-credential' | 'e-card'

export interface Signature {
  /** r and s, 64 bytes. */
  readonly signature: Buffer
  readonly keyVersion: number
}

/** The outcome of a check: the version that it holds under, or why it does not. */
export type Checked =
  | { readonly right: true; readonly keyVersion: number }
  | { readonly right: false; readonly why: NotRight }

/**
 * `wrong`: well formed, and not what this key computes. `malformed`: a length or a form that cannot be. `challenge`: not a
 * challenge of this centre. `no-key`: keys of this region or version are not here. `retired`: the version is not to be used.
 */
export type NotRight = 'wrong' | 'malformed' | 'challenge' | 'no-key' | 'retired'

/** Sixteen bytes, or why they were not computed. `challenge`: random numbers that only the centre itself may use. */
export type Computed =
  | { readonly value: Buffer; readonly keyVersion: number }
  | Refused<Exclude<NotRight, 'wrong'>>
