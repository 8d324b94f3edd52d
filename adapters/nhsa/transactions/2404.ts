import { cancelAdmission } from '../../../engine/stays.ts'
import { one } from '../field.ts'
import { doneOnStay } from '../stayAct.ts'
import { stayIds } from '../stayTables.ts'
import { transaction } from '../transaction.ts'

/** Takes an admission back (入院撤销): its fees must be taken back first, and its settlements and discharge undone. */
export const cancelAdmissionToHospital = transaction({
  infno: '2404',
  name: { zh: '入院撤销', en: 'take an admission back' },
  input: { data: one(stayIds) },
  output: {},
  writes: true,
  handle: ({ data }, call) => doneOnStay(call, data, cancelAdmission),
})
