import type { ClearingCategory, ClearingKinds, ClearingWay } from '../../engine/clearing.ts'
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
import { clrTypeOf, clrWayOf, type RegionSettings, type Settings } from './settings.ts'

/** An application for clearing (清算申请) in force, known by its event (机构清算申请事件ID, clr_appy_evt_id). */
export interface Application {
  readonly event: string
  readonly from: Day
  readonly until: Day
  /** The run that was opened for it (清算批次), once it is accepted (已受理): from then on it is not withdrawn. */
  readonly run?: string | undefined
}

/** clr_type and clr_way of the code tables in our words; provinces extend both, so the longest prefix counts. */
const categories: Readonly<Record<string, ClearingCategory>> = {
  '11': 'outpatient',
  '21': 'inpatient',
  '41': 'pharmacy',
  '51': 'deferred',
}
const ways: Readonly<Record<string, ClearingWay>> = {
  '1': 'item',
  '10': 'item',
  '20': 'disease',
  '3': 'points',
  '30': 'points',
  '40': 'groups',
  '50': 'bedDay',
  '60': 'capitation',
}

export const categoryOf = (clrType: string): ClearingCategory =>
  categories[clrType.slice(0, 2)] ?? 'other'

/** How kinds of care are cleared where they were given, in our words. */
export const clearingKinds =
  ({ of }: Pick<Settings, 'of'>): ClearingKinds =>
  (region, care) => {
    const settings = of(region)
    return {
      category: categoryOf(clrTypeOf(settings, care)),
      way: ways[clrWayOf(settings, care)] ?? 'other',
    }
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

/** A withdrawal or a rejection takes the latest application back; after it the month may be applied for again. */
export function applicationIn(kept: readonly Kept[]): Application | undefined {
  const last = kept.at(-1)
  const stands = last?.kind === 'applied' || last?.kind === 'accepted'
  return stands ? (last.body as unknown as Application) : undefined
}

/** An application, and what became of it: what wire states 10, 20 and 70 are for. */
export const applicationStates = ['applied', 'withdrawn', 'accepted', 'rejected'] as const
export type ApplicationState = (typeof applicationStates)[number]

/** Whether an application of this event was ever there. */
export const holdsEvent = (kept: readonly Kept[], event: string): boolean =>
  kept.some(({ body }) => (body as { event?: unknown }).event === event)

export const appliedEntry = (
  subject: Subject,
  application: Application,
  details: Readonly<Record<string, string>>,
): Entry => ({ subject, kind: 'applied', body: { ...application, details } })

/** The category and the month that a dossier of clearing is about. */
export function subjectOfClearing({ name }: Subject): { clrType: string; month: string } {
  const [clrType = '', month = ''] = name.slice(prefix.length).split(' ')
  return { clrType, month: `${month.slice(0, 4)}-${month.slice(4)}` }
}

/** What an agency decides about an application that stands and is not accepted yet (受理, 驳回). */
export function decideApplication(
  { dossiers }: Pick<Found, 'dossiers'>,
  subject: Subject,
  event: string,
  as: { readonly run: string } | { readonly rejected: string },
): Entry | Refusal {
  const application = applicationIn(keptOf(dossiers, subject))
  if (application?.event !== event) return refuse('entry-unknown', { entry: event })
  if (application.run !== undefined) return refuseAccepted(application)
  return 'run' in as
    ? { subject, kind: 'accepted', body: { ...application, run: as.run } }
    : { subject, kind: 'rejected', body: { event, reason: as.rejected } }
}

export const refuseAccepted = ({ event, run = '' }: Application): Refusal =>
  refuse('application-accepted', { application: event, run })

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
