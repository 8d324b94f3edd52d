import type { Claim, Credential, InjuryClaim, Scheme, Stay } from './claim.ts'
import { covers, type Day } from './day.ts'
import type { Entry } from './dossier.ts'
import type { Invoice } from './invoice.ts'
import { type Fen, sum, toYuan } from './money.ts'
import type { Person } from './person.ts'
import type { Billed } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { left } from './stays.ts'
import {
  type About,
  entryOf,
  isClosed,
  settlementsInForce,
  unsettledLines,
  type Visit,
  type VisitLine,
} from './visit.ts'

/** What is to be settled of a visit (结算 2207, 2304). */
export interface BillWanted {
  readonly total: Fen
  /** The charge batch (chrg_bchno); absent means every line that is not settled. */
  readonly batch?: string | undefined
  /** As presented now; absent means what the visit was registered with. */
  readonly credential?: Credential | undefined
  readonly scheme?: Scheme | undefined
  /** What the settlement says of the visit, which counts before what the visit says. */
  readonly about: About
  readonly useAccount: boolean
  readonly useFamilyAccount: boolean
  /** The terminal at which it is settled (设备编号, dev_no). */
  readonly terminal?: string | undefined
  /** A part of a stay that goes on (中途结算, mid_setl_flag). */
  readonly interim: boolean
  /** The day of discharge where it was not told before, or the last day of an interim part (dscgTime). */
  readonly discharge?: Day | undefined
  /** Whose bill it is: their certified injuries, and until when they lived. */
  readonly person?: Person | undefined
  readonly today: Day
}

/** The claim that a visit's unsettled lines make; what it says must be what was uploaded. */
export function claimOf(visit: Visit, wanted: BillWanted): Claim | Refusal {
  const lines = linesToSettle(visit, wanted)
  if (isRefusal(lines)) return lines
  const about = { ...visit.about, ...wanted.about }
  const stay = visit.kind === 'inpatient' ? stayOf(visit, wanted) : undefined
  const day = stay ? wanted.today : treatedOn(visit, lines)
  return {
    ...about,
    institution: visit.institution,
    day,
    credential: wanted.credential ?? visit.credential,
    scheme: wanted.scheme ?? about.scheme,
    care: about.care ?? (stay ? 'inpatient' : 'outpatient'),
    visit: visit.id,
    earlier: stay ? undefined : settlementsInForce(visit).flatMap(({ counted = [] }) => counted),
    stay,
    useAccount: wanted.useAccount,
    useFamilyAccount: wanted.useFamilyAccount,
    terminal: wanted.terminal,
    emergency: about.emergency ?? false,
    injury: about.injury && certified(about.injury, wanted.person, stay?.discharge ?? day),
    total: wanted.total,
    lines: lines.map(({ line }) => line),
  }
}

/** The lines that a settlement takes: every one of its batch that is not settled, and at least one unless it ends a stay. */
function linesToSettle(visit: Visit, wanted: BillWanted): VisitLine[] | Refusal {
  const { batch, interim, total } = wanted
  if (isClosed(visit)) return refuse('visit-closed', { visit: visit.id })
  if (batch !== undefined && settlementsInForce(visit).some((s) => s.batch === batch))
    return refuse('batch-already-settled', { visit: visit.id, batch })
  const lines = unsettledLines(visit, batch)
  if (lines.length === 0 && !endsInterimParts(visit, wanted))
    return refuse('nothing-to-settle', { visit: visit.id })
  const uploaded = sum(lines.map(({ line }) => line.amount))
  if (uploaded !== total)
    return refuse('total-mismatch', { total: toYuan(total), lines: toYuan(uploaded) })
  if (visit.kind === 'inpatient' && !interim && dischargeOf(visit, wanted) === undefined)
    return refuse('not-discharged', { visit: visit.id })
  return lines
}

/** Where nothing was charged since the last interim part, the last part is empty and only ends the stay. */
const endsInterimParts = (visit: Visit, { interim }: BillWanted): boolean =>
  visit.kind === 'inpatient' && !interim && settlementsInForce(visit).length > 0

const dischargeOf = (visit: Visit, wanted: BillWanted): Day | undefined =>
  visit.discharged?.day ?? wanted.discharge

/**
 * The stay as far as this part goes: an interim part to the day it says, or today. Who died in hospital left it that day,
 * whatever day its papers say, and is settled as one who lived until then (decision 25).
 */
function stayOf(visit: Visit, wanted: BillWanted): Stay {
  const { interim, today, person } = wanted
  const until = interim ? (wanted.discharge ?? visit.discharged?.day) : dischargeOf(visit, wanted)
  return {
    admission: visit.day,
    discharge: earlier(until ?? today, person?.died, visit.day),
    interim,
  }
}

function earlier(discharge: Day, died: Day | undefined, admission: Day): Day {
  return died !== undefined && admission <= died && died < discharge ? died : discharge
}

/**
 * Which certified injury (工伤认定) a bill is for, where its sender knows only the diagnosis: the one that was certified
 * for it, or else any of the person's, which the rules then refuse by name. A certified "S52" covers "S52.501".
 */
export function certified(claimed: InjuryClaim, person: Person | undefined, on: Day): InjuryClaim {
  if (claimed.certification !== '') return claimed
  const own = person?.injuries.filter((injury) => covers(injury, on)) ?? []
  const covering = (diagnosis: string, of: readonly string[]): string | undefined =>
    of.find((each) => diagnosis.startsWith(each))
  const found =
    own.find(({ diagnoses }) => claimed.diagnoses.every((d) => covering(d, diagnoses))) ?? own[0]
  if (!found) return claimed
  return {
    ...claimed,
    certification: found.certification,
    diagnoses: claimed.diagnoses.map((d) => covering(d, found.diagnoses) ?? d),
  }
}

/** Outpatient care counts on the day of treatment: when the visit began, or its latest line. */
const treatedOn = ({ day }: Visit, lines: readonly VisitLine[]): Day =>
  lines.reduce((latest, { line: { at } }) => (at !== undefined && at > latest ? at : latest), day)

/** What a settlement leaves in its visit, and the end of a stay in the list of them; a preview leaves nothing. */
export function settledEntry(
  visit: Visit,
  { claim, settlement, id }: Billed,
  told: Pick<BillWanted, 'batch' | 'interim'> & {
    readonly now: number
    readonly invoice?: Invoice | undefined
  },
): Entry[] {
  if (id === undefined) return []
  const { batch, interim, now, invoice } = told
  const lines = claim.lines.map((line) => line.id)
  const leaves = claim.stay !== undefined && !interim && visit.discharged === undefined
  const discharge = leaves ? claim.stay?.discharge : undefined
  const counted = settlement.visitSums && [settlement.visitSums]
  const settled = { id, lines, batch, interim, discharge, counted, invoice, settledAt: now }
  const entry = entryOf(visit.subject, 'settled', settled)
  return leaves ? [entry, left(visit.subject.owner, visit.id, discharge)] : [entry]
}
