import type { Division } from '../../engine/claim.ts'
import { classifyLines } from '../../engine/classify.ts'
import type { Day } from '../../engine/day.ts'
import type { Ratio } from '../../engine/money.ts'
import { isRefusal } from '../../engine/refusal.ts'
import type { ScopedLine } from '../../engine/scoped.ts'
import type { Visit, VisitLine } from '../../engine/visit.ts'
import { listTypeOf } from './catalogueItem.ts'
import { draftOf } from './draft.ts'
import { chargeTypeOf, type LineResult, lineResultOf } from './feedetail.ts'
import { may, must, type Table, type WrittenBy } from './field.ts'
import { amount, code, moment, price, quantity, rate, text } from './kinds.ts'
import { readMoment } from './moment.ts'
import { findOwnSettlement, findOwnVisit, toldBy } from './owned.ts'
import type { Call, Refused } from './transaction.ts'
import { chrgitmLvOf } from './translate.ts'
import { medTypeFor, medTypeOf } from './visitTable.ts'

/** What an institution told of a line beside what is charged; told again as it was. */
const toldTable = {
  sin_dos_dscr: may(text(200), '单次剂量描述'),
  used_frqu_dscr: may(text(200), '使用频次描述'),
  prd_days: may(text(7), '周期天数'),
  medc_way_dscr: may(text(200), '用药途径描述'),
  medins_list_codg: may(text(150), '医药机构目录编码'),
  medins_list_name: may(text(100), '医药机构目录名称'),
  bilg_dept_codg: may(text(30), '开单科室编码'),
  bilg_dept_name: may(text(100), '开单科室名称'),
  bilg_dr_codg: may(text(30), '开单医生编码'),
  bilg_dr_name: may(text(50), '开单医师姓名'),
  acord_dept_codg: may(text(30), '受单科室编码'),
  acord_dept_name: may(text(100), '受单科室名称'),
  orders_dr_code: may(text(30), '受单医生编码'),
  orders_dr_name: may(text(50), '受单医生姓名'),
  hosp_appr_flag: may(text(3), '医院审批标志'),
  tcmdrug_used_way: may(text(6), '中药使用方式'),
  etip_flag: may(text(3), '外检标志'),
  etip_hosp_code: may(text(30), '外检医院编码'),
  dscg_tkdrug_flag: may(text(3), '出院带药标志'),
  matn_fee_flag: may(text(6), '生育费用标志'),
  memo: may(text(500), '备注'),
} as const satisfies Table

/** 费用明细 of 5204: a line as it was uploaded, with its parts once it is settled. */
export const lineTable = {
  mdtrt_id: must(text(30), '就诊ID'),
  setl_id: may(text(30), '结算ID'),
  feedetl_sn: must(text(30), '费用明细流水号'),
  rx_drord_no: may(text(30), '处方/医嘱号'),
  med_type: must(code('med_type', 6), '医疗类别'),
  fee_ocur_time: must(moment, '费用发生时间'),
  cnt: may(quantity, '数量'),
  pric: may(price, '单价'),
  det_item_fee_sumamt: must(amount, '明细项目费用总额'),
  pric_uplmt_amt: may(price, '定价上限金额'),
  selfpay_prop: may(rate, '自付比例'),
  fulamt_ownpay_amt: may(amount, '全自费金额'),
  overlmt_amt: may(amount, '超限价金额'),
  preselfpay_amt: may(amount, '先行自付金额'),
  inscp_scp_amt: may(amount, '符合政策范围金额'),
  chrgitm_lv: may(code('chrgitm_lv', 3), '收费项目等级'),
  hilist_code: may(text(50), '医保目录编码'),
  hilist_name: may(text(200), '医保目录名称'),
  list_type: may(code('list_type', 6), '目录类别'),
  med_list_codg: must(text(50), '医疗目录编码'),
  med_chrgitm_type: must(text(6), '医疗收费项目类别'),
  prodname: may(text(200), '商品名'),
  spec: may(text(200), '规格'),
  dosform_name: may(text(200), '剂型名称'),
  lmt_used_flag: may(text(3), '限制使用标志'),
  hosp_prep_flag: may(text(3), '医院制剂标志'),
  prodplac_type: may(text(6), '生产地类别'),
  bas_medn_flag: may(text(3), '基本药物标志'),
  hi_nego_drug_flag: may(text(3), '医保谈判药品标志'),
  chld_medc_flag: may(text(3), '儿童用药标志'),
  list_sp_item_flag: may(text(3), '目录特项标志'),
  drt_reim_flag: may(text(3), '直报标志'),
  ...toldTable,
  opter_id: may(text(20), '经办人ID'),
  opter_name: may(text(50), '经办人姓名'),
  opt_time: may(moment, '经办时间'),
} as const satisfies Table

