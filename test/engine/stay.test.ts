import { describe, expect, test } from 'vitest'
import type { DatePolicy, Rule } from '../../engine/pack.ts'
import type { Claim } from '../../engine/claim.ts'
import { cap, day, deductible, layer, pays, region, rule, scheme } from './support/packs.ts'
import {
  claim,
  coverage,
  Desk,
  institution,
  line,
  person,
  refused,
  ruled,
  stay,
  worldOf,
  yuan,
} from './support/world.ts'

const dates = (more: Partial<DatePolicy>): DatePolicy => ({
  entitlement: 'discharge',
  group: 'discharge',
  benefit: 'discharge',
  year: 'discharge',
  catalogue: 'line',
  acrossYears: 'whole',
  ...more,
})
const yearly = layer('pool', pays('0.8'), {
  deductible: deductible('year', '500.00'),
  caps: [cap('year', '2000.00')],
})
const desk = (policy: Partial<DatePolicy>, more: Partial<Rule> = {}) =>
  new Desk(ruled(rule([yearly], { dates: dates(policy), ...more })))

/** Five days of 1,000.00 each: two in the old year, three in the new. */
const overNewYear: Claim = claim(
  ['2025-12-30', '2025-12-31', '2026-01-01', '2026-01-02', '2026-01-03'].map((at, i) =>
    line('1000.00', { id: `L${i}`, at: day(at) }),
  ),
  { visit: 'V1', stay: stay('2025-12-30', '2026-01-03') },
)
const sumOf = (at: Desk, year: string, name: string): bigint | undefined =>
  at.counters.get(year)?.get(`510100|employee|${name}|year`)

