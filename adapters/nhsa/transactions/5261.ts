import { many, one } from '../field.ts'
import { chargeTable, printAsked, printed, statementTable } from '../printed.ts'
import { setldetailTable } from '../setldetail.ts'
import { transaction } from '../transaction.ts'

/** Tells a settlement statement in parts, for a form of the institution's own (结算单查询). */
export const askStatement = transaction({
  infno: '5261',
  name: { zh: '结算单查询', en: 'ask for a settlement statement' },
  input: { data: one(printAsked) },
  output: {
    setlstmt: one(statementTable),
    setldetail: many(setldetailTable),
    chrgitm: many(chargeTable),
  },
  writes: false,
  async handle({ data }, call) {
    const found = await printed(data, call)
    if ('refused' in found) return found
    const { head, payers, charges } = found
    return { output: { setlstmt: head, setldetail: payers, chrgitm: charges } }
  },
})
