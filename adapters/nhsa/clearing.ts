import type { Day, Instant } from '../../engine/day.ts'
import { monthOf } from '../../engine/day.ts'
import { type Entry, type Kept, keptOf, type Subject } from '../../engine/dossier.ts'
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
 * The dossiers that tell whether a settlement may still be cancelled (decision 17): the clearings of the months in
 * which its rows were posted. Whoever cancels names them in the ask, so that no application slips in between.
 */
export function clearingsOver(
  settings: Pick<RegionSettings, 'clearing'>,
  rows: readonly Row[],
): Subject[] {
  const subjects = rows.map(({ content, postedAt }) =>
    clearingSubject(
      content.institution,
      clrTypeOf(settings as RegionSettings, content.care),
      setlymOf(dayOf(postedAt)),
    ),
  )
  return [...new Map(subjects.map((one) => [one.name, one])).values()]
}

/** Refuses to undo what was posted in a period that is applied for (已申请清算): the agency adjusts it. */
export function refuseApplied(
  { dossiers }: Pick<Found, 'dossiers'>,
  settings: Pick<RegionSettings, 'clearing'>,
  head: { readonly content: Row['content']; readonly postedAt: Instant },
): Refusal | undefined {
  const [subject] = clearingsOver(settings, [head as Row])
  const application = subject && applicationIn(keptOf(dossiers, subject))
  const on = dayOf(head.postedAt)
  return application && application.from <= on && on <= application.until
    ? refuse('period-applied', { period: setlymOf(on) })
    : undefined
}
