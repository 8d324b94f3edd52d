import { may, must, one } from '../field.ts'
import { detailsOf, file, filingResult, spanOf } from '../filings.ts'
import { code, moment, text } from '../kinds.ts'
import { transaction } from '../transaction.ts'

/** Files a chronic or special disease (人员慢特病备案): its care is paid by its own rules from then on. */
export const fileDisease = transaction({
  infno: '2503',
  name: { zh: '人员慢特病备案', en: 'file a special outpatient disease' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      insutype: must(code('insutype', 6), '险种类型'),
      opsp_dise_code: must(text(30), '门慢门特病种目录代码'),
      opsp_dise_name: must(text(300), '门慢门特病种名称'),
      tel: may(text(50), '联系电话'),
      addr: may(text(200), '联系地址'),
      insu_optins: must(text(6), '参保机构医保区划'),
      ide_fixmedins_no: must(text(30), '鉴定定点医药机构编号'),
      ide_fixmedins_name: must(text(200), '鉴定定点医药机构名称'),
      hosp_ide_date: must(moment, '医院鉴定日期'),
      diag_dr_codg: must(text(30), '诊断医师编码'),
      diag_dr_name: must(text(50), '诊断医师姓名'),
      begndate: must(moment, '开始日期'),
      enddate: may(moment, '结束日期'),
    }),
  },
  output: filingResult,
  writes: true,
  async handle({ data }, call) {
    const { psn_no, begndate, enddate, opsp_dise_code, opsp_dise_name, ...rest } = data
    const span = spanOf({ begndate, enddate })
    if ('refused' in span) return span
    const disease = { code: opsp_dise_code, name: opsp_dise_name }
    return file(call, psn_no, { kind: 'disease', ...disease, ...span }, detailsOf(rest))
  },
})
