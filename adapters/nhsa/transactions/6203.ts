import { type Refusal, refuse } from '../../../engine/refusal.ts'
import type { Entered, Found, Key } from '../../../engine/ports.ts'
import { visitSubject } from '../../../engine/visit.ts'
import { add, zero } from '../../../engine/money.ts'
import { may, must, one, type ReadBy, type Table } from '../field.ts'
import { amount, text } from '../kinds.ts'
import { orderFields, stamp } from '../mobileFields.ts'
import {
  cashRefunded,
  findOrder,
  isInForce,
  type Order,
  orderEntry,
  orderIn,
  type Refund,
  type RefundType,
  refundTypes,
} from '../mobileOrder.ts'
import { refuseRefund } from '../mobileRefund.ts'
import { tell } from '../tell.ts'
import { type Call, type Refused, transaction } from '../transaction.ts'

const { payOrdId } = orderFields

const refunded = {
  payOrdId,
  appRefdSn: must(text(64), '退费流水号'),
  appRefdTime: must(stamp, '退费时间'),
  refdType: must(text(6), '退费类型'),
  totlRefdAmt: must(amount, '退费总额'),
  cashRefdAmt: must(amount, '现金退费'),
  psnAcctRefdAmt: may(amount, '个人账户退费'),
  fundRefdAmt: may(amount, '基金退费'),
  ecToken: may(text(64), '电子凭证令牌'),
  payAuthNo: may(text(64), '支付授权码'),
} as const satisfies Table

/**
 * Refunds an order (移动支付退费). All of it, or all but the cash, cancels its settlement; cash alone is bounded by what is
 * left of it. What is refunded is kept first, under the message's own key, and the cancellation follows under a key made
 * of it: whoever is cut off between the two repeats the message, and it goes on.
 */
export const refundOrder = transaction({
  infno: '6203',
  name: { zh: '移动支付退费', en: 'refund a mobile order' },
  input: { data: one(refunded) },
  output: { data: one({ refStatus: must(text(6), '退费结果'), payOrdId }) },
  writes: true,
  async handle({ data }, call) {
    const { world, submit, key, institution } = call
    const there = await findOrder(institution.code, data.payOrdId, world.dossiers)
    const { order } = there ?? {}
    if (!order?.paid) return { refused: '订单不存在，或尚未支付。' }
    const refund = refundOf(data)
    if ('refused' in refund) return refund
    const wrong = refuseRefund(refund, order.paid)
    if (wrong !== undefined) return { refused: wrong }
    const outcome = await submit({
      ...askFor(order, key, institution.code),
      enter: (found: Found) => enterRefund(found, order, refund),
    })
    const kept = tell(outcome, 'entered', world, () => undefined)
    if (kept) return kept
    return (
      (refund.type === 'CASH' ? undefined : await cancel(order, refund, call)) ?? {
        output: { data: { refStatus: 'SUCC', payOrdId: order.id } },
      }
    )
  },
})

function refundOf(data: ReadBy<typeof refunded>): Refund | Refused {
  const type = refundTypes.find((known) => known === data.refdType.toUpperCase())
  if (!type) return { refused: '退费类型refdType须为ALL、CASH或HI。' }
  if ((data.ecToken === undefined) === (data.payAuthNo === undefined))
    return { refused: '电子凭证令牌ecToken与支付授权码payAuthNo须填且仅填一项。' }
  return {
    type,
    number: data.appRefdSn,
    total: data.totlRefdAmt,
    cash: data.cashRefdAmt,
    account: data.psnAcctRefdAmt ?? zero,
    fund: data.fundRefdAmt ?? zero,
  }
}

const askFor = ({ subject, person, visit }: Order, key: Key, institution: string) => ({
  kind: 'enter' as const,
  key,
  institution,
  owner: person,
  subjects: [subject, visitSubject(person, visit)],
})

function enterRefund(found: Found, { subject, id }: Order, refund: Refund): Entered | Refusal {
  const there = orderIn(found, subject)
  if (!there?.order.paid) return refuse('entry-unknown', { entry: id })
  const { order, visit } = there
  const { paid, refunds } = there.order
  if (refunds.some(({ number }) => number === refund.number))
    return refuse('entry-already-there', { entry: refund.number })
  const again = refuseAgain(order, refund.type, isInForce(order, visit))
  if (again) return again
  const cash = add(cashRefunded(order), refund.cash)
  if (paid && cash > paid.cash) return refuse('entry-already-there', { entry: id })
  return { entries: [orderEntry(subject, 'refunding', refund)] }
}

/** What cancels the settlement does so once; cash may still follow what went back to the funds. */
function refuseAgain(order: Order, type: RefundType, inForce: boolean): Refusal | undefined {
  const wide = order.refunds.some((refund) => refund.type !== 'CASH')
  const undone = refuse('already-undone', { settlement: order.paid?.settlement ?? '' })
  if (type === 'CASH') return wide || inForce ? undefined : undone
  if (wide) return refuse('entry-already-there', { entry: order.id })
  return inForce ? undefined : undone
}

/** Cancels the order's settlement; where that is refused, the refund is taken back and nothing was refunded. */
async function cancel(order: Order, refund: Refund, call: Call): Promise<Refused | undefined> {
  const { world, submit, key, institution } = call
  const step = (name: string): Key => ({ ...key, key: `${key.key}.${name}` })
  const outcome = await submit({
    kind: 'cancel',
    key: step('cancel'),
    settlement: order.paid?.settlement ?? '',
    institution: institution.code,
    person: order.person,
    visit: order.visit,
  })
  const failed = tell(outcome, 'undone', world, () => undefined)
  if (outcome.kind !== 'refused') return failed
  const { number } = refund
  const noted = await submit({
    ...askFor(order, step('failed'), institution.code),
    enter: () => ({ entries: [orderEntry(order.subject, 'refund-failed', { number })] }),
  })
  return tell(noted, 'entered', world, () => failed)
}
