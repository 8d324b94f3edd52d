import { billFields, previewNodes, tellPreview } from '../bill.ts'
import { one } from '../field.ts'
import { askOutpatient, outpatientFields } from '../outpatient.ts'
import { transaction } from '../transaction.ts'

/** Says what a settlement would be (门诊预结算): by the functions that settle, and nothing is kept. */
export const previewOutpatient = transaction({
  infno: '2206',
  name: { zh: '门诊预结算', en: 'preview an outpatient settlement' },
  input: { data: one({ ...billFields, ...outpatientFields }) },
  output: previewNodes,
  writes: false,
  async handle({ data }, call) {
    const asked = askOutpatient(data, {}, call)
    return 'refused' in asked ? asked : tellPreview(asked, {}, call)
  },
})
