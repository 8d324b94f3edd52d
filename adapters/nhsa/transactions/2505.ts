import { may, must, one } from '../field.ts'
import { detailsOf, file, filingResult, spanOf } from '../filings.ts'
import { moment, text } from '../kinds.ts'
import { transaction } from '../transaction.ts'

/**
 * Files a designated institution (人员定点备案): of a filed disease, whose care is then paid there and in the others
 * designated for it, or in general, which is kept and changes no split.
 */
export const fileDesignation = transaction({
  infno: '2505',
  name: { zh: '人员定点备案', en: 'file a designated institution' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      tel: may(text(50), '联系电话'),
      addr: may(text(200), '联系地址'),
      biz_appy_type: must(text(3), '业务申请类型'),
      begndate: must(moment, '开始日期'),
      enddate: may(moment, '结束日期'),
      agnter_name: may(text(50), '代办人姓名'),
      agnter_cert_type: may(text(6), '代办人证件类型'),
      agnter_certno: may(text(50), '代办人证件号码'),
      agnter_tel: may(text(30), '代办人联系方式'),
      agnter_addr: may(text(200), '代办人联系地址'),
      agnter_rlts: may(text(3), '代办人关系'),
      fix_srt_no: must(text(3), '定点排序号'),
      fixmedins_code: must(text(12), '定点医药机构编号'),
      fixmedins_name: must(text(200), '定点医药机构名称'),
      /** Not in the national table, which names no disease; provinces that designate by disease add it. */
      opsp_dise_code: may(text(30), '门慢门特病种目录代码'),
      memo: may(text(500), '备注'),
    }),
  },
  output: filingResult,
  writes: true,
  async handle({ data }, call) {
    const { psn_no, begndate, enddate, fixmedins_code, opsp_dise_code: disease, ...rest } = data
    const span = spanOf({ begndate, enddate })
    if ('refused' in span) return span
    if (!(await call.world.institution(fixmedins_code)))
      return { refused: `定点医药机构${fixmedins_code}不存在。` }
    const designation = { kind: 'designation', institution: fixmedins_code, disease } as const
    return file(call, psn_no, { ...designation, ...span }, detailsOf(rest))
  },
})
