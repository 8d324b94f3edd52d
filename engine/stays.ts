import type { Day } from './day.ts'
import {
  type Dossiers,
  type Entry,
  type Kept,
  keptOf,
  MoreNeeded,
  type Subject,
  subjectKey,
} from './dossier.ts'
import type { Entered, Found, ReverseAsk, Row } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import {
  type About,
  type Details,
  readVisit,
  type Registration,
  type Visit,
  visitSubject,
} from './visit.ts'
import {
  cancelVisit,
  describe,
  discharge,
  entered,
  findVisit,
  register,
  undischarge,
} from './visiting.ts'

/** A stay that lasts (在院): its visit and where it is. */
export interface OpenStay {
  readonly visit: string
  readonly institution: string
}

/**
 * The dossier that lists a person's stays: admissions and departures. Whoever admits, discharges, or takes either back
 * names it among the subjects, so that of two admissions at once the second finds the first.
 */
export const staysSubject = (person: string): Subject => ({ owner: person, name: 'stays' })

const admitted = (person: string, visit: string): Entry => ({
  subject: staysSubject(person),
  kind: 'admitted',
  body: { visit },
})

/** That somebody left the hospital on a day: only until then the stay stands in the way of another. */
export const left = (person: string, visit: string, until?: Day): Entry => ({
  subject: staysSubject(person),
  kind: 'left',
  body: { visit, until },
})

/**
 * Undoing a settlement that told the discharge undoes the discharge with it, and restoring it discharges again: the list
 * of stays hears of either.
 */
export function turnStay(dossiers: Dossiers, visit: Visit, turned: Entry, row: Row): Entry[] {
  if (visit.settlements.get(row.settlement)?.discharge === undefined) return []
  const { subject, id, institution } = visit
  lasting({ dossiers }, subject.owner)
  const kept = keptOf(dossiers, subject)
  const last = { ...turned, version: kept.length + 1, institution, at: row.postedAt }
  const after = readVisit(subject, [...kept, last])?.discharged
  if ((after === undefined) === (visit.discharged === undefined)) return []
  return [after ? left(subject.owner, id, after.day) : admitted(subject.owner, id)]
}

/** The stays that last, as their list tells. */
export function openStays(listed: readonly Kept[]): OpenStay[] {
  const open = new Map<string, OpenStay>()
  for (const { kind, body, institution } of listed) {
    const { visit } = body as { readonly visit: string }
    if (kind === 'admitted') open.set(visit, { visit, institution })
    else open.delete(visit)
  }
  return [...open.values()]
}

/** The stays that last. Asked again where the list was not named, as by a reversal, which names nothing. */
function lasting({ dossiers }: Pick<Found, 'dossiers'>, person: string): OpenStay[] {
  const subject = staysSubject(person)
  if (!dossiers.has(subjectKey(subject))) throw new MoreNeeded([subject])
  return openStays(keptOf(dossiers, subject))
}

/** What a stay in another hospital does to an admission: it is refused, or the desk is told. */
export type StayElsewhere = 'refuse' | 'warn'

/** Nobody lies in a hospital twice, nor in two where that is not left to them to clear up. */
function refuseSecond(
  open: readonly OpenStay[],
  institution: string,
  elsewhere: StayElsewhere,
): Refusal | undefined {
  const here = open.find((stay) => stay.institution === institution)
  const [first] = elsewhere === 'refuse' ? open : []
  const second = here ?? first
  return second && refuse('already-in-hospital', { ...second })
}

/** A stay that is over, and until when it lasted. */
interface PastStay extends OpenStay {
  readonly until: Day
}

/** The stays that are over, except those that were taken back. */
function pastStays(listed: readonly Kept[]): PastStay[] {
  const past = new Map<string, PastStay>()
  for (const { kind, body, institution } of listed) {
    const { visit, until } = body as { readonly visit: string; readonly until?: Day }
    if (kind === 'left' && until !== undefined) past.set(visit, { visit, institution, until })
    else past.delete(visit)
  }
  return [...past.values()]
}

/**
 * The stay that was not over yet on a day of admission, told by its own visit, for its first day may have been changed.
 * On the day of a discharge the next stay may begin (转院).
 */
function lastingOn(
  { dossiers }: Pick<Found, 'dossiers'>,
  own: Subject,
  day: Day,
): readonly (PastStay & { readonly admission: Day })[] {
  const { owner } = own
  const later = pastStays(keptOf(dossiers, staysSubject(owner))).filter(
    ({ visit, until }) => day < until && visit !== visitOf(own),
  )
  const subjects = later.map(({ visit }) => visitSubject(owner, visit))
  const unnamed = subjects.filter((subject) => !dossiers.has(subjectKey(subject)))
  if (unnamed.length > 0) throw new MoreNeeded(unnamed)
  return later.flatMap((stay, i) => {
    const subject = subjects[i] as Subject
    const admission = readVisit(subject, keptOf(dossiers, subject))?.day
    return admission !== undefined && admission <= day ? [{ ...stay, admission }] : []
  })
}

