import { claimOf, settledEntry } from '../../engine/bill.ts'
import type { Claim, Credential, Prescription } from '../../engine/claim.ts'
import { classifyLines } from '../../engine/classify.ts'
import type { Json, Subject } from '../../engine/dossier.ts'
import { authenticated, credentialSubjects } from '../../engine/evidence.ts'
import { billInvoice, invoiceSubject } from '../../engine/invoice.ts'
import { packageSubject } from '../../engine/packages.ts'
import type { BillAsk, Billed, Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal } from '../../engine/refusal.ts'
import { openSale, type Sale } from '../../engine/sale.ts'
import {
  type About,
  type Details,
  type Registration,
  type VisitLine,
  visitSubject,
} from '../../engine/visit.ts'
import { aboutOf, refuseStayType, schemeAsked, schemeNotServed, typeNotServed } from './about.ts'
import { invoicesOf } from './bill.ts'
import {
  drugLineTable,
  keepLineResults,
  keptLineResults,
  type LineResult,
  lineResultOf,
  visitLineOf,
} from './feedetail.ts'
import { many, may, must, one, type ReadNodes, type Table } from './field.ts'
import { amount, code, moment, text } from './kinds.ts'
import { dayOf } from './moment.ts'
import { resultOf, type SetlResult } from './setlinfo.ts'
import type { Call, Refused } from './transaction.ts'
import { credentialOf } from './translate.ts'

/** 药店购药信息 druginfo: who buys, and how it is paid. */
const druginfo = {
  psn_no: must(text(30), '人员编号'),
  mdtrt_cert_type: must(code('mdtrt_cert_type', 3), '就诊凭证类型'),
  mdtrt_cert_no: must(text(50), '就诊凭证编号'),
  card_sn: may(text(32), '卡识别码'),
  begntime: must(moment, '开始时间'),
  medfee_sumamt: must(amount, '医疗费总额'),
  invono: may(text(20), '发票号'),
  insutype: must(code('insutype', 6), '险种类型'),
  dise_codg: may(text(30), '病种编码'),
  dise_name: may(text(500), '病种名称'),
  acct_used_flag: must(code('flag', 1), '个人账户使用标志'),
  med_type: must(code('med_type', 6), '医疗类别'),
  expContent: may(text(4000), '字段扩展'),
} as const satisfies Table

/** What 2101 and 2102 are given: the same, for the one shows what the other does. */
export const saleInput = { druginfo: one(druginfo), drugdetail: many(drugLineTable) }

type Given = ReadNodes<typeof saleInput>

/** A sale as it was read: who buys what, for which care, and by what they show who they are. */
interface Wanted {
  readonly info: Given['druginfo']
  readonly subject: Subject
  readonly lines: readonly VisitLine[]
  readonly credential: Credential
  readonly about: About
}

function readSale({ druginfo: info, drugdetail }: Given, call: Call): Wanted | Refused {
  const { settings, world } = call
  const { med_type, insutype, dise_codg } = info
  const about = aboutOf(settings, { med_type, dise_codg })
  if (!about) return { refused: typeNotServed(med_type) }
  const ofStay = refuseStayType(about, med_type)
  if (ofStay) return ofStay
  if (!schemeAsked(settings, insutype, about.care, undefined))
    return { refused: schemeNotServed(insutype) }
  const credential = credentialOf(info)
  if (!credential) return { refused: '就诊凭证编号（mdtrt_cert_no）不能为空' }
  const prescription = prescriptionOf(drugdetail)
  if (prescription && 'refused' in prescription) return prescription
  return {
    info,
    subject: visitSubject(info.psn_no, world.newId(info.psn_no)),
    lines: drugdetail.map(visitLineOf),
    credential,
    about: prescription ? { ...about, prescription } : about,
  }
}

/** The visit that a sale begins, filled with its lines. */
function open(wanted: Wanted, found: Found, call: Call): Sale | Refusal {
  const { info, subject, lines, about } = wanted
  const { institution, envelope, settings } = call
  const scheme = schemeAsked(settings, info.insutype, about.care, found.facts.person)
  const at = { institution: institution.code, terminal: envelope.device }
  const registration: Registration = {
    kind: 'pharmacy',
    institution: institution.code,
    began: info.begntime,
    day: dayOf(info.begntime),
    credential: authenticated(wanted.credential, found, { ...at, person: subject.owner }),
    about: { ...about, ...(scheme ? { scheme } : {}) },
    details: toldWith(info),
  }
  return openSale(subject, registration, lines, found)
}

