import { describe, expect, test } from 'vitest'
import { day, deductible, layer, pays, region, rule, scheme } from './support/packs.ts'
import { claim, coverage, Desk, person, ruled, stay, worldOf, yuan } from './support/world.ts'
import type { Deductible } from '../../engine/pack.ts'

/** A pool that pays 80 % above one deductible, for stays and for visits. */
const pool = (of: Deductible) =>
  ruled(
    rule([layer('pool', pays('0.8'), { deductible: of })]),
    rule([layer('pool', pays('0.8'), { deductible: of })], { care: ['outpatient'] }),
  )

const visit = (amount: string, on: string) => claim(amount, { care: 'outpatient', day: day(on) })

const inpatient = (amount: string, on: string, more = {}) =>
  claim(amount, { stay: stay(on, on), ...more })

describe('changes to the standard', () => {
  const repeated = deductible('visit', '800.00', {
    adjust: [
      { when: { admission: { from: 2 } }, times: { numerator: 1n, denominator: 2n }, path: [] },
      { when: { identity: ['minimum-living'] }, less: yuan('500.00'), path: [] },
    ],
  })

  test('are applied in order, and never below nothing', () => {
    const at = new Desk(pool(repeated))
    expect(at.settle(inpatient('1000.00', '2026-03-01')).deductible).toBe(yuan('800.00'))
    // The second admission of the year: 800 × 1/2 = 400.
    expect(at.settle(inpatient('1000.00', '2026-03-09')).deductible).toBe(yuan('400.00'))
    const poor = person({ identities: [{ kind: 'minimum-living', from: day('2020-01-01') }] })
    // 400 − 500 stops at nothing.
    expect(at.settle(inpatient('1000.00', '2026-03-19'), { person: poor }).deductible).toBe(0n)
    // Another year begins with a first admission.
    expect(at.settle(inpatient('1000.00', '2025-01-19')).deductible).toBe(yuan('800.00'))
  })

  test('an interim part keeps the admission of its stay, also in a new year', () => {
    const at = new Desk(pool(repeated))
    at.settle(inpatient('1000.00', '2025-03-01'))
    const part = (until: string, interim: boolean) =>
      at.settle(claim('1000.00', { visit: 'V1', stay: stay('2025-12-20', until, interim) }))
    // Second admission of 2025: 400, all taken up by the first part.
    expect(part('2025-12-31', true).deductible).toBe(yuan('400.00'))
    expect(part('2026-01-05', false).deductible).toBe(0n)
  })

  test('an interim part counts the admission once', () => {
    const at = new Desk(pool(repeated))
    const part = (until: string, interim: boolean) =>
      at.settle(claim('1000.00', { visit: 'V1', stay: stay('2026-03-01', until, interim) }))
    part('2026-03-05', true)
    part('2026-03-09', false)
    expect(at.counters.get('2026')?.get('510100|employee|admissions.inpatient|year')).toBe(1n)
  })

  test('need an amount to change: a deductible without a limit is refused at load', () => {
    expect(() => pool(deductible('visit', 'unlimited'))).toThrow('a deductible needs an amount')
  })

  test('may be a multiple of a dated parameter', () => {
    const wage = [
      { from: day('2020-01-01'), fen: yuan('6000.00'), source: 'law' },
      { from: day('2026-01-01'), fen: yuan('7000.00'), source: 'law' },
    ]
    const of = deductible('visit', '0.1 × wage')
    const at = new Desk(
      worldOf({
        regions: [region('510100', { parameters: { wage } })],
        schemes: [scheme([rule([layer('pool', pays('0.8'), { deductible: of })])])],
      }),
    )
    // 6000 × 0.1 and 7000 × 0.1
    expect(at.settle(inpatient('9000.00', '2025-12-31')).deductible).toBe(yuan('600.00'))
    expect(at.settle(inpatient('9000.00', '2026-01-01')).deductible).toBe(yuan('700.00'))
  })
})

describe('one deductible for several layers', () => {
  test('layers of the same accumulator share it', () => {
    const shared = deductible('year', '100.00')
    const at = new Desk(
      ruled(
        rule([layer('pool', pays('0.8'), { deductible: shared })], { care: ['outpatient'] }),
        rule([layer('pool', pays('0.6'), { deductible: shared })], { care: ['emergency'] }),
      ),
    )
    at.settle(visit('60.00', '2026-03-01'))
    const second = at.settle(claim('100.00', { care: 'emergency', day: day('2026-03-02') }))
    // 100 − 60 = 40 are left; (100 − 40) × 60 % = 36
    expect([second.deductible, second.fundTotal]).toEqual([yuan('40.00'), yuan('36.00')])
  })

  test('moving between schemes carries it over where the region says so', () => {
    const of = deductible('year', '100.00')
    const build = (schemes: boolean) =>
      worldOf({
        regions: [region('510100', { carryOver: { regions: false, schemes } })],
        schemes: (['employee', 'resident'] as const).map((name) =>
          scheme(
            [rule([layer('pool', pays('0.8'), { deductible: of })], { care: ['outpatient'] })],
            {
              scheme: name,
            },
          ),
        ),
      })
    const resident = person({ coverages: [coverage({ scheme: 'resident', group: 'adult' })] })
    for (const [carries, left] of [
      [true, '20.00'],
      [false, '100.00'],
    ] as const) {
      const at = new Desk(build(carries))
      at.settle(visit('80.00', '2026-03-01'))
      const moved = at.settle(visit('500.00', '2026-03-02'), { person: resident })
      expect(moved.deductible).toBe(yuan(left))
    }
  })
})
