import { ageOn } from '../../engine/day.ts'
import { settlementsInForce, type Visit } from '../../engine/visit.ts'
import { may, must, type Table, type WrittenBy } from './field.ts'
import { code, count, day, moment, text } from './kinds.ts'
import type { Insured } from './needs.ts'
import { readMoment } from './moment.ts'
import { toldBy } from './owned.ts'
import { isCivilServant, psnTypeOn } from './setlinfo.ts'
import { careOf, type RegionSettings } from './settings.ts'
import { gendOf, insutypeOf, mdtrtCertTypeOf, psnCertTypeOf } from './translate.ts'

/** Who somebody is, as queries tell it beside a visit (人员信息). */
export const whoTable = {
  psn_no: must(text(30), '人员编号'),
  psn_cert_type: must(code('psn_cert_type', 6), '人员证件类型'),
  certno: must(text(50), '证件号码'),
  psn_name: must(text(50), '人员姓名'),
  gend: must(code('gend', 6), '性别'),
  naty: may(text(3), '民族'),
  brdy: may(day, '出生日期'),
  age: may({ ...count(4), type: '数值型4,1' }, '年龄'),
} as const satisfies Table

export const whoOf = (
  { person, name, citizenNumber, ethnicGroup }: Insured,
  on: Visit['day'],
): WrittenBy<typeof whoTable> => ({
  psn_no: person.id,
  psn_cert_type: psnCertTypeOf(citizenNumber),
  certno: citizenNumber,
  psn_name: name,
  gend: gendOf(person.sex),
  naty: ethnicGroup,
  brdy: person.birth,
  age: ageOn(person.birth, on),
})

/** What an institution told of a visit at registration and since; told again as it was. */
const toldTable = {
  coner_name: may(text(50), '联系人姓名'),
  tel: may(text(50), '联系电话'),
  ipt_otp_no: may(text(30), '住院/门诊号'),
  medrcdno: may(text(30), '病历号'),
  atddr_no: may(text(30), '主治医生编码'),
  chfpdr_name: may(text(50), '主诊医师姓名'),
  adm_dept_codg: may(text(30), '入院科室编码'),
  adm_dept_name: may(text(100), '入院科室名称'),
  adm_bed: may(text(30), '入院床位'),
  dscg_maindiag_code: may(text(20), '住院主诊断代码'),
  dscg_maindiag_name: may(text(300), '住院主诊断名称'),
  dscg_dept_codg: may(text(30), '出院科室编码'),
  dscg_dept_name: may(text(100), '出院科室名称'),
  dscg_bed: may(text(30), '出院床位'),
  dscg_way: may(text(3), '离院方式'),
  main_cond_dscr: may(text(1000), '主要病情描述'),
  dise_codg: may(text(30), '病种编码'),
  dise_name: may(text(500), '病种名称'),
  oprn_oprt_code: may(text(30), '手术操作代码'),
  oprn_oprt_name: may(text(500), '手术操作名称'),
  otp_diag_info: may(text(200), '门诊诊断信息'),
  fpsc_no: may(text(50), '计划生育服务证号'),
  matn_type: may(text(6), '生育类别'),
  birctrl_type: may(text(6), '计划生育手术类别'),
  latechb_flag: may(text(3), '晚育标志'),
  geso_val: may(count(2), '孕周数'),
  fetts: may(count(3), '胎次'),
  fetus_cnt: may(count(3), '胎儿数'),
  pret_flag: may(text(3), '早产标志'),
  birctrl_matn_date: may(day, '计划生育手术或生育日期'),
  cop_flag: may(text(3), '伴有并发症标志'),
  memo: may(text(500), '备注'),
} as const satisfies Table

