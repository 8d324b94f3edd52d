import { describe, expect, test } from 'vitest'
import type { Card } from '../../engine/card.ts'
import {
  type CardRead,
  chipAlgorithm,
  judgeReading,
  type PinVerdict,
  type Reading,
  refuseForm,
} from '../../engine/cardReading.ts'
import type { Facts } from '../../engine/ports.ts'
import { isRefusal, type RefusalCode, refusalCodes, refuse } from '../../engine/refusal.ts'
import { books } from './support/asked.ts'
import { day } from './support/packs.ts'
import { card, facts, institution, now, person, today } from './support/world.ts'

const identity = { name: '演示甲', citizenNumber: '510199198603120110' }
const read: CardRead = {
  number: 'A12345678',
  serial: '510100D15600000500BF7C7A48FB4966',
  version: '3.00',
  algorithm: '03',
  issued: day('2020-01-01'),
  expires: day('2030-01-01'),
  ...identity,
}

interface Asked {
  readonly reading: Reading
  readonly facts: Facts
}
const verified = institution({ cardEvidence: 'verified' })
const good: Asked = {
  reading: {
    read,
    verdict: { kind: 'proved', proof: 'cryptogram' },
    id: 'A1',
    institution: verified.code,
    terminal: 'T1',
  },
  facts: facts({ institution: verified, person: person(), identity, cards: [card()] }),
}

const judge = ({ reading, facts: known }: Asked) =>
  judgeReading(reading, { facts: known, now, today }, books)
const told = (asked: Asked): string => {
  const judged = judge(asked)
  return isRefusal(judged) ? judged.code : (judged.authentication?.proof ?? 'nothing')
}

type Spoil = (asked: Asked) => Asked
const inReading =
  (more: Partial<Reading>): Spoil =>
  (asked) => ({ ...asked, reading: { ...asked.reading, ...more } })
const inRead =
  (more: Partial<CardRead>): Spoil =>
  (asked) =>
    inReading({ read: { ...asked.reading.read, ...more } })(asked)
const inFacts =
  (more: Partial<Facts>): Spoil =>
  (asked) => ({ ...asked, facts: { ...asked.facts, ...more } })
const inCard =
  (more: Partial<Card>): Spoil =>
  (asked) =>
    inFacts({ cards: (asked.facts.cards ?? []).map((one) => ({ ...one, ...more })) })(asked)
const entered = (pin: PinVerdict): Spoil => inReading({ pin })
const refused = (code: RefusalCode): Spoil =>
  inReading({ verdict: { kind: 'refused', refusal: refuse(code) } })

/** What brings each refusal about, in the order of decision 2, with the part of the state that it is about. */
const spoils: readonly (readonly [RefusalCode, Spoil, part?: string])[] = [
  ['institution-unknown', inFacts({ institution: undefined })],
  ['person-unknown', inFacts({ person: undefined })],
  ['card-unknown', inFacts({ cards: [] })],
  ['challenge-unknown', refused('challenge-unknown'), 'verdict'],
  ['card-not-genuine', refused('card-not-genuine'), 'verdict'],
  ['card-holder-mismatch', inRead({ name: '演示乙' })],
  ['card-cancelled', inCard({ life: 'cancelled' }), 'life'],
  ['card-superseded', inCard({ life: 'superseded' }), 'life'],
  ['card-formally-lost', inCard({ loss: { kind: 'formal' } }), 'loss'],
  ['card-temporarily-lost', inCard({ loss: { kind: 'temporary', lapses: now + 1 } }), 'loss'],
  ['card-not-activated', inCard({ life: 'issued' }), 'life'],
  // The chip shows the dates that are on record, so only the card itself can be out of date.
  [
    'card-expired',
    (asked) =>
      inRead({ expires: day('2026-01-01') })(inCard({ expires: day('2026-01-01') })(asked)),
  ],
  ['card-pin-locked', inCard({ pin: 'locked' })],
  ['card-pin-wrong', entered({ kind: 'wrong', left: 1 }), 'pin'],
  ['card-pin-initial', entered({ kind: 'right', initial: true }), 'pin'],
]

