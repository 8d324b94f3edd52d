import type { Card } from '../../engine/card.ts'
import type { CardEventKept, KeptState } from '../../engine/cardHistory.ts'
import type { AskedService } from '../../engine/cardLife.ts'
import type { Json } from '../../engine/dossier.ts'
import { lossAt } from '../../engine/card.ts'
import type { Instant } from '../../engine/day.ts'
import type {
  CardAnswer,
  CardDetail,
  EventAnswer,
  ServiceAnswer,
  StateAnswer,
} from './cardSchema.ts'
import { writeInstant } from './instant.ts'
import type { FoundCard } from './needs.ts'

type View = Omit<Card, 'number' | 'serial' | 'owner'>

/** What a service entered, as it was kept with its answer. */
export interface ServiceResult {
  readonly service: AskedService
  readonly card: View
  readonly newCard?: View
  readonly make?: { readonly number: string; readonly serial: string }
}

const writeLoss = (loss: Card['loss']) => ({
  loss: loss.kind,
  ...(loss.kind === 'temporary' && { lossLapses: writeInstant(loss.lapses) }),
})

function writeCard(card: View): CardAnswer {
  const { id, life, loss, pin, issued, expires, photo, version, managedIn, replaces } = card
  return {
    id,
    life,
    ...writeLoss(loss),
    pin,
    issued,
    expires,
    photo,
    version,
    managedIn,
    ...(replaces !== undefined && { replaces }),
  }
}

/** Whether it is a service of a card that was entered, and not something else under a key of its own. */
export const isService = (result: Json | undefined): boolean =>
  typeof result === 'object' && result !== null && 'service' in result && 'card' in result

export function writeService(result: Json | undefined): ServiceAnswer {
  const { service, card, newCard, make } = result as unknown as ServiceResult
  return {
    service,
    card: writeCard(card),
    ...(newCard && { newCard: writeCard(newCard) }),
    ...(make && { make: { number: make.number, serial: make.serial } }),
  }
}

/** A temporary loss that has lapsed is told as none, whether or not the sweep has come by. */
export function writeDetail({ card, maskedNumber, history }: FoundCard, now: Instant): CardDetail {
  return {
    ...writeCard({ ...card, loss: lossAt(card, now) }),
    number: maskedNumber,
    person: card.owner,
    history: history.map(writeEvent),
  }
}

const writeState = ({ life, loss, pin, managedIn }: KeptState): StateAnswer => ({
  life,
  ...writeLoss(loss),
  pin,
  managedIn,
})

function writeEvent(event: CardEventKept): EventAnswer {
  const { service, at, desk, documents = [], acting, reason, note, other, before, after } = event
  return {
    service,
    at: writeInstant(at),
    ...(desk && {
      desk: {
        division: desk.division,
        operator: desk.operator,
        ...(desk.second !== undefined && { second: desk.second }),
        channel: desk.channel,
      },
    }),
    documents: documents.map(({ kind }) => kind),
    ...(acting && { proxy: acting.ground }),
    ...(reason !== undefined && { reason }),
    ...(note !== undefined && { note }),
    ...(other !== undefined && { other }),
    ...(before && { before: writeState(before) }),
    after: writeState(after),
  }
}
