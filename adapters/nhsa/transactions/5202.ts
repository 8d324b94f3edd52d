import type { Details, Visit } from '../../../engine/visit.ts'
import { many, may, must, one, type WrittenBy } from '../field.ts'
import { code, count, moment, text } from '../kinds.ts'
import { findOwnVisit, rowsTold, toldBy } from '../owned.ts'
import { transaction } from '../transaction.ts'

/** What is told of a diagnosis as it came with 2203, 2401, 2402 or 2403. */
const told = {
  inout_diag_type: may(text(3), '出入院诊断类别'),
  diag_type: may(code('diag_type', 3), '诊断类别'),
  maindiag_flag: may(code('flag', 3), '主诊断标志'),
  diag_srt_no: may(count(2), '诊断排序号'),
  diag_code: may(text(20), '诊断代码'),
  diag_name: may(text(100), '诊断名称'),
  adm_cond: may(text(500), '入院病情'),
  diag_dept: may(text(50), '诊断科室'),
  dise_dor_no: may(text(30), '诊断医生编码'),
  dise_dor_name: may(text(50), '诊断医生姓名'),
  diag_time: may(moment, '诊断时间'),
}

const diagnosis = {
  diag_info_id: must(text(30), '诊断信息ID'),
  mdtrt_id: must(text(30), '就诊ID'),
  psn_no: must(text(30), '人员编号'),
  ...told,
}

/** Tells the diagnoses of a visit of the asking institution (诊断信息查询): at admission 1, at discharge 2. */
export const askDiagnoses = transaction({
  infno: '5202',
  name: { zh: '诊断信息查询', en: 'ask for diagnoses' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      mdtrt_id: must(text(30), '就诊ID'),
    }),
  },
  output: { diseinfo: many(diagnosis) },
  writes: false,
  async handle({ data: { psn_no, mdtrt_id } }, call) {
    const visit = await findOwnVisit(psn_no, mdtrt_id, call)
    if ('refused' in visit) return visit
    const atFirst = rowsTold(visit.details, 'diseinfo').map((row) => ({ row, at: '1' }))
    const atLast = rowsTold(visit.discharged?.details ?? {}, 'diseinfo').map((row) => ({
      row,
      at: '2',
    }))
    const rows = [...atFirst, ...atLast].filter(({ row }) => row['vali_flag'] !== '0')
    return { output: { diseinfo: rows.map(({ row, at }, i) => tellOne(row, at, i, visit)) } }
  },
})

function tellOne(
  row: Details,
  at: string,
  i: number,
  { id, subject, kind }: Visit,
): WrittenBy<typeof diagnosis> {
  return {
    diag_info_id: `${id.slice(-26)}${String(i + 1).padStart(4, '0')}`,
    mdtrt_id: id,
    psn_no: subject.owner,
    ...toldBy(told, row),
    inout_diag_type: kind === 'inpatient' ? at : '1',
  }
}
