import { previewNodes, tellPreview } from '../bill.ts'
import { one } from '../field.ts'
import { askStay, stayBillTable } from '../stayBill.ts'
import { transaction } from '../transaction.ts'

/** Says what a stay's settlement would be (住院预结算): by the functions that settle, and nothing is kept. */
export const previewStay = transaction({
  infno: '2303',
  name: { zh: '住院预结算', en: 'preview the settlement of a stay' },
  input: { data: one(stayBillTable) },
  output: previewNodes,
  writes: false,
  async handle({ data }, call) {
    const asked = askStay(data, call)
    return 'refused' in asked ? asked : tellPreview(asked, data, call)
  },
})