/** A day of admission, where, and how stays in other hospitals count for it. */
interface Admitting extends StayAsked {
  readonly day: Day
  readonly elsewhere: StayElsewhere
}

/** Refuses a day of admission on which the person lay in hospital already; gives the stays that are only told of. */
function refuseOverlap(
  found: Pick<Found, 'dossiers'>,
  { subject, institution, day, elsewhere }: Admitting,
): readonly PastStay[] | Refusal {
  const past = lastingOn(found, subject, day)
  const refused = past.find((stay) => elsewhere === 'refuse' || stay.institution === institution)
  if (!refused) return past
  const { admission, until: discharge } = refused
  return refuse('stay-overlaps', { institution: refused.institution, admission, discharge, day })
}

/** What an admission enters, and whether the person lies, or lay on that day, in another hospital. */
export interface Admission {
  readonly entries: readonly Entry[]
  readonly elsewhere: boolean
}

/** Admits somebody (入院办理, 2401), unless they are in hospital. */
export function admit(
  found: Pick<Found, 'dossiers'>,
  subject: Subject,
  registration: Registration,
  elsewhere: StayElsewhere,
): Admission | Refusal {
  const { institution, day } = registration
  const open = lasting(found, subject.owner)
  const second = refuseSecond(open, institution, elsewhere)
  if (second) return second
  const past = refuseOverlap(found, { subject, institution, day, elsewhere })
  if (isRefusal(past)) return past
  return {
    entries: [register(subject, registration), admitted(subject.owner, visitOf(subject))],
    elsewhere: open.length > 0 || past.length > 0,
  }
}

/** Changes what was told of a stay (住院信息变更, 2403); its first day may not fall into another stay. */
export function changeStay(
  found: Pick<Found, 'dossiers'>,
  visit: Visit,
  told: { readonly day: Day; readonly about: About; readonly details: Details },
  elsewhere: StayElsewhere,
): Entered | Refusal {
  const { subject, institution } = visit
  const { day, about, details } = told
  const entry = describe(visit, about, details, day)
  if (isRefusal(entry) || day === visit.day) return entered(entry)
  const past = refuseOverlap(found, { subject, institution, day, elsewhere })
  return isRefusal(past) ? past : { entries: [entry] }
}

const visitOf = ({ name }: Subject): string => name.slice(name.indexOf(' ') + 1)

/** What is asked of a stay: whose it is and by whom. */
export interface StayAsked {
  readonly subject: Subject
  readonly institution: string
}

/** The stay that is asked about: a visit to an outpatient clinic is none. */
export function findStay(
  found: Pick<Found, 'dossiers'>,
  { subject, institution }: StayAsked,
): Visit | Refusal {
  const visit = findVisit(found, subject, institution)
  if (isRefusal(visit) || visit.kind === 'inpatient') return visit
  return refuse('visit-unknown', { visit: visit.id })
}

/** Discharges (出院办理, 2402). */
export function leave(
  found: Pick<Found, 'dossiers'>,
  asked: StayAsked,
  told: { readonly day: Day; readonly about: About; readonly details: Details },
): Entered | Refusal {
  const visit = findStay(found, asked)
  if (isRefusal(visit)) return visit
  const entry = discharge(visit, told.day, told.about, told.details)
  return isRefusal(entry)
    ? entry
    : { entries: [entry, left(asked.subject.owner, visit.id, told.day)] }
}

/** Takes a discharge back (出院撤销, 2405), unless the person was admitted again meanwhile. */
export function comeBack(
  found: Pick<Found, 'dossiers'>,
  asked: StayAsked,
  elsewhere: StayElsewhere,
): Entered | Refusal {
  const { subject, institution } = asked
  const visit = findStay(found, asked)
  if (isRefusal(visit)) return visit
  const entry = undischarge(visit)
  if (isRefusal(entry)) return entry
  const second = refuseSecond(lasting(found, subject.owner), institution, elsewhere)
  return second ?? { entries: [entry, admitted(subject.owner, visit.id)] }
}

/** Takes an admission back (入院撤销, 2404), of which neither lines nor settlements may be left. */
export function cancelAdmission(
  found: Pick<Found, 'dossiers'>,
  asked: StayAsked,
): Entered | Refusal {
  const visit = findStay(found, asked)
  if (isRefusal(visit)) return visit
  const entry = cancelVisit(visit)
  return isRefusal(entry) ? entry : { entries: [entry, left(asked.subject.owner, visit.id)] }
}

/**
 * What reversing an admission (冲正 2601 of 2401) enters: the admission is taken back where nothing was built on it, and
 * nothing is entered where it was taken back before.
 */
export const takeBackAdmission =
  (asked: { readonly person: string; readonly institution: string }): TakeBack =>
  (found, name) => {
    const { person, institution } = asked
    lasting(found, person)
    const taken = cancelAdmission(found, { subject: { owner: person, name }, institution })
    return isRefusal(taken) && taken.code === 'visit-cancelled' ? { entries: [] } : taken
  }

type TakeBack = NonNullable<ReverseAsk['takeBack']>
