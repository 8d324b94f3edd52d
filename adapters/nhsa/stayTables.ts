import { diagnosisTable } from './about.ts'
import { may, must, type Table } from './field.ts'
import { amount, code, count, day, moment, text } from './kinds.ts'

const person = { psn_no: must(text(30), '人员编号') } as const

/** The ids by which a stay is asked about. */
export const stayIds = { mdtrt_id: must(text(30), '就诊ID'), ...person } as const satisfies Table

/** What is told of a stay at admission and may be told otherwise later. */
const contact = {
  coner_name: may(text(50), '联系人姓名'),
  tel: may(text(50), '联系电话'),
} as const

const ward = {
  medrcdno: may(text(30), '病历号'),
  atddr_no: must(text(30), '主治医生编码'),
  chfpdr_name: must(text(50), '主诊医师姓名'),
  adm_diag_dscr: must(text(200), '入院诊断描述'),
  adm_dept_codg: must(text(30), '入院科室编码'),
  adm_dept_name: must(text(100), '入院科室名称'),
  adm_bed: may(text(30), '入院床位'),
  dscg_maindiag_code: must(text(20), '住院主诊断代码'),
  dscg_maindiag_name: must(text(300), '住院主诊断名称'),
  main_cond_dscr: may(text(1000), '主要病情描述'),
} as const

const treatment = {
  dise_codg: may(text(30), '病种编码'),
  dise_name: may(text(500), '病种名称'),
  oprn_oprt_code: may(text(30), '手术操作代码'),
  oprn_oprt_name: may(text(500), '手术操作名称'),
} as const

const birth = {
  fpsc_no: may(text(50), '计划生育服务证号'),
  matn_type: may(code('matn_type', 6), '生育类别'),
  birctrl_type: may(code('birctrl_type', 6), '计划生育手术类别'),
  latechb_flag: may(code('flag', 3), '晚育标志'),
  geso_val: may(count(2), '孕周数'),
  fetts: may(count(3), '胎次'),
  fetus_cnt: may(count(3), '胎儿数'),
  pret_flag: may(code('flag', 3), '早产标志'),
  birctrl_matn_date: may(day, '计划生育手术或生育日期'),
} as const

/** An injury from outside, and whether somebody else is liable for it: some provinces send both, some neither. */
const injury = {
  trum_flag: may(code('flag', 3), '外伤标志'),
  rel_ttp_flag: may(code('flag', 3), '涉及第三方标志'),
} as const

/** 入院登记信息 mdtrtinfo of 2401. */
export const admissionTable = {
  ...person,
  insutype: must(code('insutype', 6), '险种类型'),
  ...contact,
  begntime: must(moment, '开始时间'),
  mdtrt_cert_type: must(code('mdtrt_cert_type', 3), '就诊凭证类型'),
  mdtrt_cert_no: may(text(50), '就诊凭证编号'),
  card_sn: may(text(32), '卡识别码'),
  med_type: must(code('med_type', 6), '医疗类别'),
  ipt_no: must(text(30), '住院号'),
  ...ward,
  ...treatment,
  ...birth,
  dise_type_code: may(text(6), '病种类型代码'),
  advpay: may(amount, '预付款'),
  ...injury,
} as const satisfies Table

/** 出院信息 dscginfo of 2402. */
export const dischargeTable = {
  ...stayIds,
  insutype: must(code('insutype', 6), '险种类型'),
  endtime: must(moment, '结束时间'),
  ...treatment,
  ...birth,
  cop_flag: may(code('flag', 3), '伴有并发症标志'),
  dscg_dept_codg: may(text(30), '出院科室编码'),
  dscg_dept_name: may(text(100), '出院科室名称'),
  dscg_bed: may(text(30), '出院床位'),
  dscg_way: must(code('dscg_way', 3), '离院方式'),
  die_date: may(moment, '死亡日期'),
  ...injury,
} as const satisfies Table

/** 入院登记信息 adminfo of 2403: what is told anew, as a whole. */
export const changeTable = {
  ...stayIds,
  ...contact,
  begntime: must(moment, '开始时间'),
  endtime: may(moment, '结束时间'),
  mdtrt_cert_type: may(code('mdtrt_cert_type', 3), '就诊凭证类型'),
  med_type: must(code('med_type', 6), '医疗类别'),
  ipt_otp_no: must(text(30), '住院/门诊号'),
  ...ward,
  ...treatment,
  ...birth,
  dise_type_code: may(text(6), '病种类型代码'),
  ...injury,
} as const satisfies Table

/** 诊断信息 diseinfo of 2401, which marks the principal one; those of 2402 and 2403 name the visit as well. */
export const stayDiagnosisTable = {
  mdtrt_id: may(text(30), '就诊ID'),
  psn_no: may(text(30), '人员编号'),
  ...diagnosisTable,
  maindiag_flag: must(code('flag', 3), '主诊断标志'),
  adm_cond: may(text(500), '入院病情'),
} as const satisfies Table
