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
import { type About, type Details, readVisit, type Registration, type Visit } from './visit.ts'
import { cancelVisit, discharge, findVisit, register, undischarge } from './visiting.ts'

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

/** That somebody left the hospital: the stay no longer stands in the way of another. */
export const left = (person: string, visit: string): Entry => ({
  subject: staysSubject(person),
  kind: 'left',
  body: { visit },
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
  return [after === undefined ? admitted(subject.owner, id) : left(subject.owner, id)]
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

/** Nobody lies in one hospital twice; lying in two is theirs to clear up, and the desk is told of it. */
function refuseSecond(open: readonly OpenStay[], institution: string): Refusal | undefined {
  const here = open.find((stay) => stay.institution === institution)
  return here && refuse('already-in-hospital', { visit: here.visit })
}

/** What an admission enters, and whether the person still lies in another hospital. */
export interface Admission {
  readonly entries: readonly Entry[]
  readonly elsewhere: boolean
}

/** Admits somebody (入院办理, 2401), unless they still lie in the same hospital. */
export function admit(
  found: Pick<Found, 'dossiers'>,
  subject: Subject,
  registration: Registration,
): Admission | Refusal {
  const { owner } = subject
  const open = lasting(found, owner)
  const second = refuseSecond(open, registration.institution)
  if (second) return second
  return {
    entries: [register(subject, registration), admitted(owner, visitOf(subject))],
    elsewhere: open.length > 0,
  }
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
  return isRefusal(entry) ? entry : { entries: [entry, left(asked.subject.owner, visit.id)] }
}

/** Takes a discharge back (出院撤销, 2405), unless the person was admitted here again meanwhile. */
export function comeBack(found: Pick<Found, 'dossiers'>, asked: StayAsked): Entered | Refusal {
  const { subject, institution } = asked
  const visit = findStay(found, asked)
  if (isRefusal(visit)) return visit
  const entry = undischarge(visit)
  if (isRefusal(entry)) return entry
  const second = refuseSecond(lasting(found, subject.owner), institution)
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
