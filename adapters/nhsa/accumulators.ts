import { crc32 } from 'node:zlib'
import type { Scheme } from '../../engine/claim.ts'
import { add, type Fen } from '../../engine/money.ts'
import type { Counters } from '../../engine/ports.ts'

/**
 * 累计类别代码, cum_type_code, by our name of a running sum. Only C0000 and Q0000 are known from public code; the others
 * are our own [own], and sums that a pack names itself get a code made from their name.
 */
export const cumTypes: Readonly<Record<string, { readonly code: string; readonly zh: string }>> = {
  'admissions.inpatient': { code: 'C0000', zh: '住院次数' },
  'admissions.workInjuryInpatient': { code: 'C0001', zh: '工伤住院次数' },
  'deductible.inpatient': { code: 'Q0000', zh: '住院起付线累计' },
  'deductible.outpatient': { code: 'Q0001', zh: '门诊起付线累计' },
  'deductible.specialOutpatient': { code: 'Q0002', zh: '门诊慢特病起付线累计' },
  'deductible.criticalIllness': { code: 'Q0003', zh: '大病保险起付线累计' },
  pool: { code: 'S0000', zh: '统筹基金支付累计' },
  poolInpatient: { code: 'S0001', zh: '住院统筹基金支付累计' },
  poolOutpatient: { code: 'S0002', zh: '门诊统筹基金支付累计' },
  poolSpecialOutpatient: { code: 'S0003', zh: '门诊慢特病统筹基金支付累计' },
  poolNegotiated: { code: 'S0004', zh: '谈判药品统筹基金支付累计' },
  poolPrenatal: { code: 'S0005', zh: '产前检查统筹基金支付累计' },
  poolBase: { code: 'S0006', zh: '统筹基金计算基数累计' },
  largeExpense: { code: 'S0100', zh: '大额医疗费用补助支付累计' },
  largeExpenseBase: { code: 'S0101', zh: '大额医疗费用补助计算基数累计' },
  criticalIllness: { code: 'S0200', zh: '大病保险支付累计' },
  criticalIllnessBase: { code: 'S0201', zh: '大病保险计算基数累计' },
  civilServant: { code: 'S0300', zh: '公务员医疗补助支付累计' },
  civilServantInpatient: { code: 'S0301', zh: '公务员住院补助支付累计' },
  civilServantOutpatient: { code: 'S0302', zh: '公务员门诊补助支付累计' },
  medicalAid: { code: 'S0400', zh: '医疗救助支付累计' },
  reimbursed: { code: 'S0500', zh: '基金支付合计累计' },
  workInjury: { code: 'S0600', zh: '工伤保险基金支付累计' },
  retiredCadre: { code: 'S0700', zh: '离休人员医疗保障支付累计' },
  inScope: { code: 'F0000', zh: '政策范围内费用累计' },
  burden: { code: 'F0001', zh: '个人负担累计' },
}

const codeOf = (name: string): string =>
  cumTypes[name]?.code ?? `L${crc32(name).toString(16).toUpperCase().padStart(8, '0')}`

/** What counts admissions or first visits is a number, not money. */
const isCount = (name: string): boolean => /^admissions\b|\.visits$/.test(name)

/** One running sum (累计信息) as 5206 tells it; a count of 2 stands as 2.00 yuan would. */
export interface Cumulated {
  readonly scheme: Scheme
  readonly year: string
  readonly month: string
  readonly code: string
  readonly sum: Fen
}

/**
 * The running sums of a person's benefit years, by whole years (month 00) and by months where a rule counts those. What
 * is counted apart by disease or institution is in the whole as well; what outlasts a year belongs to none.
 */
export function cumulatedOf(counters: Counters): Cumulated[] {
  const found = [...counters].flatMap(([year, sums]) =>
    [...sums].flatMap(([key, sum]) => readOne(year, key, sum)),
  )
  const sums = new Map<string, Cumulated>()
  for (const one of found) {
    const before = sums.get(keyOf(one))
    sums.set(keyOf(one), before ? { ...one, sum: add(before.sum, one.sum) } : one)
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

const keyOf = ({ year, scheme, code, month }: Cumulated): string =>
  `${year} ${scheme} ${code} ${month}`

function readOne(year: string, key: string, sum: bigint): Cumulated[] {
  const [, scheme = '', name = '', period = '', apart] = key.split('|')
  const month = period === 'year' ? `${year}00` : /^\d{4}-\d{2}$/.test(period) ? period : undefined
  if (!/^\d{4}$/.test(year) || month === undefined || apart !== undefined) return []
  return [
    {
      scheme: scheme as Scheme,
      year,
      month: month.replace('-', ''),
      code: codeOf(name),
      sum: (isCount(name) ? sum * 100n : sum) as Fen,
    },
  ]
}
