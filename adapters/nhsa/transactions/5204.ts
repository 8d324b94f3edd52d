import { many, may, must, nameless, one } from '../field.ts'
import { text } from '../kinds.ts'
import { findLines, itemsOf, lineTable, tellLine } from '../lineTable.ts'
import { transaction } from '../transaction.ts'

/** Tells the fee lines of a visit or of a settlement of the asking institution (费用明细查询); the output is a bare list. */
export const askLines = transaction({
  infno: '5204',
  name: { zh: '费用明细查询', en: 'ask for fee lines' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      setl_id: may(text(30), '结算ID'),
      mdtrt_id: must(text(30), '就诊ID'),
    }),
  },
  output: { [nameless]: many(lineTable) },
  writes: false,
  async handle({ data }, call) {
    const found = await findLines(data, call)
    if ('refused' in found) return found
    const items = itemsOf(call, call.institution.division)
    return { output: { [nameless]: found.map((line) => tellLine(line, items)) } }
  },
})
