import type { Claim, FeeLine } from '../../engine/claim.ts'
import { type Fen, sum } from '../../engine/money.ts'
import { may, must, one, many, type ReadBy, type Table, type WrittenBy } from './field.ts'
import { amount, code, day, moment, price, quantity, text } from './kinds.ts'
import { dayOf } from './moment.ts'
import type { Insured } from './needs.ts'
import { rows, writtenRows } from './nested.ts'
import { type Finding, findingsOf } from './riskFindings.ts'
import { careOf } from './settings.ts'
import { type Call, type Refused, transaction } from './transaction.ts'
import { schemeOf } from './translate.ts'

const diagnosis = {
  dise_id: may(text(50), '诊断标识'),
  inout_dise_type: may(text(3), '出入诊断类别'),
  maindise_flag: may(text(3), '主诊断标志'),
  dias_srt_no: may(text(10), '诊断排序号'),
  dise_codg: must(text(20), '诊断编码'),
  dise_name: may(text(200), '诊断名称'),
  dise_date: may(moment, '诊断日期'),
} as const satisfies Table

const order = {
  rx_id: must(text(50), '处方(医嘱)标识'),
  rxno: may(text(40), '处方号'),
  hilist_code: must(text(50), '医保目录代码'),
  hilist_name: may(text(200), '医保目录名称'),
  hosplist_code: may(text(150), '医院目录代码'),
  cnt: must(quantity, '数量'),
  pric: must(price, '单价'),
  sumamt: must(amount, '总费用'),
  drord_begn_date: may(moment, '医嘱开始日期'),
  drord_dr_codg: may(text(30), '下达医生编码'),
} as const satisfies Table

const encounter = {
  mdtrt_id: must(text(50), '就诊标识'),
  medins_id: must(text(50), '医疗服务机构标识'),
  medins_name: may(text(200), '医疗机构名称'),
  medins_admdvs: may(text(6), '医疗机构行政区划编码'),
  adm_date: must(moment, '入院日期'),
  dscg_date: may(moment, '出院日期'),
  dscg_main_dise_codg: may(text(30), '主诊断编码'),
  dscg_main_dise_name: may(text(200), '主诊断名称'),
  dr_codg: may(text(30), '医师标识'),
  med_mdtrt_type: may(text(3), '就诊类型'),
  med_type: must(code('med_type', 6), '医疗类别'),
  insutype: must(code('insutype', 6), '险种'),
  medfee_sumamt: may(amount, '总费用'),
  fsi_diagnose_dtos: may(rows(diagnosis), '诊断信息集合'),
  fsi_order_dtos: must(rows(order), '处方(医嘱)信息集合'),
} as const satisfies Table

const patient = {
  patn_id: must(text(50), '参保人标识'),
  patn_name: must(text(50), '姓名'),
  gend: may(text(3), '性别'),
  brdy: may(day, '出生日期'),
  poolarea: may(text(10), '统筹区编码'),
  curr_mdtrt_id: must(text(50), '当前就诊标识'),
  fsi_encounter_dtos: must(rows(encounter), '就诊信息集合'),
} as const satisfies Table

const detail = {
  jrd_id: must(text(50), '违规明细标识'),
  patn_id: must(text(50), '参保人标识'),
  mdtrt_id: must(text(50), '就诊标识'),
  rx_id: must(text(50), '处方(医嘱)标识'),
  vola_item_type: must(text(3), '违规明细类型'),
  vola_amt: must(amount, '违规金额'),
} as const satisfies Table

const violation = {
  jr_id: must(text(50), '违规标识'),
  rule_id: must(text(50), '规则ID'),
  rule_name: must(text(200), '规则名称'),
  vola_cont: must(text(500), '违规内容'),
  patn_id: must(text(50), '参保人ID'),
  mdtrt_id: may(text(50), '就诊ID'),
  judge_result_detail_dtos: must(writtenRows(detail), '违规明细'),
  vola_amt: must(amount, '违规金额'),
  vola_amt_stas: must(text(3), '违规金额计算状态'),
  sev_deg: must(text(3), '严重程度'),
  vola_evid: may(text(500), '违规依据'),
  vola_bhvr_type: must(text(3), '违规行为分类'),
  task_id: may(text(50), '任务ID'),
} as const satisfies Table

type Patient = ReadBy<typeof patient>
type Encounter = ReadBy<typeof encounter>

