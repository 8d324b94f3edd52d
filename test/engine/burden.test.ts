import { describe, expect, test } from 'vitest'
import { parseUnitPrice } from '../../engine/money.ts'
import { cap, deductible, layer, pays, rule } from './support/packs.ts'
import { claim, Desk, line, ruled, settleBy, yuan } from './support/world.ts'
import type { Layer, Rule } from '../../engine/pack.ts'
import type { FeeLine } from '../../engine/claim.ts'

const one = (
  bill: string | readonly FeeLine[],
  layers: readonly Layer[],
  more: Partial<Rule> = {},
) => settleBy(claim(bill), [rule(layers, more)])

const paidBy = (s: { trace: readonly { layer: string; paid: bigint }[] }, id: string) =>
  s.trace.find((step) => step.layer === id)?.paid

describe('what a layer pays from', () => {
  const first = layer('pool', pays('0.8'), {
    deductible: deductible('visit', '100.00'),
    caps: [cap('visit', '400.00')],
  })
  // 100 deductible, 900 payable, 720 full, cut to 400. What answers for 400 at 80 % is 500;
  // so 100 are copay, 400 lie above the cap.
  const of = (base: Layer['base'], bill: readonly FeeLine[] = [line('1000.00')]) =>
    paidBy(one(bill, [first, layer('next', pays('1'), { base })]), 'next')

  test('the deductible, the copay, and what lies above the cap are parts of their own', () => {
    expect(of(['deductible'])).toBe(yuan('100.00'))
    expect(of(['copay'])).toBe(yuan('100.00'))
    expect(of(['aboveCap'])).toBe(yuan('400.00'))
    expect(of(['deductible', 'copay', 'aboveCap'])).toBe(yuan('600.00'))
  })

  test('the first self-payment, what is over the limit, and the self-paid are parts as well', () => {
    const bill = [
      line('1000.00', {
        id: 'a',
        class: 'B',
        firstSelfPayRate: { numerator: 1n, denominator: 10n },
      }),
      line('50.00', { id: 'b', class: 'C' }),
      line('30.00', { id: 'c', limit: parseUnitPrice('20.00') }),
    ]
    expect(of(['firstSelfPay'], bill)).toBe(yuan('100.00'))
    expect(of(['selfPaid'], bill)).toBe(yuan('50.00'))
    expect(of(['overLimit'], bill)).toBe(yuan('10.00'))
  })

  test('a layer pays out of the part it names first', () => {
    const left = (base: Layer['base']) => {
      const s = one(
        [line('1000.00')],
        [
          first,
          layer('aid', pays('0.5'), { base }),
          layer('last', pays('1'), { base: ['deductible'] }),
        ],
      )
      return paidBy(s, 'last')
    }
    // 50 % of 100 deductible and 400 above the cap is 250: all of the deductible first, or none of it.
    expect(left(['deductible', 'aboveCap'])).toBeUndefined()
    expect(left(['aboveCap', 'deductible'])).toBe(yuan('100.00'))
  })

  test('what a bill was in scope, and what of it the person bore, are counted for every rule', () => {
    const at = new Desk(ruled(rule([first])))
    at.settle(claim([line('1000.00'), line('50.00', { class: 'C' })]))
    const sums = at.counters.get('2026')
    expect(sums?.get('510100|employee|inScope|year')).toBe(yuan('1000.00'))
    // 100 deductible, 100 copay, 400 above the cap; what is out of scope is no burden within the policy.
    expect(sums?.get('510100|employee|burden|year')).toBe(yuan('600.00'))
  })

  test('in-scope amounts are taken up once', () => {
    expect(of(['inScope'])).toBeUndefined()
  })

  test('a layer that takes in-scope amounts of some lines leaves the others', () => {
    const s = one(
      [line('1000.00', { kind: 'drug' }), line('200.00', { kind: 'bed' }), line('7.00')],
      [
        layer('drug', pays('0.5'), { lines: { kind: ['drug'] } }),
        layer('rest', pays('1'), { lines: { exceptKind: ['drug', 'bed'] } }),
      ],
    )
    expect([paidBy(s, 'drug'), paidBy(s, 'rest')]).toEqual([yuan('500.00'), yuan('7.00')])
    expect(s.personTotal).toBe(yuan('700.00'))
  })

  test('lines may be told apart by class and by item', () => {
    const bill = [
      line('100.00', { id: 'a', item: 'X' }),
      line('200.00', { id: 'b', class: 'B', firstSelfPayRate: { numerator: 0n, denominator: 1n } }),
      line('400.00', { id: 'c' }),
    ]
    expect(one(bill, [layer('pool', pays('1'), { lines: { class: ['B'] } })]).fundTotal).toBe(
      yuan('200.00'),
    )
    expect(one(bill, [layer('pool', pays('1'), { lines: { items: ['X'] } })]).fundTotal).toBe(
      yuan('100.00'),
    )
  })

  test('in-scope amounts with others beside them are paid first', () => {
    const bill = [line('1000.00', { id: 'a' }), line('500.00', { id: 'b', class: 'C' })]
    const s = one(bill, [
      layer('aid', pays('0.8'), { base: ['inScope', 'selfPaid'] }),
      layer('next', pays('1'), { base: ['copay'] }),
      layer('last', pays('1'), { base: ['selfPaid'] }),
    ])
    // 1500 × 80 % = 1200: all of the 1000 in scope and 200 of the self-paid.
    expect([paidBy(s, 'aid'), paidBy(s, 'next'), paidBy(s, 'last')]).toEqual([
      yuan('1200.00'),
      undefined,
      yuan('300.00'),
    ])
  })

  test('a deductible on a mixed base is told only as far as it lies in scope', () => {
    const bill = [line('100.00', { id: 'a' }), line('900.00', { id: 'b', class: 'C' })]
    const s = one(bill, [
      layer('aid', pays('0.5'), {
        base: ['inScope', 'selfPaid'],
        deductible: deductible('visit', '400.00'),
      }),
    ])
    // (1000 − 400) × 50 % = 300
    expect([s.fundTotal, s.deductible]).toEqual([yuan('300.00'), yuan('100.00')])
  })

  test('a layer whose condition does not hold takes no part', () => {
    const s = one('1000.00', [
      layer('civilServant', pays('1'), { when: { civilServant: true } }),
      layer('pool', pays('0.5')),
    ])
    expect(s.trace.map((step) => step.layer)).toEqual(['pool'])
  })

  test('the hospital and the employer pay outside the funds', () => {
    const s = one('1000.00', [
      layer('pool', pays('0.5')),
      layer('hospital', pays('0.2'), { base: ['copay'] }),
      layer('employer', pays('0.5'), { base: ['copay'] }),
    ])
    // 500 by the pool, 500 × 20 % = 100 by the hospital, 400 × 50 % = 200 by the employer.
    expect([s.fundTotal, s.hospitalShare, s.employerShare]).toEqual(
      ['500.00', '100.00', '200.00'].map(yuan),
    )
    // The employer's share is collected at the window, so it is in the cash.
    expect([s.personTotal, s.cash]).toEqual([yuan('400.00'), yuan('400.00')])
  })
})
