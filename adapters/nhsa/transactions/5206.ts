import { cumulatedOf } from '../accumulators.ts'
import { type Kind, many, may, must, one } from '../field.ts'
import { amount, code, text } from '../kinds.ts'
import { findInsured } from '../owned.ts'
import { transaction } from '../transaction.ts'
import { insutypeOf } from '../translate.ts'

/** yyyy or yyyyMM; what is counted by years is told under month 00. */
const yearOrMonth: Kind<string> = {
  type: '字符型6',
  read: (given) =>
    /^\d{4}(?:0\d|1[0-2])?$/.test(String(given))
      ? { value: String(given) }
      : { wrong: '须为yyyy或yyyyMM格式的年月' },
  write: (value) => value,
}

/** Tells the running sums of a person (人员累计信息查询), wherever their settlements were made. */
export const askAccumulators = transaction({
  infno: '5206',
  name: { zh: '人员累计信息查询', en: 'ask for running sums' },
  input: {
    data: one({
      psn_no: must(text(30), '人员编号'),
      cum_ym: may(yearOrMonth, '累计年月'),
    }),
  },
  output: {
    cuminfo: many({
      insutype: must(code('insutype', 6), '险种类型'),
      year: must(text(4), '年度'),
      cum_ym: must(text(6), '累计年月'),
      cum_type_code: must(text(10), '累计类别代码'),
      cum: must(amount, '累计值'),
    }),
  },
  writes: false,
  async handle({ data: { psn_no, cum_ym } }, call) {
    const insured = await findInsured(psn_no, call)
    if ('refused' in insured) return insured
    const sums = cumulatedOf(await call.world.people.counters(psn_no))
    // A year alone asks for all of it, and so does a month: what is counted by years is counted up to it.
    const wanted = sums.filter(
      ({ year, month }) =>
        cum_ym === undefined ||
        (year === cum_ym.slice(0, 4) && (month.endsWith('00') || month.startsWith(cum_ym))),
    )
    return {
      output: {
        cuminfo: wanted.map(({ scheme, year, month, code: cum_type_code, sum }) => ({
          insutype: insutypeOf(call.settings, scheme),
          year,
          cum_ym: month,
          cum_type_code,
          cum: sum,
        })),
      },
    }
  },
})
