import type { Visit } from '../../engine/visit.ts'
import { findOrder, type Order } from './mobileOrder.ts'
import type { Call, Refused } from './transaction.ts'

/** The order that is asked about, by whoever has its token and says whose it is (6301, 6401). */
export async function orderAskedFor(
  asked: {
    readonly payOrdId: string
    readonly orgCodg: string
    readonly payToken: string
    readonly idNo: string
    readonly userName: string
  },
  { institution, world }: Call,
): Promise<{ order: Order; visit: Visit } | Refused> {
  const there = await findOrder(institution.code, asked.payOrdId, world.dossiers)
  const insured = there && (await world.people.byId(there.order.person))
  const isTheirs =
    asked.orgCodg === institution.code &&
    there?.order.payToken === asked.payToken &&
    insured?.citizenNumber === asked.idNo.toUpperCase() &&
    insured.name === asked.userName
  return isTheirs ? there : { refused: '订单不存在，或支付令牌、机构、实名信息与订单不符。' }
}
