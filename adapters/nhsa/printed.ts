import type { Fen } from '../../engine/money.ts'
import { sum, toYuan } from '../../engine/money.ts'
import type { ScopedLine } from '../../engine/scoped.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { type CodeTable, nameOf } from './codes.ts'
import { chargeTypeOf } from './feedetail.ts'
import { may, must, type Table, type WrittenBy } from './field.ts'
import { inWords } from './inWords.ts'
import { amount, code, day, moment, text } from './kinds.ts'
import { writeMoment } from './moment.ts'
import { findInsured, findOwnSettlement } from './owned.ts'
import { setldetailOf, type setldetailTable } from './setldetail.ts'
import { resultFor, type settlementTable, tellSettlement } from './settlementTable.ts'
import type { Call, Refused } from './transaction.ts'

/** What 5261 and 5262 are asked with. */
export const printAsked = {
  psn_no: must(text(30), '人员编号'),
  setl_id: must(text(30), '结算ID'),
  mdtrt_id: may(text(30), '就诊ID'),
}

/** 结算单: the head of a printed settlement statement. */
export const statementTable = {
  title: must(text(100), '标题'),
  /** Only of invented rules: 示例，非现行政策. */
  note: may(text(100), '说明'),
  state: must(text(20), '状态'),
  setl_id: must(text(30), '结算ID'),
  mdtrt_id: must(text(30), '就诊ID'),
  medins_setl_id: must(text(30), '医药机构结算ID'),
  fixmedins_code: must(text(12), '定点医药机构编号'),
  fixmedins_name: must(text(200), '定点医药机构名称'),
  hosp_lv: must(text(30), '医院等级'),
  psn_no: must(text(30), '人员编号'),
  psn_name: must(text(50), '人员姓名'),
  gend: must(text(10), '性别'),
  certno: must(text(50), '证件号码'),
  insutype: must(text(50), '险种类型'),
  psn_type: must(text(50), '人员类别'),
  med_type: must(text(50), '医疗类别'),
  begndate: must(day, '开始日期'),
  enddate: must(day, '结束日期'),
  setl_time: must(moment, '结算时间'),
  medfee_sumamt: must(amount, '医疗费总额'),
  medfee_sumamt_cap: must(text(100), '医疗费总额大写'),
  fulamt_ownpay_amt: must(amount, '全自费金额'),
  overlmt_selfpay: must(amount, '超限价自费费用'),
  preselfpay_amt: must(amount, '先行自付金额'),
  inscp_scp_amt: must(amount, '符合政策范围金额'),
  act_pay_dedc: must(amount, '实际支付起付线'),
  fund_pay_sumamt: must(amount, '基金支付总额'),
  fund_pay_sumamt_cap: must(text(100), '基金支付总额大写'),
  hosp_part_amt: must(amount, '医院负担金额'),
  psn_part_amt: must(amount, '个人负担总金额'),
  acct_pay: must(amount, '个人账户支出'),
  psn_cash_pay: must(amount, '个人现金支出'),
  psn_cash_pay_cap: must(text(100), '个人现金支出大写'),
  balc: must(amount, '余额'),
} as const satisfies Table

/** One row of fees by charge category (医疗收费项目类别). */
export const chargeTable = {
  med_chrgitm_type: must(code('med_chrgitm_type', 6), '医疗收费项目类别'),
  med_chrgitm_name: must(text(50), '医疗收费项目类别名称'),
  amt: must(amount, '金额'),
  inscp_scp_amt: must(amount, '符合政策范围金额'),
  preselfpay_amt: must(amount, '先行自付金额'),
  overlmt_amt: must(amount, '超限价金额'),
  fulamt_ownpay_amt: must(amount, '全自费金额'),
} as const satisfies Table

/** A settlement as it is printed: its head, who paid, and what was charged. */
export interface Printed {
  readonly head: WrittenBy<typeof statementTable>
  readonly payers: readonly WrittenBy<typeof setldetailTable>[]
  readonly charges: readonly WrittenBy<typeof chargeTable>[]
}