describe('a card that is read', () => {
  test('and lacks nothing opens an authentication of its terminal, as long as the region says', () => {
    expect(judge(good)).toEqual({
      authentication: {
        id: 'A1',
        institution: verified.code,
        terminal: 'T1',
        card: read.number,
        proof: 'cryptogram',
        pin: false,
        at: now,
        until: now + 30 * 60_000,
      },
      warnings: [],
    })
  })

  test.each(spoils.map(([code, spoil]) => [code, spoil] as const))(
    '%s is told of what alone brings it about',
    (code, spoil) => {
      expect(told(spoil(good))).toBe(code)
    },
  )

  test('is refused by the earlier of two reasons (decision 2)', () => {
    const wrong: string[] = []
    for (const [j, [later, second, part]] of spoils.entries())
      for (const [earlier, first, other] of spoils.slice(0, j)) {
        if (part !== undefined && part === other) continue
        const found = told(first(second(good)))
        if (found !== earlier) wrong.push(`${earlier} and ${later}: ${found}`)
      }
    expect(wrong).toEqual([])
  })

  test('stands in the order of the list of refusals', () => {
    const order = spoils.map(([code]) => refusalCodes.indexOf(code))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('is not genuine where anything that was read is not what is on record', () => {
    for (const more of [
      { serial: '510100D15600000500BF7C7A48FB4967' },
      { version: '2.00' },
      { issued: day('2020-01-02') },
      { expires: day('2031-01-01') },
      { algorithm: '01' },
    ] as const)
      expect(told(inRead(more)(good))).toBe('card-not-genuine')
    expect(told(inRead({ citizenNumber: '510199195207200123' })(good))).toBe('card-holder-mismatch')
    const { number, serial } = read
    expect(told(inReading({ read: { number, serial } })(good))).toBe('cryptogram')
  })

  test('opens nothing on the word of a reader where the server verifies cards', () => {
    const unproved = inReading({ verdict: { kind: 'unproved' } })
    expect(judge(unproved(good))).toEqual({
      warnings: [{ code: 'card-proof-not-checked', facts: { institution: verified.code } }],
    })
    const trusting = inFacts({ institution: institution() })
    expect(told(trusting(unproved(good)))).toBe('reader')
  })

  test('locks nobody out of a reader that is trusted, where no PIN is entered', () => {
    const trusting = inFacts({ institution: institution() })
    expect(told(trusting(inCard({ pin: 'locked' })(good)))).toBe('cryptogram')
    expect(told(trusting(entered({ kind: 'locked' })(good)))).toBe('card-pin-locked')
  })

  test('may have its initial PIN entered at an office, which does not count as one', () => {
    const atDesk = (asked: Asked) =>
      inReading({ institution: 'desk:510100' })(inFacts({ institution: undefined })(asked))
    const pin = (initial: boolean) => {
      const judged = judge(atDesk(entered({ kind: 'right', initial })(good)))
      return isRefusal(judged) ? judged.code : judged.authentication?.pin
    }
    expect([pin(true), pin(false)]).toEqual([false, true])
    expect(told(atDesk(inReading({ verdict: { kind: 'unproved' } })(good)))).toBe('nothing')
  })
})

test('a number or a serial that no card has is refused before anybody looks', () => {
  expect(refuseForm(read)).toBeUndefined()
  expect(refuseForm({ ...read, number: '123' })).toMatchObject({ code: 'credential-invalid' })
  expect(refuseForm({ ...read, serial: '123' })).toMatchObject({ facts: { field: 'cardSn' } })
})

test('a chip computes with what its byte says, and one of the third generation with SM4', () => {
  expect(chipAlgorithm({}, '3.00')).toBe('sm4')
  expect(chipAlgorithm({ algorithm: '01' }, '3.00')).toBeUndefined()
  expect(chipAlgorithm({}, '1.00')).toBe('3des')
  expect(chipAlgorithm({ algorithm: '03' }, '2.00')).toBe('sm4')
})
