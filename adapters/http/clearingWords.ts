import type { OrderState } from '../../engine/orderPayment.ts'
import type { RunState, RunStep } from '../../engine/runStages.ts'

/** Where a run or a payment order stands (清算状态). */
export const clearingStates: Readonly<Record<RunState | OrderState, string>> = {
  accepted: '已受理',
  inReview: '审核中',
  reviewed: '审核完成',
  cleared: '已清算',
  requested: '已清算待拨付',
  paid: '已拨付',
  ordered: '已通知',
  asked: '已申请付款',
  received: '已到账',
}

/** What is done to one. */
export const clearingSteps: Readonly<Record<RunStep | 'receipt', string>> = {
  review: '审核',
  deduction: '审核扣款',
  difference: '病种结算差额',
  'review-end': '审核完成',
  approval: '复核',
  'payment-request': '拨付申请',
  payment: '拨付',
  receipt: '收款',
}
