import { isRefusal, refuse } from '../../../engine/refusal.ts'
import { changeStay, findStay } from '../../../engine/stays.ts'
import { maybeMany, one } from '../field.ts'
import { dayOf } from '../moment.ts'
import { aboutStay, refuseStay, stayDetails } from '../stayAbout.ts'
import { doneOnStay } from '../stayAct.ts'
import { changeTable, stayDiagnosisTable } from '../stayTables.ts'
import { transaction } from '../transaction.ts'

/** Changes what was told of a stay (住院信息变更), until its last part is settled; what is left empty stays as it was. */
export const changeOfStay = transaction({
  infno: '2403',
  name: { zh: '住院信息变更', en: 'change what was told of a stay' },
  input: { adminfo: one(changeTable), diseinfo: maybeMany(stayDiagnosisTable) },
  output: {},
  writes: true,
  async handle({ adminfo: told, diseinfo = [] }, call) {
    const { settings } = call
    const wrong = refuseStay(told, diseinfo, settings)
    if (wrong) return wrong
    const details = stayDetails(changeTable, told, diseinfo)
    const day = dayOf(told.begntime)
    return doneOnStay(call, told, (found, asked) => {
      const { today, facts } = found
      if (day > today) return refuse('day-in-future', { day, today })
      const visit = findStay(found, asked)
      if (isRefusal(visit)) return visit
      const about = aboutStay({ ...visit.details, ...details }, settings, facts.person)
      return changeStay(found, visit, { day, about, details }, settings.stayElsewhere)
    })
  },
})
