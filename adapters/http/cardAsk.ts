import type { Card } from '../../engine/card.ts'
import type { CardAsked } from '../../engine/cardAsked.ts'
import { cardSubject, contactSubject, madeSubject } from '../../engine/cardHistory.ts'
import { type AskedService, serviceRow } from '../../engine/cardLife.ts'
import { placeOf } from '../../engine/cardPlace.ts'
import { serveCard } from '../../engine/cardService.ts'
import type { Subject } from '../../engine/dossier.ts'
import { isCitizenNumber } from '../../engine/identity.ts'
import type { EnterAsk } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import type { PlainBody, ReplacementBody } from './cardSchema.ts'
import { Complaint } from './complaint.ts'
import type { CardDesk, Desk } from './needs.ts'
import { keyOf } from './settlements.ts'

/** A service as it was asked for, before anything is looked up. */
export interface ServiceAsked {
  readonly service: AskedService
  readonly owner: string
  /** Absent where the first card is applied for. */
  readonly card?: Card | undefined
  readonly body: PlainBody
  /** What this service takes beside what all take. */
  readonly more?: Partial<CardAsked>
  /** What the key stands for; a PIN is in it as a hash of its block. */
  readonly input: unknown
  /** What was found out before, such as a wrong PIN; told only where nothing else forbids the service. */
  readonly refusal?: Refusal | undefined
}

/** The division in whose name a desk asks is whose key it is. */
export const keyScope = ({ desk }: PlainBody): string => `desk:${desk.division}`

export const askedOf = (
  { service, card, body, more }: ServiceAsked,
  blank: CardAsked['blank'],
): CardAsked => {
  const { desk, documents = [], proxy, note } = body
  const { division, operator, second, channel = 'desk' } = desk
  return {
    service,
    card: card?.id,
    desk: { division, operator, second, channel },
    documents: more?.documents ? [...documents, ...more.documents] : documents,
    acting: proxy,
    note,
    ...(more?.reason !== undefined && { reason: more.reason }),
    ...(more?.contact && { contact: more.contact }),
    ...(more?.identity && { identity: more.identity }),
    ...(more?.pin && { pin: more.pin }),
    ...(blank && { blank }),
  }
}

/** The ask of a service, with numbers for a new card where it makes one. */
export async function askForService(
  desk: Desk,
  key: string,
  asked: ServiceAsked,
): Promise<EnterAsk> {
  const { cards } = desk
  const { service, owner, card, body } = asked
  const makes = serviceRow(service).does.includes('makes-card')
  const blank = makes
    ? await cards.draw(card?.managedIn ?? placeOf(cards.places, body.desk.division))
    : undefined
  const scope = keyScope(body)
  const whole = askedOf(asked, blank)
  return {
    kind: 'enter',
    key: keyOf(desk, scope, key, asked.input),
    institution: scope,
    owner,
    subjects: subjectsOf(asked, blank?.id),
    enter: (found) => {
      const entered = serveCard(found, whole, cards.places)
      if (isRefusal(entered)) return entered
      if (asked.refusal) return asked.refusal
      const make =
        service === 'making' && card ? { number: card.number, serial: card.serial } : undefined
      return { ...entered, result: { ...(entered.result as object), service, make } }
    },
  }
}

/** What it is about, as far as that is known before the history is read; the rest turns out by itself. */
function subjectsOf({ service, owner, card }: ServiceAsked, fresh: string | undefined): Subject[] {
  return [
    ...(card ? [cardSubject(owner, card.id)] : []),
    ...(card?.replaces !== undefined ? [cardSubject(owner, card.replaces)] : []),
    ...(fresh !== undefined ? [cardSubject(owner, fresh), madeSubject(owner)] : []),
    ...(service === 'details' ? [contactSubject(owner)] : []),
  ]
}

/** A changed name or number is given where that is the reason, and only there; the number is well formed and nobody else's. */
export async function checkIdentity(
  cards: CardDesk,
  owner: string,
  { reason, identity }: ReplacementBody,
): Promise<Refusal | undefined> {
  const renames = reason === 'changed-name-or-number'
  if (renames !== (identity !== undefined))
    throw new Complaint('field-invalid', {
      field: '/identity',
      in: 'body',
      expected: renames ? 'to be given' : 'no such field',
    })
  const number = identity?.citizenNumber
  if (number === undefined) return undefined
  if (!isCitizenNumber(number))
    return refuse('credential-invalid', { type: 'citizen-number', field: 'identity.citizenNumber' })
  if (await cards.isTaken(number, owner))
    throw new Complaint('identity-taken', { field: 'identity.citizenNumber' })
  return undefined
}
