import {
  type HolderAsks,
  type HolderShown,
  holderOf,
  type PinTold,
} from '../../engine/eCardHolder.ts'
import { credentialSubjects } from '../../engine/evidence.ts'
import { subjectKey } from '../../engine/dossier.ts'
import { noFacts } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { readPin } from './cardAuthentication.ts'
import type { PinBody } from './cardAuthenticationSchema.ts'
import { Complaint } from './complaint.ts'
import type { ECredentialBody } from './eCardSchema.ts'
import type { EvidenceDesk, Holder } from './evidenceNeeds.ts'
import type { Desk } from './needs.ts'

/** Somebody who says that they hold a card, and what shows it. */
export interface Claimed {
  readonly owner: string
  readonly shown: HolderShown
}

const wrong = (field: string, expected: string): never => {
  throw new Complaint('field-invalid', { field, in: 'body', expected })
}

/** Who asks, by an authentication or by card and PIN. A PIN is tried only where nothing else is wrong. */
export async function claimedHolder(
  desk: Desk,
  evidence: EvidenceDesk,
  body: ECredentialBody,
  asks: HolderAsks,
): Promise<Claimed | Refusal> {
  const { institution, authentication, person, card: number, pin } = body
  if (authentication !== undefined) {
    if (number !== undefined) return wrong('/card', 'not to be given with authentication')
    if (person === undefined) return wrong('/person', 'to be given with authentication')
    return { owner: person, shown: { kind: 'authentication', id: authentication, institution } }
  }
  if (number === undefined) return wrong('/card', 'to be given, or authentication')
  if (!pin) return wrong('/pin', 'to be given with card')
  if (!(await evidence.isAsker(institution))) return refuse('institution-unknown', { institution })
  const holder = await evidence.holderOf(number.toUpperCase())
  if (!holder) return refuse('card-unknown')
  const told = await tryPin(desk, evidence, { holder, pin, institution, asks })
  return { owner: holder.person.id, shown: { kind: 'pin', card: holder.card.number, pin: told } }
}

interface Trying {
  readonly holder: Holder
  readonly pin: PinBody
  readonly institution: string
  readonly asks: HolderAsks
}

async function tryPin(
  desk: Desk,
  evidence: EvidenceDesk,
  { holder: { person, card, identity }, pin, institution, asks }: Trying,
): Promise<PinTold> {
  const subjects = credentialSubjects(person.id)
  const kept = await Promise.all(subjects.map(async (one) => evidence.kept(one)))
  const dossiers = new Map(subjects.map((one, i) => [subjectKey(one), kept[i] ?? []]))
  const now = desk.now()
  const facts = { ...noFacts, person, identity, cards: [card] }
  const shown: HolderShown = { kind: 'pin', card: card.number, pin: 'untried' }
  const found = { dossiers, facts, now, today: evidence.today() }
  const refused = holderOf(person.id, shown, asks, found, evidence.books)
  const isAllButPin = isRefusal(refused) && refused.code === 'card-pin-needed'
  return isAllButPin ? evidence.checkPin(card, readPin(pin), institution) : 'untried'
}
