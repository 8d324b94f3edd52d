import { describe, expect, test } from 'vitest'
import { loadPacks } from '../../adapters/rulepacks/load.ts'
import { decide } from '../../engine/decide.ts'
import type { Coverage } from '../../engine/person.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { directory, type PoolingArea, route } from '../../engine/route.ts'
import { coverageFor } from '../../engine/parties.ts'
import { complaints, day, layer, pays, region, rule, scheme } from './support/packs.ts'
import { claim, coverage, facts, institution, person, stay, worldOf } from './support/world.ts'

const { packs } = loadPacks('rules', { sandbox: true })
const real = directory([...packs.regions, ...packs.areas], ['510100', '510700'])

const placeOf = (care: string, home: string): string => {
  const [there, own] = [real.regionOf(care), real.regionOf(home)]
  if (!there || !own) return 'unknown'
  return route(there, own, real).place
}

describe('where somebody is treated, by the map of pooling areas', () => {
  test.each([
    ['a district of the same city', '510104', '510107', 'local'],
    ['市本级 and a district of its city', '510199', '510104', 'local'],
    ['a city that was moved to another (简阳)', '510185', '510100', 'local'],
    ['another city of the province', '510722', '510104', 'inProvince'],
    ['an autonomous prefecture', '513401', '510100', 'inProvince'],
    ['another province', '440103', '510104', 'crossProvince'],
    ['a provincial unit, from a city of its province', '510104', '519900', 'inProvince'],
    ['a provincial unit under its other number', '510104', '510000', 'inProvince'],
    ['a provincial unit of another province', '130102', '139900', 'inProvince'],
    ['a provincial unit, from far away', '510104', '139900', 'crossProvince'],
    ['two districts of Beijing', '110101', '110119', 'local'],
    ['two districts of Tianjin', '120101', '120119', 'local'],
    ['a district of Shanghai and all of it', '310151', '310000', 'local'],
    ['a district and a county of Chongqing', '500103', '500243', 'local'],
    ['Chongqing and Sichuan, one province once', '510104', '500103', 'crossProvince'],
    ['cities of a province that pools as one (海南)', '460105', '460200', 'local'],
    ['a county that a province administers itself', '429004', '420100', 'inProvince'],
    ['兵团 and the autonomous region around it', '650102', '660000', 'crossProvince'],
    ['a city without counties', '441900', '442000', 'inProvince'],
    ['a number that nobody has', '999999', '510100', 'unknown'],
  ])('%s', (_, care, home, place) => {
    expect(placeOf(care, home)).toBe(place)
    expect(placeOf(home, care)).toBe(place)
  })

  test('every municipality is one area of its own province, with all its districts and counties', () => {
    const counts = { '110100': 16, '120100': 16, '310100': 16, '500100': 38 }
    for (const [division, districts] of Object.entries(counts)) {
      const area = real.regionOf(division)
      const province = `${division.slice(0, 2)}0000`
      expect(area?.province).toBe(province)
      expect(real.regionOf(province)).toBe(area)
      expect(real.regionsIn(province)).toEqual([area])
      expect(area?.divisions.filter((d) => !d.endsWith('00'))).toHaveLength(districts)
    }
  })

  test('all of Sichuan and Guangdong is known', () => {
    expect(real.regionsIn('510000')).toHaveLength(21 + 1)
    expect(real.regionsIn('440000')).toHaveLength(21)
    expect(real.regionsIn('990000')).toEqual([])
  })

  test('every division belongs to one area, and every area to a province', () => {
    const all = [...packs.regions, ...packs.areas]
    const divisions = all.flatMap((area) => area.divisions)
    expect(new Set(divisions).size).toBe(divisions.length)
    expect(all.filter(({ province }) => !/^\d\d0000$/.test(province))).toEqual([])
  })
})

