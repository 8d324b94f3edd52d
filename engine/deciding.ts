import type { ToldSplit } from './awayClaim.ts'
import type { Loaded } from './books.ts'
import type { Card } from './card.ts'
import { policyOf } from './cardPolicy.ts'
import type { Claim, Credential } from './claim.ts'
import { type AskHome, type Decision, type World, decide } from './decide.ts'
import { keptOf } from './dossier.ts'
import { eCardNumber } from './eCard.ts'
import { bearerOf } from './eCardHolder.ts'
import { type BillAsk, type Billed, type Facts, type Found, noFacts } from './ports.ts'
import { asTapped, withTaps } from './quickPayment.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import type { Settlement } from './settlement.ts'
import { visitSubject } from './visit.ts'
import { provenClaim } from './whole.ts'

/** What a claim comes to where it is not refused: a settlement, or a question to its home region. */
export type Decided = Settlement | Refusal | AskHome

export const isAskHome = (decided: Decided): decided is AskHome =>
  'kind' in decided && decided.kind === 'askHome'

export function decideOn(
  claim: Claim,
  facts: Facts | undefined,
  world: World,
  told?: ToldSplit,
): Decided {
  const decision: Decision = decide(claim, facts ?? noFacts, world, told)
  switch (decision.kind) {
    case 'settle':
      return decision.settlement
    case 'refuse':
      return decision.refusal
    case 'askHome':
      return decision
  }
}

/**
 * A claim that is whole in itself. A visit that was registered here is settled of the lines that were uploaded to it and
 * no other way: what is kept of it tells which of them are settled.
 */
export function decideWhole(
  claim: Claim,
  { dossiers, facts = noFacts }: Partial<Pick<Loaded, 'facts'>> & Pick<Loaded, 'dossiers'>,
  world: World,
  told?: ToldSplit,
): Decided {
  const owner = facts.person?.id ?? ''
  const { now, rulebooks } = world
  const { clockSkew_seconds } = policyOf(rulebooks, facts.institution?.division ?? '')
  const proving = { dossiers, owner, now, skew_ms: clockSkew_seconds * 1000 }
  const proven = claim.away ? claim : provenClaim(claim, proving)
  const decided = claim.quick
    ? decideOn(asTapped(claim, facts, world), withTaps(claim, facts, dossiers), world)
    : decideOn(proven, facts, world, told)
  const { visit } = claim
  if (isRefusal(decided) || visit === undefined) return decided
  const isKept = keptOf(dossiers, visitSubject(decided.person, visit)).length > 0
  return isKept ? refuse('visit-kept', { visit }) : decided
}

/** The bill of a visit, decided like any other claim once its dossiers have told what it is. */
export function decideBill(
  ask: Pick<BillAsk, 'claim'>,
  found: Found,
  world: World,
  { factsFor = () => found.facts, told }: Deciding = {},
): Billed | Refusal | AskHome {
  const claim = ask.claim(found)
  if (isRefusal(claim)) return claim
  const decided = decideOn(claim, presentedBy(claim, factsFor(claim)), world, told)
  return isRefusal(decided) || isAskHome(decided) ? decided : { claim, settlement: decided }
}

interface Deciding {
  readonly factsFor?: (claim: Claim) => Facts
  readonly told?: ToldSplit | undefined
}

/** The card that is presented is one of the person's own; a credential of somebody else finds none. */
export function presentedBy({ credential }: Pick<Claim, 'credential'>, facts: Facts): Facts {
  if (credential.type !== 'citizen-number')
    return { ...facts, card: cardPresented(credential, facts) }
  const { identity } = facts
  return credential.number === identity?.citizenNumber ? facts : { ...facts, person: undefined }
}

/** An e-card is known by its own number, or by the card that a token showed: whoever says a card's number shows no e-card. */
function cardPresented(
  { type, number: shown, eCredential }: Credential,
  { cards = [], person }: Facts,
): Card | undefined {
  if (eCredential === 'medical-insurance') return undefined
  if (type === 'card' || eCredential) return cards.find(({ number }) => number === shown)
  return person && shown === eCardNumber(person.id) ? bearerOf(cards) : undefined
}
