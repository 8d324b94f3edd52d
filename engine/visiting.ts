import { type FeeLine, mostLines } from './claim.ts'
import type { Day } from './day.ts'
import { type Entry, keptOf, type Subject } from './dossier.ts'
import { extend, toYuan } from './money.ts'
import type { Found, Row } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import {
  type About,
  type Details,
  entryOf,
  isClosed,
  readVisit,
  type Registration,
  settlementsInForce,
  unsettledLines,
  type Visit,
  type VisitLine,
  type VisitSettlement,
  writeLine,
} from './visit.ts'

/** The visit that an institution asks about, if it is there, is theirs, and was not cancelled. */
export function findVisit(
  { dossiers }: Pick<Found, 'dossiers'>,
  subject: Subject,
  institution: string,
): Visit | Refusal {
  const visit = readVisit(subject, keptOf(dossiers, subject))
  const name = subject.name.slice(subject.name.indexOf(' ') + 1)
  if (!visit) return refuse('visit-unknown', { visit: name })
  if (visit.institution !== institution)
    return refuse('visit-of-another-institution', { visit: name })
  if (visit.cancelled) return refuse('visit-cancelled', { visit: name })
  return visit
}

/** Registers a visit (挂号 2201, 入院办理 2401). */
export const register = (subject: Subject, registration: Registration): Entry =>
  entryOf(subject, 'registered', registration)

/**
 * Tells more of a visit (就诊信息 2203, 入院信息变更 2403), until its last part is settled. What the settled parts of a stay
 * went by, its day and its kind of care, stands as long as they do.
 */
export function describe(visit: Visit, about: About, details: Details, day?: Day): Entry | Refusal {
  if (isClosed(visit)) return refuse('visit-closed', { visit: visit.id })
  const settlements = settlementsInForce(visit).map(({ id }) => id)
  const changed =
    (about.care ?? visit.about.care) !== visit.about.care || (day ?? visit.day) !== visit.day
  if (visit.kind === 'inpatient' && changed && settlements.length > 0)
    return refuse('visit-has-settlements', { visit: visit.id, settlements })
  const discharged = visit.discharged?.day
  if (day !== undefined && discharged !== undefined && day > discharged)
    return refuse('stay-invalid', { admission: day, discharge: discharged, day })
  return entryOf(visit.subject, 'described', { about, details, ...(day ? { day } : {}) })
}

/** Adds fee lines (费用明细上传 2204, 2301). A line number is used once in a visit, and a settled batch takes no more. */
export function addLines(visit: Visit, lines: readonly VisitLine[]): Entry | Refusal {
  if (isClosed(visit)) return refuse('visit-closed', { visit: visit.id })
  if (visit.lines.size + lines.length > mostLines)
    return refuse('lines-too-many', { lines: visit.lines.size + lines.length, most: mostLines })
  const settledBatches = new Set(settlementsInForce(visit).map(({ batch }) => batch))
  const seen = new Set<string>()
  for (const { line, batch } of lines) {
    const wrong = refuseLine(visit, line, seen)
    if (wrong) return wrong
    if (batch !== undefined && settledBatches.has(batch))
      return refuse('batch-already-settled', { visit: visit.id, batch })
    seen.add(line.id)
  }
  return entryOf(visit.subject, 'lines', { lines: lines.map(writeLine) })
}

function refuseLine(visit: Visit, line: FeeLine, seen: ReadonlySet<string>): Refusal | undefined {
  const { id } = line
  if (seen.has(id)) return refuse('line-repeated', { line: id })
  const there = visit.lines.get(id)
  if (there?.settledBy !== undefined)
    return refuse('line-already-settled', { visit: visit.id, line: id })
  if (there) return refuse('line-already-uploaded', { visit: visit.id, line: id })
  const amount = extend(line.unitPrice, line.quantity, 'halfUp')
  return amount === line.amount
    ? undefined
    : refuse('line-amount-wrong', {
        line: id,
        amount: toYuan(line.amount),
        priceTimesQuantity: toYuan(amount),
      })
}

/** Which lines are to be taken back: all unsettled ones, those of a batch, or some by number. */
export type LinesWanted =
  | { readonly of: 'all' }
  | { readonly of: 'batch'; readonly batch: string }
  | { readonly of: 'numbers'; readonly numbers: readonly string[] }

