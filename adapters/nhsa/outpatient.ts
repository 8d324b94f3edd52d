import type { BillAsk } from '../../engine/ports.ts'
import { aboutOf, refuseStayType, schemeAsked, schemeNotServed, typeNotServed } from './about.ts'
import { billAsk, type BillAsked, type billFields, type PostedTotals } from './bill.ts'
import { may, must, type ReadBy } from './field.ts'
import { code, text } from './kinds.ts'
import type { Call, Refused } from './transaction.ts'

/** Fields of 2206 and 2207 that a stay has not. */
export const outpatientFields = {
  med_type: must(code('med_type', 6), '医疗类别'),
  chrg_bchno: must(text(30), '收费批次号'),
  dise_codg: may(text(30), '病种编码'),
} as const

type Fields = ReadBy<typeof billFields & typeof outpatientFields>

/** The ask of an outpatient bill, or what of the message no bill can be settled under. */
export function askOutpatient(
  data: Fields,
  totals: PostedTotals,
  call: Call,
): Omit<BillAsk, 'key'> | Refused {
  const { med_type, insutype, dise_codg, chrg_bchno: batch } = data
  const about = aboutOf(call.settings, { med_type, dise_codg })
  if (!about) return { refused: typeNotServed(med_type) }
  const ofStay = refuseStayType(about, med_type)
  if (ofStay) return ofStay
  if (schemeAsked(call.settings, insutype, about.care, undefined) === undefined)
    return { refused: schemeNotServed(insutype) }
  const asked: BillAsked = { ...data, kind: 'outpatient', about, batch, totals }
  return billAsk(asked, call)
}