/** An audit of a bill before it is settled (明细审核): what the engine's own checks find, each with its rule. */
export const analysis = (infno: string, name: { zh: string; en: string }) =>
  transaction({
    infno,
    name,
    input: {
      data: one({
        syscode: must(text(10), '系统编码'),
        rule_ids: may(text(500), '规则标识集合'),
        task_id: may(text(50), '任务ID'),
        trig_scen: may(text(3), '触发场景'),
        patient_dtos: must(rows(patient), '参保人信息集合'),
      }),
    },
    output: { result: many(violation) },
    writes: false,
    async handle({ data }, call) {
      const result: WrittenBy<typeof violation>[] = []
      for (const one of data.patient_dtos)
        for (const visit of one.fsi_encounter_dtos) {
          const findings = await analyse(one, visit, call)
          if ('refused' in findings) return findings
          const at = { patient: one, visit, task: data.task_id }
          result.push(...findings.map((finding) => written(finding, at, call)))
        }
      return { output: { result } }
    },
  })

async function analyse(
  { patn_id, patn_name }: Patient,
  visit: Encounter,
  call: Call,
): Promise<Finding[] | Refused> {
  const { world, institution } = call
  if (visit.medins_id !== institution.code) return { refused: '只能审核本机构的就诊。' }
  const insured = await world.people.byId(patn_id)
  if (insured?.name !== patn_name) return { refused: `参保人${patn_id}不存在或姓名不符。` }
  if (visit.fsi_order_dtos.length === 0) return []
  const { regions, rulebooks } = world.deciding()
  const region = regions.regionOf(institution.division)
  const care = region && rulebooks.of(region.division)
  const claim = claimOf(visit, insured, call)
  if ('refused' in claim) return claim
  if (!care) return { refused: '就医地没有可用的规则。' }
  return findingsOf(claim, await world.preview(claim), { care, institution, world })
}

/** The bill that the orders would make, in the words of the engine. */
function claimOf(
  visit: Encounter,
  { citizenNumber }: Insured,
  { settings, institution, today }: Call,
): Claim | Refused {
  const kind = careOf(settings, visit.med_type)
  const scheme = schemeOf(settings, visit.insutype)
  if (!kind || !scheme)
    return { refused: `医疗类别${visit.med_type}或险种${visit.insutype}本地不支持。` }
  const admission = dayOf(visit.adm_date)
  const told = visit.dscg_date === undefined ? today : dayOf(visit.dscg_date)
  const discharge = told > today ? today : told
  const lines = visit.fsi_order_dtos.map(lineOf)
  const rxno = visit.fsi_order_dtos.find((each) => each.rxno !== undefined)?.rxno
  const stays = kind.care === 'inpatient' || kind.care === 'workInjuryInpatient'
  return {
    institution: institution.code,
    day: stays ? discharge : admission,
    credential: { type: 'citizen-number', number: citizenNumber },
    scheme,
    care: kind.care,
    stay: stays ? { admission, discharge, interim: visit.dscg_date === undefined } : undefined,
    useAccount: false,
    useFamilyAccount: false,
    disease: kind.care === 'specialOutpatient' ? visit.dscg_main_dise_codg : undefined,
    emergency: kind.emergency,
    prescription: rxno === undefined ? undefined : { number: rxno, circulating: false },
    total: sum(lines.map((line) => line.amount)),
    lines,
  }
}

const lineOf = (given: ReadBy<typeof order>): FeeLine => ({
  id: given.rx_id,
  item: given.hilist_code,
  at: given.drord_begn_date === undefined ? undefined : dayOf(given.drord_begn_date),
  quantity: given.cnt,
  unitPrice: given.pric,
  amount: given.sumamt,
})

/** [own] vola_item_type, vola_amt_stas and vola_bhvr_type: their tables are not public, so one value each. */
const codes = { item: '1', computed: '1', notComputed: '0', behaviour: '99' }

function written(
  { rule, name, content, severity, amount: part, evidence, lines }: Finding,
  at: { patient: Patient; visit: Encounter; task: string | undefined },
  { world }: Call,
): WrittenBy<typeof violation> {
  const { patn_id } = at.patient
  const { mdtrt_id } = at.visit
  const id = world.newId(patn_id)
  return {
    jr_id: id,
    rule_id: rule,
    rule_name: name,
    vola_cont: content.slice(0, 500),
    patn_id,
    mdtrt_id,
    judge_result_detail_dtos: lines.map((each, i) => ({
      jrd_id: `${id}-${i + 1}`,
      patn_id,
      mdtrt_id,
      rx_id: each.line,
      vola_item_type: codes.item,
      vola_amt: each.amount,
    })),
    vola_amt: part,
    vola_amt_stas: isComputed(part) ? codes.computed : codes.notComputed,
    sev_deg: severity,
    vola_evid: evidence?.slice(0, 500),
    vola_bhvr_type: codes.behaviour,
    task_id: at.task,
  }
}

const isComputed = (part: Fen): boolean => part > 0n