/** 就诊信息 mdtrtinfo of 5201. */
export const visitTable = {
  mdtrt_id: must(text(30), '就诊ID'),
  ...whoTable,
  insutype: must(code('insutype', 6), '险种类型'),
  psn_type: must(code('psn_type', 6), '人员类别'),
  maf_psn_flag: may(text(3), '医疗救助对象标志'),
  cvlserv_flag: must(code('flag', 3), '公务员标志'),
  flxempe_flag: may(text(3), '灵活就业标志'),
  nwb_flag: may(text(3), '新生儿标志'),
  insu_optins: may(text(6), '参保机构医保区划'),
  emp_name: may(text(200), '单位名称'),
  begntime: must(moment, '开始时间'),
  endtime: may(moment, '结束时间'),
  mdtrt_cert_type: may(code('mdtrt_cert_type', 3), '就诊凭证类型'),
  med_type: must(code('med_type', 6), '医疗类别'),
  ars_year_ipt_flag: may(text(3), '跨年度住院标志'),
  pre_pay_flag: may(text(3), '先行支付标志'),
  inhosp_stas: may(text(3), '在院状态'),
  die_date: may(day, '死亡日期'),
  ipt_days: may(count(4), '住院天数'),
  ...toldTable,
} as const satisfies Table

/** The med_type as it was sent last, or else the region's first for the kind of care. */
export function medTypeOf(
  { details, about, kind }: Pick<Visit, 'details' | 'about' | 'kind'>,
  settings: RegionSettings,
): string {
  const sent = details['med_type']
  if (typeof sent === 'string' && careOf(settings, sent)) return sent
  const care = about.care ?? (kind === 'inpatient' ? 'inpatient' : kind)
  return medTypeFor(care, settings)
}

export const medTypeFor = (care: string, { care: types }: Pick<RegionSettings, 'care'>): string =>
  types.find((type) => type.care === care && !type.externalInjury)?.prefix ?? '11'

const inStay = (visit: Visit): boolean => visit.kind === 'inpatient' && !visit.discharged

/** Days between admission and discharge; leaving on the day of admission counts as one. */
function daysOf({ day: from, discharged }: Visit): number | null {
  if (!discharged) return null
  return Math.max(1, Math.round((Date.parse(discharged.day) - Date.parse(from)) / 86_400_000))
}

export function tellVisit(
  visit: Visit,
  insured: Insured,
  settings: RegionSettings,
): WrittenBy<typeof visitTable> {
  const { about, day: on, discharged, details } = visit
  const scheme = about.scheme ?? insured.person.coverages.find(isMain)?.scheme ?? 'employee'
  const stay = visit.kind === 'inpatient'
  return {
    mdtrt_id: visit.id,
    ...whoOf(insured, on),
    insutype: insutypeOf(settings, scheme as 'employee'),
    psn_type: psnTypeOn(insured.person, { scheme: scheme as 'employee', day: on }),
    cvlserv_flag: isCivilServant(insured.person, on) ? '1' : '0',
    maf_psn_flag: null,
    flxempe_flag: null,
    nwb_flag: null,
    insu_optins: insured.region,
    emp_name: insured.employer,
    begntime: visit.began,
    endtime: stay ? discharged && (readMoment(discharged.day) ?? null) : visit.began,
    mdtrt_cert_type: mdtrtCertTypeOf(visit.credential.type),
    med_type: medTypeOf(visit, settings),
    ars_year_ipt_flag: stay && discharged ? (isAcrossYears(visit) ? '1' : '0') : null,
    pre_pay_flag: null,
    inhosp_stas: stay ? (inStay(visit) ? '1' : '0') : null,
    die_date: insured.person.died ?? null,
    ipt_days: stay ? daysOf(visit) : null,
    ...toldBy(toldTable, { ...details, ...discharged?.details }),
  }
}

const isAcrossYears = ({ day: from, discharged }: Visit): boolean =>
  discharged !== undefined && from.slice(0, 4) !== discharged.day.slice(0, 4)

const isMain = ({ scheme }: { readonly scheme: string }): boolean =>
  scheme !== 'civilServant' && scheme !== 'enterpriseSupplement'

/** Whether somebody is still in hospital (在院) by a visit: admitted, not discharged, nothing settled at last. */
export const isInHospital = (visit: Visit): boolean =>
  inStay(visit) && settlementsInForce(visit).every(({ interim }) => interim)