/** Takes back lines that are not settled (费用明细撤销 2205, 2302). */
export function removeLines(visit: Visit, wanted: LinesWanted): Entry | Refusal {
  if (wanted.of === 'all') return removed(visit, unsettledLines(visit))
  const found =
    wanted.of === 'batch'
      ? [...visit.lines.values()].filter(({ batch }) => batch === wanted.batch)
      : wanted.numbers.map((number) => visit.lines.get(number) ?? number)
  const missing = found.find((line) => typeof line === 'string')
  if (found.length === 0 || missing !== undefined)
    return refuse('line-unknown', {
      visit: visit.id,
      line: missing ?? (wanted.of === 'batch' ? wanted.batch : ''),
    })
  const lines = found as VisitLine[]
  const settled = lines.find((line) => line.settledBy !== undefined)
  if (settled) return refuse('line-already-settled', { visit: visit.id, line: settled.line.id })
  return removed(visit, lines)
}

const removed = ({ subject }: Visit, lines: readonly VisitLine[]): Entry =>
  entryOf(subject, 'removed', { lines: lines.map(({ line }) => line.id) })

/** Discharges (出院办理 2402); lines may still come until the last part is settled. */
export function discharge(visit: Visit, day: Day, about: About, details: Details): Entry | Refusal {
  if (visit.discharged) return refuse('already-discharged', { visit: visit.id })
  if (isClosed(visit)) return refuse('visit-closed', { visit: visit.id })
  if (day < visit.day) return refuse('stay-invalid', { admission: visit.day, discharge: day, day })
  return entryOf(visit.subject, 'discharged', { day, about, details })
}

/** Takes a discharge back (出院撤销 2405), which needs the last settlement undone first (decision 17). */
export function undischarge(visit: Visit): Entry | Refusal {
  if (!visit.discharged) return refuse('not-discharged', { visit: visit.id })
  const [last] = settlementsInForce(visit).filter(({ interim }) => !interim)
  if (last) return refuse('visit-has-settlements', { visit: visit.id, settlements: [last.id] })
  return entryOf(visit.subject, 'undischarged', {})
}

/**
 * Cancels a visit (挂号撤销 2202, 入院撤销 2404), which must have neither lines nor settlements (decision 17), and if it is
 * a stay no discharge either.
 */
export function cancelVisit(visit: Visit): Entry | Refusal {
  const settlements = settlementsInForce(visit).map(({ id }) => id)
  if (settlements.length > 0)
    return refuse('visit-has-settlements', { visit: visit.id, settlements })
  if (visit.lines.size > 0)
    return refuse('visit-has-lines', { visit: visit.id, lines: visit.lines.size })
  if (visit.discharged) return refuse('already-discharged', { visit: visit.id })
  return entryOf(visit.subject, 'cancelled', {})
}

/** What undoing or restoring a settlement does to its visit; a restored one must find all as it left it. */
export function noteUndone(visit: Visit, row: Row): Entry | Refusal {
  const { settlement, kind } = row
  if (kind !== 'restoration') return entryOf(visit.subject, 'undone', { settlement })
  const undone = visit.settlements.get(settlement)
  return isIntact(visit, undone) && partsStand(visit, undone) && isSameStay(visit, undone)
    ? entryOf(visit.subject, 'restored', { settlement })
    : refuse('visit-changed', { visit: visit.id, settlement })
}

/** Whether a settlement that was undone could come back: its very lines are free, and a stay that it closes is over. */
function isIntact(visit: Visit, settlement: VisitSettlement | undefined): boolean {
  const { lines = [], gone, interim = false, discharge } = settlement ?? {}
  const free = lines.every((id) => {
    const line = visit.lines.get(id)
    return line && line.settledBy === undefined && isSameLine(line, gone?.get(id) ?? line)
  })
  const lasts =
    visit.kind === 'inpatient' && !interim && !discharge && visit.discharged === undefined
  return free && !lasts && !visit.cancelled
}

/** A part of a stay stands on the parts before it, by which the deductible was taken and the admission counted. */
const partsStand = (visit: Visit, settlement: VisitSettlement | undefined): boolean =>
  visit.kind !== 'inpatient' ||
  (settlement?.after ?? []).every((id) => visit.settlements.get(id)?.inForce)

/** A settlement of a stay keeps the days it was settled for; those of the stay may have been told anew since. */
function isSameStay(
  { kind, day, about, discharged }: Visit,
  { during, interim = false }: Partial<VisitSettlement> = {},
): boolean {
  if (kind !== 'inpatient' || !during) return true
  const left = interim || (discharged?.day ?? during.discharge) === during.discharge
  return left && day === during.admission && about.care === during.care
}

/** What is noted beside a line may differ. */
const isSameLine = (one: VisitLine, other: VisitLine): boolean =>
  JSON.stringify(writeLine({ ...one, details: {} })) ===
  JSON.stringify(writeLine({ ...other, details: {} }))

/** Entries of one act, or why it may not be. */
export const entered = (entry: Entry | Refusal): { entries: Entry[] } | Refusal =>
  isRefusal(entry) ? entry : { entries: [entry] }
