import { may, must, type Table } from './field.ts'
import { amount, count, day, moment, text } from './kinds.ts'

/**
 * 结算清单信息 setlinfo: the fields that are judged or asked for by quality control. Those of the national table that only
 * describe the patient, the ward or the nursing are kept as they came.
 */
export const listTable = {
  mdtrt_id: must(text(30), '就诊ID'),
  setl_id: must(text(30), '结算ID'),
  fixmedins_name: must(text(200), '定点医药机构名称'),
  fixmedins_code: must(text(12), '定点医药机构编号'),
  hi_setl_lv: may(text(3), '医保结算等级'),
  hi_no: may(text(30), '医保编号'),
  medcasno: must(text(40), '病案号'),
  dcla_time: may(moment, '申报时间'),
  psn_name: must(text(50), '人员姓名'),
  gend: must(text(6), '性别'),
  brdy: must(day, '出生日期'),
  age: may(text(6), '年龄'),
  ntly: may(text(6), '国籍'),
  naty: may(text(3), '民族'),
  patn_cert_type: must(text(3), '患者证件类别'),
  certno: must(text(50), '证件号码'),
  prfs: may(text(6), '职业'),
  curr_addr: may(text(500), '现住址'),
  coner_name: may(text(50), '联系人姓名'),
  patn_rlts: may(text(10), '与患者关系'),
  coner_tel: may(text(50), '联系人电话'),
  hi_type: must(text(10), '医保类型'),
  insuplc: must(text(200), '参保地'),
  ipt_med_type: may(text(6), '住院医疗类型'),
  adm_way: may(text(6), '入院途径'),
  adm_time: may(moment, '入院时间'),
  adm_caty: may(text(10), '入院科别'),
  dscg_time: may(moment, '出院时间'),
  dscg_caty: may(text(10), '出院科别'),
  act_ipt_days: may(count(6), '实际住院天数'),
  otp_wm_dise: may(text(200), '门（急）诊西医诊断'),
  wm_dise_code: may(text(20), '西医诊断疾病代码'),
  diag_code_cnt: may(count(6), '诊断代码计数'),
  oprn_oprt_code_cnt: may(count(6), '手术操作代码计数'),
  dscg_way: may(text(3), '离院方式'),
  bill_code: must(text(30), '票据代码'),
  bill_no: must(text(30), '票据号码'),
  biz_sn: must(text(40), '业务流水号'),
  chfpdr_name: may(text(50), '主诊医师姓名'),
  chfpdr_code: may(text(30), '主诊医师代码'),
  setl_begn_date: must(moment, '结算开始日期'),
  setl_end_date: must(moment, '结算结束日期'),
  psn_selfpay: must(amount, '个人自付'),
  psn_ownpay: must(amount, '个人自费'),
  acct_pay: must(amount, '个人账户支出'),
  psn_cashpay: must(amount, '个人现金支付'),
  hi_paymtd: must(text(3), '医保支付方式'),
  hsorg: must(text(200), '医保机构'),
  hsorg_opter: must(text(50), '医保机构经办人'),
  medins_fill_dept: must(text(100), '医疗机构填报部门'),
  medins_fill_psn: must(text(50), '医疗机构填报人'),
} as const satisfies Table

/** 基金支付信息 payinfo: one row per fund. */
export const payTable = {
  fund_pay_type: must(text(6), '基金支付类型'),
  fund_payamt: must(amount, '基金支付金额'),
} as const satisfies Table

/** 门诊慢特病诊断信息 opspdiseinfo. */
export const outpatientDiseaseTable = {
  diag_name: must(text(100), '诊断名称'),
  diag_code: must(text(30), '诊断代码'),
  oprn_oprt_name: may(text(500), '手术操作名称'),
  oprn_oprt_code: may(text(30), '手术操作代码'),
} as const satisfies Table

/** 住院诊断信息 diseinfo: the main one carries maindiag_flag 1. */
export const diseaseTable = {
  diag_type: must(text(3), '诊断类别'),
  diag_code: must(text(20), '诊断代码'),
  diag_name: must(text(100), '诊断名称'),
  adm_cond_type: may(text(3), '入院病情类型'),
  maindiag_flag: may(text(3), '主诊断标志'),
} as const satisfies Table

/** 收费项目信息 iteminfo: what each category of charge came to. */
export const categoryTable = {
  med_chrgitm: must(text(6), '医疗收费项目'),
  amt: must(amount, '金额'),
  claa_sumfee: must(amount, '甲类费用合计'),
  clab_amt: must(amount, '乙类金额'),
  fulamt_ownpay_amt: must(amount, '全自费金额'),
  oth_amt: must(amount, '其他金额'),
} as const satisfies Table

/** 手术操作信息 oprninfo. */
export const operationTable = {
  oprn_oprt_type: must(text(3), '手术操作类别'),
  oprn_oprt_name: must(text(500), '手术操作名称'),
  oprn_oprt_code: must(text(20), '手术操作代码'),
  oprn_oprt_date: must(moment, '手术操作日期'),
  anst_way: may(text(3), '麻醉方式'),
  oper_dr_name: must(text(50), '术者医师姓名'),
  oper_dr_code: must(text(20), '术者医师代码'),
  anst_dr_name: may(text(50), '麻醉医师姓名'),
  anst_dr_code: may(text(20), '麻醉医师代码'),
} as const satisfies Table

/** 重症监护信息 icuinfo. */
export const wardTable = {
  scs_cutd_ward_type: must(text(6), '重症监护病房类型'),
  scs_cutd_inpool_time: must(moment, '重症监护进入时间'),
  scs_cutd_exit_time: must(moment, '重症监护退出时间'),
  scs_cutd_sum_dura: must(text(10), '重症监护合计时长'),
} as const satisfies Table
