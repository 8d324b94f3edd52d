import { many, may, must, one } from '../field.ts'
import { designationsOf } from '../filingsAsked.ts'
import { code, day, text } from '../kinds.ts'
import { findInsured } from '../owned.ts'
import { transaction } from '../transaction.ts'
import { insutypeOf } from '../translate.ts'

/** Tells which institutions a person is designated to (人员定点信息查询), by filing or with a filed disease. */
export const askDesignations = transaction({
  infno: '5302',
  name: { zh: '人员定点信息查询', en: 'ask for designated institutions' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      biz_appy_type: may(text(3), '业务申请类型'),
    }),
  },
  output: {
    psnfixmedin: many({
      psn_no: must(text(30), '人员编号'),
      insutype: must(code('insutype', 6), '险种类型'),
      fix_srt_no: must(text(3), '定点排序号'),
      fixmedins_code: must(text(12), '定点医药机构编号'),
      fixmedins_name: must(text(200), '定点医药机构名称'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      memo: may(text(500), '备注'),
    }),
  },
  writes: false,
  async handle({ data: { psn_no } }, call) {
    const { world, settings } = call
    const insured = await findInsured(psn_no, call)
    if ('refused' in insured) return insured
    const filed = await designationsOf(psn_no, call)
    const general = filed
      .filter(({ filed: { disease } }) => disease === undefined)
      .map(({ filed: { institution, from, until } }) => ({ institution, from, until, memo: null }))
    const ofDiseases = insured.person.diseases.flatMap(({ institutions = [], ...disease }) =>
      institutions.map((institution) => ({
        institution,
        from: disease.from,
        until: disease.until,
        memo: `${disease.code} ${disease.name}`,
      })),
    )
    const rows = [...general, ...ofDiseases]
    const names = await Promise.all(
      rows.map(async ({ institution }) => (await world.institution(institution))?.name ?? ''),
    )
    const [coverage] = insured.person.coverages.filter(({ scheme }) => scheme in schemes)
    const insutype = insutypeOf(settings, (coverage?.scheme ?? 'employee') as 'employee')
    return {
      output: {
        psnfixmedin: rows.map(({ institution, from, until, memo }, i) => ({
          psn_no,
          insutype,
          fix_srt_no: String(i + 1),
          fixmedins_code: institution,
          fixmedins_name: names[i] ?? '',
          begndate: from,
          enddate: until,
          memo,
        })),
      },
    }
  },
})

/** Schemes that somebody may be designated under. */
const schemes = { employee: true, resident: true, retiredCadre: true } as const
