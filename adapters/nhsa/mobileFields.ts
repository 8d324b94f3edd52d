import type { Instant } from '../../engine/day.ts'
import { type Kind, may, must, type Table } from './field.ts'
import { amount, moment, text } from './kinds.ts'

/** A moment as mobile payment writes it, yyyyMMddHHmmss, or as everything else does. */
export const stamp: Kind<Instant> = {
  ...moment,
  read(given) {
    const [, y, m, d, h, i, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(String(given)) ?? []
    return moment.read(y === undefined ? given : `${y}-${m}-${d} ${h}:${i}:${s}`)
  },
}

/** How an order is named by whoever asks about it (6202 to 6401): its number, and the token it was given with. */
export const orderFields = {
  payOrdId: must(text(40), '支付订单号'),
  orgCodg: must(text(30), '机构编码'),
  payToken: must(text(64), '支付令牌'),
} as const satisfies Table

/** The real-name fields (实名信息) that 6201, 6301 and 6401 repeat. */
export const realName = {
  idNo: must(text(50), '证件号码'),
  userName: must(text(50), '用户姓名'),
  idType: must(text(6), '证件类型'),
} as const satisfies Table

/** What an order comes to, in the three components of I8. */
export const orderAmounts = {
  feeSumamt: may(amount, '费用总额'),
  ownPayAmt: may(amount, '现金支付'),
  psnAcctPay: may(amount, '个人账户支出'),
  fundPay: may(amount, '医保基金支付'),
} as const satisfies Table
