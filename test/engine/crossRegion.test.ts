import { describe, expect, test } from 'vitest'
import { day, deductible, layer, pays, rates, region, rule, scheme } from './support/packs.ts'
import { claim, coverage, Desk, institution, person, stay, worldOf, yuan } from './support/world.ts'
import type { Layer, Rule } from '../../engine/pack.ts'

const paidBy = (s: { trace: readonly { layer: string; paid: bigint }[] }, id: string) =>
  s.trace.find((step) => step.layer === id)?.paid

describe('away from home', () => {
  const mianyang = region('510700')
  const chongqing = region('500100')
  const hospital = { institution: institution({ division: '500100' }) }
  const away = (
    layers: readonly Layer[],
    crossRegion: Omit<NonNullable<Rule['crossRegion']>, 'source'>,
    when = {},
  ) => {
    const own = rule(layers, { crossRegion: { source: 'law', ...crossRegion } })
    const at = worldOf({
      regions: [region(), mianyang, chongqing],
      schemes: [
        scheme([own]),
        scheme([rule([])], { region: '500100' }),
        scheme([rule([])], { region: '510700' }),
      ],
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
    expect(s.crossRegion).toMatchObject({
      reason: 'referral',
      place: 'crossProvince',
      coefficient: '0.9',
    })
    // An emergency counts as filed, with or without a filing.
    expect(at.settle(claim('1000.00', { emergency: true })).fundTotal).toBe(yuan('612.00'))
    expect(at.settle(claim('1000.00'), filed('emergency')).crossRegion?.reason).toBe('emergency')
  })

  test('points are taken off the rate, and a layer not reduced keeps its own', () => {
    const at = away([pool, layer('aid', pays('0.5'), { base: ['copay'] })], {
      points: rates('0.1'),
    })
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
    const own = layer(
      'pool',
      pays([
        [{ place: ['local'] }, '0.85'],
        [{ place: ['inProvince', 'crossProvince'] }, '0.5'],
      ]),
      {
        deductible: deductible('visit', [
          [{ place: ['local'] }, '200.00'],
          [{ place: ['inProvince'] }, '1500.00'],
          [{ place: ['crossProvince'] }, '2000.00'],
        ]),
      },
    )
    // (10000 − 2000) × 50 %
    expect(away([own], { points: rates('0') }).settle(claim('10000.00')).fundTotal).toBe(
      yuan('4000.00'),
    )
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
    expect([home.route, home.fundTotal, home.crossRegion]).toEqual([
      'local',
      yuan('680.00'),
      undefined,
    ])
  })

  test('a filing completed before discharge is in time', () => {
    const at = away([pool], {
      points: rates([
        [{ filed: true }, '0'],
        [{ filed: false }, '0.1'],
      ]),
    })
    const late = (from: string) => ({
      ...hospital,
      person: person({ filings: [{ kind: 'other', careRegion: '500100', from: day(from) }] }),
    })
    const bill = claim('1000.00', { stay: stay('2026-03-01', '2026-03-09') })
    expect(at.settle(bill, late('2026-03-09')).fundTotal).toBe(yuan('680.00'))
    expect(at.settle(bill, late('2026-03-10')).fundTotal).toBe(yuan('600.00'))
    // A filing for another region does not help.
    const elsewhere = person({
      filings: [{ kind: 'other', careRegion: '510700', from: day('2026-01-01') }],
    })
    expect(at.settle(bill, { person: elsewhere }).fundTotal).toBe(yuan('600.00'))
  })

  test('running sums of another region count on where the home region says so', () => {
    const own = rule([layer('pool', pays('0.8'), { deductible: deductible('year', '500.00') })])
    const build = (regions: boolean) =>
      worldOf({
        regions: [region('510100', { carryOver: { regions, schemes: false } }), mianyang],
        schemes: [scheme([own]), scheme([own], { region: '510700' })],
      })
    for (const [carries, left] of [
      [true, '200.00'],
      [false, '500.00'],
    ] as const) {
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