describe('a stay over 31 December', () => {
  test.each([
    ['discharge', '2026'],
    ['settlement', '2026'],
    ['admission', '2025'],
  ] as const)('taken whole by %s counts in %s alone', (year, counts) => {
    const at = desk({ year })
    const s = at.settle(overNewYear)
    // (5000 − 500) × 80 % = 3600, capped at 2000
    expect([s.deductible, s.fundTotal]).toEqual([yuan('500.00'), yuan('2000.00')])
    expect([...at.counters.keys()]).toEqual([counts])
  })

  test('split counts each part in its own year', () => {
    const at = desk({ acrossYears: 'split' })
    const s = at.settle(overNewYear)
    // 2025: (2000 − 500) × 80 % = 1200; 2026: (3000 − 500) × 80 % = 2000
    expect([s.deductible, s.fundTotal]).toEqual([yuan('1000.00'), yuan('3200.00')])
    expect([sumOf(at, '2025', 'pool'), sumOf(at, '2026', 'pool')]).toEqual([
      yuan('1200.00'),
      yuan('2000.00'),
    ])
    expect(s.trace.map((step) => step.paid)).toEqual([yuan('1200.00'), yuan('2000.00')])
    expect(s.rules).toHaveLength(1)
  })

  test('split is one admission and, where charged by the visit, one deductible', () => {
    const visit = layer('pool', pays('0.8'), { deductible: deductible('visit', '2500.00') })
    const at = new Desk(ruled(rule([visit], { dates: dates({ acrossYears: 'split' }) })))
    const s = at.settle(overNewYear)
    // 2000 in the old year, 500 in the new
    expect(s.trace.map((step) => step.deductible?.taken)).toEqual([yuan('2000.00'), yuan('500.00')])
    expect([
      sumOf(at, '2025', 'admissions.inpatient'),
      sumOf(at, '2026', 'admissions.inpatient'),
    ]).toEqual([1n, undefined])
  })

  test('split goes by the admissions of the year it began in', () => {
    const repeated = layer('pool', pays('0.8'), {
      deductible: deductible('visit', [
        [{ admission: { below: 2 } }, '800.00'],
        [{ admission: { from: 2 } }, '400.00'],
      ]),
    })
    const at = new Desk(ruled(rule([repeated], { dates: dates({ acrossYears: 'split' }) })))
    at.settle(claim('1000.00', { stay: stay('2025-06-01', '2025-06-02') }))
    expect(at.settle(overNewYear).deductible).toBe(yuan('400.00'))
  })

  test('split counts the months and quarters of each part', () => {
    const monthly = layer('pool', pays('1'), { caps: [cap('month', '1500.00')] })
    const at = new Desk(ruled(rule([monthly], { dates: dates({ acrossYears: 'split' }) })))
    // 2000 cut to 1500 in December, 3000 cut to 1500 in January
    expect(at.settle(overNewYear).fundTotal).toBe(yuan('3000.00'))
    expect(at.counters.get('2025')?.get('510100|employee|pool|2025-12')).toBe(yuan('1500.00'))
  })

  test('split without lines of the new year is one part of the old', () => {
    const at = desk({ acrossYears: 'split' })
    const bill = claim([line('1000.00', { at: day('2025-12-30') })], {
      stay: stay('2025-12-30', '2026-01-03'),
    })
    at.settle(bill)
    expect([...at.counters.keys()]).toEqual(['2025'])
  })

  test('undated fees count at discharge, not at settlement', () => {
    const at = desk({ acrossYears: 'split' })
    at.settle(claim('1000.00', { stay: stay('2025-12-30', '2025-12-31'), day: day('2026-01-05') }))
    expect([...at.counters.keys()]).toEqual(['2025'])
  })

  test('emergency fees before admission count with the stay', () => {
    const at = desk({ acrossYears: 'split' })
    const bill = [
      line('100.00', { id: 'a', at: day('2025-12-31') }),
      line('1000.00', { id: 'b', at: day('2026-01-01') }),
    ]
    at.settle(claim(bill, { stay: stay('2026-01-01', '2026-01-05') }))
    expect([...at.counters.keys()]).toEqual(['2026'])
  })

  test('split of an account draws on it once for each part, never beyond it', () => {
    const at = new Desk(ruled(rule([yearly], { dates: dates({ acrossYears: 'split' }) })), {
      balances: new Map([['P1', yuan('1000.00')]]),
    })
    const s = at.settle({ ...overNewYear, useAccount: true })
    // 800 are the person's in the old year, 1000 in the new, and the account has 1000 in all.
    expect([s.personTotal, s.account, s.cash, s.accountBalance]).toEqual(
      ['1800.00', '1000.00', '800.00', '0.00'].map(yuan),
    )
    expect(s.draws).toEqual([{ owner: 'P1', amount: yuan('1000.00') }])
  })

  test('may have to be settled in parts by the hospital', () => {
    const at = desk({ acrossYears: 'forced-interim' })
    expect(at.decide(overNewYear)).toMatchObject({
      refusal: { code: 'interim-settlement-required', facts: { years: ['2025', '2026'] } },
    })
    const part = (from: number, to: number, until: string, interim: boolean) => {
      const lines = overNewYear.lines.slice(from, to)
      return at.settle(claim(lines, { visit: 'V1', stay: stay('2025-12-30', until, interim) }))
    }
    // The same as the split.
    expect(part(0, 2, '2025-12-31', true).fundTotal).toBe(yuan('1200.00'))
    expect(part(2, 5, '2026-01-03', false).fundTotal).toBe(yuan('2000.00'))
    expect(sumOf(at, '2026', 'admissions.inpatient')).toBeUndefined()
  })

  test('a benefit year from 1 July is crossed on 30 June', () => {
    const books = {
      regions: [region('510100', { yearStarts: '07-01' })],
      schemes: [scheme([rule([yearly], { dates: dates({ acrossYears: 'split' }) })])],
    }
    const at = new Desk(worldOf(books))
    at.settle(overNewYear)
    expect([...at.counters.keys()]).toEqual(['2025'])
  })

  test('joins what both parts paid, by fund and by first payment away from home', () => {
    const own = rule(
      [{ ...yearly, illustrative: true }, layer('aid', pays('0.5'), { base: ['copay'] })],
      {
        dates: dates({ acrossYears: 'split' }),
        crossRegion: {
          firstPay: {
            rows: [{ when: {}, value: { numerator: 1n, denominator: 10n }, path: [] }],
            pick: 'only',
            path: [],
          },
          source: 'law',
        },
      },
    )
    const at = new Desk(
      worldOf({
        regions: [region(), region('500100')],
        schemes: [scheme([own]), scheme([rule([])], { region: '500100' })],
      }),
    )
    const elsewhere = person({ coverages: [coverage({ region: '510100' })] })
    const s = at.settle(overNewYear, {
      person: elsewhere,
      institution: { ...hospital, division: '500100' },
    })
    // 10 % of 2000 and of 3000 are set aside.
    expect(s.crossRegion?.firstPay).toBe(yuan('500.00'))
    // (1800 − 500) × 80 % = 1040; (2700 − 500) × 80 % = 1760
    expect(s.shares[0]).toEqual({ fund: 'pool', amount: yuan('2800.00'), illustrative: true })
    // 260 × 50 % + 440 × 50 %
    expect(s.shares[1]).toEqual({ fund: 'aid', amount: yuan('350.00') })
  })
})

