import type { Claim, Credential, Scheme, Stay } from './claim.ts'
import { type Day } from './day.ts'
import type { Entry } from './dossier.ts'
import { type Fen, sum, toYuan } from './money.ts'
import type { Billed } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'
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
  /** A part of a stay that goes on (中途结算, mid_setl_flag). */
  readonly interim: boolean
  /** The day of discharge, where it was not told before (dscgTime). */
  readonly discharge?: Day | undefined
  readonly today: Day
}

/** The claim that a visit's unsettled lines make; what it says must be what was uploaded. */
export function claimOf(visit: Visit, wanted: BillWanted): Claim | Refusal {
  const { batch } = wanted
  if (isClosed(visit)) return refuse('visit-closed', { visit: visit.id })
  if (batch !== undefined && settlementsInForce(visit).some((s) => s.batch === batch))
    return refuse('batch-already-settled', { visit: visit.id, batch })
  const lines = unsettledLines(visit, batch)
  if (lines.length === 0) return refuse('nothing-to-settle', { visit: visit.id })
  const uploaded = sum(lines.map(({ line }) => line.amount))
  if (uploaded !== wanted.total)
    return refuse('total-mismatch', { total: toYuan(wanted.total), lines: toYuan(uploaded) })
  if (visit.kind === 'inpatient' && !wanted.interim && dischargeOf(visit, wanted) === undefined)
    return refuse('not-discharged', { visit: visit.id })
  const about = { ...visit.about, ...wanted.about }
  const day = visit.kind === 'inpatient' ? wanted.today : treatedOn(visit, lines)
  return {
    ...about,
    institution: visit.institution,
    day,
    credential: wanted.credential ?? visit.credential,
    scheme: wanted.scheme ?? about.scheme,
    care: about.care ?? 'outpatient',
    visit: visit.id,
    stay: visit.kind === 'inpatient' ? stayOf(visit, wanted) : undefined,
    useAccount: wanted.useAccount,
    useFamilyAccount: wanted.useFamilyAccount,
    emergency: about.emergency ?? false,
    total: wanted.total,
    lines: lines.map(({ line }) => line),
  }
}

const dischargeOf = (visit: Visit, wanted: BillWanted): Day | undefined =>
  visit.discharged?.day ?? wanted.discharge

function stayOf(visit: Visit, wanted: BillWanted): Stay {
  const { interim, today } = wanted
  return { admission: visit.day, discharge: dischargeOf(visit, wanted) ?? today, interim }
}

/** Outpatient care counts on the day of treatment: when the visit began, or its latest line. */
const treatedOn = ({ day }: Visit, lines: readonly VisitLine[]): Day =>
  lines.reduce((latest, { line: { at } }) => (at !== undefined && at > latest ? at : latest), day)

/** What a settlement leaves in its visit; a preview leaves nothing. */
export function settledEntry(
  visit: Visit,
  { claim, id }: Billed,
  told: Pick<BillWanted, 'batch' | 'interim'> & { readonly now: number },
): Entry[] {
  if (id === undefined) return []
  const { batch, interim, now } = told
  const lines = claim.lines.map((line) => line.id)
  return [entryOf(visit.subject, 'settled', { id, lines, batch, interim, settledAt: now })]
}
