import { describe, expect, test } from 'vitest'
import { day, layer, overlay, pays, rule, scheme } from './support/packs.ts'
import { claim, coverage, facts, person, settled, world, yuan } from './support/world.ts'
import { rulebooks } from './support/packs.ts'
import { decide } from '../../engine/decide.ts'

describe('overlays', () => {
  const aid = layer('unemployment', pays('0.5'), {
    base: ['copay'],
    when: { benefit: ['unemployment'] },
    illustrative: true,
  })
  const books = (more = {}) =>
    rulebooks({
      schemes: [
        scheme([
          rule([layer('pool', pays('0.8'))]),
          rule([layer('pool', pays('0.8'))], { care: ['delivery'] }),
        ]),
      ],
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
    expect(fundTotal({ span: { from: day('2019-01-01'), until: day('2019-12-31') } })).toBe(
      yuan('800.00'),
    )
  })
})