const hospital = institution()

describe('what changes during a stay', () => {
  const byGroup = layer(
    'pool',
    pays([
      [{ group: ['working'] }, '0.8'],
      [{ group: ['retired'] }, '0.9'],
    ]),
  )
  const retiring = person({
    coverages: [
      coverage({ until: day('2026-03-04') }),
      coverage({ from: day('2026-03-05'), group: 'retired' }),
    ],
  })
  const bill = claim('1000.00', { stay: stay('2026-03-01', '2026-03-09') })

  test.each([
    ['admission', '800.00'],
    ['discharge', '900.00'],
    ['settlement', '900.00'],
  ] as const)('somebody who retires is of the group of the day of %s', (group, pool) => {
    const at = new Desk(ruled(rule([byGroup], { dates: dates({ group }) })))
    expect(at.settle(bill, { person: retiring }).fundTotal).toBe(yuan(pool))
  })

  test.each([
    ['admission', 'settle'],
    ['discharge', 'not-insured'],
    ['settlement', 'not-insured'],
  ] as const)('coverage that lapses counts by the day of %s: %s', (entitlement, then) => {
    const at = new Desk(ruled(rule([byGroup], { dates: dates({ entitlement }) })))
    const lapsing = person({ coverages: [coverage({ until: day('2026-03-05') })] })
    expect(refused(at.decide(bill, { person: lapsing }))).toBe(then)
  })

  test.each([
    ['admission', 'not-insured'],
    ['discharge', 'settle'],
  ] as const)('coverage that begins counts by the day of %s: %s', (entitlement, then) => {
    const at = new Desk(ruled(rule([byGroup], { dates: dates({ entitlement }) })))
    const beginning = person({ coverages: [coverage({ from: day('2026-03-05') })] })
    expect(refused(at.decide(bill, { person: beginning }))).toBe(then)
  })

  test('coverage that is paused counts by the day the rule names', () => {
    const paused = person({ coverages: [coverage({ paused: day('2026-03-05') })] })
    const by = (entitlement: 'admission' | 'discharge') =>
      refused(
        new Desk(ruled(rule([byGroup], { dates: dates({ entitlement }) }))).decide(bill, {
          person: paused,
        }),
      )
    expect([by('admission'), by('discharge')]).toEqual(['settle', 'coverage-paused'])
  })

  test('the rule of the benefit day is taken, though another is in force at settlement', () => {
    const books = ruled(
      rule([layer('pool', pays('0.8'))], { id: 'old', until: day('2026-03-09') }),
      rule([layer('pool', pays('0.5'))], { id: 'new', from: day('2026-03-10') }),
    )
    const late = claim('1000.00', {
      stay: stay('2026-03-01', '2026-03-09'),
      day: day('2026-03-12'),
    })
    expect(new Desk(books).settle(late).rules).toEqual([
      { id: 'old', pack: '510100/employee.yaml', from: '2020-01-01' },
    ])
  })

  test('a benefit day that no rule covers is refused', () => {
    const books = ruled(
      rule([layer('pool', pays('0.8'))], { dates: dates({ benefit: 'admission' }) }),
    )
    const early = claim('1000.00', { stay: stay('2019-12-30', '2020-01-09') })
    expect(refused(new Desk(books).decide(early))).toBe('no-rule-for-day')
  })
})
