import type { BillAsk } from '../../engine/ports.ts'
import { schemeAsked, schemeNotServed } from './about.ts'
import { billAsk, billFields, totalFields } from './bill.ts'
import { may, type ReadBy } from './field.ts'
import { code, moment } from './kinds.ts'
import { dayOf } from './moment.ts'
import type { Call, Refused } from './transaction.ts'

/** What 2303 and 2304 are given. */
export const stayBillTable = {
  ...billFields,
  ...totalFields,
  mid_setl_flag: may(code('flag', 3), '中途结算标志'),
  dscgTime: may(moment, '出院时间'),
} as const

/**
 * The ask of a stay's bill (住院结算): of everything that is not settled yet, as a part of a stay that goes on
 * (mid_setl_flag 1) or as its last. dscgTime is the discharge where 2402 told none, or the end of a part.
 */
export function askStay(
  data: ReadBy<typeof stayBillTable>,
  call: Call,
): Omit<BillAsk, 'key'> | Refused {
  const { insutype, mid_setl_flag, dscgTime } = data
  // A stay for a work injury is settled under its own scheme, whatever medical insutype is written beside it.
  if (schemeAsked(call.settings, insutype, undefined, undefined) === undefined)
    return { refused: schemeNotServed(insutype) }
  const interim = mid_setl_flag === '1'
  const discharge = dscgTime === undefined ? undefined : dayOf(dscgTime)
  return billAsk({ ...data, kind: 'inpatient', totals: data, interim, discharge }, call)
}
