import { describe, expect, test } from 'vitest'
import { parseQuantity, parseUnitPrice, ratio, type Ratio } from '../../engine/money.ts'
import type { FeeLine } from '../../engine/claim.ts'
import type { ScopePolicy } from '../../engine/pack.ts'
import { day, item, layer, pays, rate, rule, scheme, sources } from './support/packs.ts'
import {
  claim,
  Desk,
  institution,
  line,
  person,
  settleBy,
  stay,
  worldOf,
  yuan,
} from './support/world.ts'

const rules = (policy: Partial<ScopePolicy> = {}) => [
  rule([layer('pool', pays('1'))], {
    scope: {
      catalogue: 'medical',
      firstSelfPay: 'apply',
      priceLimit: 'apply',
      rates: [],
      ...policy,
    },
  }),
]
const tenth: Ratio = ratio(1n, 10n)

/** selfPaid, overLimit, firstSelfPay, inScope */
const parts = (fee: FeeLine, policy: Partial<ScopePolicy> = {}): string[] => {
  const [scoped] = settleBy(claim([fee]), rules(policy)).lines
  if (!scoped) throw new Error('no line')
  return [scoped.selfPaid, scoped.overLimit, scoped.firstSelfPay, scoped.inScope].map(String)
}

describe('one line', () => {
  test('of class A is in scope, of class C or of another fund’s catalogue self-paid', () => {
    expect(parts(line('100.00'))).toEqual(['0', '0', '0', '10000'])
    expect(parts(line('100.00', { class: 'C' }))).toEqual(['10000', '0', '0', '0'])
    expect(parts(line('100.00', { funds: ['maternity'] }))).toEqual(['10000', '0', '0', '0'])
    expect(parts(line('100.00', { funds: ['maternity'] }), { catalogue: 'maternity' })).toEqual([
      '0',
      '0',
      '0',
      '10000',
    ])
  })

  test('of class B has a first self-payment, half up: 2.26 × 10 % = 0.226 → 0.23', () => {
    const b = line('2.26', { class: 'B', firstSelfPayRate: tenth })
    expect(parts(b)).toEqual(['0', '0', '23', '203'])
    expect(parts(b, { firstSelfPay: 'none' })).toEqual(['0', '0', '0', '226'])
  })

  test('over the price limit is the difference times the quantity', () => {
    // (12.34 − 10.00) × 3 = 7.02; 10 % of 30.00 = 3.00
    const over = line('12.34', {
      quantity: parseQuantity('3'),
      limit: parseUnitPrice('10.00'),
      class: 'B',
      firstSelfPayRate: tenth,
    })
    expect(parts(over)).toEqual(['0', '702', '300', '2700'])
    // Without the limit: 10 % of 37.02 = 3.702 → 3.70
    expect(parts(over, { priceLimit: 'none' })).toEqual(['0', '0', '370', '3332'])
    expect(parts(line('10.00', { limit: parseUnitPrice('10.00') }))).toEqual([
      '0',
      '0',
      '0',
      '1000',
    ])
  })

  test('over a limit by fractions of a fen is never more over than it costs', () => {
    // 0.005 × 1 = 0.005 → 0.01 whole; over a limit of nothing: 0.005 → 0.01, at most the amount.
    const tiny = line('0.005', { limit: parseUnitPrice('0') })
    expect(parts(tiny)).toEqual(['0', '1', '0', '0'])
  })

  test('of a kind with its own ratio takes that, whatever its class', () => {
    const own = { rates: [{ kind: 'implant', rate: rate('0.3') }] }
    expect(parts(line('100.00', { kind: 'implant' }), own)).toEqual(['0', '0', '3000', '7000'])
    expect(parts(line('100.00', { kind: 'other' }), own)).toEqual(['0', '0', '0', '10000'])
  })
})