describe('the list of pooling areas', () => {
  const area = (division: string, more: Partial<PoolingArea> = {}): PoolingArea => ({
    file: 'pooling-areas/x.yaml',
    path: ['areas', 0],
    division,
    name: `area ${division}`,
    divisions: [division],
    province: '510000',
    source: 'divisions',
    ...more,
  })

  test('has a division once', () => {
    const found = complaints({
      regions: [],
      areas: [
        area('510300'),
        area('510400', { path: ['areas', 1], divisions: ['510400', '510300'] }),
      ],
    })
    expect(found).toEqual([
      {
        file: 'pooling-areas/x.yaml',
        path: ['areas', 1, 'divisions', 1],
        message: '510300 belongs to 510300 area 510300 in pooling-areas/x.yaml already',
      },
    ])
  })

  test('has none that a pack has', () => {
    expect(complaints({ areas: [area('510300', { divisions: ['510300', '510100'] })] })).toEqual([
      expect.objectContaining({
        path: ['areas', 0, 'divisions', 1],
        message: '510100 belongs to 510100/region.yaml already',
      }),
    ])
  })

  test('is enough to be routed to, and not to be served', () => {
    const world = worldOf({ regions: [region()], areas: [area('510300')] })
    const served = { ...world, regions: world.regions }
    const there = decide(
      claim('10.00'),
      facts({ institution: institution({ division: '510300' }) }),
      served,
    )
    expect(there).toMatchObject({
      refusal: { code: 'care-region-not-served', facts: { region: '510300' } },
    })
  })
})

describe('the coverage that a claim is routed by', () => {
  const byDay = (basis: 'admission' | 'discharge' | 'settlement', of: string) => {
    const own = rule([layer('pool', pays('0.8'))])
    return scheme([{ ...own, dates: { ...own.dates, benefit: basis } }], { region: of })
  }
  const world = (admission: string, discharge = admission) =>
    worldOf({
      regions: [region(), region('510700'), region('440100')],
      schemes: [
        byDay(admission as 'admission', '510100'),
        byDay(discharge as 'discharge', '510700'),
      ],
    })
  const moved: readonly Coverage[] = [
    coverage({ until: day('2026-06-30') }),
    coverage({ region: '510700', from: day('2026-07-01') }),
  ]
  const during = (more: Partial<ReturnType<typeof claim>> = {}) =>
    claim('10.00', { stay: stay('2026-06-20', '2026-07-05'), ...more })
  const routed = (coverages: readonly Coverage[], asked = during(), at = world('discharge')) => {
    const found = coverageFor(person({ coverages }), asked, at)
    return isRefusal(found) ? found.code : [found.scheme, found.region]
  }

  test('is that of the scheme claimed under, wherever each is insured', () => {
    const many = [
      coverage(),
      coverage({ scheme: 'resident', region: '510700', group: 'adult' }),
      coverage({ scheme: 'workInjury', region: '440100' }),
    ]
    const on = { stay: undefined, day: day('2026-03-02') }
    expect(routed(many, claim('1.00', on))).toEqual(['employee', '510100'])
    expect(routed(many, claim('1.00', { ...on, scheme: 'resident' }))).toEqual([
      'resident',
      '510700',
    ])
    expect(routed(many, claim('1.00', { ...on, care: 'workInjury' }))).toEqual([
      'workInjury',
      '440100',
    ])
    const places = many.map(({ scheme: of }) => {
      const found = decide(
        claim('1.00', { scheme: of as 'employee' }),
        facts({ person: person({ coverages: many }) }),
        {
          ...world('discharge'),
          regions: directory(
            [region(), region('510700'), region('440100')],
            ['510100'],
            ['510700', '440100'],
          ),
        },
      )
      return found.kind === 'askHome' ? found.home : found.kind
    })
    expect(places).toEqual(['settle', '510700', '440100'])
  })

  test('is that of the benefit day of its own region’s rules, where somebody moves during a stay', () => {
    expect(routed(moved)).toEqual(['employee', '510700'])
    expect(routed(moved, during(), world('admission'))).toEqual(['employee', '510100'])
    // Each by its own rules: both would have it, or neither; then the discharge decides.
    expect(routed(moved, during(), world('admission', 'discharge'))).toEqual(['employee', '510700'])
    expect(routed(moved, during(), world('discharge', 'admission'))).toEqual(['employee', '510700'])
  })

  test('goes by the discharge where the rules of neither region are here', () => {
    const far = moved.map((row, i) => ({ ...row, region: i === 0 ? '130100' : '139900' }))
    expect(routed(far)).toEqual(['employee', '139900'])
  })

  test('is that of either day where the other has none', () => {
    const [first, second] = moved as [Coverage, Coverage]
    expect(routed([first])).toEqual(['employee', '510100'])
    expect(routed([second])).toEqual(['employee', '510700'])
    expect(routed([])).toBe('not-insured')
    expect(routed([{ ...first, until: undefined }])).toEqual(['employee', '510100'])
  })
})
