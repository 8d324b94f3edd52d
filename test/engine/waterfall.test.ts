import { describe, expect, test } from 'vitest'
import { cap, day, deductible, fixed, layer, pays, rates, rule, tiers } from './support/packs.ts'
import { claim, Desk, person, ruled, settleBy, stay, yuan } from './support/world.ts'
import type { Layer, Rule } from '../../engine/pack.ts'
import type { FeeLine } from '../../engine/claim.ts'

const one = (
  bill: string | readonly FeeLine[],
  layers: readonly Layer[],
  more: Partial<Rule> = {},
) => settleBy(claim(bill), [rule(layers, more)])

const paidBy = (s: { trace: readonly { layer: string; paid: bigint }[] }, id: string) =>
  s.trace.find((step) => step.layer === id)?.paid

describe('segments', () => {
  // 60 % to 30,000, 70 % to 50,000, 80 % above.
  const segments = [
    ['30000.00', '0.6'],
    ['50000.00', '0.7'],
    [undefined, '0.8'],
  ] as const

  test('counted from zero have the deductible in the first', () => {
    const s = one('60000.00', [
      layer('pool', tiers('zero', segments), { deductible: deductible('visit', '10000.00') }),
    ])
    // 20000 × 60 % + 20000 × 70 % + 10000 × 80 % = 12000 + 14000 + 8000
    expect(s.fundTotal).toBe(yuan('34000.00'))
    expect(s.trace[0]?.rates.map(({ from, to, rate, paid }) => [from, to, rate, paid])).toEqual([
      [yuan('10000.00'), yuan('30000.00'), '0.6', yuan('12000.00')],
      [yuan('30000.00'), yuan('50000.00'), '0.7', yuan('14000.00')],
      [yuan('50000.00'), yuan('60000.00'), '0.8', yuan('8000.00')],
    ])
  })

  test('counted from the deductible begin where it ends', () => {
    const s = one('60000.00', [
      layer('pool', tiers('deductible', segments), { deductible: deductible('visit', '10000.00') }),
    ])
    // 30000 × 60 % + 20000 × 70 % = 18000 + 14000
    expect(s.fundTotal).toBe(yuan('32000.00'))
  })

  test('over the year go on where the last bill ended', () => {
    const at = new Desk(
      ruled(
        rule([
          layer('pool', tiers('zero', segments, { over: 'year', accumulator: 'base' }), {
            deductible: deductible('year', '10000.00'),
            feedsBase: ['base'],
          }),
        ]),
      ),
    )
    // (25000 − 10000) × 60 % = 9000
    expect(at.settle(claim('25000.00')).fundTotal).toBe(yuan('9000.00'))
    // From 25000 to 55000: 5000 × 60 % + 20000 × 70 % + 5000 × 80 % = 3000 + 14000 + 4000
    expect(at.settle(claim('30000.00')).fundTotal).toBe(yuan('21000.00'))
  })

  test('over a visit go on over its interim parts and begin anew with the next stay', () => {
    const at = new Desk(
      ruled(
        rule([
          layer('pool', tiers('zero', segments), { deductible: deductible('visit', '10000.00') }),
        ]),
      ),
    )
    const part = (amount: string, until: string, interim: boolean) =>
      at.settle(claim(amount, { visit: 'V', stay: stay('2026-03-01', until, interim) })).fundTotal
    expect(part('25000.00', '2026-03-05', true)).toBe(yuan('9000.00'))
    expect(part('30000.00', '2026-03-09', false)).toBe(yuan('21000.00'))
    expect(at.settle(claim('25000.00')).fundTotal).toBe(yuan('9000.00'))
  })

  test('whose boundaries depend on the case and do not rise never count a stretch twice', () => {
    const s = one('60000.00', [
      layer(
        'pool',
        tiers('zero', [
          ['30000.00', '0.6'],
          ['20000.00', '0.7'],
          [undefined, '0.8'],
        ]),
      ),
    ])
    // 30000 × 60 % + 30000 × 80 %: the second segment lies within the first.
    expect(s.fundTotal).toBe(yuan('42000.00'))
  })

  test('without a boundary the rest is theirs', () => {
    const s = one('60000.00', [
      layer(
        'pool',
        tiers('zero', [
          ['unlimited', '0.6'],
          [undefined, '0.8'],
        ]),
      ),
    ])
    expect(s.fundTotal).toBe(yuan('36000.00'))
  })

  test('are rounded once, and the last stretch shown takes what is left', () => {
    // 0.01 × 50 % and 0.02 × 50 %: 0.005 + 0.010 = 0.015 → 0.02, shown as 0.01 and 0.01.
    const s = one('0.03', [
      layer(
        'pool',
        tiers('zero', [
          ['0.01', '0.5'],
          [undefined, '0.5'],
        ]),
      ),
    ])
    expect(s.fundTotal).toBe(2n)
    expect(s.trace[0]?.rates.map((r) => r.paid)).toEqual([1n, 1n])
  })
})

