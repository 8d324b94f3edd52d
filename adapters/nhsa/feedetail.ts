import type { Json } from '../../engine/dossier.ts'
import type { FeeLine } from '../../engine/claim.ts'
import { parseUnitPrice } from '../../engine/money.ts'
import type { Classified } from '../../engine/scope.ts'
import type { Details, VisitLine } from '../../engine/visit.ts'
import { may, must, type ReadBy, type Table, type WrittenBy } from './field.ts'
import { amount, charged, code, moment, price, quantity, rate, text } from './kinds.ts'
import { dayOf, writeMoment } from './moment.ts'
import { readTable } from './read.ts'
import { packagesOf, traceFields } from './traces.ts'
import { chrgitmLvOf } from './translate.ts'
import { writeTable } from './write.ts'

const numbers = {
  det_item_fee_sumamt: must(amount, '明细项目费用总额'),
  cnt: must(quantity, '数量'),
  pric: must(price, '单价'),
} as const

const charges = {
  det_item_fee_sumamt: must(charged(amount), numbers.det_item_fee_sumamt.zh),
  cnt: must(charged(quantity), numbers.cnt.zh),
  pric: must(charged(price), numbers.pric.zh),
} as const

const item = {
  fee_ocur_time: must(moment, '费用发生时间'),
  med_list_codg: must(text(50), '医疗目录编码'),
  medins_list_codg: may(text(150), '医药机构目录编码'),
  ...charges,
} as const

const who = {
  bilg_dept_codg: may(text(30), '开单科室编码'),
  bilg_dept_name: may(text(100), '开单科室名称'),
  bilg_dr_codg: may(text(30), '开单医生编码'),
  bilg_dr_name: may(text(50), '开单医师姓名'),
  acord_dept_codg: may(text(30), '受单科室编码'),
  acord_dept_name: may(text(100), '受单科室名称'),
  orders_dr_code: may(text(30), '受单医生编码'),
  orders_dr_name: may(text(50), '受单医生姓名'),
} as const

const use = {
  sin_dos_dscr: may(text(200), '单次剂量描述'),
  used_frqu_dscr: may(text(200), '使用频次描述'),
  prd_days: may(text(7), '周期天数'),
  medc_way_dscr: may(text(200), '用药途径描述'),
  tcmdrug_used_way: may(text(6), '中药使用方式'),
} as const

const flags = {
  hosp_appr_flag: may(text(3), '医院审批标志'),
  etip_flag: may(code('flag', 3), '外检标志'),
  etip_hosp_code: may(text(30), '外检医院编码'),
  dscg_tkdrug_flag: may(code('flag', 3), '出院带药标志'),
  matn_fee_flag: may(code('flag', 6), '生育费用标志'),
} as const

const feetl = { feedetl_sn: must(text(30), '费用明细流水号') } as const
const visit = { mdtrt_id: must(text(30), '就诊ID'), psn_no: must(text(30), '人员编号') } as const
const rx = {
  rxno: may(text(30), '处方号'),
  rx_circ_flag: may(code('flag', 3), '外购处方标志'),
} as const

/** 费用明细 feedetail of 2204: a batch is charged as a whole, of one disease where it is of one at all. */
export const outpatientLineTable = {
  ...feetl,
  ...visit,
  chrg_bchno: must(text(30), '收费批次号'),
  dise_codg: may(text(30), '病种编码'),
  ...rx,
  ...item,
  ...use,
  ...who,
  ...flags,
  ...traceFields,
} as const satisfies Table

/** 费用明细 feedetail of 2301. */
export const stayLineTable = {
  ...feetl,
  init_feedetl_sn: may(text(30), '原费用流水号'),
  ...visit,
  drord_no: may(text(30), '医嘱号'),
  med_type: may(code('med_type', 6), '医疗类别'),
  ...item,
  ...use,
  ...who,
  ...flags,
  ...traceFields,
  memo: may(text(500), '备注'),
} as const satisfies Table

/** 费用明细 drugdetail of 2101 and 2102; it names the traced packages that are sold. */
export const drugLineTable = {
  ...feetl,
  ...rx,
  ...item,
  ...use,
  bilg_dr_codg: who.bilg_dr_codg,
  bilg_dr_name: who.bilg_dr_name,
  ...traceFields,
} as const satisfies Table

type AnyLine = ReadBy<typeof feetl & typeof item> &
  Partial<ReadBy<typeof outpatientLineTable & typeof stayLineTable & typeof drugLineTable>>

/** What of a line is the engine's; the rest is kept beside it and told again by 5204. */
const understood = new Set([
  ...Object.keys({ ...feetl, ...visit, ...numbers, ...traceFields }),
  'med_list_codg',
  'chrg_bchno',
])

/** A fee line as a visit keeps it. */
export const visitLineOf = (line: AnyLine): VisitLine => ({
  line: feeLineOf(line),
  batch: line.chrg_bchno,
  details: detailsOf(line),
})

/** 医院审批标志 2: the institution and the person agreed that this line is the person's own. */
const ownCost = '2'

const feeLineOf = (line: AnyLine): FeeLine => ({
  id: line.feedetl_sn,
  item: line.med_list_codg,
  at: dayOf(line.fee_ocur_time),
  quantity: line.cnt,
  unitPrice: line.pric,
  amount: line.det_item_fee_sumamt,
  ...(line.hosp_appr_flag === ownCost ? { atOwnCost: true } : {}),
  ...packagesOf(line),
})

