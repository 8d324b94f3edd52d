import { many, may, must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { findInsured, findOwnSettlement } from '../owned.ts'
import { setldetailOf, setldetailTable } from '../setldetail.ts'
import { resultFor, settlementTable, tellSettlement } from '../settlementTable.ts'
import { transaction } from '../transaction.ts'

/** Tells one settlement of the asking institution (结算信息查询), as it was answered and where it stands now. */
export const askSettlement = transaction({
  infno: '5203',
  name: { zh: '结算信息查询', en: 'ask for a settlement' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      setl_id: must(text(30), '结算ID'),
      mdtrt_id: may(text(30), '就诊ID'),
    }),
  },
  output: { setlinfo: one(settlementTable), setldetail: many(setldetailTable) },
  writes: false,
  async handle({ data }, call) {
    const { world, settings } = call
    const found = await findOwnSettlement(data, call)
    if ('refused' in found) return found
    const insured = await findInsured(data.psn_no, call)
    if ('refused' in insured) return insured
    const told = await world.settlements.told(data.psn_no, found.first.id)
    const result = resultFor(found.first, told, insured, settings)
    return {
      output: {
        setlinfo: tellSettlement(found, result, insured, call),
        setldetail: setldetailOf(found.first.content, settings),
      },
    }
  },
})