describe('lines looked up in the catalogue', () => {
  const plain = (amount: string, code: string, more: Partial<FeeLine> = {}): FeeLine => {
    const { classification: _, ...rest } = line(amount, { item: code, id: code, ...more })
    return rest
  }
  const books = (basis: 'line' | 'admission' | 'discharge' | 'settlement' = 'line') => {
    const own = rules()[0]
    if (!own) throw new Error('no rule')
    const pharmacy = rule([], { care: ['pharmacy'] })
    const special = rule([], { care: ['specialOutpatient'] })
    return worldOf({
      schemes: [scheme([{ ...own, dates: { ...own.dates, catalogue: basis } }, pharmacy, special])],
      catalogues: [
        {
          file: 'c.yaml',
          regions: ['510100'],
          sources,
          items: [
            item('B', { own: '0.1', limit: '80.00' }),
            item('NEW', { from: day('2026-03-05') }),
            item('RX', { prescriptionOnly: true }),
            item('M1', { diseases: ['M1'] }),
            item('LEVEL', { limits: { secondary: parseUnitPrice('50.00') } }),
          ],
        },
      ],
    })
  }

  test('have its class, its limit and its citation; what it does not hold is self-paid', () => {
    const s = new Desk(books()).settle(claim([plain('100.00', 'B'), plain('10.00', 'UNKNOWN')]))
    // 20 over the limit, 10 % of 80
    expect(s.lines[0]).toMatchObject({
      class: 'B',
      overLimit: yuan('20.00'),
      firstSelfPay: yuan('8.00'),
      inScope: yuan('72.00'),
      source: 'a law',
    })
    expect(s.lines[1]).toMatchObject({ class: 'C', selfPaid: yuan('10.00'), source: undefined })
  })

  test('go by the price level where it differs from the hospital’s', () => {
    const at = new Desk(books())
    const bill = claim([plain('100.00', 'LEVEL')])
    expect(at.settle(bill).overLimit).toBe(0n)
    const own = institution({ priceLevel: 'secondary' })
    expect(at.settle(bill, { institution: own }).overLimit).toBe(yuan('50.00'))
  })

  test.each([
    ['line', '2026-03-05', true],
    ['line', '2026-03-04', false],
    ['admission', '2026-03-09', false],
    ['discharge', '2026-03-01', true],
    ['settlement', '2026-03-01', true],
  ] as const)('go by the day of %s (line of %s: in the catalogue %s)', (basis, at, known) => {
    const bill = claim([plain('100.00', 'NEW', { at: day(at) })], {
      stay: stay('2026-03-01', '2026-03-08'),
      day: day('2026-03-09'),
    })
    expect(new Desk(books(basis)).settle(bill).inScope).toBe(known ? yuan('100.00') : 0n)
  })

  test('without a stay go by the day of settlement, and a line without a day by the claim’s', () => {
    for (const basis of ['line', 'admission', 'discharge'] as const) {
      const bill = {
        ...claim([plain('100.00', 'NEW')], { day: day('2026-03-05') }),
        stay: undefined,
      }
      expect(new Desk(books(basis)).settle(bill).inScope).toBe(yuan('100.00'))
    }
  })

  test('of another disease are refused, and of a disease’s own directory settled', () => {
    const at = new Desk(books())
    const bill = (disease?: string) =>
      at.decide(claim([plain('1.00', 'M1')], { care: 'specialOutpatient', disease }), {
        person: person(),
      })
    expect(bill('M2')).toMatchObject({
      refusal: { code: 'line-not-of-disease', facts: { line: 'M1' } },
    })
    expect(bill('M1').kind).toBe('settle')
    expect(bill().kind).toBe('settle')
  })

  test('sold only on prescription need one in a pharmacy', () => {
    const at = new Desk(books())
    const bill = claim([plain('1.00', 'RX')], { care: 'pharmacy' })
    expect(at.decide(bill)).toMatchObject({ refusal: { code: 'prescription-missing' } })
    const prescription = { number: 'R', circulating: false }
    expect(at.decide({ ...bill, prescription }).kind).toBe('settle')
  })

  test('that are medical services are not sold by a pharmacy, in the catalogue or not', () => {
    const at = new Desk(books())
    const scan = [plain('1.00', '002103000010000')]
    expect(at.decide(claim(scan, { care: 'pharmacy' }))).toMatchObject({
      refusal: {
        code: 'not-a-pharmacy-item',
        facts: { line: '002103000010000', item: '002103000010000' },
      },
    })
    const shop = institution({ type: 'pharmacy' })
    expect(at.decide(claim(scan), { institution: shop })).toMatchObject({
      refusal: { code: 'not-a-pharmacy-item' },
    })
    expect(at.decide(claim(scan)).kind).toBe('settle')
    expect(at.decide(claim([plain('1.00', 'B')], { care: 'pharmacy' })).kind).toBe('settle')
  })
})

test('a bill of 5,000 lines is settled at once', () => {
  const bill = Array.from({ length: 5000 }, (_, i) =>
    line('1.00', { id: `L${i}`, kind: `k${i % 50}` }),
  )
  const layers = Array.from({ length: 20 }, (_, i) =>
    layer(`p${i}`, pays('0.5'), { lines: { kind: [`k${i}`] } }),
  )
  const started = performance.now()
  const s = settleBy(claim(bill), [rule(layers)])
  // 100 lines of each kind, 20 kinds, 1.00 × 50 %
  expect(s.fundTotal).toBe(yuan('1000.00'))
  expect(performance.now() - started).toBeLessThan(1000)
})
