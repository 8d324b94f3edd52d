import { describe, expect, test } from 'vitest'
import { partiesOf } from '../../engine/registering.ts'
import { layer, pays, rule } from './support/packs.ts'
import { day } from './support/packs.ts'
import { code, inpatient, registration } from './support/story.ts'
import { card, coverage, facts, institution, person, ruled, today } from './support/world.ts'

const world = ruled(rule([layer('pool', pays('0.8'))]))
const found = (more: Parameters<typeof facts>[0] = {}) => ({
  facts: facts({
    cards: [card()],
    identity: { name: 'name', citizenNumber: '510199194912310024' },
    ...more,
  }),
  today,
})
const ask = (of = registration(), more: Parameters<typeof facts>[0] = {}) =>
  code(partiesOf(of, found(more), world))

describe('whoever is registered', () => {
  test('is insured, alive, and not ahead of time', () => {
    expect(ask()).toBe('done')
    expect(ask(registration({ about: {} }))).toBe('done')
    expect(ask(registration({ day: day('2026-11-24') }))).toBe('day-in-future')
    expect(ask(inpatient({ day: day('2026-11-24') }))).toBe('day-in-future')
    expect(ask(registration(), { person: person({ died: day('2026-11-01') }) })).toBe(
      'person-deceased',
    )
    expect(ask(registration(), { person: person({ coverages: [] }) })).toBe('not-insured')
  })

  test('may be insured since they were admitted', () => {
    const late = person({ coverages: [coverage({ from: day('2026-11-22') })] })
    expect(ask(registration(), { person: late })).toBe('not-insured')
    expect(ask(inpatient({ about: {} }), { person: late })).toBe('done')
  })

  test('comes to a hospital that may treat them', () => {
    expect(ask(inpatient(), { institution: institution({ agreements: [] }) })).toBe(
      'institution-not-designated',
    )
  })

  test('presents what is their own and may be used', () => {
    const with_ = (number: string) => registration({ credential: { type: 'card', number } })
    expect(ask(with_('A12345678'))).toBe('done')
    expect(ask(with_('A99999999'))).toBe('card-unknown')
    expect(ask(with_('A12345678'), { cards: [card({ life: 'cancelled' })] })).toBe('card-cancelled')
    const number = { type: 'citizen-number', number: '510199198110101114' } as const
    expect(ask(registration({ credential: number }))).toBe('person-unknown')
  })

  test('need not have authenticated the card yet', () => {
    const credential = { type: 'card', number: 'A12345678', proofDue: 'where-verified' } as const
    expect(
      ask(inpatient({ credential }), { institution: institution({ cardEvidence: 'verified' }) }),
    ).toBe('done')
  })
})
