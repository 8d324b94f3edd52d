import type { Kept, Subject } from '../../engine/dossier.ts'
import { add, type Fen, sum, toYuan } from '../../engine/money.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { maybeMany, one, type ReadNodes } from './field.ts'
import {
  categoryTable,
  diseaseTable,
  listTable,
  operationTable,
  outpatientDiseaseTable,
  payTable,
  wardTable,
} from './listTables.ts'
import { dayOf } from './moment.ts'
import type { RegionSettings } from './settings.ts'

/** The nodes of a settlement list (医疗保障基金结算清单). */
export const listNodes = {
  setlinfo: one(listTable),
  payinfo: maybeMany(payTable),
  opspdiseinfo: maybeMany(outpatientDiseaseTable),
  diseinfo: maybeMany(diseaseTable),
  iteminfo: maybeMany(categoryTable),
  oprninfo: maybeMany(operationTable),
  icuinfo: maybeMany(wardTable),
} as const

export type List = ReadNodes<typeof listNodes>

/** What quality control (质控) finds: a rule, the field it is about, and what is wrong with it. */
export interface Flaw {
  readonly rule: string
  readonly name: string
  readonly field: string
  readonly told: string
}

/** A version of a list as its dossier keeps it; one without flaws is accepted, and replaced no more. */
export interface ListKept {
  readonly number: string
  readonly version: number
  readonly flaws: readonly Flaw[]
}

export const listSubject = (person: string, settlement: string): Subject => ({
  owner: person,
  name: `list ${settlement}`,
})

/** The newest version of a list. */
export function readList(kept: readonly Kept[]): ListKept | undefined {
  const newest = kept.at(-1)
  if (!newest) return undefined
  const { number, flaws } = newest.body as unknown as Omit<ListKept, 'version'>
  return { number, flaws, version: newest.version }
}

/** Why a list is not that of its settlement: its amounts are the settlement's, to the fen. */
export function refuseList(
  { setlinfo, payinfo = [] }: List,
  content: Settlement,
  settings: Pick<RegionSettings, 'accountType' | 'familyAccountType' | 'hospitalType'>,
): string | undefined {
  const { acct_pay, psn_cashpay, psn_selfpay, psn_ownpay } = setlinfo
  const { accountType, familyAccountType, hospitalType } = settings
  const notFunds = [accountType.type, familyAccountType.type, hospitalType.type]
  const funds = payinfo.filter(({ fund_pay_type }) => !notFunds.includes(fund_pay_type))
  const compared: readonly (readonly [string, Fen, Fen])[] = [
    ['个人账户支出acct_pay', acct_pay, content.account],
    ['个人现金支付psn_cashpay', psn_cashpay, content.cash],
    [
      '个人自付psn_selfpay与个人自费psn_ownpay之和',
      add(psn_selfpay, psn_ownpay),
      content.personTotal,
    ],
    ['基金支付payinfo合计', sum(funds.map(({ fund_payamt }) => fund_payamt)), content.fundTotal],
  ]
  const off = compared.find(([, given, ours]) => given !== ours)
  return off && `${off[0]}为${toYuan(off[1])}，与结算的${toYuan(off[2])}不一致。`
}

