import { type Card, lossAt, temporaryLossLasts_ms } from './card.ts'
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
}

/**
 * May this credential be used, now, for this? Refusals stand in the order of decision 2. A lost card blocks that card and
 * not its holder: a claim by citizen number never asks for the card's state.
 */
export function refuseCredential({
  credential,
  card,
  person,
  institution,
  now,
  day,
}: Presented): Refusal | undefined {
  if (credential.type === 'citizen-number') return undefined
  if (!card) return refuse('card-unknown')
  if (credential.cardSn !== undefined && credential.cardSn !== card.serial)
    return refuse('card-not-genuine', { because: 'cardSn does not belong to this card number' })
  if (card.owner !== person.id) return refuse('card-holder-mismatch')
  return (
    refuseState(card, now, day) ??
    refusePin(card, institution) ??
    refuseProof(credential, institution)
  )
}

function refuseState(card: Card, now: Instant, day: Day): Refusal | undefined {
  const { life } = card
  const loss = lossAt(card, now)
  if (life === 'cancelled') return refuse('card-cancelled')
  if (life === 'superseded') return refuse('card-superseded')
  if (loss.kind === 'formal') return refuse('card-formally-lost')
  if (loss.kind === 'temporary') return refuse('card-temporarily-lost', { lapses: loss.lapses })
  if (life !== 'active') return refuse('card-not-activated', { life })
  if (day > card.expires || day < card.issued)
    return refuse('card-expired', { issued: card.issued, expires: card.expires })
  return undefined
}

/** A PIN is due where the server verifies the card; elsewhere the reader has checked chip and PIN itself (decision 1). */
function refusePin({ pin }: Card, { cardEvidence }: Institution): Refusal | undefined {
  return pin === 'locked' && cardEvidence === 'verified' ? refuse('card-pin-locked') : undefined
}

/** Where the server verifies the card a claim needs an open authentication, and one that is named must be open. */
function refuseProof(
  { proofDue, authentication }: Credential,
  { cardEvidence, code }: Institution,
): Refusal | undefined {
  if (authentication !== undefined || proofDue === undefined) return undefined
  return proofDue === 'always' || cardEvidence === 'verified'
    ? refuse('card-not-authenticated', { institution: code })
    : undefined
}

/** The moment a temporary loss reported at `reported` lapses by itself (S8). */
export const lapseOf = (reported: Instant): Instant => reported + temporaryLossLasts_ms

/** What the desk should know although nothing is refused. */
export function warnOfCard({ credential, card, person, institution, day }: Presented): Warning[] {
  if (credential.type === 'citizen-number' || !card) return []
  const warnings: Warning[] = []
  if (!card.photo && ageOn(person.birth, day) >= 7) warnings.push({ code: 'photo-due', facts: {} })
  if (institution.cardEvidence === 'verified' && credential.authentication === undefined)
    warnings.push({ code: 'card-proof-not-checked', facts: { institution: institution.code } })
  return warnings
}
