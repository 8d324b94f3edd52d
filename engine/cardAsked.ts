import { hand } from './approval.ts'
import type { Card, PinChange } from './card.ts'
import type { Shown } from './cardActor.ts'
import type { ServiceDesk } from './cardHistory.ts'
import type { AskedService, ReasonRow, ServiceRow } from './cardLife.ts'
import type { CardPlaces } from './cardPlace.ts'
import type { Blank } from './cardSuccession.ts'
import type { Person } from './person.ts'
import type { Found, Identity } from './ports.ts'

/** How a person is reached (手机号码, 联系地址): nothing that a card or a settlement rests on. */
export interface Contact {
  readonly phone?: string | undefined
  readonly address?: string | undefined
}

/** What is asked of a desk for a card (卡服务申请). */
export interface CardAsked extends Omit<Shown, 'channel'> {
  readonly service: AskedService
  /** The id of the card; absent where the first one is applied for. */
  readonly card?: string | undefined
  readonly desk: ServiceDesk
  readonly note?: string | undefined
  readonly contact?: Contact | undefined
  /** What a changed name or number is from now on. */
  readonly identity?: Partial<Pick<Identity, 'name' | 'citizenNumber'>> | undefined
  /** A PIN that the holder chose, as it is to be kept. */
  readonly pin?: PinChange['made']
  readonly blank?: Blank | undefined
}

/** A service with its row, its card and whose it is, once all of it is known. */
export interface ServiceCase {
  readonly asked: CardAsked
  readonly row: ServiceRow
  readonly reason: ReasonRow | undefined
  readonly person: Person
  /** As it is kept, and as it stands: a temporary loss that has lapsed is none. */
  readonly stored: Card | undefined
  readonly card: Card | undefined
  readonly found: Found
  readonly places: CardPlaces
}

/** A second person at the desk is something shown, like a document; nobody is the second beside themselves. */
export function documentsOf({ documents, desk }: CardAsked): CardAsked['documents'] {
  const { second, operator } = desk
  const shown = documents.filter(({ kind }) => kind !== 'second-operator')
  return second === undefined || hand(second) === hand(operator)
    ? shown
    : [...shown, { kind: 'second-operator', number: second }]
}
