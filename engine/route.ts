import type { Division } from './claim.ts'
import type { Path } from './when.ts'

/** Where a person is treated, seen from where they are insured (就医地与参保地). */
export const places = ['local', 'inProvince', 'crossProvince'] as const
export type Place = (typeof places)[number]

/**
 * A region that pools its funds (统筹区) and the divisions that belong to it: a city, a municipality with all its districts
 * and counties, a provincial unit (省本级) inside its province, a whole province where that is what pools.
 */
export interface Region {
  readonly division: Division
  readonly name: string
  /** Every division of the pooling area, 市本级 included: a map, never a string prefix. */
  readonly divisions: readonly Division[]
  readonly province: Division
}

/** A region that has no rules here, and is routed to and filed for all the same. */
export interface PoolingArea extends Region {
  readonly file: string
  readonly path: Path
  readonly source: string
}

/** Which divisions belong together (统筹区划), and which regions this instance computes for. */
export interface Directory {
  readonly regionOf: (division: Division) => Region | undefined
  /** The regions that this instance computes for; others are asked. */
  readonly serves: (region: Division) => boolean
  /** The regions of a province (省级区划), none where no such province is known. */
  readonly regionsIn: (province: Division) => readonly Region[]
  /** The regions that can be asked over a line. */
  readonly reaches: (region: Division) => boolean
}

export function directory(
  regions: readonly Region[],
  served: readonly Division[],
  reached: readonly Division[] = [],
): Directory {
  const byDivision = new Map<Division, Region>()
  for (const region of regions)
    for (const division of region.divisions) byDivision.set(division, region)
  const ours = new Set(served)
  const others = new Set(reached)
  const byProvince = Map.groupBy(regions, ({ province }) => province)
  return {
    regionOf: (division) => byDivision.get(division),
    serves: (region) => ours.has(region),
    reaches: (region) => others.has(region),
    regionsIn: (province) => byProvince.get(province) ?? [],
  }
}

/** The way a claim takes (结算路径): computed here for both sides, or asked of the home region. */
export interface Route {
  readonly care: Region
  readonly home: Region
  readonly place: Place
  readonly computedHere: boolean
}

export function route(care: Region, home: Region, regions: Directory): Route {
  const place =
    care.division === home.division
      ? 'local'
      : care.province === home.province
        ? 'inProvince'
        : 'crossProvince'
  return { care, home, place, computedHere: regions.serves(home.division) }
}
