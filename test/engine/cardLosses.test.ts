import { describe, expect, test } from 'vitest'
import { lapseLoss } from '../../engine/cardService.ts'
import { CardDesk, day_ms, type More } from './support/cards.ts'
import { day } from './support/packs.ts'
import { card, now } from './support/world.ts'

const held = (more: Parameters<typeof card>[0] = {}, ...rest: unknown[]): CardDesk =>
  new CardDesk([card(more)], ...(rest as []))
const lost = (kind: 'formal' | 'temporary'): CardDesk => {
  const desk = held()
  desk.do(`${kind}-loss`, 'c1')
  return desk
}

describe('S6 and S7, the PIN (密码修改, 密码重置)', () => {
  test('a change makes the initial PIN one of the holder’s own, with all its tries', () => {
    const desk = held({ pin: 'initial' })
    const made = { verifier: 'cd', keyVersion: 2 }
    expect(desk.do('pin', 'c1', { pin: made }).cards).toEqual([
      { card: card(), pin: { made, initial: false, tries: 3 } },
    ])
  })

  test('a PIN that is changed for another one changes although the card does not', () => {
    expect(held().do('pin', 'c1').cards).toHaveLength(1)
  })

  test('a locked PIN is not changed but reset', () => {
    const desk = held({ pin: 'locked' })
    expect(desk.refused('pin', 'c1')).toEqual(['card-state-forbids', 'pin-locked'])
    expect(desk.refused('pin-reset', 'c1')).toBe('done')
    expect(desk.card('c1').pin).toBe('set')
  })

  test('a reset takes two people at the desk', () => {
    for (const second of [undefined, 'op1'])
      expect(held().refused('pin-reset', 'c1', { desk: { second } })).toEqual([
        'document-missing',
        'second-operator',
      ])
  })
})

describe('S8 loss (挂失)', () => {
  test('by telephone is temporary, and lapses seven times twenty-four hours later', () => {
    const desk = held()
    desk.do('temporary-loss', 'c1', { documents: [], desk: { channel: 'hotline' } })
    expect(desk.card('c1').loss).toEqual({ kind: 'temporary', lapses: now + 7 * day_ms })
    desk.now = now + 7 * day_ms - 1
    desk.sweep()
    expect(desk.card('c1').loss.kind).toBe('temporary')
    expect(desk.refused('temporary-loss', 'c1')).toEqual(['card-state-forbids', 'temporarily-lost'])
    desk.now++
    desk.sweep()
    desk.sweep()
    expect(desk.card('c1').loss).toEqual({ kind: 'none' })
    expect(desk.history('c1').map(({ service }) => service)).toEqual(['temporary-loss', 'lapse'])
  })

  test('that has lapsed is told in the history by whoever comes before the sweep', () => {
    const desk = lost('temporary')
    desk.now += 7 * day_ms
    desk.do('temporary-loss', 'c1')
    expect(desk.history('c1').map(({ service }) => service)).toEqual([
      'temporary-loss',
      'lapse',
      'temporary-loss',
    ])
    desk.now += 7 * day_ms
    desk.do('details', 'c1')
    expect(desk.card('c1').loss.kind).toBe('none')
  })

  test('is formal at a desk alone, where the ID document is seen', () => {
    const desk = lost('temporary')
    expect(desk.refused('formal-loss', 'c1', { desk: { channel: 'hotline' } })).toEqual([
      'document-missing',
      'id-document',
    ])
    desk.do('formal-loss', 'c1')
    desk.now += 100 * day_ms
    desk.sweep()
    expect(desk.card('c1').loss).toEqual({ kind: 'formal' })
  })

  test('of a card that nobody has is swept for nobody', () => {
    expect(lapseLoss(held().found, 'c9')).toMatchObject({ code: 'card-unknown' })
  })
})

describe('S9 loss withdrawn (解挂)', () => {
  test.each(['temporary', 'formal'] as const)('ends a %s loss', (kind) => {
    const desk = lost(kind)
    desk.do('loss-cancel', 'c1', { desk: { division: '510700' } })
    expect(desk.card('c1')).toEqual(card())
    expect(desk.refused('loss-cancel', 'c1')).toEqual(['card-state-forbids', 'not-lost'])
  })
})

describe('S10 move of the insured place (参保地转移)', () => {
  const there: More = {
    desk: { division: '510700' },
    documents: [{ kind: 'own-card' }, { kind: 'id-document' }],
  }

  test('moves the card where insurance or work has moved, and no coverage', () => {
    const coverages = [
      { scheme: 'employee', region: '510700', group: 'working', from: day('2026-11-01') },
    ] as const
    const desk = held({}, { coverages })
    expect(desk.do('relocation', 'c1', there).person).toBeUndefined()
    expect(desk.card('c1').managedIn).toBe('510700')
    expect(desk.refused('relocation', 'c1', there)).toEqual(['card-state-forbids', 'managed-there'])
    const work = held()
    const documents = [
      ...(there.documents ?? []),
      { kind: 'employment-document', place: '510700' } as const,
    ]
    work.do('relocation', 'c1', { ...there, documents })
    expect(work.card('c1').managedIn).toBe('510700')
  })

  test('needs a ground, within the province', () => {
    expect(held().refused('relocation', 'c1', there)).toEqual([
      'relocation-without-ground',
      '510700',
    ])
    expect(held().refused('relocation', 'c1', { desk: { division: '440100' } })).toEqual([
      'desk-of-another-province',
      '440100',
    ])
  })
})

describe('S11 cancellation (注销)', () => {
  test('ends the social application first and the bank’s part then, once each', () => {
    const desk = held()
    expect(desk.refused('bank-cancellation', 'c1')).toEqual(['card-state-forbids', 'active'])
    desk.do('cancellation', 'c1', { note: '多余卡' })
    expect(desk.refused('cancellation', 'c1')).toEqual(['card-state-forbids', 'cancelled'])
    expect(desk.do('bank-cancellation', 'c1').cards).toEqual([])
    expect(desk.refused('bank-cancellation', 'c1')).toEqual([
      'card-state-forbids',
      'cancelled-at-bank',
    ])
    expect(desk.history('c1').map(({ service, note }) => [service, note])).toEqual([
      ['cancellation', '多余卡'],
      ['bank-cancellation', undefined],
    ])
  })

  test('is of an unclaimed card only while nobody has it', () => {
    expect(held({ life: 'made' }).refused('cancellation', 'c1', { reason: 'unclaimed' })).toBe(
      'done',
    )
    expect(held().refused('cancellation', 'c1', { reason: 'unclaimed' })).toEqual([
      'card-state-forbids',
      'active',
    ])
  })

  test('is done for one who has died, and hardly anything else is', () => {
    const died = day('2026-11-01')
    const desk = held({}, { died })
    expect(desk.refused('replacement', 'c1')).toEqual(['person-deceased', '2026-11-23'])
    expect(desk.refused('formal-loss', 'c1')).toBe('done')
    expect(desk.refused('cancellation', 'c1', { reason: 'death' })).toBe('done')
    expect(desk.refused('bank-cancellation', 'c1')).toBe('done')
  })
})
