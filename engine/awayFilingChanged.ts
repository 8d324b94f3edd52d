import {
  type AwayAsked,
  changeableFrom,
  type FilingAsker,
  type FilingPlaces,
  homeOf,
  keptBeside,
  placeOf,
  refuseDesk,
  refuseDocuments,
  spanOf,
  tellFiled,
  withAway,
} from './awayFiling.ts'
import type { Division } from './claim.ts'
import type { Day } from './day.ts'
import { type Json, keptOf, type Subject } from './dossier.ts'
import { type FiledAway, withoutFiling } from './filed.ts'
import { type FilingKept, numberOf, readFiling } from './filing.ts'
import { filingPolicyOf, type FilingTerms, isFilingKind } from './filingPolicy.ts'
import type { Person } from './person.ts'
import type { Entered, Found } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import type { Region } from './route.ts'
import type { Details } from './visit.ts'

/** A filing that is to be changed or withdrawn (备案变更、取消), and whether a desk answers for doing so too soon. */
export interface ChangeAsked {
  readonly details: Details
  /** Why it is done before its time: recorded, and only a desk may say so. */
  readonly override?: string | undefined
}

/** What a filing is to be from today on; what is not said stays. */
export interface AwayChange extends ChangeAsked, Pick<AwayAsked, 'documents'> {
  readonly careRegion?: Division | undefined
  readonly until?: Day | undefined
}

type Looked = Pick<Found, 'dossiers' | 'facts' | 'today'>

/** Withdraws care away from home (备案取消, 2502): from today it counts no more, and what it did until now stays. */
export function withdrawAway(
  found: Looked,
  subject: Subject,
  asked: ChangeAsked,
  by: FilingAsker,
  places: FilingPlaces,
): Entered | Refusal {
  const standing = findStanding(found, subject, asked, by, places)
  if (isRefusal(standing)) return standing
  const { today } = found
  const { person, filed } = standing
  const number = numberOf(subject)
  const body = { ...besideOf(by, asked, []), from: today } as unknown as Json
  return {
    entries: [{ subject, kind: 'withdrawn', body }],
    person: withoutFiling(person, filed, today),
    result: { filing: number, withdrawn: today },
  }
}

/** Changes where or until when (备案变更), from today on; the days before stay as they were filed. */
export function changeAway(
  found: Looked,
  subject: Subject,
  asked: AwayChange,
  by: FilingAsker,
  places: FilingPlaces,
): Entered | Refusal {
  const standing = findStanding(found, subject, asked, by, places)
  if (isRefusal(standing)) return standing
  const { today } = found
  const { person, filed, terms, home } = standing
  const next = nextOf(standing, asked, today, places)
  if (isRefusal(next)) return next
  const moves = next.careRegion !== filed.careRegion
  if (!moves && next.until === filed.until)
    return refuse('entry-already-there', { entry: numberOf(subject) })
  const missing = moves && refuseDocuments(asked.documents, terms)
  if (missing) return missing
  const number = numberOf(subject)
  const before = withoutFiling(person, filed, today)
  const after = withAway(before, next, { number, filedOn: today }, terms)
  if (isRefusal(after)) return after
  const body = {
    ...besideOf(by, asked, asked.documents),
    filed: { ...next, home: home.division },
    filedOn: today,
  } as unknown as Json
  return {
    entries: [{ subject, kind: 'changed', body }],
    person: after,
    result: tellFiled(number, next, today, terms),
  }
}

const besideOf = (
  by: FilingAsker,
  { details, override }: ChangeAsked,
  documents: AwayAsked['documents'],
): object => ({
  ...(keptBeside(by, { details, documents }) as object),
  ...(override !== undefined && { override }),
})

/** What a filing becomes; one that has not begun keeps its first day. */
function nextOf(
  { filed, terms, home }: Standing,
  { careRegion: asked, until }: AwayChange,
  today: Day,
  places: FilingPlaces,
): FiledAway | Refusal {
  const careRegion = asked === undefined ? filed.careRegion : placeOf(asked, home, terms, places)
  if (isRefusal(careRegion)) return careRegion
  const from = filed.from > today ? filed.from : today
  const span = spanOf({ from, until: until ?? filed.until }, terms)
  if (isRefusal(span)) return span
  return { ...filed, careRegion, home: home.division, ...span }
}

interface Standing {
  readonly person: Person
  readonly filed: FiledAway
  readonly home: Region
  readonly terms: FilingTerms
}

/** The filing, where it still stands, whoever asks may touch it, and its time has come. */
function findStanding(
  { dossiers, facts, today }: Looked,
  subject: Subject,
  { override }: ChangeAsked,
  by: FilingAsker,
  places: FilingPlaces,
): Standing | Refusal {
  const { person } = facts
  if (!person) return refuse('person-unknown')
  const filing = readFiling(subject, keptOf(dossiers, subject))
  const filed = filing && awayOf(filing)
  const isTheirs = by.kind !== 'institution' || by.code === filing?.institution
  if (!filed || !isTheirs || filing.withdrawn !== undefined)
    return refuse('entry-unknown', { entry: numberOf(subject) })
  if (filed.until !== undefined && filed.until < today)
    return refuse('filing-over', { until: filed.until })
  const own = filed.home === undefined ? undefined : places.regions.regionOf(filed.home)
  const home = own ?? homeOf(person, { from: today }, places)
  if (isRefusal(home)) return home
  const elsewhere = refuseDesk(by, home, places)
  if (elsewhere) return elsewhere
  const terms = filingPolicyOf(places.books, home.division).kinds[filed.kind]
  const from = changeableFrom(filed, filing.filedOn, terms)
  const isFree = filed.from > today || (by.kind === 'desk' && override !== undefined)
  return today < from && !isFree
    ? refuse('filing-change-too-soon', { from })
    : { person, filed, home, terms }
}

/** What a dossier filed, where that is care away from home. */
export const awayOf = ({ filed }: FilingKept): FiledAway | undefined =>
  isFilingKind(filed.kind) ? (filed as FiledAway) : undefined
