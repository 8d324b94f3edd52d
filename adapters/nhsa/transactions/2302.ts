import { isRefusal } from '../../../engine/refusal.ts'
import { findStay } from '../../../engine/stays.ts'
import { entered, type LinesWanted, removeLines } from '../../../engine/visiting.ts'
import { many, must, type ReadBy } from '../field.ts'
import { text } from '../kinds.ts'
import { doneOnStay } from '../stayAct.ts'
import { stayIds } from '../stayTables.ts'
import { transaction } from '../transaction.ts'

const table = { feedetl_sn: must(text(30), '费用明细流水号'), ...stayIds } as const

/** The line number that stands for every line that is not settled. */
const everyLine = '0000'

/** Takes fee lines of a stay back (住院费用明细撤销): some by number, or all that are not settled. */
export const removeStayLines = transaction({
  infno: '2302',
  name: { zh: '住院费用明细撤销', en: 'take fee lines of a stay back' },
  input: { data: many(table) },
  output: {},
  writes: true,
  async handle({ data }, call) {
    const [first] = data
    const mixed = data.find(
      (one) => one.psn_no !== first?.psn_no || one.mdtrt_id !== first.mdtrt_id,
    )
    if (!first || mixed)
      return { refused: '一次只能撤销同一人员（psn_no）同一就诊（mdtrt_id）的费用明细' }
    return doneOnStay(call, first, (found, asked) => {
      const visit = findStay(found, asked)
      return isRefusal(visit) ? visit : entered(removeLines(visit, wantedOf(data)))
    })
  },
})

const wantedOf = (data: readonly ReadBy<typeof table>[]): LinesWanted =>
  data.some(({ feedetl_sn }) => feedetl_sn === everyLine)
    ? { of: 'all' }
    : { of: 'numbers', numbers: data.map(({ feedetl_sn }) => feedetl_sn) }
