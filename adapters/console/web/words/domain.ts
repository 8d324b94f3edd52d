import { say } from './say.ts'

type Pairs = Readonly<Record<string, readonly [zh: string, en: string]>>

/** A word of the rules or the books as people say it; one that nobody has a word for is shown as it is. */
export const worded =
  (pairs: Pairs) =>
  (word: string): string => {
    const pair = pairs[word]
    return pair ? say(...pair) : word
  }

export const schemeWords: Pairs = {
  employee: ['职工医保', 'Employee'],
  resident: ['居民医保', 'Resident'],
  retiredCadre: ['离休', 'Retired cadre'],
  workInjury: ['工伤保险', 'Work injury'],
  maternity: ['生育保险', 'Maternity'],
  unemployment: ['失业保险', 'Unemployment'],
  pension: ['养老保险', 'Pension'],
  civilServant: ['公务员补助', 'Civil servant'],
  enterpriseSupplement: ['企业补充', 'Enterprise supplement'],
}
export const schemeName = worded(schemeWords)

export const careWords: Pairs = {
  outpatient: ['普通门诊', 'Outpatient'],
  emergency: ['急诊', 'Emergency'],
  specialOutpatient: ['门诊慢特病', 'Special outpatient'],
  inpatient: ['普通住院', 'Inpatient'],
  daySurgery: ['日间手术', 'Day surgery'],
  pharmacy: ['药店购药', 'Pharmacy'],
  maternityOutpatient: ['产前检查', 'Prenatal care'],
  delivery: ['住院分娩', 'Delivery'],
  familyPlanning: ['计划生育', 'Family planning'],
  workInjury: ['工伤门诊', 'Work injury, outpatient'],
  workInjuryInpatient: ['工伤住院', 'Work injury, inpatient'],
  workInjuryRehabilitation: ['工伤康复', 'Work injury, rehabilitation'],
}
export const careName = worded(careWords)

export const fundWords: Pairs = {
  pool: ['统筹基金', 'Pool'],
  largeExpense: ['职工大额医疗补助', 'Large expense'],
  criticalIllness: ['居民大病保险', 'Critical illness'],
  civilServant: ['公务员医疗补助', 'Civil servant supplement'],
  enterpriseSupplement: ['企业补充医疗', 'Enterprise supplement'],
  medicalAid: ['医疗救助', 'Medical aid'],
  disabled: ['伤残人员医疗保障', 'Disabled'],
  other: ['其他基金', 'Other'],
  workInjury: ['工伤保险基金', 'Work injury fund'],
  maternity: ['生育基金', 'Maternity fund'],
  retiredCadre: ['离休人员医疗保障', 'Retired cadre fund'],
  unemployment: ['失业保险基金', 'Unemployment fund'],
  pension: ['养老保险基金', 'Pension fund'],
  hospital: ['医院负担', 'Hospital'],
  employer: ['单位负担', 'Employer'],
  account: ['个人账户', 'Personal account'],
  familyAccount: ['家庭共济账户', 'Family account'],
  cash: ['个人现金', 'Cash'],
  person: ['个人', 'Person'],
}
export const fundName = worded(fundWords)

export const stateName = worded({
  settled: ['有效', 'Settled'],
  cancelled: ['已撤销', 'Cancelled'],
  reversed: ['已冲正', 'Reversed'],
  preview: ['预结算', 'Preview'],
})

export const rowKindName = worded({
  settlement: ['结算', 'Settlement'],
  cancellation: ['撤销', 'Cancellation'],
  reversal: ['冲正', 'Reversal'],
  restoration: ['恢复', 'Restoration'],
})

export const routeName = worded({
  local: ['本地', 'Local'],
  inProvince: ['省内异地', 'In province'],
  crossProvince: ['跨省异地', 'Cross-province'],
})

export const className = worded({ A: ['甲', 'A'], B: ['乙', 'B'], C: ['丙', 'C'] })

