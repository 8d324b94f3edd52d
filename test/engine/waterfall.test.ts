import { describe, expect, test } from 'vitest'
import { parseUnitPrice } from '../../engine/money.ts'
import { cap, day, deductible, fixed, layer, overlay, pays, rates, region, rule, scheme, tiers } from './support/packs.ts'
import {
  claim,
  coverage,
  Desk,
  facts,
  institution,
  line,
  person,
  ruled,
  settleBy,
  settled,
  stay,
  world,
  worldOf,
  yuan,
} from './support/world.ts'
import { rulebooks } from './support/packs.ts'
import { decide } from '../../engine/decide.ts'
import type { Layer, Rule } from '../../engine/pack.ts'
import type { FeeLine } from '../../engine/claim.ts'

const one = (bill: string | readonly FeeLine[], layers: readonly Layer[], more: Partial<Rule> = {}) =>
  settleBy(claim(bill), [rule(layers, more)])

const paidBy = (s: { trace: readonly { layer: string; paid: bigint }[] }, id: string) =>
  s.trace.find((step) => step.layer === id)?.paid

describe('segments', () => {
  // 60 % to 30,000, 70 % to 50,000, 80 % above.
  const segments = [['30000.00', '0.6'], ['50000.00', '0.7'], [undefined, '0.8']] as const

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
      layer('pool', tiers('zero', [['30000.00', '0.6'], ['20000.00', '0.7'], [undefined, '0.8']])),
    ])
    // 30000 × 60 % + 30000 × 80 %: the second segment lies within the first.
    expect(s.fundTotal).toBe(yuan('42000.00'))
  })

  test('without a boundary the rest is theirs', () => {
    const s = one('60000.00', [
      layer('pool', tiers('zero', [['unlimited', '0.6'], [undefined, '0.8']])),
    ])
    expect(s.fundTotal).toBe(yuan('36000.00'))
  })

  test('are rounded once, and the last stretch shown takes what is left', () => {
    // 0.01 × 50 % and 0.02 × 50 %: 0.005 + 0.010 = 0.015 → 0.02, shown as 0.01 and 0.01.
    const s = one('0.03', [layer('pool', tiers('zero', [['0.01', '0.5'], [undefined, '0.5']]))])
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

describe('caps', () => {
  const capped = (...caps: readonly Layer['caps'][number][]) =>
    new Desk(
      ruled(
        rule([layer('pool', pays('0.8'), { caps })]),
        rule([layer('pool', pays('0.8'), { caps })], { care: ['specialOutpatient'] }),
      ),
    )
  const on = (text: string, amount = '1000.00') => claim(amount, { stay: stay(text, text) })

  test('per visit hold for one bill, whatever came before', () => {
    const at = capped(cap('visit', '500.00'))
    expect(at.settle(on('2026-03-01')).fundTotal).toBe(yuan('500.00'))
    expect(at.settle(on('2026-03-01')).fundTotal).toBe(yuan('500.00'))
  })

  test('per visit hold for a stay with all of its parts', () => {
    const at = capped(cap('visit', '1000.00'))
    const part = (until: string, interim: boolean) =>
      at.settle(claim('1000.00', { visit: 'V', stay: stay('2026-03-01', until, interim) }))
    expect(part('2026-03-03', true).fundTotal).toBe(yuan('800.00'))
    expect(part('2026-03-05', false).fundTotal).toBe(yuan('200.00'))
  })

  test('per visit that name an accumulator do not count twice for the year', () => {
    const at = capped(cap('visit', '900.00', { accumulator: 'pool' }), cap('year', '1000.00'))
    expect(at.settle(on('2026-03-01')).fundTotal).toBe(yuan('800.00'))
    expect(at.settle(on('2026-03-02')).fundTotal).toBe(yuan('200.00'))
  })

  test.each([
    ['day', '2026-03-01', '2026-03-01', '2026-03-02'],
    ['month', '2026-03-01', '2026-03-31', '2026-04-01'],
    ['quarter', '2026-01-01', '2026-03-31', '2026-04-01'],
    ['year', '2025-01-01', '2025-12-31', '2026-01-01'],
  ] as const)('per %s hold from the first bill to the end of the period', (per, one, two, next) => {
    const at = capped(cap(per, '1000.00'))
    expect(at.settle(on(one)).fundTotal).toBe(yuan('800.00'))
    const second = at.settle(on(two))
    expect(second.fundTotal).toBe(yuan('200.00'))
    expect(second.trace[0]?.caps[0]).toMatchObject({
      per,
      limit: yuan('1000.00'),
      usedBefore: yuan('800.00'),
      cut: yuan('600.00'),
    })
    expect(at.settle(on(next)).fundTotal).toBe(yuan('800.00'))
  })

  test('for life never end', () => {
    const at = capped(cap('lifetime', '1000.00'))
    expect(at.settle(on('2024-03-01')).fundTotal).toBe(yuan('800.00'))
    expect(at.settle(on('2026-03-01')).fundTotal).toBe(yuan('200.00'))
  })

  test('per eligibility period begin anew with the next filing of the disease', () => {
    const at = capped(cap('eligibility', '1000.00'))
    const sick = person({
      diseases: [
        { code: 'M1', name: 'a', from: day('2024-07-01'), until: day('2025-06-30') },
        { code: 'M1', name: 'a', from: day('2025-07-01') },
      ],
    })
    const bill = (text: string) =>
      at.settle(claim('1000.00', { care: 'specialOutpatient', day: day(text), disease: 'M1' }), {
        person: sick,
      }).fundTotal
    expect(bill('2024-12-01')).toBe(yuan('800.00'))
    expect(bill('2025-06-30')).toBe(yuan('200.00'))
    expect(bill('2025-07-01')).toBe(yuan('800.00'))
  })

  test('per eligibility period of a pregnancy or an injury go by its own registration', () => {
    const at = capped(cap('eligibility', '1000.00'))
    const known = person({
      maternity: [{ registration: 'R1', from: day('2025-01-01'), until: day('2025-10-01') },
        { registration: 'R2', from: day('2026-01-01') }],
      injuries: [{ certification: 'G1', employer: 'E', diagnoses: [], from: day('2026-02-01') }],
    })
    const bill = (more: object) =>
      at.settle({ ...on('2026-03-01'), ...more }, { person: known }).fundTotal
    const maternity = { kind: 'natural', fetuses: 1 }
    expect(bill({ maternity })).toBe(yuan('800.00'))
    expect(bill({ maternity: { ...maternity, registration: 'R2' } })).toBe(yuan('200.00'))
    const injury = { certification: 'G1', diagnoses: [], recurrence: false }
    expect(bill({ injury })).toBe(yuan('800.00'))
  })

  test('apart by disease or by institution are one for each', () => {
    const at = capped(cap('year', '1000.00', { by: 'disease' }), cap('year', '1500.00', { by: 'institution' }))
    const of = (disease: string) => at.settle({ ...on('2026-03-01'), disease }).fundTotal
    expect(of('M1')).toBe(yuan('800.00'))
    expect(of('M1')).toBe(yuan('200.00'))
    // 1500 − 1000 are left in this institution.
    expect(of('M2')).toBe(yuan('500.00'))
  })

  test('on the base limit what a rate is paid of', () => {
    const at = capped(cap('visit', '500.00', { counts: 'base' }))
    const s = at.settle(on('2026-03-01'))
    // 500 × 80 %; the other 500 lie above the cap.
    expect(s.fundTotal).toBe(yuan('400.00'))
    expect(s.trace[0]?.caps[0]).toMatchObject({ counts: 'base', cut: yuan('500.00') })
  })

  test('on the base of a year count the base, not what was paid', () => {
    const at = new Desk(
      ruled(
        rule([
          layer('pool', pays('0.8'), {
            caps: [cap('year', '1500.00', { counts: 'base', accumulator: 'base' })],
            feedsBase: ['base'],
          }),
        ]),
      ),
    )
    expect(at.settle(on('2026-03-01')).fundTotal).toBe(yuan('800.00'))
    expect(at.settle(on('2026-03-01')).fundTotal).toBe(yuan('400.00'))
    expect(at.settle(on('2026-03-01')).fundTotal).toBe(0n)
  })

  test('that are unlimited cut nothing and are not told', () => {
    const s = capped(cap('year', 'unlimited')).settle(on('2026-03-01'))
    expect([s.fundTotal, s.trace[0]?.caps]).toEqual([yuan('800.00'), []])
  })

  test('shared by two layers count what both paid', () => {
    const shared = { caps: [cap('year', '1000.00', { accumulator: 'all' })], feeds: ['all'] }
    const s = one([line('1000.00'), line('600.00', { kind: 'bed' })], [
      layer('pool', pays('0.8'), { ...shared, lines: { exceptKind: ['bed'] } }),
      layer('bed', pays('0.5'), { ...shared, payer: 'pool', lines: { kind: ['bed'] } }),
    ])
    // 800 of 1000, then 300 cut to 200: one share for the fund, one step for each layer.
    expect(s.shares).toEqual([{ fund: 'pool', amount: yuan('1000.00') }])
    expect(paidBy(s, 'bed')).toBe(yuan('200.00'))
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
      line('1000.00', { id: 'a', class: 'B', firstSelfPayRate: { numerator: 1n, denominator: 10n } }),
      line('50.00', { id: 'b', class: 'C' }),
      line('30.00', { id: 'c', limit: parseUnitPrice('20.00') }),
    ]
    expect(of(['firstSelfPay'], bill)).toBe(yuan('100.00'))
    expect(of(['selfPaid'], bill)).toBe(yuan('50.00'))
    expect(of(['overLimit'], bill)).toBe(yuan('10.00'))
  })

  test('in-scope amounts are taken up once', () => {
    expect(of(['inScope'])).toBeUndefined()
  })

  test('a layer that takes in-scope amounts of some lines leaves the others', () => {
    const s = one([line('1000.00', { kind: 'drug' }), line('200.00', { kind: 'bed' }), line('7.00')], [
      layer('drug', pays('0.5'), { lines: { kind: ['drug'] } }),
      layer('rest', pays('1'), { lines: { exceptKind: ['drug', 'bed'] } }),
    ])
    expect([paidBy(s, 'drug'), paidBy(s, 'rest')]).toEqual([yuan('500.00'), yuan('7.00')])
    expect(s.personTotal).toBe(yuan('700.00'))
  })

  test('lines may be told apart by class and by item', () => {
    const bill = [
      line('100.00', { id: 'a', item: 'X' }),
      line('200.00', { id: 'b', class: 'B', firstSelfPayRate: { numerator: 0n, denominator: 1n } }),
      line('400.00', { id: 'c' }),
    ]
    expect(one(bill, [layer('pool', pays('1'), { lines: { class: ['B'] } })]).fundTotal).toBe(yuan('200.00'))
    expect(one(bill, [layer('pool', pays('1'), { lines: { items: ['X'] } })]).fundTotal).toBe(yuan('100.00'))
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

describe('away from home', () => {
  const mianyang = region('510700')
  const chongqing = region('500100')
  const hospital = { institution: institution({ division: '500100' }) }
  const away = (layers: readonly Layer[], crossRegion: Omit<NonNullable<Rule['crossRegion']>, 'source'>, when = {}) => {
    const own = rule(layers, { crossRegion: { source: 'law', ...crossRegion } })
    const at = worldOf({
      regions: [region(), mianyang, chongqing],
      schemes: [scheme([own]), scheme([rule([])], { region: '500100' }), scheme([rule([])], { region: '510700' })],
    })
    return new Desk(at, { ...hospital, ...when })
  }
  const pool = layer('pool', pays('0.85'), {
    reduced: true,
    deductible: deductible('visit', '200.00'),
  })
  const filed = (kind: 'long-term' | 'referral' | 'emergency' | 'other') => ({
    ...hospital,
    person: person({ filings: [{ kind, careRegion: '500100', from: day('2026-01-01') }] }),
  })

  test('a coefficient multiplies the rate', () => {
    const at = away([pool], {
      coefficient: rates([
        [{ place: ['local', 'inProvince'] }, '1'],
        [{ place: ['crossProvince'], filed: true }, '0.9'],
        [{ place: ['crossProvince'], filed: false }, '0.7'],
      ]),
    })
    // (1000 − 200) × 0.85 × 0.7 = 476; filed: × 0.9 = 612
    expect(at.settle(claim('1000.00')).fundTotal).toBe(yuan('476.00'))
    const s = at.settle(claim('1000.00'), filed('referral'))
    expect(s.fundTotal).toBe(yuan('612.00'))
    expect(s.trace[0]?.rates[0]).toMatchObject({
      rate: '0.765',
      because: ['0.85', '× 0.9 away from home'],
    })
    expect(s.crossRegion).toMatchObject({ reason: 'referral', place: 'crossProvince', coefficient: '0.9' })
    // An emergency counts as filed, with or without a filing.
    expect(at.settle(claim('1000.00', { emergency: true })).fundTotal).toBe(yuan('612.00'))
    expect(at.settle(claim('1000.00'), filed('emergency')).crossRegion?.reason).toBe('emergency')
  })

  test('points are taken off the rate, and a layer not reduced keeps its own', () => {
    const at = away([pool, layer('aid', pays('0.5'), { base: ['copay'] })], { points: rates('0.1') })
    const s = at.settle(claim('1000.00'))
    // (1000 − 200) × 0.75 = 600; 200 × 50 % = 100
    expect([paidBy(s, 'pool'), paidBy(s, 'aid')]).toEqual([yuan('600.00'), yuan('100.00')])
    expect(s.crossRegion?.points).toBe('0.1')
  })

  test('an extra first payment is set aside before the deductible', () => {
    const at = away([pool, layer('aid', pays('0.5'), { base: ['crossRegionFirstPay'] })], {
      firstPay: rates('0.2'),
    })
    const s = at.settle(claim('1000.00'))
    // 200 set aside; (800 − 200) × 85 % = 510; 200 × 50 % = 100
    expect([s.crossRegionFirstPay, paidBy(s, 'pool'), paidBy(s, 'aid')]).toEqual([
      yuan('200.00'),
      yuan('510.00'),
      yuan('100.00'),
    ])
    expect(s.crossRegion).toMatchObject({ firstPayRate: '0.2', firstPay: yuan('200.00') })
  })

  test('a first payment of nothing sets nothing aside', () => {
    const s = away([pool], { firstPay: rates('0') }).settle(claim('1000.00'))
    expect([s.crossRegionFirstPay, s.fundTotal]).toEqual([0n, yuan('680.00')])
  })

  test('care away from home may have a row of its own', () => {
    const own = layer('pool', pays([[{ place: ['local'] }, '0.85'], [{ place: ['inProvince', 'crossProvince'] }, '0.5']]), {
      deductible: deductible('visit', [
        [{ place: ['local'] }, '200.00'],
        [{ place: ['inProvince'] }, '1500.00'],
        [{ place: ['crossProvince'] }, '2000.00'],
      ]),
    })
    // (10000 − 2000) × 50 %
    expect(away([own], { points: rates('0') }).settle(claim('10000.00')).fundTotal).toBe(yuan('4000.00'))
  })

  test('nothing is taken off within the province where the table says so, nor at home', () => {
    const at = away([pool], {
      coefficient: rates([
        [{ place: ['local', 'inProvince'] }, '1'],
        [{ place: ['crossProvince'] }, '0.9'],
      ]),
    })
    const near = at.settle(claim('1000.00'), { institution: institution({ division: '510700' }) })
    expect([near.route, near.fundTotal]).toEqual(['inProvince', yuan('680.00')])
    const home = at.settle(claim('1000.00'), { institution: institution() })
    expect([home.route, home.fundTotal, home.crossRegion]).toEqual(['local', yuan('680.00'), undefined])
  })

  test('a filing completed before discharge is in time', () => {
    const at = away([pool], {
      points: rates([[{ filed: true }, '0'], [{ filed: false }, '0.1']]),
    })
    const late = (from: string) => ({
      ...hospital,
      person: person({ filings: [{ kind: 'other', careRegion: '500100', from: day(from) }] }),
    })
    const bill = claim('1000.00', { stay: stay('2026-03-01', '2026-03-09') })
    expect(at.settle(bill, late('2026-03-09')).fundTotal).toBe(yuan('680.00'))
    expect(at.settle(bill, late('2026-03-10')).fundTotal).toBe(yuan('600.00'))
    // A filing for another region does not help.
    const elsewhere = person({ filings: [{ kind: 'other', careRegion: '510700', from: day('2026-01-01') }] })
    expect(at.settle(bill, { person: elsewhere }).fundTotal).toBe(yuan('600.00'))
  })

  test('running sums of another region count on where the home region says so', () => {
    const own = rule([layer('pool', pays('0.8'), { deductible: deductible('year', '500.00') })])
    const build = (regions: boolean) =>
      worldOf({
        regions: [region('510100', { carryOver: { regions, schemes: false } }), mianyang],
        schemes: [scheme([own]), scheme([own], { region: '510700' })],
      })
    for (const [carries, left] of [[true, '200.00'], [false, '500.00']] as const) {
      const at = new Desk(build(carries))
      const there = institution({ division: '510700' })
      at.settle(claim('300.00'), {
        institution: there,
        person: person({ coverages: [coverage({ region: '510700' })] }),
      })
      expect(at.settle(claim('1000.00')).deductible).toBe(yuan(left))
    }
  })

  test('work injury never counts for the medical schemes, whatever carries over', () => {
    const own = rule([layer('pool', pays('0.8'), { deductible: deductible('year', '500.00') })])
    const at = new Desk(
      worldOf({
        regions: [region('510100', { carryOver: { regions: true, schemes: true } })],
        schemes: [scheme([own]), scheme([own], { scheme: 'workInjury' })],
      }),
    )
    const hurt = person({ coverages: [coverage(), coverage({ scheme: 'workInjury' })] })
    at.settle(claim('300.00', { scheme: 'workInjury' }), { person: hurt })
    expect(at.settle(claim('1000.00'), { person: hurt }).deductible).toBe(yuan('500.00'))
  })
})

describe('overlays', () => {
  const aid = layer('unemployment', pays('0.5'), {
    base: ['copay'],
    when: { benefit: ['unemployment'] },
    illustrative: true,
  })
  const books = (more = {}) =>
    rulebooks({
      schemes: [scheme([rule([layer('pool', pays('0.8'))]), rule([layer('pool', pays('0.8'))], { care: ['delivery'] })])],
      overlays: [overlay([aid], { settlesUnder: { unemployment: 'employee' }, ...more })],
    })
  const jobless = person({
    coverages: [coverage(), coverage({ scheme: 'unemployment' })],
  })

  test('add layers after the rule’s own, marked as examples', () => {
    const s = settled(decide(claim('1000.00'), facts({ person: jobless }), world(books())))
    // 800 by the pool, 200 × 50 %
    expect(s.shares).toEqual([
      { fund: 'pool', amount: yuan('800.00') },
      { fund: 'unemployment', amount: yuan('100.00'), illustrative: true },
    ])
    expect(s.warnings).toContainEqual({
      code: 'illustrative-rules',
      facts: { notice: '示例，非现行政策' },
    })
    expect(s.trace[1]?.illustrative).toBe(true)
  })

  test('let a scheme without rules settle under another', () => {
    const bill = claim('1000.00', { scheme: 'unemployment' })
    const s = settled(decide(bill, facts({ person: jobless }), world(books())))
    expect([s.scheme, s.fundTotal]).toEqual(['employee', yuan('900.00')])
  })

  test('hold for their own kinds of care, schemes, regions and days', () => {
    const fundTotal = (more: object, bill = claim('1000.00')) =>
      settled(decide(bill, facts({ person: jobless }), world(books(more)))).fundTotal
    expect(fundTotal({}, claim('1000.00', { care: 'delivery' }))).toBe(yuan('800.00'))
    expect(fundTotal({ schemes: ['resident'] })).toBe(yuan('800.00'))
    expect(fundTotal({ regions: ['510700'] })).toBe(yuan('800.00'))
    // The rule runs from 2020 to 2027; the overlay holds within it only on its own days.
    const span = { from: day('2026-03-03'), until: day('2026-12-31') }
    expect(fundTotal({ span })).toBe(yuan('800.00'))
    expect(fundTotal({ span: { ...span, from: day('2026-03-02') } })).toBe(yuan('900.00'))
    expect(fundTotal({ span: { from: day('2019-01-01'), until: day('2019-12-31') } })).toBe(yuan('800.00'))
  })
})
