import { may, must, type Table } from './field.ts'
import { amount, code, count, day, moment, rate, signedAmount, text } from './kinds.ts'

/** The ids of a settlement as 2208, 2305 and 2103 name it. */
const ids = { mdtrt_id: must(text(30), '就诊ID'), setl_id: must(text(30), '结算ID') }

const personFields = {
  psn_no: must(text(30), '人员编号'),
  psn_name: must(text(50), '人员姓名'),
  psn_cert_type: must(code('psn_cert_type', 6), '人员证件类型'),
  certno: must(text(50), '证件号码'),
  gend: may(code('gend', 6), '性别'),
  naty: may(text(3), '民族'),
  brdy: may(day, '出生日期'),
  age: may({ ...count(4), type: '数值型4,1' }, '年龄'),
}

const kindFields = {
  insutype: may(code('insutype', 6), '险种类型'),
  psn_type: must(code('psn_type', 6), '人员类别'),
  cvlserv_flag: must(code('flag', 3), '公务员标志'),
  setl_time: must(moment, '结算时间'),
  mdtrt_cert_type: may(code('mdtrt_cert_type', 3), '就诊凭证类型'),
  med_type: must(code('med_type', 6), '医疗类别'),
}

const amountFields = (kind: typeof amount) => ({
  medfee_sumamt: must(kind, '医疗费总额'),
  fulamt_ownpay_amt: must(kind, '全自费金额'),
  overlmt_selfpay: must(kind, '超限价自费费用'),
  preselfpay_amt: must(kind, '先行自付金额'),
  inscp_scp_amt: must(kind, '符合政策范围金额'),
  act_pay_dedc: must(kind, '实际支付起付线'),
  hifp_pay: must(kind, '基本医疗保险统筹基金支出'),
  pool_prop_selfpay: must(rate, '基本医疗保险统筹基金支付比例'),
  cvlserv_pay: must(kind, '公务员医疗补助资金支出'),
  hifes_pay: must(kind, '企业补充医疗保险基金支出'),
  hifmi_pay: must(kind, '居民大病保险资金支出'),
  hifob_pay: must(kind, '职工大额医疗费用补助基金支出'),
  maf_pay: must(kind, '医疗救助基金支出'),
  hifdm_pay: must(kind, '伤残人员医疗保障基金支出'),
  oth_pay: must(kind, '其他支出'),
  fund_pay_sumamt: must(kind, '基金支付总额'),
  psn_part_amt: must(kind, '个人负担总金额'),
  acct_pay: must(kind, '个人账户支出'),
  psn_cash_pay: must(kind, '个人现金支出'),
  hosp_part_amt: must(kind, '医院负担金额'),
  balc: must(amount, '余额'),
  acct_mulaid_pay: must(kind, '个人账户共济支付金额'),
})

const clearingFields = {
  medins_setl_id: must(text(30), '医药机构结算ID'),
  clr_optins: may(text(6), '清算经办机构'),
  clr_way: may(code('clr_way', 6), '清算方式'),
  clr_type: must(code('clr_type', 6), '清算类别'),
  expContent: may(text(4000), '字段扩展'),
}

/** 2206, 2303 and 2101 answer the same as a settlement, without a setl_id. */
export const previewTable = {
  mdtrt_id: ids.mdtrt_id,
  ...personFields,
  ...kindFields,
  ...amountFields(amount),
  ...clearingFields,
} as const satisfies Table

/** 结算信息 setlinfo of 2207, 2304, 2102 and 5203. */
export const setlinfoTable = {
  ...ids,
  ...personFields,
  ...kindFields,
  ...amountFields(amount),
  ...clearingFields,
} as const satisfies Table

/** setlinfo of a cancellation (2208, 2305): amounts negated, and the cash under the document's typo as well. */
export const cancelTable = {
  ...ids,
  psn_no: personFields.psn_no,
  psn_name: may(text(50), '人员姓名'),
  clr_optins: clearingFields.clr_optins,
  setl_time: kindFields.setl_time,
  ...amountFields(signedAmount),
  pdn_cash_pay: must(signedAmount, '个人现金支出'),
  medins_setl_id: clearingFields.medins_setl_id,
  clr_way: clearingFields.clr_way,
  clr_type: clearingFields.clr_type,
  expContent: clearingFields.expContent,
} as const satisfies Table