export const partName = worded({
  inScope: ['符合政策范围', 'in scope'],
  crossRegionFirstPay: ['转外先自付', 'cross-region first pay'],
  deductible: ['起付线', 'deductible'],
  copay: ['统筹自付', 'copay'],
  aboveCap: ['封顶线以上', 'above the cap'],
  firstSelfPay: ['先行自付', 'first self-pay'],
  overLimit: ['超限价', 'over limit'],
  selfPaid: ['全自费', 'self-paid'],
})

export const modeName = worded({
  visit: ['按次', 'each visit'],
  year: ['按年累计', 'over the year'],
  quarter: ['按季度', 'over the quarter'],
  month: ['按月', 'over the month'],
  firstVisitOfInstitution: ['每家医院每年首次', 'first visit to each institution'],
  yearToppedUp: ['按年收取一次，不足补齐', 'once a year, topped up'],
})

export const periodName = worded({
  visit: ['每次', 'per visit'],
  day: ['每日', 'per day'],
  month: ['每月', 'per month'],
  quarter: ['每季度', 'per quarter'],
  year: ['每年度', 'per year'],
  eligibility: ['每个待遇期', 'per eligibility period'],
  lifetime: ['终身', 'for life'],
})

export const gradeName = worded({
  A: ['A 官方原文', 'A official text'],
  B: ['B 官方原文', 'B official text'],
  C: ['C 转引', 'C quoted'],
  D: ['D 推算', 'D computed'],
  illustrative: ['示例，非现行政策', 'illustrative, not current policy'],
})

export const transferName = worded({
  fund: ['基金支付', 'Fund'],
  account: ['个人账户支付', 'Personal account'],
  family: ['家庭共济支付', 'Family account'],
  dueTo: ['异地应付', 'Due to the care region'],
  cash: ['个人现金（备查）', 'Cash, memo'],
  employer: ['单位负担（备查）', 'Employer, memo'],
  receivable: ['应收参保人', 'Receivable'],
  hospital: ['医院负担（备查）', 'Hospital, memo'],
  opening: ['期初', 'Opening'],
  contribution: ['缴费', 'Contribution'],
  credit: ['个人账户划入', 'Account credit'],
  benefit: ['待遇发放', 'Benefit'],
  collection: ['个人现金代扣（备查）', 'Bank collection, memo'],
  advanced: ['个人垫付（备查）', 'Advanced by the person, memo'],
  reimbursement: ['报销支付', 'Reimbursement'],
  recovery: ['追回立账', 'Recovery'],
  repayment: ['追回到账', 'Repayment'],
  setOff: ['追回抵扣', 'Set-off'],
  writeOff: ['追回核销', 'Write-off'],
  clearing: ['清算', 'Clearing'],
  prepaid: ['预付金', 'Prepaid'],
  netting: ['轧差', 'Netting'],
  payment: ['区域间支付', 'Payment between regions'],
  stage: ['应付定点机构', 'Payable, next stage'],
  advance: ['周转金', 'Advance'],
})

export const groupName = worded({
  working: ['在职', 'Working'],
  retired: ['退休', 'Retired'],
  adult: ['成年居民', 'Adult'],
  child: ['儿童', 'Child'],
  student: ['学生', 'Student'],
  elder: ['老年居民', 'Elder'],
})

export const sexName = worded({ male: ['男', 'Male'], female: ['女', 'Female'] })

export const eventName = worded({
  preview: ['预结算', 'Preview'],
  settled: ['结算', 'Settled'],
  repeat: ['重复请求', 'Repeat'],
  cancelled: ['撤销', 'Cancelled'],
  reversed: ['冲正', 'Reversed'],
  restored: ['恢复', 'Restored'],
  refused: ['拒付', 'Refused'],
  'cross-region': ['异地联网', 'Cross-region'],
  collection: ['银行代扣', 'Bank collection'],
  cleared: ['清算', 'Cleared'],
  asked: ['已受理，待异地答复', 'Taken, another region is asked'],
  'reversal-repeated': ['重复冲正', 'Reversal repeated'],
  visit: ['就诊登记', 'Visit'],
  recovery: ['追回', 'Recovery'],
  moved: ['资金变动', 'Money moved'],
  journaled: ['入账序号', 'Place in the journal'],
  replaced: ['被补充结算取代', 'Replaced'],
})

