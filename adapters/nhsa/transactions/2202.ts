import { isRefusal } from '../../../engine/refusal.ts'
import { visitSubject } from '../../../engine/visit.ts'
import { cancelVisit, entered, findVisit } from '../../../engine/visiting.ts'
import { may, must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** Cancels a registration (门诊挂号撤销), which must have neither lines nor settlements. */
export const cancelRegistration = transaction({
  infno: '2202',
  name: { zh: '门诊挂号撤销', en: 'cancel a registration' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      mdtrt_id: must(text(30), '就诊ID'),
      ipt_otp_no: may(text(30), '住院/门诊号'),
    }),
  },
  output: {},
  writes: true,
  async handle({ data: { psn_no, mdtrt_id } }, { key, institution, submit, world }) {
    const subject = visitSubject(psn_no, mdtrt_id)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: psn_no,
      subjects: [subject],
      enter(found) {
        const visit = findVisit(found, subject, institution.code)
        return isRefusal(visit) ? visit : entered(cancelVisit(visit))
      },
    })
    return tell(outcome, 'entered', world, () => ({ output: {} }))
  },
})
