import { many, may, must, one } from '../field.ts'
import { code, day, moment, text } from '../kinds.ts'
import { findInsured, ownVisits, refuseTurned } from '../owned.ts'
import { transaction } from '../transaction.ts'
import { isInHospital, tellVisit, visitTable, whoOf, whoTable } from '../visitTable.ts'

/** Tells where a person is in hospital with the asking institution (在院信息查询). */
export const askInHospital = transaction({
  infno: '5303',
  name: { zh: '在院信息查询', en: 'ask who is in hospital' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      begntime: must(moment, '开始时间'),
      endtime: must(moment, '结束时间'),
    }),
  },
  output: {
    data: many({
      mdtrt_id: must(text(30), '就诊ID'),
      ...whoTable,
      insutype: must(code('insutype', 6), '险种类型'),
      begndate: must(day, '开始日期'),
      med_type: must(code('med_type', 6), '医疗类别'),
      ipt_otp_no: visitTable.ipt_otp_no,
      out_flag: may(code('flag', 3), '异地标志'),
    }),
  },
  writes: false,
  async handle({ data: { psn_no, begntime, endtime } }, call) {
    const turned = refuseTurned(begntime, endtime)
    if (turned) return turned
    const insured = await findInsured(psn_no, call)
    if ('refused' in insured) return insured
    const { settings, world, institution } = call
    const { regions } = world.deciding()
    const isAway =
      regions.regionOf(institution.division)?.division !==
      regions.regionOf(insured.region)?.division
    const visits = await ownVisits(psn_no, call)
    const there = visits.filter(
      (visit) => isInHospital(visit) && visit.began >= begntime && visit.began <= endtime,
    )
    return {
      output: {
        data: there.map((visit) => {
          const { insutype, med_type, ipt_otp_no } = tellVisit(visit, insured, settings)
          return {
            mdtrt_id: visit.id,
            ...whoOf(insured, visit.day),
            insutype,
            begndate: visit.day,
            med_type,
            ipt_otp_no,
            out_flag: isAway ? '1' : '0',
          }
        }),
      },
    }
  },
})
