import { comeBack } from '../../../engine/stays.ts'
import { one } from '../field.ts'
import { doneOnStay } from '../stayAct.ts'
import { stayIds } from '../stayTables.ts'
import { transaction } from '../transaction.ts'

/** Takes a discharge back (出院撤销), so that the stay goes on: its last settlement must be undone first (2305). */
export const cancelDischarge = transaction({
  infno: '2405',
  name: { zh: '出院撤销', en: 'take a discharge back' },
  input: { data: one(stayIds) },
  output: {},
  writes: true,
  handle: ({ data }, call) =>
    doneOnStay(call, data, (found, asked) => comeBack(found, asked, call.settings.stayElsewhere)),
})