/** What is claimed and what is entered are of one sale: it is opened once for what was found, and anew for anything else. */
function openOnce(wanted: Wanted, call: Call): (found: Found) => Sale | Refusal {
  let last: { readonly found: Found; readonly sale: Sale | Refusal } | undefined
  return (found) => {
    if (last?.found !== found) last = { found, sale: open(wanted, found, call) }
    return last.sale
  }
}

/** What is told again of a sale (5201) and that no rule reads. */
const toldWith = (info: Given['druginfo']): Details => {
  const { insutype, med_type, mdtrt_cert_type, invono, dise_codg, dise_name, expContent } = info
  return { insutype, med_type, mdtrt_cert_type, invono, dise_codg, dise_name, expContent }
}

/** A pharmacy's sale as an ask: registered, filled and settled in one (decision 14). */
export function saleOf(given: Given, call: Call): Omit<BillAsk, 'key'> | Refused {
  const wanted = readSale(given, call)
  if ('refused' in wanted) return wanted
  const { info, subject, lines } = wanted
  const codes = new Set(lines.flatMap(({ line }) => line.packages ?? []))
  const opening = openOnce(wanted, call)
  return {
    kind: 'bill',
    institution: call.institution.code,
    person: info.psn_no,
    subjects: [
      subject,
      ...credentialSubjects(info.psn_no),
      ...Array.from(codes, (code) => packageSubject(code)),
      ...invoicesOf(info, call).map(invoiceSubject),
    ],
    claim(found): Claim | Refusal {
      const sale = opening(found)
      if (isRefusal(sale)) return sale
      const useAccount = info.acct_used_flag === '1'
      return claimOf(sale.visit, {
        total: info.medfee_sumamt,
        about: {},
        useAccount,
        useFamilyAccount: useAccount,
        terminal: call.envelope.device,
        interim: false,
        today: found.today,
      })
    },
    enter(found, billed) {
      const sale = opening(found)
      return isRefusal(sale) ? sale : enterSale(info, sale, { found, billed }, call)
    },
  }
}

function enterSale(
  info: Wanted['info'],
  sale: Sale,
  { found, billed }: { readonly found: Found; readonly billed: Billed },
  call: Call,
): Entered | Refusal {
  const rows = lineResultsOf(found, billed, call)
  if (isRefusal(rows)) return rows
  const [invoice] = invoicesOf(info, call)
  const taken = billInvoice(found.dossiers, invoice, billed.id)
  if (isRefusal(taken)) return taken
  const settled = settledEntry(sale.visit, billed, { interim: false, invoice, now: found.now })
  const { med_type, insutype } = info
  return {
    entries: [...sale.entries, ...settled, ...taken],
    result: keepSale(resultOf(found, billed, { call, med_type, insutype }), rows),
  }
}

/** A pooled sale is one by prescription: its lines are all prescribed, or none is. */
function prescriptionOf(lines: Given['drugdetail']): Prescription | Refused | undefined {
  const prescribed = lines.filter(({ rxno }) => rxno !== undefined)
  const number = prescribed[0]?.rxno
  if (number === undefined) return undefined
  const other = lines.find(({ rxno }) => rxno === undefined)
  if (other)
    return { refused: `明细${other.feedetl_sn}没有处方号rxno；凭处方与不凭处方的药品请分开结算。` }
  return { number, circulating: prescribed.some(({ rx_circ_flag }) => rx_circ_flag === '1') }
}

/** How each line was split (明细分割 detlcutinfo), by the rules that the bill itself went by. */
function lineResultsOf(
  { facts }: Found,
  { claim }: Billed,
  { world }: Call,
): LineResult[] | Refusal {
  const classified = classifyLines(claim, facts, world.deciding())
  if (isRefusal(classified)) return classified
  return claim.lines.flatMap((line, i) => {
    const of = classified[i]
    return of ? [lineResultOf(line, of)] : []
  })
}

const keepSale = (setl: SetlResult, rows: readonly LineResult[]): Json => ({
  setl: { ...setl },
  lines: keepLineResults(rows),
})

/** What was kept with a sale's answer, as it is told. */
export function keptSale(result: Json | undefined): {
  setl: SetlResult
  lines: readonly LineResult[]
} {
  const { setl, lines } = result as unknown as { setl: SetlResult; lines: Json }
  return { setl, lines: keptLineResults(lines) }
}
