import { excess, type Fen, least, subtract, sum, toYuan, zero } from '../../engine/money.ts'
import type {
  CapStep,
  DeductibleStep,
  RateStep,
  Settlement,
  Step,
} from '../../engine/settlement.ts'
import { may, must, type Table, type WrittenBy } from './field.ts'
import { amount, text } from './kinds.ts'
import { type PayType, type RegionSettings, slotOf } from './settings.ts'

const mostText = 4000

/** 基金支付明细 setldetail: one row per payer, the accounts and the hospital among them (I5). */
export const setldetailTable = {
  fund_pay_type: must(text(6), '基金支付类型'),
  inscp_scp_amt: must(amount, '符合政策范围金额'),
  crt_payb_lmt_amt: must(amount, '本次可支付限额金额'),
  fund_payamt: must(amount, '基金支付金额'),
  fund_pay_type_name: may(text(200), '基金支付类型名称'),
  setl_proc_info: may(text(mostText), '结算过程信息'),
} as const satisfies Table

type Row = WrittenBy<typeof setldetailTable>

/** setldetail of a settlement: funds in the order in which they paid, then accounts, then the hospital's share. */
export function setldetailOf(content: Settlement, settings: RegionSettings): Row[] {
  const { account, familyAccount, hospitalShare } = content
  const funds = content.shares.map(({ fund, amount: paid }) =>
    rowOf(slotOf(settings, content.scheme, fund), paid, stepsOf(content, fund)),
  )
  const others: [PayType, Fen, readonly Step[]][] = [
    [settings.accountType, subtract(account, familyAccount), []],
    [settings.familyAccountType, familyAccount, []],
    [settings.hospitalType, hospitalShare, stepsOf(content, 'hospital')],
  ]
  return [
    ...funds,
    ...others
      .filter(([, paid]) => paid > 0n)
      .map(([type, paid, steps]) => rowOf(type, paid, steps)),
  ]
}

const stepsOf = ({ trace }: Settlement, payer: string): Step[] =>
  trace.filter((step) => step.payer === payer)

const rowOf = ({ type, name }: PayType, paid: Fen, steps: readonly Step[]): Row => ({
  fund_pay_type: type,
  inscp_scp_amt: inScopeOf(steps),
  crt_payb_lmt_amt: remainingOf(steps.flatMap((step) => step.caps)),
  fund_payamt: paid,
  fund_pay_type_name: name,
  setl_proc_info: processOf(steps),
})

/** What of the in-scope amount a payer was asked for; later payers are asked for what is left of it. */
const inScopeOf = (steps: readonly Step[]): Fen => {
  const first = sum(
    steps.flatMap(({ base }) => base.filter((b) => b.part === 'inScope').map((b) => b.amount)),
  )
  return first > 0n ? first : (steps[0]?.baseTotal ?? zero)
}

/** The least that a cap still allowed before this bill; 0 where none applied. */
function remainingOf(caps: readonly CapStep[]): Fen {
  const [first, ...others] = caps.map(({ limit, usedBefore }) => excess(limit, usedBefore))
  return others.reduce(least, first ?? zero)
}

/** How a payer's part came about (结算过程信息), in Chinese, short enough for its field. */
export function processOf(steps: readonly Step[]): string | null {
  const told = steps.map(tell).join('\n')
  return told === '' ? null : Array.from(told).slice(0, mostText).join('')
}

function tell({ name, baseTotal, deductible, fixed, rates, caps, paid, citation, ...step }: Step) {
  const parts = [
    `${name.zh}：基数${toYuan(baseTotal)}元`,
    deductible && tellDeductible(deductible),
    fixed && `定额${toYuan(fixed.amount)}元，已付${toYuan(fixed.usedBefore)}元`,
    ...rates.map(tellRate),
    ...caps.map(tellCap),
    `支付${toYuan(paid)}元`,
    `依据：${citation.document ?? citation.title}`,
  ]
  const told = parts.filter((part) => part !== undefined).join('；')
  return step.illustrative ? `【示例，非现行政策】${told}` : told
}

const tellDeductible = ({ standard, usedBefore, taken }: DeductibleStep): string =>
  `起付线${toYuan(standard)}元，已付${toYuan(usedBefore)}元，本次${toYuan(taken)}元`

const tellRate = ({ from, to, rate, paid }: RateStep): string =>
  `${toYuan(from)}至${toYuan(to)}元按${rate}支付${toYuan(paid)}元`

const periods: Readonly<Record<CapStep['per'], string>> = {
  visit: '每次',
  day: '每日',
  month: '每月',
  quarter: '每季度',
  year: '年度',
  eligibility: '待遇期',
  lifetime: '终身',
}

const tellCap = ({ per, limit, usedBefore, cut }: CapStep): string =>
  `${periods[per]}限额${toYuan(limit)}元，已用${toYuan(usedBefore)}元` +
  (cut > 0n ? `，超出${toYuan(cut)}元不付` : '')
