import type { Card } from '../../../engine/card.ts'
import type { CardAsked } from '../../../engine/cardAsked.ts'
import { type DocumentKind, documentKinds } from '../../../engine/cardDocuments.ts'
import { type CardEventKept, historyOf } from '../../../engine/cardHistory.ts'
import type { AskedService } from '../../../engine/cardLife.ts'
import type { CardPlaces } from '../../../engine/cardPlace.ts'
import { type CardPolicy, usualCardPolicy } from '../../../engine/cardPolicy.ts'
import { lapseLoss, serveCard } from '../../../engine/cardService.ts'
import type { Day, Instant } from '../../../engine/day.ts'
import { type Kept, subjectKey } from '../../../engine/dossier.ts'
import type { Person } from '../../../engine/person.ts'
import type { Entered, Found, Identity } from '../../../engine/ports.ts'
import { isRefusal, type Refusal } from '../../../engine/refusal.ts'
import { directory } from '../../../engine/route.ts'
import { facts, now as noon, person } from './world.ts'

export const hour_ms = 60 * 60 * 1000
export const day_ms = 24 * hour_ms

const region = (division: string, ...divisions: string[]) => ({
  division,
  name: division,
  divisions: [division, ...divisions],
  province: `${division.slice(0, 2)}0000`,
})

const regions = directory(
  [region('510100', '510199'), region('510700'), region('440100')],
  ['510100'],
)

/** Everything that may be shown, except what a test leaves out. */
export const allBut = (...missing: readonly DocumentKind[]): CardAsked['documents'] =>
  documentKinds.filter((kind) => !missing.includes(kind)).map((kind) => ({ kind }))

export type More = Partial<Omit<CardAsked, 'desk'>> & { readonly desk?: Partial<CardAsked['desk']> }

/** One person, their cards and histories: what an ask enters is kept, and time goes on when it is told to. */
export class CardDesk {
  cards: readonly Card[]
  person: Person
  identity: Identity = { name: '演示', citizenNumber: '510199198005050028' }
  now: Instant = noon
  readonly dossiers = new Map<string, Kept[]>()
  readonly #places: CardPlaces
  #blanks = 0

  constructor(
    cards: readonly Card[] = [],
    of: Partial<Person> = {},
    policy: Partial<CardPolicy> = {},
  ) {
    this.cards = cards
    this.person = person(of)
    this.#places = { regions, policyOf: () => ({ ...usualCardPolicy, ...policy }) }
    for (const { id } of cards) this.dossiers.set(`${this.person.id} card ${id}`, [])
    this.dossiers.set(`${this.person.id} contact`, [])
    this.dossiers.set(`${this.person.id} cards`, [])
  }

  get today(): Day {
    return new Date(this.now + 8 * hour_ms).toISOString().slice(0, 10) as Day
  }

  get found(): Found {
    const { cards, identity, dossiers, now, today } = this
    return { dossiers, now, today, facts: facts({ person: this.person, cards, identity }) }
  }

  card(id: string): Card {
    const card = this.cards.find((each) => each.id === id)
    if (!card) throw new Error(`there is no card ${id}`)
    return card
  }

  history = (id: string): CardEventKept[] => historyOf(this.dossiers, this.card(id))

  asked(service: AskedService, card: string | undefined, more: More = {}): CardAsked {
    const name = `n${this.#blanks + 1}`
    this.dossiers.set(
      `${this.person.id} card ${name}`,
      this.dossiers.get(`${this.person.id} card ${name}`) ?? [],
    )
    const serial = `510100D156000005${String(this.#blanks + 1).padStart(16, '0')}`
    const { desk, ...rest } = more
    return {
      service,
      card,
      documents: allBut(),
      blank: { id: name, number: `D9000000${this.#blanks + 1}`, serial, version: '3.00' },
      ...(service === 'replacement' && { reason: 'damaged' }),
      ...(service === 'cancellation' && { reason: 'surplus' }),
      ...(service.startsWith('pin') && {
        pin: { verifier: 'ab', keyVersion: 1 },
      }),
      ...rest,
      desk: { division: '510100', operator: 'op1', second: 'op2', channel: 'desk', ...desk },
    }
  }

  /** Asks for a service; what it enters is kept. */
  ask(service: AskedService, card?: string, more?: More): Entered | Refusal {
    const entered = serveCard(this.found, this.asked(service, card, more), this.#places)
    if (!isRefusal(entered)) this.#keep(entered)
    return entered
  }

  /** Asks for a service that must be done. */
  do(service: AskedService, card?: string, more?: More): Entered {
    const entered = this.ask(service, card, more)
    if (isRefusal(entered))
      throw new Error(`${service}: ${entered.code} ${JSON.stringify(entered.facts)}`)
    return entered
  }

  /** Why a service is refused: the code, and what it names. */
  refused(service: AskedService, card?: string, more?: More): 'done' | readonly unknown[] {
    const refusal = this.ask(service, card, more)
    return isRefusal(refusal)
      ? [refusal.code, ...Object.values(refusal.facts).filter((value) => value !== service)]
      : 'done'
  }

  sweep(): void {
    for (const { id } of this.cards) {
      const entered = lapseLoss(this.found, id)
      if (!isRefusal(entered)) this.#keep(entered)
    }
  }

  #keep({ entries, cards = [], identity }: Entered): void {
    for (const { subject, kind, body } of entries) {
      const kept = this.dossiers.get(subjectKey(subject)) ?? []
      const version = kept.length + 1
      this.dossiers.set(subjectKey(subject), [
        ...kept,
        { version, kind, body, institution: 'desk:510100', at: this.now },
      ])
    }
    for (const { card, pin } of cards) {
      if (!this.cards.some(({ id }) => id === card.id)) this.#blanks++
      const own = pin
        ? { ...card, pin: pin.initial ? ('initial' as const) : ('set' as const) }
        : card
      this.cards = [...this.cards.filter(({ id }) => id !== card.id), own]
    }
    if (identity) this.identity = identity
  }
}
