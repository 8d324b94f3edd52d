import { settledNodes, tellSettled } from '../bill.ts'
import { one } from '../field.ts'
import { askStay, stayBillTable } from '../stayBill.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** Settles a stay (住院结算): a part while it lasts (中途结算), or the rest once the person is discharged. */
export const settleStay = transaction({
  infno: '2304',
  name: { zh: '住院结算', en: 'settle a stay' },
  input: { data: one(stayBillTable) },
  output: settledNodes,
  writes: true,
  async handle({ data }, call) {
    const asked = askStay(data, call)
    if ('refused' in asked) return asked
    const outcome = await call.submit({ ...asked, key: call.key })
    return tell(outcome, 'settled', call.world, (settled) => tellSettled(settled, data, call))
  },
})
