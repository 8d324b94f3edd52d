import { billFields, settledNodes, tellSettled, totalFields } from '../bill.ts'
import { one } from '../field.ts'
import { askOutpatient, outpatientFields } from '../outpatient.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** Settles a batch of an outpatient visit (门诊结算). The four totals a client may post are compared and never used. */
export const settleOutpatient = transaction({
  infno: '2207',
  name: { zh: '门诊结算', en: 'settle an outpatient bill' },
  input: { data: one({ ...billFields, ...outpatientFields, ...totalFields }) },
  output: settledNodes,
  writes: true,
  async handle({ data }, call) {
    const asked = askOutpatient(data, data, call)
    if ('refused' in asked) return asked
    const outcome = await call.submit({ ...asked, key: call.key })
    return tell(outcome, 'settled', call.world, (settled) => tellSettled(settled, data, call))
  },
})
