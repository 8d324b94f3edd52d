import { describe, expect, test } from 'vitest'
import { cardAt, isListed, listedSince } from '../../engine/quickPaymentPast.ts'
import { card } from './support/world.ts'

describe('the past of a card', () => {
  const temporary = (lapses: number) => ({ kind: 'temporary', lapses }) as const
  const at = (from: number, loss: ReturnType<typeof card>['loss']) => ({
    from,
    card: card({ loss }),
  })

  test('is what was recorded last before a moment, and the first record before all of them', () => {
    const history = [at(10, { kind: 'none' }), at(20, { kind: 'formal' })]
    expect([5, 10, 19, 20].map((moment) => cardAt(history, moment)?.loss.kind)).toEqual([
      'none',
      'none',
      'none',
      'formal',
    ])
    expect(cardAt([], 5)).toBeUndefined()
  })

  test('tells since when it stands on the list without a break', () => {
    const history = [
      at(10, temporary(15)),
      at(20, { kind: 'none' }),
      at(30, temporary(100)),
      at(40, { kind: 'formal' }),
    ]
    expect([12, 16, 25, 35, 45].map((moment) => listedSince(history, moment))).toEqual([
      10,
      undefined,
      undefined,
      30,
      30,
    ])
    // A temporary loss that lapsed before the formal one was told of.
    const broken = [at(10, temporary(15)), at(40, { kind: 'formal' })]
    expect([listedSince(broken, 20), listedSince(broken, 45)]).toEqual([undefined, 40])
  })

  test('is on the list while it is lost, replaced, ended or switched off', () => {
    expect(isListed(card({ loss: temporary(15) }), 14)).toBe(true)
    expect(isListed(card({ loss: temporary(15) }), 15)).toBe(false)
    expect(isListed(card({ life: 'issued' }), 15)).toBe(false)
  })
})
