import { isRefusal, refuse } from '../../../engine/refusal.ts'
import { findStay, leave } from '../../../engine/stays.ts'
import { many, one } from '../field.ts'
import { dayOf } from '../moment.ts'
import { aboutStay, refuseStay, stayDetails } from '../stayAbout.ts'
import { doneOnStay } from '../stayAct.ts'
import { dischargeTable, stayDiagnosisTable } from '../stayTables.ts'
import { transaction } from '../transaction.ts'

/** Discharges (出院办理): after it the last part may be settled, and fees may still be uploaded until then. */
export const dischargeFromHospital = transaction({
  infno: '2402',
  name: { zh: '出院办理', en: 'discharge from hospital' },
  input: { dscginfo: one(dischargeTable), diseinfo: many(stayDiagnosisTable) },
  output: {},
  writes: true,
  async handle({ dscginfo: told, diseinfo }, call) {
    const { settings } = call
    const wrong = refuseStay(told, diseinfo, settings)
    if (wrong) return wrong
    const details = stayDetails(dischargeTable, told, diseinfo)
    const day = dayOf(told.endtime)
    return doneOnStay(call, told, (found, asked) => {
      const { today, facts } = found
      if (day > today) return refuse('day-in-future', { day, today })
      const visit = findStay(found, asked)
      if (isRefusal(visit)) return visit
      const about = aboutStay({ ...visit.details, ...details }, settings, facts.person)
      return leave(found, asked, { day, about, details })
    })
  },
})
