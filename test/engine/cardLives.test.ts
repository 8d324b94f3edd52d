// Random lives of one person's cards: whatever is asked in whatever order, what must hold does.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Card, lossAt } from '../../engine/card.ts'
import {
  type AskedService,
  askedServices,
  cancellationReasons,
  replacementReasons,
  serviceRow,
} from '../../engine/cardLife.ts'
import { datesOn, stateOf } from '../../engine/cardState.ts'
import type { Entered } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { allBut, CardDesk, day_ms, hour_ms } from './support/cards.ts'
import { coverage } from './support/world.ts'

const ending = ['cancellation', 'bank-cancellation'] as const
const growing = ['making', 'delivery', 'activation', 'replacement'] as const
const lively = askedServices.filter((name) => name !== 'cancellation')

interface Step {
  readonly service: AskedService | 'sweep'
  readonly which: number
  readonly hours: number
  readonly division: string
  readonly reason: number
  readonly shows: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  // A cancellation ends all that could still be tried.
  service: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom<Step['service']>(...lively, 'sweep') },
    { weight: 20, arbitrary: fc.constantFrom<Step['service']>(...growing) },
    { weight: 1, arbitrary: fc.constantFrom<Step['service']>(...ending) },
  ),
  which: fc.nat({ max: 9 }),
  hours: fc.oneof(
    { weight: 50, arbitrary: fc.constantFrom(0, 1, 24, 7 * 24) },
    { weight: 1, arbitrary: fc.constantFrom(24 * 365, 24 * 3660) },
  ),
  division: fc.constantFrom('510100', '510100', '510100', '510700', '510700', '440100'),
  reason: fc.nat({ max: 9 }),
  shows: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
})

const isUsable = (card: Card, desk: CardDesk): boolean =>
  card.life === 'active' &&
  lossAt(card, desk.now).kind === 'none' &&
  datesOn(card, desk.today) === 'valid' &&
  card.pin !== 'locked'

const ended = (card: Card): boolean => card.life === 'superseded' || card.life === 'cancelled'

function take(desk: CardDesk, one: Step): void {
  const { service, which, hours, division, reason, shows } = one
  desk.now += hours * hour_ms
  if (service === 'sweep') return desk.sweep()
  const card = service === 'application' ? undefined : desk.cards[which % (desk.cards.length || 1)]
  const before = card && stateOf(card, desk.now, desk.today)
  const reasons = service === 'replacement' ? replacementReasons : cancellationReasons
  const entered = desk.ask(service, card?.id, {
    documents: shows ? allBut() : [],
    reason: reasons[reason % reasons.length],
    desk: { division },
  })
  if (!isRefusal(entered)) expectAllowed(service, before, entered, desk)
}

/** Nothing is done outside the row of the table, and the row is what is done. */
function expectAllowed(
  service: AskedService,
  before: ReturnType<typeof stateOf> | undefined,
  { cards = [] }: Entered,
  desk: CardDesk,
): void {
  const { from = {}, to, does } = serviceRow(service)
  for (const [part, states] of Object.entries(from))
    expect(states).toContain(before?.[part as keyof typeof before])
  const [first] = cards
  if (!first || does.includes('makes-card')) return
  const after = stateOf(first.card, desk.now, desk.today)
  expect(after).toMatchObject(does.includes('sets-dates') ? to : { ...before, ...to })
}

function expectRight(desk: CardDesk, before: readonly Card[]): void {
  for (const province of ['51', '44']) {
    const usable = desk.cards.filter(
      (card) => card.managedIn.startsWith(province) && isUsable(card, desk),
    )
    expect(usable.length).toBeLessThanOrEqual(1)
  }
  for (const card of before.filter(ended)) expect(desk.card(card.id)).toEqual(card)
  for (const card of desk.cards) {
    const { loss } = card
    if (loss.kind !== 'temporary') continue
    const { at } = desk.history(card.id).findLast((e) => e.service === 'temporary-loss') ?? {
      at: 0,
    }
    expect(loss.lapses).toBe(at + 7 * day_ms)
    expect(lossAt(card, loss.lapses - 1).kind).toBe('temporary')
    expect(lossAt(card, loss.lapses).kind).toBe('none')
  }
}

/** Each event begins where the one before it ended, and the last one ends where the card is. */
function expectTold(desk: CardDesk): void {
  for (const card of desk.cards) {
    const { life, loss, pin, issued, expires, managedIn } = card
    const history = desk.history(card.id)
    expect(history[0]?.service).toBe('application')
    expect(history[0]?.before).toBeUndefined()
    for (const [i, event] of history.slice(1).entries())
      expect(event.before).toEqual(history[i]?.after)
    expect(history.at(-1)?.after).toEqual({ life, loss, pin, issued, expires, managedIn })
  }
}

describe('random lives of cards', () => {
  test('have one usable card a person, no service outside the table, and a history that tells all', () => {
    const services = new Set<string>()
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const coverages = [
          coverage(),
          coverage({ region: '510700' }),
          coverage({ region: '440100' }),
        ]
        const desk = new CardDesk([], { coverages })
        for (const one of steps) {
          const before = desk.cards
          take(desk, one)
          expectRight(desk, before)
        }
        expectTold(desk)
        for (const { id } of desk.cards)
          for (const { service } of desk.history(id)) services.add(service)
      }),
      { seed: 20261123, numRuns: 500 },
    )
    expect([...services].toSorted()).toEqual([...askedServices, 'lapse', 'supersession'].toSorted())
  })
})
