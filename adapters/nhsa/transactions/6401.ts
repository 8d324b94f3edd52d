import type { Entered, Found } from '../../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../../engine/refusal.ts'
import { entryOf, visitSubject } from '../../../engine/visit.ts'
import { removeLines } from '../../../engine/visiting.ts'
import { type Kind, must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { orderAskedFor } from '../mobileAsked.ts'
import { orderFields, realName } from '../mobileFields.ts'
import { type Order, orderEntry, orderIn } from '../mobileOrder.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

const truth: Kind<boolean> = {
  type: '布尔型',
  read: () => ({ wrong: '须为布尔值' }),
  write: (value) => value,
}

/** Revokes an order that is not paid (移动支付费用明细撤销): its lines go, and the visit where the order registered it. */
export const revokeOrder = transaction({
  infno: '6401',
  name: { zh: '移动支付费用明细上传撤销', en: 'revoke a mobile order' },
  input: { data: one({ ...orderFields, ...realName }) },
  output: { data: one({ success: must(truth, '是否成功'), message: must(text(200), '说明') }) },
  writes: true,
  async handle({ data }, call) {
    const { world, submit, key, institution } = call
    const there = await orderAskedFor(data, call)
    if ('refused' in there) return there
    const { order } = there
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: order.person,
      subjects: [order.subject, visitSubject(order.person, order.visit)],
      enter: (found) => revoke(found, order),
    })
    return tell(outcome, 'entered', world, () => ({
      output: { data: { success: true, message: '订单已撤销' } },
    }))
  },
})

function revoke(found: Found, { subject, id }: Order): Entered | Refusal {
  const there = orderIn(found, subject)
  if (!there || there.order.revoked) return refuse('entry-unknown', { entry: id })
  const { order, visit } = there
  if (order.paid)
    return refuse('visit-has-settlements', {
      visit: visit.id,
      settlements: [order.paid.settlement],
    })
  const revoked = orderEntry(subject, 'revoked', {})
  const own = [...visit.lines.values()].filter(({ batch }) => batch === order.batch)
  if (own.length === 0) return { entries: [revoked] }
  const removed = removeLines(visit, { of: 'batch', batch: order.batch })
  if (isRefusal(removed)) return removed
  const alone = order.registers && own.length === visit.lines.size && visit.settlements.size === 0
  const ended = alone ? [entryOf(visit.subject, 'cancelled', {})] : []
  return { entries: [removed, ...ended, revoked] }
}