function detailsOf(line: AnyLine): Details {
  const rest = Object.entries(line).filter(
    ([name, value]) => !understood.has(name) && value !== undefined,
  )
  const details = Object.fromEntries(rest) as Record<string, Json>
  return { ...details, fee_ocur_time: writeMoment(line.fee_ocur_time) }
}

/** 明细分割 result of 2204 and 2301, detlcutinfo of 2102: each line's parts, as its settlement will say them. */
export const lineResultTable = {
  ...feetl,
  ...numbers,
  pric_uplmt_amt: must(price, '定价上限金额'),
  selfpay_prop: may(rate, '自付比例'),
  fulamt_ownpay_amt: may(amount, '全自费金额'),
  overlmt_amt: may(amount, '超限价金额'),
  preselfpay_amt: may(amount, '先行自付金额'),
  inscp_scp_amt: may(amount, '符合政策范围金额'),
  chrgitm_lv: must(code('chrgitm_lv', 3), '收费项目等级'),
  med_chrgitm_type: must(code('med_chrgitm_type', 6), '医疗收费项目类别'),
  bas_medn_flag: may(code('flag', 3), '基本药物标志'),
  hi_nego_drug_flag: may(code('flag', 3), '医保谈判药品标志'),
  chld_medc_flag: may(code('flag', 3), '儿童用药标志'),
  list_sp_item_flag: may(code('flag', 3), '目录特项标志'),
  lmt_used_flag: must(code('flag', 3), '限制使用标志'),
  drt_reim_flag: may(code('flag', 3), '直报标志'),
  memo: may(text(500), '备注'),
  expContent: may(text(4000), '字段扩展'),
} as const satisfies Table

export type LineResult = WrittenBy<typeof lineResultTable>

/** What real gateways write where an item has no price ceiling. */
const noLimit = parseUnitPrice('999999')
const specialKinds: readonly (string | undefined)[] = ['special-examination', 'negotiated']

/** One line of the split as the engine classified it. */
export function lineResultOf(line: FeeLine, classified: Classified): LineResult {
  const { found, firstSelfPayRate, scoped } = classified
  return {
    feedetl_sn: line.id,
    det_item_fee_sumamt: line.amount,
    cnt: line.quantity,
    pric: line.unitPrice,
    pric_uplmt_amt: found.limit ?? noLimit,
    selfpay_prop: firstSelfPayRate,
    fulamt_ownpay_amt: scoped.selfPaid,
    overlmt_amt: scoped.overLimit,
    preselfpay_amt: scoped.firstSelfPay,
    inscp_scp_amt: scoped.inScope,
    chrgitm_lv: chrgitmLvOf(found.class),
    med_chrgitm_type: chargeTypeOf(line.item, found.kind),
    bas_medn_flag: '0',
    hi_nego_drug_flag: flagOf(found.kind === 'negotiated'),
    chld_medc_flag: '0',
    list_sp_item_flag: flagOf(specialKinds.includes(found.kind)),
    lmt_used_flag: flagOf(found.diseases !== undefined || found.prescriptionOnly === true),
    drt_reim_flag: '0',
    memo: found.source === undefined ? '目录外项目，按全自费处理' : null,
    expContent: null,
  }
}

const flagOf = (holds: boolean): '0' | '1' => (holds ? '1' : '0')

const typesByKind: Readonly<Record<string, string>> = {
  bed: '01',
  'special-examination': '03',
  prenatal: '03',
  'day-surgery': '06',
  delivery: '06',
  'family-planning': '06',
  rehabilitation: '05',
  'domestic-implant': '08',
  'imported-implant': '08',
  'assistive-device': '08',
}

/** National codes begin with X 西药, Z 中成药, T 饮片, C 耗材; digits are services. */
const typesByLetter: Readonly<Record<string, string>> = { X: '09', Z: '11', T: '10', C: '08' }

/** Services (医疗服务项目) by the chapter their number stands in; the rest are treatment. */
const typesByChapter: readonly (readonly [RegExp, string])[] = [
  [/^001101/, '02'],
  [/^001102/, '01'],
  [/^001201/, '07'],
  [/^002[1-3]/, '03'],
  [/^002[5-7]/, '04'],
  [/^0033/, '06'],
  [/^\d/, '05'],
]

/** 医疗收费项目类别 of an item, by what the catalogue says it is or by its national code. */
export const chargeTypeOf = (itemCode: string, kind?: string): string =>
  (kind === undefined ? undefined : typesByKind[kind]) ??
  typesByLetter[itemCode.slice(0, 1)] ??
  typesByChapter.find(([chapter]) => chapter.test(itemCode))?.[1] ??
  '14'

/** Line splits as they are kept with the answer, and as they are told again. */
export function keepLineResults(rows: readonly LineResult[]): Json {
  const kept = rows.map((row) => writeTable(lineResultTable, row) as Json)
  justKept.set(kept, rows)
  return kept
}

export function keptLineResults(kept: Json | undefined): readonly LineResult[] {
  const list = (kept ?? []) as readonly Json[]
  return justKept.get(list) ?? list.map((row) => readTable(lineResultTable, row, 'result'))
}

/** What is told first need not be read from what is kept of it. */
const justKept = new WeakMap<readonly Json[], readonly LineResult[]>()