describe('rates', () => {
  test('take a bonus, but never more than the whole', () => {
    const bonus = rates([
      [{ age: { below: 50 } }, '0.02'],
      [{ age: { from: 50 } }, '0.10'],
    ])
    const young = one('1000.00', [layer('pool', pays('0.95'), { bonus })])
    expect(young.fundTotal).toBe(yuan('970.00'))
    expect(young.trace[0]?.rates[0]?.because).toEqual(['0.95', '+ 0.02'])
    const old = person({ birth: day('1950-01-01') })
    const s = settleBy(claim('1000.00'), [rule([layer('pool', pays('0.95'), { bonus })])], {
      person: old,
    })
    expect(s.fundTotal).toBe(yuan('1000.00'))
  })

  test('multiply what the person pays where the rule says so', () => {
    const s = one('1000.00', [layer('pool', pays('0.85'), { selfTimes: rates('0.6') })])
    // 1 − (1 − 0.85) × 0.6 = 0.91
    expect(s.fundTotal).toBe(yuan('910.00'))
    expect(s.trace[0]?.rates[0]).toMatchObject({
      rate: '0.91',
      because: ['0.85', '1 − (1 − 0.85) × 0.6'],
    })
  })

  test('that a change leaves as they are say nothing of it', () => {
    const s = one('1000.00', [
      layer('pool', pays('0.85'), { selfTimes: rates('1'), bonus: rates('0') }),
    ])
    expect(s.trace[0]?.rates[0]?.because).toEqual(['0.85'])
  })

  test('of nothing pay nothing', () => {
    const s = one('1000.00', [layer('pool', pays('0'))])
    expect([s.fundTotal, s.shares, s.personTotal]).toEqual([0n, [], yuan('1000.00')])
  })
})

describe('fixed amounts', () => {
  test('are paid whatever the bill, and at most the bill', () => {
    expect(one('5000.00', [layer('pool', fixed('3000.00'))]).fundTotal).toBe(yuan('3000.00'))
    expect(one('2000.00', [layer('pool', fixed('3000.00'))]).fundTotal).toBe(yuan('2000.00'))
    expect(one('2000.00', [layer('pool', fixed('unlimited'))]).fundTotal).toBe(yuan('2000.00'))
  })

  test('are told in the trace, and a cap on them leaves the rest above it', () => {
    const s = one('5000.00', [
      layer('pool', fixed('3000.00'), { caps: [cap('visit', '1000.00')] }),
      layer('largeExpense', pays('0.5'), { base: ['aboveCap'] }),
    ])
    expect(s.trace[0]?.fixed).toEqual({ amount: yuan('3000.00'), usedBefore: 0n })
    expect(paidBy(s, 'pool')).toBe(yuan('1000.00'))
    expect(paidBy(s, 'largeExpense')).toBe(yuan('2000.00'))
  })

  test('are one for a stay, however many interim parts', () => {
    const at = new Desk(ruled(rule([layer('pool', fixed('3000.00'))])))
    const part = (amount: string, until: string, interim: boolean) =>
      at.settle(claim(amount, { visit: 'V', stay: stay('2026-03-01', until, interim) })).fundTotal
    expect(part('2000.00', '2026-03-03', true)).toBe(yuan('2000.00'))
    expect(part('2000.00', '2026-03-05', true)).toBe(yuan('1000.00'))
    expect(part('2000.00', '2026-03-07', false)).toBe(0n)
  })
})
