import type { CareKind, Claim, Credential, FeeLine, VisitSums } from './claim.ts'
import type { Day, Instant } from './day.ts'
import { type Dossiers, type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import type { Invoice } from './invoice.ts'
import type { Fen, Quantity, UnitPrice } from './money.ts'

/** What a sender told beside what we understand: kept to be told again, never read by a rule. */
export type Details = Readonly<Record<string, Json | undefined>>

/** What a visit is about, as far as rules ask (就诊信息, mdtrtinfo): the later word counts. */
export type About = Partial<
  Pick<
    Claim,
    | 'care'
    | 'scheme'
    | 'disease'
    | 'emergency'
    | 'injury'
    | 'externalInjury'
    | 'maternity'
    | 'prescription'
  >
>

/** Kinds of visits: to a clinic (门诊), a stay (住院), a pharmacy's sale (药店购药). */
export type VisitKind = 'outpatient' | 'inpatient' | 'pharmacy'

/** How a visit began (挂号 2201, 入院办理 2401, or a sale 2102). */
export interface Registration {
  readonly kind: VisitKind
  readonly institution: string
  readonly began: Instant
  readonly day: Day
  readonly credential: Credential
  readonly about: About
  readonly details: Details
}

/** A fee line as it was uploaded (费用明细上传, feedetail), and the settlement in force that settled it. */
export interface VisitLine {
  readonly line: FeeLine
  /** The charge batch (收费批次号, chrg_bchno). */
  readonly batch?: string | undefined
  readonly settledBy?: string | undefined
  readonly details: Details
}

/** A settlement of a visit, as far as the visit needs to know it. */
export interface VisitSettlement {
  readonly id: string
  readonly lines: readonly string[]
  readonly batch?: string | undefined
  readonly interim: boolean
  /** The day of discharge, where the last settlement of a stay told it (dscgTime) and no discharge before it. */
  readonly discharge?: Day | undefined
  /** What it counted for the next bill of an outpatient visit. */
  readonly counted?: readonly VisitSums[] | undefined
  readonly inForce: boolean
  /** What was in force of the visit when it was settled: the parts of a stay stand on those before them. */
  readonly after?: readonly string[] | undefined
  /** The first day and the discharge of the visit, and its kind of care, when it was settled. */
  readonly during?: {
    readonly admission: Day
    readonly discharge?: Day | undefined
    readonly care?: CareKind | undefined
  }
  /** Lines of it that were taken back since it was undone, as they were: others may have come under their numbers. */
  readonly gone?: ReadonlyMap<string, VisitLine> | undefined
  /** The invoice that its sender told (发票号, invono). */
  readonly invoice?: Invoice | undefined
  readonly settledAt: Instant
}

/** A visit (就诊, mdtrt_id) as its entries tell it: registered, filled with lines, discharged, settled. */
export interface Visit extends Registration {
  readonly subject: Subject
  readonly id: string
  readonly cancelled: boolean
  /** Set once discharged (出院办理, 2402), or while a settlement that told the discharge is in force. */
  readonly discharged?: { readonly day: Day; readonly details: Details } | undefined
  readonly lines: ReadonlyMap<string, VisitLine>
  /** In the order in which they were settled, undone ones among them. */
  readonly settlements: ReadonlyMap<string, VisitSettlement>
}

const prefix = 'visit '

export const visitSubject = (person: string, id: string): Subject => ({
  owner: person,
  name: prefix + id,
})

export const isVisit = (name: string): boolean => name.startsWith(prefix)

/** The kinds of entries a visit has, each with its body. */
export interface VisitEntries {
  readonly registered: Registration
  readonly described: { readonly about: About; readonly details: Details; readonly day?: Day }
  readonly lines: { readonly lines: readonly WrittenLine[] }
  readonly removed: { readonly lines: readonly string[] }
  readonly discharged: { readonly day: Day; readonly about: About; readonly details: Details }
  readonly undischarged: Readonly<Record<string, never>>
  readonly cancelled: Readonly<Record<string, never>>
  readonly settled: Omit<VisitSettlement, 'inForce' | 'after' | 'during' | 'gone'>
  readonly undone: { readonly settlement: string }
  readonly restored: { readonly settlement: string }
}

/** A line as an entry keeps it: numbers as text, since JSON has no whole numbers of that size. */
export interface WrittenLine {
  readonly id: string
  readonly item: string
  readonly at?: Day | undefined
  readonly quantity: string
  readonly unitPrice: string
  readonly amount: string
  readonly packages?: readonly string[] | undefined
  readonly loose?: boolean | undefined
  readonly atOwnCost?: boolean | undefined
  readonly batch?: string | undefined
  readonly details: Details
}

export const entryOf = <K extends keyof VisitEntries>(
  subject: Subject,
  kind: K,
  body: VisitEntries[K],
): Entry => ({ subject, kind, body: body as unknown as Json })

export const writeLine = ({ line, batch, details }: VisitLine): WrittenLine => ({
  id: line.id,
  item: line.item,
  at: line.at,
  quantity: String(line.quantity),
  unitPrice: String(line.unitPrice),
  amount: String(line.amount),
  packages: line.packages,
  loose: line.loose,
  atOwnCost: line.atOwnCost,
  batch,
  details,
})

const readLine = (written: WrittenLine): VisitLine => ({
  line: {
    id: written.id,
    item: written.item,
    at: written.at,
    quantity: BigInt(written.quantity) as Quantity,
    unitPrice: BigInt(written.unitPrice) as UnitPrice,
    amount: BigInt(written.amount) as Fen,
    packages: written.packages,
    loose: written.loose,
    atOwnCost: written.atOwnCost,
  },
  batch: written.batch,
  details: written.details,
})

interface Folding {
  registration: Registration
  cancelled: boolean
  discharged: Visit['discharged']
  readonly lines: Map<string, VisitLine>
  readonly settlements: Map<string, VisitSettlement>
}

/** What each kind of entry does to a visit. A kind missing here does not compile. */
const effects: { [K in keyof VisitEntries]: (visit: Folding, body: VisitEntries[K]) => void } = {
  registered(visit, registration) {
    visit.registration = registration
  },
  described(visit, { about, details, day }) {
    const { registration } = visit
    visit.registration = {
      ...registration,
      day: day ?? registration.day,
      about: { ...registration.about, ...given(about) },
      details: { ...registration.details, ...given(details) },
    }
  },
  lines(visit, { lines }) {
    for (const line of lines) visit.lines.set(line.id, readLine(line))
  },
  removed(visit, { lines }) {
    const removed = new Set(lines)
    for (const settlement of visit.settlements.values()) noteGone(visit, settlement, removed)
    for (const id of lines) visit.lines.delete(id)
  },
  discharged(visit, { day, about, details }) {
    effects.described(visit, { about, details: {} })
    visit.discharged = { day, details }
  },
  undischarged(visit) {
    visit.discharged = undefined
  },
  cancelled(visit) {
    visit.cancelled = true
  },
  settled(visit, settlement) {
    const after = [...visit.settlements.values()].flatMap((one) => (one.inForce ? [one.id] : []))
    const { day: admission, about } = visit.registration
    const discharge = settlement.discharge ?? visit.discharged?.day
    const during = { admission, discharge, care: about.care }
    visit.settlements.set(settlement.id, { ...settlement, after, during, inForce: true })
    mark(visit, settlement.lines, settlement.id)
  },
  undone: (visit, { settlement }) => turn(visit, settlement, false),
  restored: (visit, { settlement }) => turn(visit, settlement, true),
}

function turn(visit: Folding, id: string, inForce: boolean): void {
  const settlement = visit.settlements.get(id)
  if (!settlement) return
  visit.settlements.set(id, { ...settlement, inForce })
  mark(visit, settlement.lines, inForce ? id : undefined)
}

function mark({ lines }: Folding, ids: readonly string[], settledBy: string | undefined): void {
  for (const id of ids) {
    const line = lines.get(id)
    if (line) lines.set(id, { ...line, settledBy })
  }
}

function noteGone(
  { lines, settlements }: Folding,
  settlement: VisitSettlement,
  removed: ReadonlySet<string>,
): void {
  const gone = new Map(settlement.gone)
  for (const id of settlement.lines) {
    const line = removed.has(id) && !gone.has(id) ? lines.get(id) : undefined
    if (line) gone.set(id, line)
  }
  if (gone.size > 0) settlements.set(settlement.id, { ...settlement, gone })
}

/** Without the members that are not given, which must not wipe out what was told before. */
const given = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>

/** The visit that a dossier tells, or nothing where nobody registered it. */
export function readVisit(subject: Subject, kept: readonly Kept[]): Visit | undefined {
  const [first] = kept
  if (first?.kind !== 'registered') return undefined
  const folding: Folding = {
    registration: first.body as unknown as Registration,
    cancelled: false,
    discharged: undefined,
    lines: new Map(),
    settlements: new Map(),
  }
  for (const { kind, body } of kept)
    (effects[kind as keyof VisitEntries] as (visit: Folding, body: unknown) => void)(folding, body)
  const { registration, cancelled, lines, settlements } = folding
  const id = subject.name.slice(prefix.length)
  const discharged = folding.discharged ?? dischargedBy(settlements)
  return { ...registration, subject, id, cancelled, discharged, lines, settlements }
}

/** The visit of a settlement, where it is kept. */
export function keptVisit(
  dossiers: Dossiers,
  { person, visit }: { readonly person: string; readonly visit?: string | undefined },
): Visit | undefined {
  if (visit === undefined) return undefined
  const subject = visitSubject(person, visit)
  return readVisit(subject, keptOf(dossiers, subject))
}

/** A discharge that only a settlement told stands and falls with it. */
function dischargedBy(settlements: Folding['settlements']): Visit['discharged'] {
  for (const { inForce, discharge } of settlements.values())
    if (inForce && discharge !== undefined) return { day: discharge, details: {} }
  return undefined
}

export const settlementsInForce = ({ settlements }: Visit): VisitSettlement[] =>
  [...settlements.values()].filter((settlement) => settlement.inForce)

export const unsettledLines = ({ lines }: Visit, batch?: string): VisitLine[] =>
  [...lines.values()].filter(
    (line) => line.settledBy === undefined && (batch === undefined || line.batch === batch),
  )

/** A stay whose last part is settled takes nothing more; an outpatient visit may be settled batch by batch. */
export const isClosed = (visit: Visit): boolean =>
  visit.kind !== 'outpatient' && settlementsInForce(visit).some(({ interim }) => !interim)
