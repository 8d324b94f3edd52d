import { many, may, must, one } from '../field.ts'
import { moment, text } from '../kinds.ts'
import { isDrug, itemsOf, linesOfVisit, lineTable, tellLine } from '../lineTable.ts'
import { findInsured, ownVisits, refuseTurned } from '../owned.ts'
import { transaction } from '../transaction.ts'

const {
  mdtrt_id: _visit,
  setl_id: _settlement,
  opter_id: _operator,
  opter_name: _name,
  opt_time: _at,
  ...line
} = lineTable

/** 慢特病用药记录 feedetail of 5205: lines of 5204 with whose they are. */
const record = {
  ...line,
  fixmedins_code: may(text(12), '定点医药机构编号'),
  fixmedins_name: must(text(200), '定点医药机构名称'),
  psn_no: must(text(30), '人员编号'),
}

/** Tells the drugs a person had for a special outpatient disease (人员慢特病用药记录查询) at the asking institution. */
export const askChronicDrugs = transaction({
  infno: '5205',
  name: { zh: '人员慢特病用药记录查询', en: 'ask for drugs of special diseases' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      begntime: must(moment, '开始时间'),
      endtime: may(moment, '结束时间'),
    }),
  },
  output: { feedetail: many(record) },
  writes: false,
  async handle({ data: { psn_no, begntime, endtime = Infinity } }, call) {
    const turned = refuseTurned(begntime, endtime)
    if (turned) return turned
    const insured = await findInsured(psn_no, call)
    if ('refused' in insured) return insured
    const visits = await ownVisits(psn_no, call)
    const special = visits.filter(({ about }) => about.care === 'specialOutpatient')
    const found = await Promise.all(special.map((visit) => linesOfVisit(visit, call)))
    const { code: fixmedins_code, name: fixmedins_name, division } = call.institution
    const items = itemsOf(call, division)
    const rows = found
      .flat()
      .map((one) => tellLine(one, items))
      .filter(
        ({ med_list_codg, fee_ocur_time }) =>
          isDrug(med_list_codg) && fee_ocur_time >= begntime && fee_ocur_time <= endtime,
      )
    return {
      output: {
        feedetail: rows.map((row) => ({ ...row, fixmedins_code, fixmedins_name, psn_no })),
      },
    }
  },
})