/** What quality control finds in a list (质控), in the order of its fields. */
export function flawsOf(list: List, content: Settlement): Flaw[] {
  const { setlinfo, diseinfo = [], opspdiseinfo = [], oprninfo = [], icuinfo = [] } = list
  const isStay = content.stay !== undefined
  const flaws: Flaw[] = []
  const say = (holds: boolean, rule: string, name: string, field: string, told: string): void => {
    if (!holds) flaws.push({ rule, name, field, told })
  }
  const main = diseinfo.filter(({ maindiag_flag }) => maindiag_flag === '1').length
  if (isStay) {
    say(main > 0, 'L01', '主要诊断缺失', 'diseinfo.maindiag_flag', '没有主要诊断')
    say(main <= 1, 'L02', '主要诊断重复', 'diseinfo.maindiag_flag', `有${main}个主要诊断`)
    stayFlaws(list, content, say)
  } else
    say(opspdiseinfo.length + diseinfo.length > 0, 'L03', '诊断缺失', 'opspdiseinfo', '没有诊断')
  const codes = diseinfo.map(({ diag_code }) => diag_code)
  say(
    new Set(codes).size === codes.length,
    'L04',
    '诊断代码重复',
    'diseinfo.diag_code',
    '同一诊断代码出现多次',
  )
  countFlaw(setlinfo.diag_code_cnt, codes.length, 'diag_code_cnt', say)
  countFlaw(setlinfo.oprn_oprt_code_cnt, oprninfo.length, 'oprn_oprt_code_cnt', say)
  moneyFlaws(list, content, say)
  for (const [i, { scs_cutd_inpool_time: from, scs_cutd_exit_time: until }] of icuinfo.entries())
    say(from <= until, 'L11', '监护时间颠倒', `icuinfo[${i}].scs_cutd_exit_time`, '退出早于进入')
  return flaws
}

type Say = (holds: boolean, rule: string, name: string, field: string, told: string) => void

const countFlaw = (told: number | undefined, counted: number, field: string, say: Say): void =>
  say(
    told === undefined || told === counted,
    'L05',
    '计数不符',
    `setlinfo.${field}`,
    `填报${told}，实际${counted}`,
  )

function stayFlaws({ setlinfo, oprninfo = [] }: List, { stay }: Settlement, say: Say): void {
  const { adm_time, dscg_time, act_ipt_days } = setlinfo
  const same = (at: number | undefined, on: string | undefined): boolean =>
    at !== undefined && dayOf(at) === on
  say(
    same(adm_time, stay?.admission),
    'L06',
    '入院时间不符',
    'setlinfo.adm_time',
    '与入院登记的日期不一致',
  )
  say(
    same(dscg_time, stay?.discharge),
    'L07',
    '出院时间不符',
    'setlinfo.dscg_time',
    '与出院登记的日期不一致',
  )
  if (adm_time === undefined || dscg_time === undefined) return
  const days = Math.max(
    1,
    (Date.parse(dayOf(dscg_time)) - Date.parse(dayOf(adm_time))) / 86_400_000,
  )
  say(act_ipt_days === days, 'L08', '住院天数不符', 'setlinfo.act_ipt_days', `应为${days}天`)
  for (const [i, { oprn_oprt_date: at }] of oprninfo.entries())
    say(
      dayOf(adm_time) <= dayOf(at) && dayOf(at) <= dayOf(dscg_time),
      'L09',
      '手术日期不在住院期间',
      `oprninfo[${i}].oprn_oprt_date`,
      '手术操作日期不在入院与出院之间',
    )
}

/** Not refused, since provinces count what is over a price limit here or there. */
function moneyFlaws({ setlinfo, iteminfo = [] }: List, content: Settlement, say: Say): void {
  const total = sum(iteminfo.map(({ amt }) => amt))
  say(
    total === content.total,
    'L10',
    '收费项目合计不符',
    'iteminfo.amt',
    `合计${toYuan(total)}，医疗费总额${toYuan(content.total)}`,
  )
  for (const [i, item] of iteminfo.entries()) {
    const parts = sum([item.claa_sumfee, item.clab_amt, item.fulamt_ownpay_amt, item.oth_amt])
    say(
      parts === item.amt,
      'L12',
      '收费项目分项不符',
      `iteminfo[${i}].amt`,
      `分项之和为${toYuan(parts)}`,
    )
  }
  const own = add(content.selfPaid, content.overLimit)
  say(
    setlinfo.psn_ownpay === own || setlinfo.psn_ownpay === content.selfPaid,
    'L13',
    '个人自费不符',
    'setlinfo.psn_ownpay',
    `全自费与超限价合计${toYuan(own)}`,
  )
}
