import { may, many, must, one } from '../field.ts'
import { code, moment, text } from '../kinds.ts'
import { findInsured, ownVisits, refuseTurned } from '../owned.ts'
import { transaction } from '../transaction.ts'
import { medTypeOf, tellVisit, visitTable } from '../visitTable.ts'

/** Tells the visits of a person with the asking institution (就诊信息查询) that began within some time. */
export const askVisits = transaction({
  infno: '5201',
  name: { zh: '就诊信息查询', en: 'ask for visits' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      begntime: must(moment, '开始时间'),
      endtime: must(moment, '结束时间'),
      med_type: may(code('med_type', 6), '医疗类别'),
      mdtrt_id: may(text(30), '就诊ID'),
    }),
  },
  output: { mdtrtinfo: many(visitTable) },
  writes: false,
  async handle({ data }, call) {
    const turned = refuseTurned(data.begntime, data.endtime)
    if (turned) return turned
    const insured = await findInsured(data.psn_no, call)
    if ('refused' in insured) return insured
    const visits = await ownVisits(data.psn_no, call)
    const wanted = visits.filter(
      (visit) =>
        visit.began >= data.begntime &&
        visit.began <= data.endtime &&
        (data.mdtrt_id === undefined || visit.id === data.mdtrt_id) &&
        (data.med_type === undefined || medTypeOf(visit, call.settings).startsWith(data.med_type)),
    )
    return {
      output: { mdtrtinfo: wanted.map((visit) => tellVisit(visit, insured, call.settings)) },
    }
  },
})
