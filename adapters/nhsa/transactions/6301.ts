import { type Fen, zero } from '../../../engine/money.ts'
import { may, must, one } from '../field.ts'
import { moment, text } from '../kinds.ts'
import { orderAmounts, orderFields, realName } from '../mobileFields.ts'
import { carriesAmounts, type Paid, stateOf } from '../mobileOrder.ts'
import { orderAskedFor } from '../mobileAsked.ts'
import { compact } from '../moment.ts'
import { transaction } from '../transaction.ts'

/** Tells the state of an order (移动支付结算结果查询); only a paid one that nothing was refunded of carries amounts. */
export const queryOrder = transaction({
  infno: '6301',
  name: { zh: '移动支付结算结果查询', en: 'query a mobile order' },
  input: { data: one({ ...orderFields, ...realName }) },
  output: {
    data: one({
      payOrdId: must(text(40), '支付订单号'),
      ordStas: must(text(3), '订单状态'),
      ...orderAmounts,
      setlType: may(text(6), '结算类型'),
      callType: may(text(6), '回调类型'),
      medOrgOrd: must(text(64), '医疗机构订单号'),
      traceTime: may(text(14), '交易时间'),
      setlTime: may(moment, '结算时间'),
      revsToken: may(text(64), '撤销令牌'),
      mdtrtId: must(text(30), '就诊ID'),
      setlId: may(text(30), '结算ID'),
    }),
  },
  writes: false,
  async handle({ data }, call) {
    const there = await orderAskedFor(data, call)
    if ('refused' in there) return there
    const { order, visit } = there
    const ordStas = stateOf(order, visit)
    const paid = carriesAmounts(ordStas) ? order.paid : undefined
    return {
      output: {
        data: {
          payOrdId: order.id,
          ordStas,
          feeSumamt: paid?.total,
          ownPayAmt: paid?.cash,
          psnAcctPay: paid?.account,
          fundPay: paid?.fund,
          setlType: paid && setlTypeOf(paid),
          callType: paid && '02',
          medOrgOrd: order.medOrgOrd,
          traceTime: paid && compact(paid.at, 14),
          setlTime: paid?.at,
          revsToken: paid && order.revsToken,
          mdtrtId: visit.id,
          setlId: paid?.settlement,
        },
      },
    }
  },
})

/** Who pays (结算类型): only cash, no cash, or both. */
function setlTypeOf({ cash, account, fund }: Paid): 'ALL' | 'CASH' | 'HI' {
  const insured = (account + fund) as Fen
  if (insured === zero) return 'CASH'
  return cash === zero ? 'HI' : 'ALL'
}
