import { describe, expect, test } from 'vitest'
import { decide } from '../../engine/decide.ts'
import type { FeeLine } from '../../engine/claim.ts'
import type { DateBasis, RegionPack } from '../../engine/pack.ts'
import { cap, day, deductible, layer, pays, rate, region, rule, scheme } from './support/packs.ts'
import { claim, facts, refused, settleBy, settled, stay, worldOf, yuan } from './support/world.ts'

const pool = layer('pool', pays('0.8'))

describe('an external injury', () => {
  const decided = (policy: RegionPack['externalInjury'], noThirdParty: boolean) =>
    decide(
      claim('100.00', { externalInjury: { noThirdParty } }),
      facts(),
      worldOf({
        regions: [region('510100', { externalInjury: policy })],
        schemes: [scheme([rule([pool])])],
      }),
    )

  test('settles with a declaration where the pack asks for one', () => {
    expect(settled(decided('declaration', true)).warnings).toEqual([])
    expect(refused(decided('declaration', false))).toBe('third-party-declaration-missing')
  })

  test('is refused in any case where the pack says so', () => {
    expect(refused(decided('refuse', true))).toBe('third-party-declaration-missing')
  })

  test('is paid in advance where the pack says so, telling what is to be recovered', () => {
    expect(settled(decided('advance', false)).warnings).toEqual([
      { code: 'paid-in-advance', facts: { recover: '80.00' } },
    ])
    expect(settled(decided('advance', true)).warnings).toEqual([])
  })
})

describe("the person's burden of the year", () => {
  const burdenOf = (countsAsBurden: boolean | undefined) => {
    const plain = rule([pool])
    const split = settleBy(
      claim('100.00', { useAccount: true }),
      [{ ...plain, account: { ...plain.account, countsAsBurden } }],
      { balances: new Map([['P1', yuan('15.00')]]) },
    )
    return split.counters.find(({ key }) => key.includes('|burden|'))?.delta
  }

  // 100.00 × 20 % = 20.00 are the person's, of which the account pays 15.00.
  test('counts what an account paid, unless the pack says otherwise', () => {
    expect(burdenOf(undefined)).toBe(2000n)
    expect(burdenOf(true)).toBe(2000n)
    expect(burdenOf(false)).toBe(500n)
  })
})

describe('a stay settled after the period of its pack', () => {
  const period = { from: day('2020-01-01'), until: day('2025-12-31') }
  const late = (benefit: DateBasis) => {
    const plain = rule([pool])
    const asked = claim('100.00', { stay: stay('2025-12-01', '2025-12-20') })
    return decide(
      { ...asked, day: day('2026-01-05') },
      facts(),
      worldOf({
        schemes: [scheme([{ ...plain, dates: { ...plain.dates, benefit } }], { period })],
      }),
    )
  }

  test('goes by the rule of its discharge or admission where that is the benefit day', () => {
    expect(settled(late('discharge')).fundTotal).toBe(yuan('80.00'))
    expect(settled(late('admission')).fundTotal).toBe(yuan('80.00'))
  })

  test('is refused where the day of settlement counts', () => {
    expect(refused(late('settlement'))).toBe('no-rule-for-day')
  })
})

describe('a step of the trace', () => {
  test('tells how the standard of a deductible came about', () => {
    const adjust = [
      { when: { admission: { from: 1 } }, times: rate('0.5'), path: [] },
      { when: {}, less: yuan('25.00'), path: [] },
    ]
    const own = layer('pool', pays('0.8'), {
      deductible: deductible('visit', '750.00', { adjust }),
    })
    // 750.00 × 0.5 − 25.00 = 350.00.
    expect(settleBy(claim('1000.00'), [rule([own])]).trace[0]?.deductible).toMatchObject({
      standard: yuan('350.00'),
      because: ['750.00', '× 0.5', '− 25.00'],
    })
    const plain = layer('pool', pays('0.8'), { deductible: deductible('visit', '750.00') })
    expect(settleBy(claim('1000.00'), [rule([plain])]).trace[0]?.deductible).not.toHaveProperty(
      'because',
    )
  })

  test('tells what a cap left above it', () => {
    const capped = layer('pool', pays('0.8'), { caps: [cap('visit', '640.00')] })
    // 640.00 answer for 800.00 of 1000.00.
    expect(settleBy(claim('1000.00'), [rule([capped])]).trace[0]?.aboveCap).toBe(yuan('200.00'))
    expect(settleBy(claim('800.00'), [rule([capped])]).trace[0]).not.toHaveProperty('aboveCap')
  })
})

describe('a bill that may be a slip', () => {
  test('warns of items in no catalogue, and of hospital care without its days', () => {
    const [known] = claim('10.00').lines
    const { classification: _, ...unknown } = { ...known, item: 'X9' } as FeeLine
    const settlement = settleBy({ ...claim('10.00'), stay: undefined, lines: [unknown] }, [
      rule([pool]),
    ])
    expect(settlement.warnings).toEqual([
      { code: 'items-not-in-catalogue', facts: { items: ['X9'] } },
      { code: 'stay-missing', facts: { care: 'inpatient' } },
    ])
    expect(settlement.selfPaid).toBe(yuan('10.00'))
  })
})
