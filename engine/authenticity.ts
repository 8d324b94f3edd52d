import { type Card, lossAt, temporaryLossLasts_ms } from './card.ts'
import { photoDue_years } from './cardActor.ts'
import type { Credential } from './claim.ts'
import { ageOn, type Day, type Instant } from './day.ts'
import type { Institution } from './institution.ts'
import type { Person } from './person.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Warning } from './settlement.ts'

/** What is presented, by whom, where and when. */
export interface Presented {
  readonly credential: Credential
  readonly card: Card | undefined
  readonly person: Person
  readonly institution: Institution
  readonly now: Instant
  readonly day: Day
  /** Its own cryptogram over this very payment proved it (小额快速支付). */
  readonly proven?: boolean | undefined
  /** Whether the account is to pay where the place that manages the card wants a PIN for that. */
  readonly pinForAccount?: boolean | undefined
  /** Whether the place that manages the card has decided that its loss leaves the e-card alone (decision 4). */
  readonly eCardOutlivesLoss?: boolean | undefined
}

/**
 * May this credential be used, now, for this? Refusals stand in the order of decision 2. A lost card blocks that card and
 * not its holder: a claim by citizen number never asks for the card's state, nor does one by 医保电子凭证.
 */
export function refuseCredential(presented: Presented): Refusal | undefined {
  const { credential, card, person, institution, now, day } = presented
  if (credential.type === 'citizen-number') return undefined
  const { wrong, eCredential } = credential
  if (wrong) return wrong
  if (eCredential === 'medical-insurance') return undefined
  if (!card) return refuse('card-unknown')
  const isCard = credential.type === 'card'
  const lossMatters = isCard || presented.eCardOutlivesLoss !== true
  return (
    refuseWhose({ credential, card, person }) ??
    refuseState(card, now, day, lossMatters) ??
    // Whoever shows an e-card has shown their PIN for it before.
    (isCard ? (refusePin(card, institution) ?? refuseWithoutPin(presented)) : undefined) ??
    refuseProof(credential, institution)
  )
}

/** Is it a card that we know, with this serial, and this person's own? */
export function refuseWhose({
  credential,
  card,
  person,
}: Pick<Presented, 'credential' | 'card' | 'person'>): Refusal | undefined {
  if (!card) return refuse('card-unknown')
  if (credential.cardSn !== undefined && credential.cardSn !== card.serial)
    return refuse('card-not-genuine', { because: 'cardSn does not belong to this card number' })
  return card.owner === person.id ? undefined : refuse('card-holder-mismatch')
}

/** Whether the state of a card allows anything: its four parts, in the order of decision 2. */
export function refuseState(
  card: Card,
  now: Instant,
  day: Day,
  lossMatters = true,
): Refusal | undefined {
  const { life } = card
  const loss = lossMatters ? lossAt(card, now) : noLoss
  if (life === 'cancelled') return refuse('card-cancelled')
  if (life === 'superseded') return refuse('card-superseded')
  if (loss.kind === 'formal') return refuse('card-formally-lost')
  if (loss.kind === 'temporary') return refuse('card-temporarily-lost', { lapses: loss.lapses })
  if (life !== 'active') return refuse('card-not-activated', { life })
  if (day > card.expires || day < card.issued)
    return refuse('card-expired', { issued: card.issued, expires: card.expires })
  return undefined
}

const noLoss = { kind: 'none' } as const

/** A PIN is due where the server verifies the card; elsewhere the reader has checked chip and PIN itself (decision 1). */
export function refusePin(
  { pin }: Pick<Card, 'pin'>,
  { cardEvidence }: Pick<Institution, 'cardEvidence'>,
): Refusal | undefined {
  return pin === 'locked' && cardEvidence === 'verified' ? refuse('card-pin-locked') : undefined
}

/** A proof without a PIN is not enough where the account pays and a PIN is due; without any proof that is told instead. */
function refuseWithoutPin({
  credential: { authentication, pinChecked },
  institution: { cardEvidence },
  pinForAccount,
}: Presented): Refusal | undefined {
  const isDue = pinForAccount === true && cardEvidence === 'verified'
  return isDue && authentication !== undefined && pinChecked !== true
    ? refuse('card-pin-needed', { because: 'account' })
    : undefined
}

/**
 * Where the server verifies the card a claim needs an open authentication that was proved to the server, and one that is
 * named must be open. A token has proved itself.
 */
function refuseProof(
  { proofDue, authentication, proof = 'reader' }: Credential,
  { cardEvidence, code }: Institution,
): Refusal | undefined {
  if (proofDue === undefined) return undefined
  const isVerified = cardEvidence === 'verified'
  const lacks =
    authentication === undefined
      ? proofDue === 'always' || isVerified
      : isVerified && proof === 'reader'
  return lacks ? refuse('card-not-authenticated', { institution: code }) : undefined
}

/** The moment a temporary loss reported at `reported` lapses by itself (S8). */
export const lapseOf = (reported: Instant): Instant => reported + temporaryLossLasts_ms

/** What the desk should know although nothing is refused. */
export function warnOfCard(presented: Presented): Warning[] {
  const { credential, card, person, institution, day, proven } = presented
  const { type, proof, authentication } = credential
  if (type === 'citizen-number' || !card) return []
  const warnings: Warning[] = []
  if (!card.photo && ageOn(person.birth, day) >= photoDue_years)
    warnings.push({ code: 'photo-due', facts: {} })
  const isProved = authentication !== undefined || proof === 'token' || proven === true
  if (institution.cardEvidence === 'verified' && !isProved)
    warnings.push({ code: 'card-proof-not-checked', facts: { institution: institution.code } })
  return warnings
}
