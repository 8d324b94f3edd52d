import { ageOn, benefitYear } from '../../engine/day.ts'
import type { Row } from '../../engine/ports.ts'
import type { Place } from '../../engine/route.ts'
import { isEffective } from '../../engine/undo.ts'
import { may, must, type Table, type WrittenBy } from './field.ts'
import { amount, code, day, moment, text } from './kinds.ts'
import type { Insured, Told } from './needs.ts'
import { dayOf } from './moment.ts'
import type { OwnSettlement } from './owned.ts'
import { clearingOf, isCivilServant, psnTypeOn, type SetlResult, setlinfoOf } from './setlinfo.ts'
import { setlinfoTable } from './setlinfoTable.ts'
import type { RegionSettings } from './settings.ts'
import type { Call } from './transaction.ts'
import { gendOf, hospLvOf, insutypeOf, mdtrtCertTypeOf, psnCertTypeOf } from './translate.ts'
import { medTypeFor } from './visitTable.ts'

/** 结算信息 setlinfo of 5203: as 2207 answered it, and where, by whom and under which levels. */
export const settlementTable = {
  ...setlinfoTable,
  flxempe_flag: may(text(3), '灵活就业标志'),
  nwb_flag: may(text(3), '新生儿标志'),
  insu_optins: may(text(6), '参保机构医保区划'),
  emp_name: may(text(200), '单位名称'),
  pay_loc: must(code('pay_loc', 6), '支付地点类别'),
  fixmedins_code: must(text(12), '定点医药机构编号'),
  fixmedins_name: must(text(200), '定点医药机构名称'),
  hosp_lv: may(code('hosp_lv', 6), '医院等级'),
  fixmedins_poolarea: may(text(6), '定点归属机构'),
  lmtpric_hosp_lv: may(code('hosp_lv', 6), '限价医院等级'),
  dedc_hosp_lv: may(code('hosp_lv', 6), '起付线医院等级'),
  begndate: must(day, '开始日期'),
  enddate: must(day, '结束日期'),
  psn_pay: must(amount, '个人支付金额'),
  cash_payamt: must(amount, '现金支付金额'),
  refd_setl_flag: must(code('refd_setl_flag', 3), '退费结算标志'),
  year: must(text(4), '年度'),
  dise_codg: may(text(30), '病种编码'),
  dise_name: may(text(500), '病种名称'),
  invono: may(text(20), '发票号'),
  opter_id: may(text(20), '经办人ID'),
  opter_name: may(text(50), '经办人姓名'),
  opt_time: may(moment, '经办时间'),
} as const satisfies Table

/** What its sender was told beside the row; what came another way, such as over REST, is told from the register. */
export function resultFor(
  { content }: Row,
  told: Told | undefined,
  { person, name, citizenNumber, ethnicGroup }: Insured,
  settings: RegionSettings,
): SetlResult {
  const { result } = told ?? {}
  const kept = typeof result === 'object' && result !== null ? (result as object) : {}
  if ('medins_setl_id' in kept && 'med_type' in kept) return onlyResult(kept as SetlResult)
  return {
    psn_name: name,
    psn_cert_type: psnCertTypeOf(citizenNumber),
    certno: citizenNumber,
    gend: gendOf(person.sex),
    naty: ethnicGroup,
    brdy: person.birth,
    age: ageOn(person.birth, content.day),
    insutype: insutypeOf(settings, content.scheme),
    psn_type: psnTypeOn(person, content),
    cvlserv_flag: isCivilServant(person, content.day) ? '1' : '0',
    mdtrt_cert_type: mdtrtCertTypeOf(content.credentialKind),
    med_type: medTypeFor(content.care, settings),
    medins_setl_id: told?.msgid ?? '',
    ...clearingOf(content, settings),
  }
}

/** A sale keeps its line splits in the same result; they are not part of setlinfo. */
function onlyResult(kept: SetlResult): SetlResult {
  const { psn_name, psn_cert_type, certno, gend, naty, brdy, age, insutype, psn_type } = kept
  const { cvlserv_flag, mdtrt_cert_type, med_type, medins_setl_id } = kept
  const { clr_optins, clr_way, clr_type } = kept
  const who = { psn_name, psn_cert_type, certno, gend, naty, brdy, age, insutype, psn_type }
  const how = { cvlserv_flag, mdtrt_cert_type, med_type, medins_setl_id }
  return { ...who, ...how, clr_optins, clr_way, clr_type }
}

/** 支付地点类别, pay_loc: at the institution, away in the province, away beyond it. */
const payLocations: Readonly<Record<Place, string>> = {
  local: '2',
  inProvince: '3',
  crossProvince: '4',
}

/** A settlement as 5203 tells it; one that was undone keeps its amounts and says so (退费结算标志). */
export function tellSettlement(
  { first, head }: OwnSettlement,
  result: SetlResult,
  insured: Insured,
  { settings, institution, world }: Pick<Call, 'settings' | 'institution' | 'world'>,
): WrittenBy<typeof settlementTable> {
  const { content, settlement: id, postedAt } = first
  const { level, priceLevel = level, deductibleLevel = level } = institution
  const book = world.deciding().rulebooks.of(content.homeRegion)
  return {
    ...setlinfoOf(content, result, { id, postedAt }, settings),
    flxempe_flag: null,
    nwb_flag: null,
    insu_optins: content.homeRegion,
    emp_name: insured.employer,
    pay_loc: payLocations[content.route],
    fixmedins_code: institution.code,
    fixmedins_name: institution.name,
    hosp_lv: hospLvOf(level),
    fixmedins_poolarea: institution.division,
    lmtpric_hosp_lv: hospLvOf(priceLevel),
    dedc_hosp_lv: hospLvOf(deductibleLevel),
    begndate: content.stay?.admission ?? content.day,
    enddate: content.stay?.discharge ?? content.day,
    psn_pay: content.personTotal,
    cash_payamt: content.cash,
    refd_setl_flag: isEffective(head) ? '0' : '1',
    year: benefitYear(dayOf(postedAt), book?.region.yearStarts ?? '01-01'),
    dise_codg: content.disease ?? null,
    dise_name: null,
    invono: null,
    opter_id: null,
    opter_name: null,
    opt_time: postedAt,
  }
}
