import type { Json } from '../../../engine/dossier.ts'
import { isRefusal, refuse } from '../../../engine/refusal.ts'
import { type Details, visitSubject } from '../../../engine/visit.ts'
import { describe, entered, findVisit } from '../../../engine/visiting.ts'
import { aboutOf, diagnosisCodes, diagnosisTable, refuseStayType, typeNotServed } from '../about.ts'
import { maybeMany, may, must, one, type ReadBy } from '../field.ts'
import { code, count, day, moment, text } from '../kinds.ts'
import { dayOf, writeMoment } from '../moment.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'
import { writeTable } from '../write.ts'

const mdtrtinfo = one({
  mdtrt_id: must(text(30), '就诊ID'),
  psn_no: must(text(30), '人员编号'),
  med_type: must(code('med_type', 6), '医疗类别'),
  begntime: must(moment, '开始时间'),
  main_cond_dscr: may(text(1000), '主要病情描述'),
  dise_codg: may(text(30), '病种编码'),
  dise_name: may(text(500), '病种名称'),
  birctrl_type: may(code('birctrl_type', 6), '计划生育手术类别'),
  birctrl_matn_date: may(day, '计划生育手术或生育日期'),
  matn_type: may(code('matn_type', 6), '生育类别'),
  geso_val: may(count(2), '孕周数'),
  fetus_cnt: may(count(3), '胎儿数'),
  trum_flag: may(code('flag', 3), '外伤标志'),
  rel_ttp_flag: may(code('flag', 3), '涉及第三方标志'),
})

type Told = ReadBy<typeof mdtrtinfo.table>

/** Tells what an outpatient visit is about (门诊就诊信息上传): its kind of care, its disease, its diagnoses. */
export const describeOutpatient = transaction({
  infno: '2203',
  name: { zh: '门诊就诊信息上传', en: 'tell what an outpatient visit is about' },
  input: { mdtrtinfo, diseinfo: maybeMany(diagnosisTable) },
  output: {},
  writes: true,
  async handle({ mdtrtinfo: told, diseinfo = [] }, { key, institution, settings, submit, world }) {
    const { psn_no, mdtrt_id, begntime, med_type } = told
    const about = aboutOf(settings, { ...told, diagnoses: diagnosisCodes(diseinfo) })
    if (!about) return { refused: typeNotServed(med_type) }
    const ofStay = refuseStayType(about, med_type)
    if (ofStay) return ofStay
    const details = detailsOf(told, diseinfo)
    const subject = visitSubject(psn_no, mdtrt_id)
    const day = dayOf(begntime)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: psn_no,
      subjects: [subject],
      enter(found) {
        const { today } = found
        if (day > today) return refuse('day-in-future', { day, today })
        const visit = findVisit(found, subject, institution.code)
        if (isRefusal(visit)) return visit
        return entered(describe(visit, about, details, day))
      },
    })
    return tell(outcome, 'entered', world, () => ({ output: {} }))
  },
})

/** As 5201 and 5202 tell it again. */
function detailsOf(told: Told, diagnoses: readonly ReadBy<typeof diagnosisTable>[]): Details {
  const { mdtrt_id: _, psn_no: _of, begntime, ...rest } = told
  return {
    ...rest,
    begntime: writeMoment(begntime),
    diseinfo: diagnoses.map((each) => writeTable(diagnosisTable, each) as Json),
  }
}