/** One line as it was uploaded, as it was split, or both. */
export interface LineFound {
  readonly visit: string
  readonly settlement?: string | undefined
  readonly medType: string
  readonly uploaded?: VisitLine | undefined
  readonly scoped?: ScopedLine | undefined
  /** What its upload was told of it (明细分割), where it is there still. */
  readonly split?: LineResult | undefined
}

type Asked = {
  readonly psn_no: string
  readonly mdtrt_id: string
  readonly setl_id?: string | undefined
}

/** The lines of a settlement, or all those of a visit with their parts where they are settled. */
export async function findLines(asked: Asked, call: Call): Promise<readonly LineFound[] | Refused> {
  const { psn_no, mdtrt_id, setl_id } = asked
  const visit = await findOwnVisit(psn_no, mdtrt_id, call)
  if (setl_id === undefined) return 'refused' in visit ? visit : linesOfVisit(visit, call)
  const found = await findOwnSettlement({ ...asked, setl_id }, call)
  if ('refused' in found) return found
  const { content } = found.first
  const at = { visit: mdtrt_id, settlement: setl_id }
  if ('refused' in visit) {
    const medType = medTypeFor(content.care, call.settings)
    return content.lines.map((scoped) => ({ ...at, medType, scoped }))
  }
  const medType = medTypeOf(visit, call.settings)
  const lines = content.lines.map((scoped) => {
    const uploaded = visit.lines.get(scoped.id)
    return { ...at, medType, uploaded, scoped }
  })
  return withSplits(lines, visit, new Map([[setl_id, content.day]]), call)
}

/** Every line of a visit, with its parts where it is settled. */
export async function linesOfVisit(visit: Visit, call: Call): Promise<LineFound[]> {
  const { world, settings } = call
  const lines = [...visit.lines.values()]
  const ids = [...new Set(lines.flatMap(({ settledBy }) => settledBy ?? []))]
  const chains = await Promise.all(ids.map((id) => world.settlements.chain(id)))
  const settled = chains.flatMap((rows) => rows?.[0] ?? [])
  const days = new Map(settled.map(({ settlement, content }) => [settlement, content.day]))
  const scoped = settled.flatMap(({ content }) => content.lines)
  const byId = new Map(scoped.map((line) => [line.id, line]))
  const found = lines.map((uploaded) => ({
    visit: visit.id,
    settlement: uploaded.settledBy,
    medType: medTypeOf(visit, settings),
    uploaded,
    scoped: uploaded.settledBy === undefined ? undefined : byId.get(uploaded.line.id),
  }))
  return withSplits(found, visit, days, call)
}

/** Lines with what their uploads were told of them, by the very function that told it. */
async function withSplits(
  found: readonly LineFound[],
  visit: Visit,
  settledOn: ReadonlyMap<string, Day>,
  { world, institution, today }: Call,
): Promise<LineFound[]> {
  const person = (await world.people.byId(visit.subject.owner))?.person
  const splits = new Map<string, LineResult>()
  for (const [settlement = '', group] of Map.groupBy(found, (one) => one.settlement)) {
    const lines = group.flatMap(({ uploaded }) => uploaded ?? [])
    const draft = draftOf(visit, lines, settledOn.get(settlement) ?? today)
    const classified = classifyLines(draft, { institution, person }, world.deciding())
    if (isRefusal(classified)) continue
    for (const [i, { line }] of lines.entries()) {
      const of = classified[i]
      if (of) splits.set(line.id, lineResultOf(line, of))
    }
  }
  return found.map((one) => ({ ...one, split: splits.get(one.uploaded?.line.id ?? '') }))
}