/** Reads a settlement of the asking institution for printing (结算单). */
export async function printed(
  asked: {
    readonly psn_no: string
    readonly setl_id: string
    readonly mdtrt_id?: string | undefined
  },
  call: Call,
): Promise<Printed | Refused> {
  const { world, settings } = call
  const found = await findOwnSettlement(asked, call)
  if ('refused' in found) return found
  const insured = await findInsured(asked.psn_no, call)
  if ('refused' in insured) return insured
  const told = await world.settlements.told(asked.psn_no, found.first.id)
  const { content } = found.first
  const result = resultFor(found.first, told, insured, settings)
  const info = tellSettlement(found, result, insured, call)
  return {
    head: headOf(info, content),
    payers: setldetailOf(content, settings),
    charges: chargesOf(content.lines),
  }
}

type Info = WrittenBy<typeof settlementTable>

const named = (table: CodeTable, value: string | null | undefined): string =>
  (value && nameOf(table, value)) || (value ?? '')

function headOf(info: Info, content: Settlement): Printed['head'] {
  const { insutype, psn_type, med_type, hosp_lv, gend, ...rest } = info
  return {
    ...rest,
    title: '基本医疗保险费用结算单',
    note: content.trace.some(({ illustrative }) => illustrative) ? '示例，非现行政策' : null,
    state: info.refd_setl_flag === '1' ? '已退费' : '有效',
    hosp_lv: named('hosp_lv', hosp_lv),
    gend: named('gend', gend),
    insutype: content.scheme === 'workInjury' ? '工伤保险' : named('insutype', insutype),
    psn_type: named('psn_type', psn_type),
    med_type: named('med_type', med_type),
    medfee_sumamt_cap: inWords(content.total),
    fund_pay_sumamt_cap: inWords(content.fundTotal),
    psn_cash_pay_cap: inWords(content.cash),
  }
}

function chargesOf(lines: readonly ScopedLine[]): Printed['charges'] {
  const byType = Map.groupBy(lines, ({ item, kind }) => chargeTypeOf(item, kind))
  return [...byType]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, group]) => {
      const total = (of: (line: ScopedLine) => Fen): Fen => sum(group.map(of))
      return {
        med_chrgitm_type: type,
        med_chrgitm_name: nameOf('med_chrgitm_type', type) ?? type,
        amt: total((line) => line.amount),
        inscp_scp_amt: total((line) => line.inScope),
        preselfpay_amt: total((line) => line.firstSelfPay),
        overlmt_amt: total((line) => line.overLimit),
        fulamt_ownpay_amt: total((line) => line.selfPaid),
      }
    })
}

/** The statement as plain text, to be printed as it is. */
export function textOf({ head, payers, charges }: Printed): string {
  const rows: (readonly [string, string])[] = [
    ['结算编号', `${head.setl_id}（${head.state}）`],
    ['就诊编号', head.mdtrt_id],
    ['定点机构', `${head.fixmedins_name}（${head.fixmedins_code}，${head.hosp_lv}）`],
    ['参保人', `${head.psn_name} ${head.gend} ${head.certno}`],
    ['险种人员', `${head.insutype} ${head.psn_type}`],
    ['医疗类别', `${head.med_type}，${head.begndate}至${head.enddate}`],
    ['结算时间', writeMoment(head.setl_time)],
  ]
  const money = (name: string, value: Fen, words?: string): string =>
    `${name}：${toYuan(value)}元${words === undefined ? '' : `（大写：${words}）`}`
  return [
    head.title,
    ...(head.note ? [`【${head.note}】`] : []),
    ...rows.map(([name, value]) => `${name}：${value}`),
    '',
    '费用',
    ...charges.map((row) => `  ${money(row.med_chrgitm_name, row.amt)}`),
    money('医疗费总额', head.medfee_sumamt, head.medfee_sumamt_cap),
    money('  符合政策范围', head.inscp_scp_amt),
    money('  先行自付', head.preselfpay_amt),
    money('  超限价', head.overlmt_selfpay),
    money('  全自费', head.fulamt_ownpay_amt),
    '',
    '支付',
    ...payers.map(
      (row) => `  ${money(row.fund_pay_type_name ?? row.fund_pay_type, row.fund_payamt)}`,
    ),
    money('基金支付总额', head.fund_pay_sumamt, head.fund_pay_sumamt_cap),
    money('起付线', head.act_pay_dedc),
    money('医院负担', head.hosp_part_amt),
    money('个人负担', head.psn_part_amt),
    money('  其中个人账户', head.acct_pay),
    money('  其中现金', head.psn_cash_pay, head.psn_cash_pay_cap),
    money('账户余额', head.balc),
    '',
  ].join('\n')
}
