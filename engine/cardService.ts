import type { Card } from './card.ts'
import { documentsNeeded, refuseActing, refuseDocuments } from './cardActor.ts'
import { type CardAsked, documentsOf, type ServiceCase } from './cardAsked.ts'
import { enterService } from './cardEntering.ts'
import { historyOf, lapsed, needNamed } from './cardHistory.ts'
import { type AskedService, type CardService, type ReasonRow, serviceRow } from './cardLife.ts'
import { cardParts, type CardPart, type CardState, stateOf, stateWords } from './cardState.ts'
import { type CardPlaces, placeOf, refusePlace } from './cardPlace.ts'
import { refuseHolding } from './cardSuccession.ts'
import type { Entered, Found } from './ports.ts'
import { assert, type Refusal, refuse } from './refusal.ts'

/** Does a service to a card, or tells why it cannot be done: of two reasons the one that is earlier in their list. */
export function serveCard(found: Found, asked: CardAsked, places: CardPlaces): Entered | Refusal {
  const { person, cards } = found.facts
  if (!person) return refuse('person-unknown')
  const row = serviceRow(asked.service)
  const stored = cards?.find(({ id }) => id === asked.card)
  if (row.from && !stored) return refuse('card-unknown')
  const reason = row.reasons?.[asked.reason ?? '']
  assert(!row.reasons || reason !== undefined, `a ${asked.service} has a reason of its own`)
  const card = stored && lapsed(stored, found.now).card
  const one: ServiceCase = { asked, row, reason, person, stored, card, found, places }
  return refuseCase(one) ?? enterService(one)
}

function refuseCase({ asked, row, reason, person, card, found, places }: ServiceCase) {
  const { facts, today } = found
  const { division, channel } = asked.desk
  if (row.ofDeceased !== true && person.died !== undefined && person.died <= today)
    return refuse('person-deceased', { day: today })
  const shown = { ...asked, channel, documents: documentsOf(asked) }
  const needed = documentsNeeded(row, asked, person, today, card?.photo ?? false)
  return (
    refusePlace(row, card, { ...shown, division, person, today, places }) ??
    refuseHolding(row, card, facts.cards ?? [], division) ??
    refuseActing(row, shown, person, today) ??
    refuseDocuments(needed, shown) ??
    (card && refuseState(asked, card, { reason, found, places }))
  )
}

/** What the table says, and what it cannot say because it depends on the history of the card or on the desk. */
function refuseState(
  { service, desk }: CardAsked,
  card: Card,
  { reason, found, places }: Pick<ServiceCase, 'reason' | 'found' | 'places'>,
): Refusal | undefined {
  const { now, today, dossiers } = found
  const no = (state: string): Refusal => refuse('card-state-forbids', { service, state })
  const wasDone = (before: AskedService): boolean =>
    historyOf(dossiers, card).some((event) => event.service === before)
  const refusal = refuseInState(service, stateOf(card, now, today), reason)
  if (refusal) return refusal
  if (service === 'loss-cancel' && wasDone('reissue')) return no('being-reissued')
  if (service === 'bank-cancellation' && wasDone(service)) return no('cancelled-at-bank')
  const isMove = serviceRow(service).does.includes('moves-card')
  return isMove && placeOf(places, desk.division) === card.managedIn
    ? no('managed-there')
    : undefined
}

/** Whether a card may go through a service, by the table alone; the first part that forbids it is told. */
function refuseInState(
  service: CardService,
  state: CardState,
  reason?: ReasonRow,
): Refusal | undefined {
  const from = { ...serviceRow(service).from, ...(reason?.life && { life: reason.life }) }
  for (const part of cardParts) {
    const states: readonly string[] | undefined = from[part]
    if (states && !states.includes(state[part]))
      return refuse('card-state-forbids', { service, state: wordOf(part, state) })
  }
  return undefined
}

const wordOf = (part: CardPart, state: CardState): string =>
  (stateWords[part] as Readonly<Record<string, string>>)[state[part]] ?? state[part]

/** The sweep's part (临时挂失到期): it writes that a temporary loss has lapsed, where no desk has done so before it. */
export function lapseLoss(found: Found, id: string): Entered | Refusal {
  const stored = found.facts.cards?.find((card) => card.id === id)
  if (!stored) return refuse('card-unknown')
  const { card, entries } = lapsed(stored, found.now)
  needNamed(found.dossiers, entries)
  return { entries, cards: card === stored ? [] : [{ card }] }
}
