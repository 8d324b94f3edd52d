import { type Day, monthOf } from '../../engine/day.ts'
import {
  type Entry,
  type Kept,
  keptOf,
  MoreNeeded,
  type Subject,
  subjectKey,
} from '../../engine/dossier.ts'
import type { Found, Row } from '../../engine/ports.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import { institutionOwner } from './files.ts'
import { dayOf } from './moment.ts'
import { clrTypeOf, type RegionSettings } from './settings.ts'

/** An application for clearing (清算申请) in force, known by its event (机构清算申请事件ID, clr_appy_evt_id). */
export interface Application {
  readonly event: string
  readonly from: Day
  readonly until: Day
}

const prefix = 'clearing '

/** The dossier of one month's clearing of a category: it is applied for once. */
export const clearingSubject = (institution: string, clrType: string, month: string): Subject => ({
  owner: institutionOwner(institution),
  name: `${prefix}${clrType} ${month}`,
})

/** Where every clearing of an institution stands, for DossierQueries.list. */
export const clearingsOf = (institution: string): { owner: string; prefix: string } => ({
  owner: institutionOwner(institution),
  prefix,
})

/** A withdrawal takes the latest application back; after it the month may be applied for again. */
export function applicationIn(kept: readonly Kept[]): Application | undefined {
  const last = kept.at(-1)
  return last?.kind === 'applied' ? (last.body as unknown as Application) : undefined
}

/** Whether an application of this event was ever there. */
export const holdsEvent = (kept: readonly Kept[], event: string): boolean =>
  kept.some(({ body }) => (body as { event?: unknown }).event === event)

export const appliedEntry = (
  subject: Subject,
  application: Application,
  details: Readonly<Record<string, string>>,
): Entry => ({ subject, kind: 'applied', body: { ...application, details } })

export const withdrawnEntry = (subject: Subject, event: string): Entry => ({
  subject,
  kind: 'withdrawn',
  body: { event },
})

/** The month of a day as the interface writes it (清算年月, setlym): yyyyMM. */
const setlymOf = (day: Day): string => monthOf(day).replace('-', '')

/**
 * Refuses to undo what was posted in a period that is applied for (已申请清算, decision 17): the agency adjusts it. The
 * dossier of that clearing must be among those of the ask, so that no application slips in between.
 */
export function refuseApplied(
  { dossiers }: Pick<Found, 'dossiers'>,
  settings: RegionSettings,
  { content: { institution, care }, postedAt }: Row,
): Refusal | undefined {
  const on = dayOf(postedAt)
  const month = setlymOf(on)
  const subject = clearingSubject(institution, clrTypeOf(settings, care), month)
  if (!dossiers.has(subjectKey(subject))) throw new MoreNeeded([subject])
  const application = applicationIn(keptOf(dossiers, subject))
  return application && application.from <= on && on <= application.until
    ? refuse('period-applied', { period: month })
    : undefined
}
