import { describe, expect, test } from 'vitest'
import { reasonAway } from '../../engine/awayReason.ts'
import { type FilingPolicy, usualFilingPolicy } from '../../engine/filingPolicy.ts'
import type { Filing } from '../../engine/person.ts'
import { type Region, route } from '../../engine/route.ts'
import { complaints, day, layer, pays, rates, region, rule, scheme } from './support/packs.ts'
import { placesWith } from './support/filings.ts'
import { claim, Desk, institution, person, stay, worldOf, yuan } from './support/world.ts'

const { regions } = placesWith()
const at = (division: string): Region => regions.regionOf(division) as Region

interface Asked {
  readonly care?: string
  readonly home?: string
  readonly from?: string
  readonly until?: string
  readonly emergency?: boolean
  readonly policy?: Partial<FilingPolicy>
}

/** Why somebody with these filings lies in Guangzhou from 1 to 9 March, insured in Chengdu. */
function why(filings: readonly Partial<Filing>[], asked: Asked = {}): string {
  const { care = '440103', home = '510100', emergency = false } = asked
  const whole = filings.map((f) => ({
    kind: 'other' as const,
    careRegion: '440100',
    from: day('2026-01-01'),
    ...f,
  }))
  const { reason, filed } = reasonAway(
    person({ filings: whole }),
    {
      ...route(at(care), at(home), regions),
      emergency,
      from: day(asked.from ?? '2026-03-01'),
      until: day(asked.until ?? '2026-03-09'),
    },
    { ...usualFilingPolicy, ...asked.policy },
    regions,
  )
  return `${reason} ${filed ? 'filed' : 'unfiled'}`
}

describe('why somebody is away from home', () => {
  test('is what they filed for the place, and else is not filed', () => {
    expect(why([])).toBe('other unfiled')
    for (const kind of ['long-term', 'referral', 'emergency', 'other'] as const)
      expect(why([{ kind }])).toBe(`${kind} filed`)
    expect(why([{ careRegion: '440300' }])).toBe('other unfiled')
    expect(why([], { care: '510104' })).toBe('none unfiled')
  })

  test('reaches a region, a province or the country', () => {
    expect(why([{ careRegion: '440000' }])).toBe('other filed')
    expect(why([{ careRegion: '440000' }], { care: '310100' })).toBe('other unfiled')
    expect(why([{ careRegion: 'country' }], { care: '310115' })).toBe('other filed')
    expect(why([{ careRegion: '310000' }], { care: '310115' })).toBe('other filed')
  })

  test('is an emergency where it is one, whoever filed', () => {
    expect(why([], { emergency: true })).toBe('emergency filed')
    expect(why([{ kind: 'other' }], { emergency: true })).toBe('emergency filed')
    expect(why([{ kind: 'long-term' }], { emergency: true })).toBe('long-term filed')
  })

  test('of several is the first by the region’s own precedence', () => {
    const all = (['other', 'long-term', 'referral'] as const).map((kind) => ({ kind }))
    expect(why(all)).toBe('long-term filed')
    const precedence = ['other', 'emergency', 'referral', 'long-term'] as const
    expect(why(all, { policy: { precedence } })).toBe('other filed')
    expect(why(all.slice(1), { policy: { precedence } })).toBe('referral filed')
  })

  test('counts as filed where the home region wants no filing', () => {
    expect(why([], { policy: { noFilingWithin: ['440000'] } })).toBe('other filed')
    expect(why([], { policy: { noFilingWithin: ['440100'] } })).toBe('other filed')
    expect(why([], { policy: { noFilingWithin: ['510000'] } })).toBe('other unfiled')
    expect(why([], { care: '510700', policy: { noFilingWithin: ['510000'] } })).toBe('other filed')
    expect(why([{ kind: 'referral' }], { policy: { noFilingWithin: ['440000'] } })).toBe(
      'referral filed',
    )
  })

  test('is what was filed with the region that pays, and with no other', () => {
    expect(why([{ home: '510104' }])).toBe('other filed')
    expect(why([{ home: '510700' }])).toBe('other unfiled')
    expect(why([{ home: '510700' }], { home: '510700' })).toBe('other filed')
  })
})