/** Whether a national code is a drug's: 西药, 中成药, 饮片. */
export const isDrug = (item: string): boolean => /^[XZT]/.test(item)

export function tellLine(
  found: LineFound,
  item: (code: string) => { readonly name?: string | undefined } | undefined,
): WrittenBy<typeof lineTable> {
  const { visit, settlement, medType, uploaded, scoped, split } = found
  const line = uploaded?.line
  const itemCode = line?.item ?? scoped?.item ?? ''
  const details = uploaded?.details ?? {}
  const at = details['fee_ocur_time']
  return {
    ...emptyLine,
    mdtrt_id: visit,
    setl_id: settlement ?? null,
    feedetl_sn: line?.id ?? scoped?.id ?? '',
    rx_drord_no: textOf(details['rxno'] ?? details['drord_no']),
    med_type: medType,
    fee_ocur_time: readMoment(typeof at === 'string' ? at : (line?.at ?? scoped?.day ?? '')) ?? 0,
    cnt: line?.quantity ?? null,
    pric: line?.unitPrice ?? null,
    det_item_fee_sumamt: line?.amount ?? scoped?.amount ?? (0n as ScopedLine['amount']),
    ...(scoped && { hi_nego_drug_flag: scoped.kind === 'negotiated' ? '1' : '0' }),
    ...(split && marksOf(split)),
    ...(scoped && partsOf(scoped)),
    hilist_code: itemCode,
    hilist_name: scoped?.name ?? item(itemCode)?.name ?? null,
    list_type: listTypeOf(itemCode) ?? '201',
    med_list_codg: itemCode,
    med_chrgitm_type: split?.med_chrgitm_type ?? chargeTypeOf(itemCode, scoped?.kind),
    ...toldBy(toldTable, details),
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const emptyLine = Object.fromEntries(Object.keys(lineTable).map((name) => [name, null])) as {
  readonly [K in keyof typeof lineTable]: null
}

const marksOf = (split: LineResult) => ({
  pric_uplmt_amt: split.pric_uplmt_amt,
  chrgitm_lv: split.chrgitm_lv,
  lmt_used_flag: split.lmt_used_flag,
  bas_medn_flag: split.bas_medn_flag,
  hi_nego_drug_flag: split.hi_nego_drug_flag,
  chld_medc_flag: split.chld_medc_flag,
  list_sp_item_flag: split.list_sp_item_flag,
  drt_reim_flag: split.drt_reim_flag,
})

const partsOf = (scoped: ScopedLine) => ({
  selfpay_prop: shareOf(scoped),
  fulamt_ownpay_amt: scoped.selfPaid,
  overlmt_amt: scoped.overLimit,
  preselfpay_amt: scoped.firstSelfPay,
  inscp_scp_amt: scoped.inScope,
  chrgitm_lv: chrgitmLvOf(scoped.class),
})

const whole = 10_000n

/** The ratio of first self-payment that the parts come to; what is fully self-paid has 1. */
function shareOf({ firstSelfPay, inScope }: ScopedLine): Ratio {
  const covered = firstSelfPay + inScope
  if (covered === 0n) return { numerator: 1n, denominator: 1n }
  return { numerator: (2n * whole * firstSelfPay + covered) / (2n * covered), denominator: whole }
}

/** The items of a region's catalogue by their code, for names. */
export function itemsOf(
  { world }: Pick<Call, 'world'>,
  region: Division,
): (code: string) => { readonly name?: string | undefined } | undefined {
  const items = new Map(world.catalogue(region).map((one) => [one.code, one]))
  return (itemCode) => items.get(itemCode)
}
