import type { CaseAct, CaseState } from '../../engine/deskCase.ts'

/** Where a case at the agency's desk stands, in Chinese. */
export const caseStateWords: Readonly<Record<CaseState, string>> = {
  entered: '已录入待初审',
  reviewed: '已初审待复核',
  settled: '已结算待支付',
  ordered: '支付中',
  paid: '已支付',
  returned: '银行已退回',
  open: '追回中',
  closed: '已办结',
  refused: '不予办理',
  withdrawn: '已撤回',
  superseded: '已被后续办理取代',
}

export const actWords: Readonly<Record<CaseAct | 'settle', string>> = {
  review: '初审',
  approval: '复核',
  refusal: '不予办理',
  withdrawal: '撤回',
  payment: '支付',
  repayment: '到账登记',
  'set-off': '抵扣',
  'write-off': '核销申请',
  'write-off-approval': '核销复核',
  'write-off-refusal': '核销驳回',
  settle: '结算',
}

/** Why a settlement cannot be settled anew. */
export const deskBecause: Readonly<Record<string, string>> = {
  'other-region': '异地直接结算由两地分别记账，须与就医地协同办理',
  'money-moved': '原补差已支付、正在支付或已部分追回',
  'hospital-share': '医院负担金额将发生变化',
  'employer-share': '应由单位负担的金额不足以抵减',
}