describe('a filing and a stay', () => {
  const filedOn = (on: string, retroactive_days = 0) =>
    why([{ from: day('2026-01-01'), filedOn: day(on) }], { policy: { retroactive_days } })

  test('a filing made before discharge is in time, on its day too', () => {
    expect(filedOn('2026-02-01')).toBe('other filed')
    expect(filedOn('2026-03-05')).toBe('other filed')
    expect(filedOn('2026-03-09')).toBe('other filed')
    expect(filedOn('2026-03-10')).toBe('other unfiled')
  })

  test('it is made up for afterwards as long as the region allows', () => {
    expect(filedOn('2026-03-19', 10)).toBe('other filed')
    expect(filedOn('2026-03-20', 10)).toBe('other unfiled')
  })

  test('it counts where it holds on one of the days from admission to discharge', () => {
    const holding = (from: string, until?: string) =>
      why([{ from: day(from), until: until === undefined ? undefined : day(until) }])
    expect(holding('2026-03-09')).toBe('other filed')
    expect(holding('2026-03-10')).toBe('other unfiled')
    expect(holding('2026-02-01', '2026-03-01')).toBe('other filed')
    expect(holding('2026-02-01', '2026-02-28')).toBe('other unfiled')
  })
})

describe('home again with a long-term filing', () => {
  const away = { returningHome: 'away' } as const
  const back = (policy: Partial<FilingPolicy>, more: Partial<Filing> = {}) =>
    why([{ kind: 'long-term', ...more }], { care: '510104', policy })

  test('is like anybody, or away from where was filed for, as the region says', () => {
    expect(back({})).toBe('none unfiled')
    expect(back(away)).toBe('long-term filed')
    expect(back(away, { kind: 'referral' })).toBe('none unfiled')
    expect(back(away, { until: day('2026-02-01') })).toBe('none unfiled')
    expect(back(away, { filedOn: day('2026-04-01') })).toBe('none unfiled')
    expect(back(away, { home: '510700' })).toBe('none unfiled')
  })

  const policy = { ...usualFilingPolicy, ...away }
  const home = region('510100', { filing: policy })
  const reduced = (points: Parameters<typeof rates>[0]) =>
    scheme([
      rule([layer('pool', pays('0.8'), { reduced: true })], {
        crossRegion: { points: rates(points), source: 'law' },
      }),
    ])

  test('is paid by a row of its own, without which the pack is not used', () => {
    const rows = [
      [{ reason: ['long-term'], place: ['local'] }, '0.2'],
      [{ reason: ['none'] }, '0'],
      [{ place: ['inProvince', 'crossProvince'] }, '0.1'],
    ] as const
    const desk = new Desk(worldOf({ regions: [home], schemes: [reduced(rows)] }))
    const filed = person({
      filings: [{ kind: 'long-term', careRegion: '440100', from: day('2026-01-01') }],
    })
    const bill = claim('1000.00', { stay: stay('2026-03-01', '2026-03-09') })
    // 1000 × (0.8 − 0.2) = 600; who filed nothing has 800.
    const settled = desk.settle(bill, { institution: institution(), person: filed })
    expect([settled.route, settled.fundTotal, settled.crossRegion?.reason]).toEqual([
      'local',
      yuan('600.00'),
      'long-term',
    ])
    expect(desk.settle(bill).fundTotal).toBe(yuan('800.00'))
    expect(desk.settle(bill).crossRegion).toBeUndefined()
    const missing = complaints({ regions: [home], schemes: [reduced(rows.slice(1))] })
    expect(new Set(missing.map(({ message }) => message))).toEqual(
      new Set(['no row fits: place local, reason long-term, filed true']),
    )
    expect(complaints({ schemes: [reduced(rows.slice(1))] })).toEqual([])
  })
})
