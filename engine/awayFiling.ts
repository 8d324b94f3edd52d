import { wholeCountry } from './awayReason.ts'
import type { Division, Scheme } from './claim.ts'
import { type Day, daysAfter, monthsAfter, overlap, type Span } from './day.ts'
import type { Json, Subject } from './dossier.ts'
import { findCoverage } from './entitlement.ts'
import { type FiledAway, withFiling } from './filed.ts'
import { numberOf } from './filing.ts'
import {
  type FilingDocument,
  type FilingKind,
  filingPolicyOf,
  type FilingTerms,
  type Reach,
  reaches,
  reasonOf,
} from './filingPolicy.ts'
import { medicalSchemes } from './claim.ts'
import type { Person } from './person.ts'
import type { Entered, Found } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import type { Directory, Region } from './route.ts'
import type { Rulebooks } from './rulebook.ts'
import type { Details } from './visit.ts'

/** What filing care away from home needs of places: which belong together, and what each home region has decided. */
export interface FilingPlaces {
  readonly regions: Directory
  readonly books: Pick<Rulebooks, 'of'>
}

/** Who files: a desk of the home region (经办窗口), the insured themselves (自助办理), or an institution. */
export type FilingAsker =
  | { readonly kind: 'desk'; readonly division: Division; readonly operator: string }
  | { readonly kind: 'self' }
  | { readonly kind: 'institution'; readonly code: string }

/** A document that was shown (备案材料), and its number where it has one. */
export interface FilingShown {
  readonly type: FilingDocument
  readonly number?: string | undefined
}

/** Care away from home as it is asked to be filed (备案申请). */
export interface AwayAsked {
  readonly kind: FilingKind
  /** A division of a pooling area, a province, or `country`. */
  readonly careRegion: Division
  /** Under which scheme; absent means the medical one that the person has. */
  readonly scheme?: Scheme | undefined
  readonly from: Day
  readonly until?: Day | undefined
  readonly documents: readonly FilingShown[]
  readonly details: Details
}

/** What is kept of an entry beside what was filed: who did it there, and what was shown. */
export const keptBeside = (
  by: FilingAsker,
  { documents, details }: Pick<AwayAsked, 'documents' | 'details'>,
): Json =>
  ({
    details,
    documents,
    ...(by.kind === 'desk' && { operator: by.operator }),
  }) as unknown as Json

/** Files care away from home (异地就医备案, 2501) with the region in which the person is insured. */
export function fileAway(
  { facts, today }: Pick<Found, 'facts' | 'today'>,
  subject: Subject,
  asked: AwayAsked,
  by: FilingAsker,
  places: FilingPlaces,
): Entered | Refusal {
  const { person } = facts
  if (!person) return refuse('person-unknown')
  if (person.died !== undefined) return refuse('person-deceased', { day: asked.from })
  const home = homeOf(person, asked, places)
  if (isRefusal(home)) return home
  const elsewhere = refuseDesk(by, home, places)
  if (elsewhere) return elsewhere
  const policy = filingPolicyOf(places.books, home.division)
  const terms = policy.kinds[asked.kind]
  const careRegion = placeOf(asked.careRegion, home, terms, places)
  if (isRefusal(careRegion)) return careRegion
  const span = spanOf(asked, terms)
  if (isRefusal(span)) return span
  if (span.until !== undefined && daysAfter(span.until, policy.retroactive_days) < today)
    return refuse('filing-too-late', { until: span.until, today })
  const missing = refuseDocuments(asked.documents, terms)
  if (missing) return missing
  const filed: FiledAway = { kind: asked.kind, careRegion, home: home.division, ...span }
  const number = numberOf(subject)
  const after = withAway(person, filed, { number, filedOn: today }, terms)
  if (isRefusal(after)) return after
  const body = { ...(keptBeside(by, asked) as object), filed, filedOn: today } as unknown as Json
  return {
    entries: [{ subject, kind: 'filed', body }],
    person: after,
    result: tellFiled(number, filed, today, terms),
  }
}

