import { refusePin, refuseState, warnOfCard } from './authenticity.ts'
import type { Card, CardVersion } from './card.ts'
import { policyOf } from './cardPolicy.ts'
import type { Proof } from './claim.ts'
import type { Day } from './day.ts'
import type { Authentication } from './evidence.ts'
import { isCardNumber, isCardSerial } from './identity.ts'
import { isOffice } from './institution.ts'
import type { Found, Identity } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Rulebooks } from './rulebook.ts'
import type { Warning } from './settlement.ts'

/** What a reader took from the chip (读卡信息). What it does not tell is not compared. */
export interface CardRead {
  readonly number: string
  /** 卡识别码 (card_sn). */
  readonly serial: string
  /** 规范版本. */
  readonly version?: CardVersion | undefined
  /** The algorithm byte of tag 9F0C (算法标识): 01 triple DES, 03 SM4. */
  readonly algorithm?: '01' | '03' | undefined
  readonly issued?: Day | undefined
  readonly expires?: Day | undefined
  /** 社会保障号码. */
  readonly citizenNumber?: string | undefined
  readonly name?: string | undefined
}

/** What came of the proof that a card brought, before the books were asked. */
export type Verdict =
  | { readonly kind: 'proved'; readonly proof: Exclude<Proof, 'token' | 'reader'> }
  /** It brought none: at most the reader says that it checked the card itself. */
  | { readonly kind: 'unproved' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** What came of the PIN that was entered. */
export type PinVerdict =
  | { readonly kind: 'right'; readonly initial: boolean }
  | { readonly kind: 'wrong'; readonly left: number }
  | { readonly kind: 'locked' }

/** A card that was read: by whom, where, and what it brought. */
export interface Reading {
  readonly read: CardRead
  readonly verdict: Verdict
  readonly pin?: PinVerdict | undefined
  readonly id: string
  readonly institution: string
  readonly terminal?: string | undefined
}

/** Whether what was read can be of a card at all. */
export function refuseForm({
  number,
  serial,
}: Pick<CardRead, 'number' | 'serial'>): Refusal | undefined {
  const wrong = (field: string): Refusal => refuse('credential-invalid', { type: 'card', field })
  if (!isCardNumber(number)) return wrong('number')
  return isCardSerial(serial) ? undefined : wrong('cardSn')
}

/**
 * What the chip computes with: by the byte that it told, else by the version. One of the third generation has SM4, and
 * whoever says otherwise would have an old algorithm asked of it.
 */
export function chipAlgorithm(
  { algorithm }: Pick<CardRead, 'algorithm'>,
  version: CardVersion,
): 'sm4' | '3des' | undefined {
  if (version === '3.00') return algorithm === '01' ? undefined : 'sm4'
  return algorithm === '03' ? 'sm4' : '3des'
}

/** Whether the card, what was read of it and what it proved belong together; nothing is told of what does not. */
function refuseRead(
  { read, verdict }: Pick<Reading, 'read' | 'verdict'>,
  card: Card,
  { citizenNumber, name }: Identity,
): Refusal | undefined {
  if (verdict.kind === 'refused' && verdict.refusal.code !== 'card-not-genuine')
    return verdict.refusal
  const told = {
    serial: read.serial,
    version: read.version,
    issued: read.issued,
    expires: read.expires,
  }
  const differs = (Object.keys(told) as (keyof typeof told)[]).some(
    (key) => told[key] !== undefined && told[key] !== card[key],
  )
  if (differs || verdict.kind === 'refused' || !chipAlgorithm(read, card.version))
    return refuse('card-not-genuine')
  const other =
    (read.citizenNumber !== undefined && read.citizenNumber !== citizenNumber) ||
    (read.name !== undefined && read.name !== name)
  return other ? refuse('card-holder-mismatch') : undefined
}

/** The PIN that was entered. The initial one opens a card to its holder at a desk, and pays for nothing. */
export function refusePinEntered(pin: PinVerdict | undefined, toPay: boolean): Refusal | undefined {
  if (pin?.kind === 'locked') return refuse('card-pin-locked')
  if (pin?.kind === 'wrong') return refuse('card-pin-wrong', { left: pin.left })
  return pin?.initial === true && toPay ? refuse('card-pin-initial') : undefined
}

/** What a reading comes to: an authentication, or none where nothing proved the card and readers are not believed. */
export interface Read {
  readonly authentication?: Authentication | undefined
  readonly warnings: readonly Warning[]
}

/**
 * What reading a card opens (卡鉴权), in the order of decision 2. Where the server verifies cards itself, a reader's word
 * opens nothing; elsewhere the certified reader has checked chip and PIN.
 */
export function judgeReading(
  reading: Reading,
  { facts, now, today: day }: Pick<Found, 'facts' | 'now' | 'today'>,
  books: Pick<Rulebooks, 'of'>,
): Read | Refusal {
  const { read, verdict, institution: code, pin } = reading
  const { person, identity, institution, cards = [] } = facts
  if (!institution && !isOffice(code)) return refuse('institution-unknown', { institution: code })
  if (!person || !identity) return refuse('person-unknown')
  const card = cards.find(({ number }) => number === read.number)
  if (!card) return refuse('card-unknown')
  const policy = policyOf(books, card.managedIn)
  const refused =
    refuseRead(reading, card, identity) ??
    refuseState(card, now, day) ??
    (institution && refusePin(card, institution)) ??
    refusePinEntered(pin, !isOffice(code))
  if (refused) return refused
  const proof = proofOf(verdict, institution?.cardEvidence ?? 'verified')
  const authentication = proof && {
    id: reading.id,
    institution: code,
    terminal: reading.terminal,
    card: card.number,
    proof,
    pin: pin?.kind === 'right' && !pin.initial,
    at: now,
    until: now + policy.authentication_minutes * minute_ms,
  }
  const credential = {
    type: 'card',
    number: card.number,
    authentication: proof && reading.id,
  } as const
  const warnings = institution
    ? warnOfCard({ credential, card, person, institution, now, day })
    : []
  return { authentication, warnings }
}

const minute_ms = 60_000

const proofOf = (verdict: Verdict, evidence: 'verified' | 'reader-trusted'): Proof | undefined => {
  if (verdict.kind === 'proved') return verdict.proof
  return evidence === 'reader-trusted' ? 'reader' : undefined
}
