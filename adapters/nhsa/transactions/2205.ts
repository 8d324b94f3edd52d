import { isRefusal } from '../../../engine/refusal.ts'
import { visitSubject } from '../../../engine/visit.ts'
import { entered, findVisit, removeLines } from '../../../engine/visiting.ts'
import { must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** The batch number that stands for every line that is not settled. */
const everyBatch = '0000'

/** Takes fee lines back (门诊费用明细撤销): those of a batch, or all that are not settled. */
export const removeOutpatientLines = transaction({
  infno: '2205',
  name: { zh: '门诊费用明细撤销', en: 'take fee lines of an outpatient visit back' },
  input: {
    data: one({
      mdtrt_id: must(text(30), '就诊ID'),
      chrg_bchno: must(text(30), '收费批次号'),
      psn_no: must(text(30), '人员编号'),
    }),
  },
  output: {},
  writes: true,
  async handle({ data: { psn_no, mdtrt_id, chrg_bchno } }, { key, institution, submit, world }) {
    const subject = visitSubject(psn_no, mdtrt_id)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: psn_no,
      subjects: [subject],
      enter(found) {
        const visit = findVisit(found, subject, institution.code)
        if (isRefusal(visit)) return visit
        return entered(
          removeLines(
            visit,
            chrg_bchno === everyBatch ? { of: 'all' } : { of: 'batch', batch: chrg_bchno },
          ),
        )
      },
    })
    return tell(outcome, 'entered', world, () => ({ output: {} }))
  },
})