export const kindName = worded({
  settlement: ['结算', 'Settlement'],
  person: ['参保人', 'Person'],
  card: ['社保卡', 'Card'],
  institution: ['定点机构', 'Institution'],
  message: ['报文', 'Message'],
})

export const dimensionName = worded({
  fund: ['基金', 'Fund'],
  region: ['参保地', 'Insured region'],
  careRegion: ['就医地', 'Region of care'],
  institution: ['定点机构', 'Institution'],
  scheme: ['险种', 'Scheme'],
  care: ['医疗类别', 'Kind of care'],
  month: ['月份', 'Month'],
})

export const roleName = worded({
  auditor: ['审计', 'Auditor'],
  desk: ['经办', 'Desk'],
  'policy-author': ['政策维护', 'Policy author'],
  operator: ['运维', 'Operator'],
  institution: ['定点机构', 'Institution'],
  anonymous: ['未登录', 'Nobody signed in'],
  person: ['本人', 'The person'],
})

/** What the access log says was told. */
export const actionName = worded({
  person: ['参保信息', 'Person'],
  accounts: ['个人账户', 'Accounts'],
  accumulators: ['年度累计', 'Running sums'],
  settlement: ['结算单', 'Settlement'],
  settlements: ['结算列表', 'Settlements'],
  card: ['社保卡', 'Card'],
  ledger: ['账簿', 'Books'],
  search: ['检索', 'Search'],
  export: ['导出', 'Export'],
  identity: ['查看真实身份', 'Unmasked'],
  denied: ['被拒绝', 'Denied'],
  'access-log': ['访问记录', 'Access log'],
  clearing: ['清算', 'Clearing'],
})

const coloured = [
  'pool',
  'workInjury',
  'medicalAid',
  'civilServant',
  'largeExpense',
  'criticalIllness',
  'maternity',
  'unemployment',
  'pension',
  'retiredCadre',
]

/** The colour that a fund has in every picture; those that are rare share the last. */
export function fundColour(fund: string): number {
  const place = coloured.indexOf(fund)
  return place === -1 ? coloured.length : place
}

export const amountName = worded({
  total: ['医疗费总额', 'Total'],
  selfPaid: ['全自费', 'Self-paid'],
  overLimit: ['超限价', 'Over limit'],
  firstSelfPay: ['先行自付', 'First self-pay'],
  inScope: ['符合政策范围', 'In scope'],
  deductible: ['起付线', 'Deductible'],
  crossRegionFirstPay: ['转外先自付', 'Cross-region first pay'],
  fundTotal: ['基金支付总额', 'Paid by funds'],
  personTotal: ['个人负担总额', 'Left to the person'],
  account: ['个人账户支出', 'From accounts'],
  familyAccount: ['其中家庭共济', 'of that, family accounts'],
  cash: ['个人现金支付', 'Cash'],
  hospitalShare: ['医院负担', 'Hospital share'],
  employerShare: ['其中单位负担', 'of that, the employer'],
  accountBalance: ['账户余额', 'Account balance after'],
  receivable: ['应收参保人', 'Owed by the person'],
  advanced: ['个人垫付', 'Advanced by the person'],
  due: ['清算金额', 'Due'],
})

/** Kinds of items that catalogues and rules tell apart. */
export const itemKindName = worded({
  bed: ['床位', 'bed'],
  assistive: ['辅助器具', 'assistive device'],
  delivery: ['分娩', 'delivery'],
  'domestic-implant': ['国产植入材料', 'domestic implant'],
  'imported-implant': ['进口植入材料', 'imported implant'],
  negotiated: ['谈判药', 'negotiated drug'],
  prenatal: ['产前检查', 'prenatal'],
  rehabilitation: ['康复', 'rehabilitation'],
  'special-examination': ['特殊检查', 'special examination'],
  special: ['特殊', 'special'],
})
