import type { Division } from '../../engine/claim.ts'
import type { RegionAsk, RegionReply } from '../../engine/awayClaim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Refusal } from '../../engine/refusal.ts'

/** Whoever answers the requests of other regions, once it is proved whose they are. */
export interface RegionDesk {
  /** `to` is the region of ours that was asked, where several are served. */
  answer(from: Division, asked: RegionAsk, to: Division): Promise<RegionReply>
}

/** A key pair of ours: it signs, and nobody sees more of it than its public half. */
export interface SigningKey {
  readonly division: Division
  readonly id: string
  /** An SM2 point in hexadecimal, 04 and 128 digits. */
  readonly publicKey: string
  /** SM2 with SM3 and the standard user id: 128 hexadecimal digits, r and s. */
  sign(message: Uint8Array): string
}

/** SM2 and SM3, as the envelope is sealed with them. */
export interface Seals {
  verify(publicKey: string, message: Uint8Array, signature: string): boolean
  /** SM3 in hexadecimal. */
  digest(bytes: Uint8Array): string
}

/** Where our own signing keys come from. */
export interface KeySource {
  /** Opens a key file; the error says what is wrong with what `what` names. */
  open(file: string, what: string): SigningKey
  /** The openly known key of a division in the sandbox. */
  sandbox(division: Division): SigningKey
}

/** Numbers of signed messages that are good once, in all processes. */
export interface Nonces {
  /** Undefined where the nonce was used before. */
  take(client: string, nonce: string, at: Instant): Promise<bigint | undefined>
}

/** Reads bytes as JSON and throws where two readers might understand them differently. */
export type ReadJson = (bytes: Uint8Array) => unknown

/** What a refusal says in both languages, for a region that does not know its code. */
export type Explain = (refusal: Refusal) => { readonly en: string; readonly zh: string }
