import { may, must, one } from '../field.ts'
import { detailsOf, fileAwayFrom, filingResult, spanOf } from '../filings.ts'
import { code, moment, text } from '../kinds.ts'
import type { FiledBy } from '../settings.ts'
import { transaction } from '../transaction.ts'
import { schemeOf } from '../translate.ts'

const referral: FiledBy = { kind: 'referral', document: 'referral-opinion' }

/**
 * Files a referral to another place (转院备案), or by its type any other care away from home (异地就医备案): what is treated there
 * is paid as filed from now on. The message is the form; a referral's opinion, or what its type stands for, is its document.
 */
export const fileReferral = transaction({
  infno: '2501',
  name: { zh: '转院备案', en: 'file a referral' },
  input: {
    refmedin: one({
      psn_no: must(text(30), '人员编号'),
      insutype: must(code('insutype', 6), '险种类型'),
      tel: may(text(50), '联系电话'),
      addr: may(text(200), '联系地址'),
      insu_optins: must(text(6), '参保机构医保区划'),
      diag_code: must(text(20), '诊断代码'),
      diag_name: must(text(100), '诊断名称'),
      dise_cond_dscr: may(text(2000), '疾病病情描述'),
      reflin_medins_no: must(text(12), '转往定点医药机构编号'),
      reflin_medins_name: must(text(200), '转往医院名称'),
      mdtrtarea_admdvs: must(text(6), '就医地行政区划'),
      hosp_agre_refl_flag: may(text(3), '医院同意转院标志'),
      refl_type: must(text(3), '转院类型'),
      refl_date: must(moment, '转院日期'),
      refl_rea: must(text(100), '转院原因'),
      refl_opnn: must(text(200), '转院意见'),
      begndate: must(moment, '开始日期'),
      enddate: may(moment, '结束日期'),
    }),
  },
  output: filingResult,
  writes: true,
  async handle({ refmedin }, call) {
    const { psn_no, begndate, enddate, mdtrtarea_admdvs: careRegion, ...rest } = refmedin
    const span = spanOf({ begndate, enddate })
    if ('refused' in span) return span
    const { kind, document } = call.settings.referralTypes.get(rest.refl_type) ?? referral
    return fileAwayFrom(call, psn_no, {
      kind,
      careRegion,
      ...span,
      scheme: schemeOf(call.settings, rest.insutype),
      documents: [{ type: document }],
      details: detailsOf(rest),
    })
  },
})
