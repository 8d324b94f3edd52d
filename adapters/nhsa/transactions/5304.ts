import type { FilingKind } from '../../../engine/filingPolicy.ts'
import type { Details } from '../../../engine/visit.ts'
import { many, may, must, one } from '../field.ts'
import { awayFilingsOf } from '../filingsAsked.ts'
import { code, day, moment, text } from '../kinds.ts'
import { dayOf, readMoment } from '../moment.ts'
import { findInsured, refuseTurned, toldBy } from '../owned.ts'
import type { RegionSettings } from '../settings.ts'
import { transaction } from '../transaction.ts'
import { insutypeOf } from '../translate.ts'
import { whoOf, whoTable } from '../visitTable.ts'

/** What was told with a referral (2501); told again as it was. */
const told = {
  tel: may(text(50), '联系电话'),
  addr: may(text(200), '联系地址'),
  diag_code: may(text(20), '诊断代码'),
  diag_name: may(text(100), '诊断名称'),
  dise_cond_dscr: may(text(2000), '疾病病情描述'),
  reflin_medins_no: may(text(30), '转往定点医药机构编号'),
  reflin_medins_name: may(text(200), '转往医院名称'),
  refl_rea: may(text(100), '转院原因'),
  hosp_agre_refl_flag: may(text(3), '医院同意转院标志'),
}

/** Tells the referrals that a person has filed (转院信息查询), and all other care away from home, told apart by refl_type. */
export const askReferrals = transaction({
  infno: '5304',
  name: { zh: '转院信息查询', en: 'ask for referrals' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      begntime: must(moment, '开始时间'),
      endtime: may(moment, '结束时间'),
    }),
  },
  output: {
    refmedin: many({
      insutype: must(code('insutype', 6), '险种类型'),
      dcla_souc: may(text(6), '申报来源'),
      ...whoTable,
      insu_optins: may(text(6), '参保机构医保区划'),
      emp_name: may(text(200), '单位名称'),
      ...told,
      out_flag: may(code('flag', 3), '异地标志'),
      refl_date: must(day, '转院日期'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      opter_id: may(text(20), '经办人ID'),
      opter_name: may(text(50), '经办人姓名'),
      opt_time: may(moment, '经办时间'),
      /** Not in the national table, which knows referrals alone. */
      refl_type: may(text(3), '转院类型'),
    }),
  },
  writes: false,
  async handle({ data: { psn_no, begntime, endtime = Infinity } }, call) {
    const turned = refuseTurned(begntime, endtime)
    if (turned) return turned
    const insured = await findInsured(psn_no, call)
    if ('refused' in insured) return insured
    const filed = await awayFilingsOf(psn_no, call)
    const within = filed.filter(({ filed: { from } }) => {
      const at = readMoment(from) ?? 0
      return at >= (readMoment(dayOf(begntime)) ?? 0) && at <= endtime
    })
    const [coverage] = insured.person.coverages
    const scheme = coverage?.scheme === 'resident' ? 'resident' : 'employee'
    return {
      output: {
        refmedin: within.map(({ filed: { kind, from, until }, details }) => ({
          insutype:
            typeof details['insutype'] === 'string'
              ? details['insutype']
              : insutypeOf(call.settings, scheme),
          dcla_souc: null,
          ...whoOf(insured, from),
          insu_optins: insured.region,
          emp_name: insured.employer,
          ...toldBy(told, details),
          out_flag: '1',
          refl_date: reflDate(details['refl_date']) ?? from,
          begndate: from,
          enddate: until,
          opter_id: null,
          opter_name: null,
          opt_time: null,
          refl_type: reflType(details, kind, call.settings),
        })),
      },
    }
  },
})

/** The type as it was told, or the one that a region files such things under. */
const reflType = (
  { refl_type: told }: Details,
  kind: FilingKind,
  { referralTypes }: Pick<RegionSettings, 'referralTypes'>,
): string | null =>
  typeof told === 'string'
    ? told
    : ([...referralTypes].find(([, type]) => type.kind === kind)?.[0] ?? null)

/** A moment as 2501 keeps it. */
const reflDate = (kept: unknown) => (typeof kept === 'number' ? dayOf(kept) : undefined)
