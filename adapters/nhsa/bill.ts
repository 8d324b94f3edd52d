import { type BillWanted, claimOf, settledEntry } from '../../engine/bill.ts'
import type { Credential } from '../../engine/claim.ts'
import { authenticated, credentialSubjects } from '../../engine/evidence.ts'
import { billInvoice, type Invoice, invoiceSubject } from '../../engine/invoice.ts'
import { type Fen, toYuan } from '../../engine/money.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { BillAsk, Billed, Found, Row } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { staysSubject } from '../../engine/stays.ts'
import type { About, Visit } from '../../engine/visit.ts'
import { visitSubject } from '../../engine/visit.ts'
import { findVisit } from '../../engine/visiting.ts'
import { aboutNow, schemeAsked } from './about.ts'
import { many, may, must, one } from './field.ts'
import { amount, code, text } from './kinds.ts'
import { setldetailOf, setldetailTable } from './setldetail.ts'
import { asJson, keptResult, resultOf, setlinfoOf } from './setlinfo.ts'
import { previewTable, setlinfoTable } from './setlinfoTable.ts'
import { sinceThen } from './sinceThen.ts'
import type { Call } from './transaction.ts'
import { credentialOf } from './translate.ts'

/** Fields that every settlement asks with (2206, 2207, 2303, 2304). */
export const billFields = {
  psn_no: must(text(30), '人员编号'),
  mdtrt_cert_type: must(code('mdtrt_cert_type', 3), '就诊凭证类型'),
  mdtrt_cert_no: may(text(50), '就诊凭证编号'),
  card_sn: may(text(32), '卡识别码'),
  medfee_sumamt: must(amount, '医疗费总额'),
  psn_setlway: must(code('psn_setlway', 6), '个人结算方式'),
  mdtrt_id: must(text(30), '就诊ID'),
  acct_used_flag: must(code('flag', 1), '个人账户使用标志'),
  insutype: must(code('insutype', 6), '险种类型'),
} as const

/** The four totals that a client may post: compared with ours and never used (decision 19). */
export const totalFields = {
  invono: may(text(20), '发票号'),
  fulamt_ownpay_amt: may(amount, '全自费金额'),
  overlmt_selfpay: may(amount, '超限价金额'),
  preselfpay_amt: may(amount, '先行自付金额'),
  inscp_scp_amt: may(amount, '符合政策范围金额'),
} as const

export const previewNodes = { setlinfo: one(previewTable), setldetail: many(setldetailTable) }
export const settledNodes = { setlinfo: one(setlinfoTable), setldetail: many(setldetailTable) }

/** The four totals as they were posted; empty and zero mean that they were not given. */
export interface PostedTotals {
  readonly invono?: string | undefined
  readonly fulamt_ownpay_amt?: Fen | undefined
  readonly overlmt_selfpay?: Fen | undefined
  readonly preselfpay_amt?: Fen | undefined
  readonly inscp_scp_amt?: Fen | undefined
}

/** Which of the posted totals are not ours, each with both amounts. */
export function differingTotals(posted: PostedTotals, ours: Settlement): string[] {
  const compared = {
    fulamt_ownpay_amt: ours.selfPaid,
    overlmt_selfpay: ours.overLimit,
    preselfpay_amt: ours.firstSelfPay,
    inscp_scp_amt: ours.inScope,
  } as const
  return (Object.keys(compared) as (keyof typeof compared)[]).flatMap((name) => {
    const given = posted[name] ?? 0n
    return given === 0n || given === compared[name]
      ? []
      : [`${name} ${toYuan(given)}（中心${toYuan(compared[name])}）`]
  })
}

/** A settlement of a visit as a message of the interface asks for it. */
export interface BillAsked {
  readonly psn_no: string
  readonly mdtrt_id: string
  readonly mdtrt_cert_type: string
  readonly mdtrt_cert_no?: string | undefined
  readonly card_sn?: string | undefined
  readonly medfee_sumamt: Fen
  readonly acct_used_flag: string
  readonly insutype: string
  /** Absent where the message has none: then what the visit was told last counts. */
  readonly med_type?: string | undefined
  readonly totals: PostedTotals
  readonly kind: Visit['kind']
  /** What the message says of the visit; a stay's settlement says nothing of it. */
  readonly about?: About | undefined
  readonly batch?: string | undefined
  readonly interim?: boolean | undefined
  readonly discharge?: BillWanted['discharge']
}

/** The ask that settles a visit; without its key it is what a preview asks. */
export function billAsk(asked: BillAsked, call: Call): Omit<BillAsk, 'key'> {
  const { psn_no: person, mdtrt_id } = asked
  const subject = visitSubject(person, mdtrt_id)
  const institution = call.institution.code
  return {
    kind: 'bill',
    institution,
    person,
    subjects: [
      subject,
      ...credentialSubjects(person),
      ...(asked.kind === 'inpatient' ? [staysSubject(person)] : []),
      ...invoicesOf(asked.totals, call).map(invoiceSubject),
    ],
    claim(found) {
      const visit = visitOf(found, asked, call)
      return isRefusal(visit) ? visit : claimOf(visit, wantedOf(visit, found, asked, call))
    },
    enter(found, billed) {
      const visit = visitOf(found, asked, call)
      return isRefusal(visit) ? visit : enterBill(visit, found, billed, { asked, call })
    },
  }
}