/** What whoever filed is told. */
export const tellFiled = (
  filing: string,
  filed: FiledAway,
  filedOn: Day,
  terms: FilingTerms,
): Json => ({
  filing,
  ...(filed as unknown as Record<string, Json>),
  reason: reasonOf(filed.kind),
  filedOn,
  changeableFrom: changeableFrom(filed, filedOn, terms),
})

/** The first day on which a filing may be changed or withdrawn: so long after it began, or was made where that was later. */
export const changeableFrom = (
  { from }: Span,
  filedOn: Day | undefined,
  { change_months }: FilingTerms,
): Day => monthsAfter(filedOn !== undefined && filedOn > from ? filedOn : from, change_months)

/** The region that care is filed with: where the person is insured under the scheme, which must be computed here. */
export function homeOf(
  person: Person,
  { scheme, from }: Pick<AwayAsked, 'scheme' | 'from'>,
  { regions }: FilingPlaces,
): Region | Refusal {
  const coverage = findCoverage(person, scheme ? [scheme] : medicalSchemes, from)
  if (isRefusal(coverage)) return coverage
  const home = regions.regionOf(coverage.region)
  return home && regions.serves(home.division)
    ? home
    : refuse('home-region-not-served', { region: coverage.region })
}

/** Filings are the home region's: no other desk takes them. */
export function refuseDesk(
  by: FilingAsker,
  home: Region,
  { regions }: FilingPlaces,
): Refusal | undefined {
  if (by.kind !== 'desk') return undefined
  const own = regions.regionOf(by.division)
  if (!own) return refuse('desk-unknown', { desk: by.division })
  return own.division === home.division
    ? undefined
    : refuse('desk-of-another-region', { desk: by.division, region: home.division })
}

/** What is filed for, as it is kept: the region of a division, a province, or the country; no wider than the terms allow. */
export function placeOf(
  asked: Division,
  home: Region,
  terms: FilingTerms,
  { regions }: FilingPlaces,
): Division | Refusal {
  const region = regions.regionOf(asked)
  const isProvince = regions.regionsIn(asked).length > (region ? 1 : 0)
  if (asked !== wholeCountry && !isProvince) {
    if (!region) return refuse('filing-place-unknown', { careRegion: asked })
    return region.division === home.division
      ? refuse('filing-not-away', { careRegion: asked })
      : region.division
  }
  const reach: Reach = isProvince ? 'province' : 'country'
  return reaches.indexOf(reach) > reaches.indexOf(terms.reach)
    ? refuse('filing-too-wide', { careRegion: asked, reach: terms.reach })
    : asked
}

/** From when until when: as long as the terms let it hold, or less where that is asked. */
export function spanOf(
  { from, until }: Pick<AwayAsked, 'from' | 'until'>,
  { holds_months: most }: FilingTerms,
): Span | Refusal {
  const longest = most === undefined ? undefined : monthsAfter(from, most)
  if (until !== undefined && until < from) return refuse('filing-too-late', { until, today: from })
  if (longest === undefined) return { from, until }
  return until !== undefined && until > longest
    ? refuse('filing-too-long', { until, longest })
    : { from, until: until ?? longest }
}

export function refuseDocuments(
  shown: readonly FilingShown[],
  { documents }: FilingTerms,
): Refusal | undefined {
  const missing = documents.find((group) => !shown.some(({ type }) => group.includes(type)))
  return missing && refuse('filing-document-missing', { documents: missing })
}

/** The person with care away from home filed; where only one of its reason may hold, another is to be changed instead. */
export function withAway(
  person: Person,
  filed: FiledAway,
  recorded: { readonly number: string; readonly filedOn: Day },
  { several }: FilingTerms,
): Person | Refusal {
  const after = withFiling(person, filed, recorded)
  if (isRefusal(after) || several) return after
  const other = person.filings.find(
    (row) =>
      row.kind === reasonOf(filed.kind) &&
      (row.home ?? filed.home) === filed.home &&
      overlap(row, filed),
  )
  return other
    ? refuse('filing-stands', { filing: other.number ?? other.careRegion, from: other.from })
    : after
}
