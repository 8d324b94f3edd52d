import { describe, expect, test } from 'vitest'
import { cap, day, layer, pays, rule } from './support/packs.ts'
import { claim, Desk, line, person, ruled, settleBy, stay, yuan } from './support/world.ts'
import type { Layer, Rule } from '../../engine/pack.ts'
import type { FeeLine } from '../../engine/claim.ts'

const one = (
  bill: string | readonly FeeLine[],
  layers: readonly Layer[],
  more: Partial<Rule> = {},
) => settleBy(claim(bill), [rule(layers, more)])

const paidBy = (s: { trace: readonly { layer: string; paid: bigint }[] }, id: string) =>
  s.trace.find((step) => step.layer === id)?.paid

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
      maternity: [
        { registration: 'R1', from: day('2025-01-01'), until: day('2025-10-01') },
        { registration: 'R2', from: day('2026-01-01') },
      ],
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
    const at = capped(
      cap('year', '1000.00', { by: 'disease' }),
      cap('year', '1500.00', { by: 'institution' }),
    )
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
    const s = one(
      [line('1000.00'), line('600.00', { kind: 'bed' })],
      [
        layer('pool', pays('0.8'), { ...shared, lines: { exceptKind: ['bed'] } }),
        layer('bed', pays('0.5'), { ...shared, payer: 'pool', lines: { kind: ['bed'] } }),
      ],
    )
    // 800 of 1000, then 300 cut to 200: one share for the fund, one step for each layer.
    expect(s.shares).toEqual([{ fund: 'pool', amount: yuan('1000.00') }])
    expect(paidBy(s, 'bed')).toBe(yuan('200.00'))
  })
})