/** A visit of another kind is not found by this transaction: 2207 settles no stay, and 2304 no outpatient visit. */
function visitOf(found: Found, { psn_no, mdtrt_id, kind }: BillAsked, call: Call): Visit | Refusal {
  const visit = findVisit(found, visitSubject(psn_no, mdtrt_id), call.institution.code)
  if (isRefusal(visit) || visit.kind === kind) return visit
  return refuse('visit-unknown', { visit: mdtrt_id })
}

function wantedOf(visit: Visit, found: Found, asked: BillAsked, call: Call): BillWanted {
  const { person } = found.facts
  const useAccount = asked.acct_used_flag === '1'
  const about = asked.about ? aboutNow(asked.about, visit) : visit.about
  return {
    total: asked.medfee_sumamt,
    batch: asked.batch,
    credential: presentedNow(visit, found, asked, call),
    scheme: schemeAsked(call.settings, asked.insutype, about.care, person),
    about: { ...about, disease: about.disease ?? diseaseOfLines(visit, asked, about) },
    useAccount,
    // Leave to use a family account is filed; the interface has no flag of its own for it.
    useFamilyAccount: useAccount,
    terminal: call.envelope.device,
    interim: asked.interim ?? false,
    discharge: asked.discharge,
    person,
    today: found.today,
  }
}

/** The credential presented with the settlement, or the one that the visit began with. */
function presentedNow(visit: Visit, found: Found, asked: BillAsked, call: Call): Credential {
  const { code: institution } = call.institution
  const terminal = call.envelope.device
  const presented = credentialOf(asked) ?? visit.credential
  return authenticated(presented, found, { person: asked.psn_no, institution, terminal, visit })
}

/** A batch is of one disease, which clients may tell with its lines alone. */
function diseaseOfLines({ lines }: Visit, { batch }: BillAsked, { care }: About) {
  if (care !== 'specialOutpatient') return undefined
  const told = [...lines.values()]
    .filter((line) => line.settledBy === undefined && (batch === undefined || line.batch === batch))
    .map(({ details }) => details['dise_codg'])
  return told.find((disease) => typeof disease === 'string' && disease !== '') as string | undefined
}

function enterBill(
  visit: Visit,
  found: Found,
  billed: Billed,
  { asked, call }: { asked: BillAsked; call: Call },
) {
  const differing = differingTotals(asked.totals, billed.settlement)
  if (differing.length > 0 && call.client.wrongTotals === 'refuse')
    return refuse('totals-differ', { fields: differing })
  const { batch, interim = false, insutype } = asked
  const med_type = asked.med_type ?? (visit.details['med_type'] as string)
  const [invoice] = invoicesOf(asked.totals, call)
  const taken = billInvoice(found.dossiers, invoice, billed.id)
  if (isRefusal(taken)) return taken
  return {
    entries: [
      ...settledEntry(visit, billed, { batch, interim, invoice, now: found.now }),
      ...taken,
    ],
    result: asJson(resultOf(found, billed, { call, med_type, insutype })),
  }
}

/** The invoice that a sender tells (发票号): its institution's own, and none that was reimbursed on paper. */
export const invoicesOf = (
  { invono }: Pick<PostedTotals, 'invono'>,
  { institution: { code: issuer } }: Pick<Call, 'institution'>,
): Invoice[] =>
  invono === undefined || invono.trim() === ''
    ? []
    : [{ issuer: issuer.toUpperCase(), number: invono.trim().toUpperCase() }]

/** What the desk should know beside the settlement (warn_msg): its warnings, and totals that are not ours. */
export const billWarnings = (content: Settlement, posted: PostedTotals, call: Call): string[] => [
  ...content.warnings.map((warning) => call.world.warn(warning)),
  ...differingTotals(posted, content).map((each) => `上传的${each}与中心不一致，以中心为准`),
]

/** What a settlement answers: the same again to every repeat, with a warning where it holds no more. */
export async function tellSettled(
  settled: Extract<Outcome, { kind: 'settled' }>,
  posted: PostedTotals,
  call: Call,
) {
  const { row, result } = settled
  const { content, settlement: id, postedAt }: Row = row
  const { settings } = call
  const setlinfo = setlinfoOf(content, keptResult(result), { id, postedAt }, settings)
  return {
    output: { setlinfo, setldetail: setldetailOf(content, settings) },
    warnings: [...(await sinceThen(settled, call)), ...billWarnings(content, posted, call)],
  }
}

/** What a settlement would be (预结算 2206, 2303, 2101). */
export async function tellPreview(asked: Omit<BillAsk, 'key'>, posted: PostedTotals, call: Call) {
  const { world, settings, now } = call
  const preview = await world.preview(asked)
  if (preview.kind === 'refused') return { refused: world.explain(preview.refusal) }
  const { settlement: content, result } = preview
  const setlinfo = setlinfoOf(content, keptResult(result), { postedAt: now }, settings)
  return {
    output: { setlinfo, setldetail: setldetailOf(content, settings) },
    warnings: billWarnings(content, posted, call),
  }
}
