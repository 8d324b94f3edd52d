import { type Day, daysAfter, overlap } from './day.ts'
import type { FilingPolicy, FilingReason } from './filingPolicy.ts'
import type { Filing, Person } from './person.ts'
import type { Directory, Region, Route } from './route.ts'
import type { CrossRegionReason } from './when.ts'

/** Care somewhere, as far as filings are judged by it: where, from admission to discharge. */
export interface CareAway extends Pick<Route, 'care' | 'home' | 'place'> {
  readonly emergency: boolean
  readonly from: Day
  readonly until: Day
}

/** What a rule matches on: why somebody is away, and whether that was filed (备案). */
export interface AwayReason {
  readonly reason: CrossRegionReason
  readonly filed: boolean
}

/**
 * Why somebody is treated away from home. An emergency counts as filed (视同已备案); where the home region wants no filing, so
 * does everything; what nobody filed is "other". Of several filings the region's own precedence decides, never the order in
 * which they were made.
 */
export function reasonAway(
  person: Person,
  asked: CareAway,
  policy: FilingPolicy,
  regions: Pick<Directory, 'regionOf'>,
): AwayReason {
  const holding = person.filings.filter((f) => holds(f, asked, policy, regions))
  if (asked.place === 'local')
    return policy.returningHome === 'away' && holding.some(({ kind }) => kind === 'long-term')
      ? { reason: 'long-term', filed: true }
      : { reason: 'none', filed: false }
  const found = new Set<FilingReason>(
    holding.filter((f) => reaches(f, asked.care, regions)).map(({ kind }) => kind),
  )
  if (asked.emergency) found.add('emergency')
  const reason = policy.precedence.find((each) => found.has(each))
  if (reason) return { reason, filed: true }
  const { division, province } = asked.care
  const isFree = policy.noFilingWithin.some((within) => within === division || within === province)
  return { reason: 'other', filed: isFree }
}

/**
 * Whether a filing counts for some care by its days and its home region: it holds on one of the days, and it was made before
 * discharge (Art. 16), or as long after it as the region lets it be made up for. Who filed where nobody noted when was in time.
 */
function holds(
  filing: Filing,
  { home, from, until }: CareAway,
  { retroactive_days }: FilingPolicy,
  regions: Pick<Directory, 'regionOf'>,
): boolean {
  const { home: own, filedOn } = filing
  const isOfHome = own === undefined || regions.regionOf(own)?.division === home.division
  const inTime =
    filedOn === undefined || filedOn <= until || filedOn <= daysAfter(until, retroactive_days)
  return isOfHome && inTime && overlap(filing, { from, until })
}

/** Whether a filing reaches a region: it names one of its divisions, its province, or the whole country. */
export const reaches = (
  { careRegion }: Pick<Filing, 'careRegion'>,
  care: Region,
  regions: Pick<Directory, 'regionOf'>,
): boolean =>
  careRegion === wholeCountry ||
  careRegion === care.province ||
  regions.regionOf(careRegion)?.division === care.division

/** What is filed for where a filing reaches the whole country (全国). */
export const wholeCountry = 'country'
