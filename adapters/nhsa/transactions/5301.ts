import { many, may, must, one } from '../field.ts'
import { day, text } from '../kinds.ts'
import { findInsured } from '../owned.ts'
import { transaction } from '../transaction.ts'

/** Tells the special outpatient diseases that a person has filed (人员慢特病备案查询). */
export const askFiledDiseases = transaction({
  infno: '5301',
  name: { zh: '人员慢特病备案查询', en: 'ask for filed diseases' },
  input: { data: one({ psn_no: must(text(30), '人员编号') }) },
  output: {
    feedetail: many({
      opsp_dise_code: must(text(30), '门慢门特病种目录代码'),
      opsp_dise_name: must(text(300), '门慢门特病种名称'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
    }),
  },
  writes: false,
  async handle({ data: { psn_no } }, call) {
    const insured = await findInsured(psn_no, call)
    if ('refused' in insured) return insured
    return {
      output: {
        feedetail: insured.person.diseases.map(({ code, name, from, until }) => ({
          opsp_dise_code: code,
          opsp_dise_name: name,
          begndate: from,
          enddate: until,
        })),
      },
    }
  },
})
