import { many, may, must, one } from '../field.ts'
import { fixmedinsTypeOf } from '../institutions.ts'
import { code, text } from '../kinds.ts'
import { transaction } from '../transaction.ts'
import { hospLvOf } from '../translate.ts'

/** As many as are told at once: a name such as 医院 is in every other one. */
const most = 100

/** Institutions (医药机构信息获取) by type and by code, or by a part of their name. */
export const institutionInfo = transaction({
  infno: '1201',
  name: { zh: '医药机构信息获取', en: 'institutions by type, code or name' },
  input: {
    medinsinfo: one({
      fixmedins_type: must(text(6), '定点医疗服务机构类型'),
      fixmedins_name: may(text(200), '定点医药机构名称'),
      fixmedins_code: may(text(12), '定点医药机构编号'),
    }),
  },
  output: {
    medinsinfo: many({
      fixmedins_code: must(text(12), '定点医药机构编号'),
      fixmedins_name: must(text(200), '定点医药机构名称'),
      // The register keeps no such code.
      uscc: may(text(50), '统一社会信用代码'),
      fixmedins_type: must(text(6), '定点医疗服务机构类型'),
      hosp_lv: may(code('hosp_lv', 6), '医院等级'),
      exp_content: may(text(4000), '字段扩展'),
    }),
  },
  writes: false,
  async handle({ medinsinfo: asked }, { world }) {
    const { fixmedins_type: type, fixmedins_name: name, fixmedins_code: code } = asked
    if (code === undefined && name === undefined)
      return { refused: 'medinsinfo.fixmedins_code与fixmedins_name不能同时为空' }
    const all = await world.institutions()
    const found = all
      .filter((each) => type.startsWith(fixmedinsTypeOf(each)))
      .filter((each) => code === undefined || each.code === code)
      .filter((each) => name === undefined || each.name.includes(name))
    const medinsinfo = found.slice(0, most).map((each) => ({
      fixmedins_code: each.code,
      fixmedins_name: each.name,
      uscc: undefined,
      fixmedins_type: fixmedinsTypeOf(each),
      hosp_lv: hospLvOf(each.level),
      exp_content: undefined,
    }))
    const warnings = found.length > most ? [`共${found.length}家，仅返回前${most}家`] : []
    return { output: { medinsinfo }, warnings }
  },
})
