import type { ChargeClass } from '../../engine/claim.ts'
import { type Fen, toYuan } from '../../engine/money.ts'
import type { BurdenPart } from '../../engine/pack.ts'
import type {
  CapStep,
  Citation,
  DeductibleStep,
  FixedStep,
  RateStep,
  Settlement,
  Step,
} from '../../engine/settlement.ts'
import { noteOf } from './statementNotes.ts'
import { columns } from './statementTable.ts'

const notice = '示例，非现行政策'

const partNames: Record<BurdenPart, string> = {
  inScope: 'in scope 符合范围',
  crossRegionFirstPay: 'cross-region first pay 转外先自付',
  deductible: 'deductible 起付线',
  copay: 'copay 统筹自付',
  aboveCap: 'above the cap 封顶线以上',
  firstSelfPay: 'first self-pay 先行自付',
  overLimit: 'over limit 超限价',
  selfPaid: 'self-paid 全自费',
}

const classNames: Record<ChargeClass, string> = { A: '甲', B: '乙', C: '丙' }

/** A bill and its split as a person reads it, with what is needed to work it out again by hand. */
export function statement(s: Settlement): string {
  return [
    ...heading(s),
    '',
    'Bill 费用明细',
    ...indented(bill(s)),
    '',
    'Who pays 基金拆分',
    ...indented(away(s)),
    ...s.trace.flatMap((step, i) => indented(payer(step, i + 1))),
    ...(s.trace.length === 0 ? ['  no fund has a part in this bill'] : []),
    '',
    'Result 结算结果',
    ...indented(result(s)),
    ...s.warnings.map((warning) => `  ${noteOf(warning)}`),
  ].join('\n')
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

function heading(s: Settlement): string[] {
  const { stay } = s
  const rules = s.rules.map(({ id, pack, from }) => `${id} of ${pack}, in force from ${from}`)
  const part = stay?.interim ? ', interim part 中途结算' : ''
  return [
    `${s.day}  ${s.scheme}, ${s.care}, insured in ${s.homeRegion}, treated in ${s.careRegion} (${s.route})`,
    ...(stay ? [`stay ${stay.admission} to ${stay.discharge}${part}`] : []),
    ...(s.disease === undefined ? [] : [`disease ${s.disease}`]),
    `rule ${rules.join('; ')}`,
  ]
}

function bill(s: Settlement): string[] {
  const head = [
    'line',
    'item 项目',
    'class',
    'amount 金额',
    'self-paid 全自费',
    'over limit 超限价',
    'first self-pay 先行自付',
    'in scope 符合范围',
  ]
  const rows = s.lines.map((line) => [
    line.id,
    line.name ?? line.item,
    classNames[line.class] + (line.kind === undefined ? '' : ` ${line.kind}`),
    ...[line.amount, line.selfPaid, line.overLimit, line.firstSelfPay, line.inScope].map(toYuan),
  ])
  const sums = [s.total, s.selfPaid, s.overLimit, s.firstSelfPay, s.inScope].map(toYuan)
  const words = ['left', 'left', 'left'] as const
  const amounts = ['right', 'right', 'right', 'right', 'right'] as const
  const sources = new Set(s.lines.flatMap((line) => line.source ?? []))
  return [
    ...columns([head, ...rows, ['', '合计', '', ...sums]], [...words, ...amounts]),
    ...[...sources].map((source) => `by ${source}`),
  ]
}

function away({ crossRegion }: Settlement): string[] {
  if (!crossRegion) return []
  const { place, reason, coefficient, points, firstPayRate, firstPay, citation } = crossRegion
  const how = [
    ...(coefficient === undefined ? [] : [`rates × ${coefficient}`]),
    ...(points === undefined ? [] : [`rates − ${points}`]),
    ...(firstPayRate === undefined
      ? []
      : [`${firstPayRate} of the in-scope amount paid first: ${toYuan(firstPay)}`]),
  ]
  return [`away from home 异地: ${place}, ${reason}; ${how.join(', ')}`, `   ${cite(citation)}`]
}

function payer(step: Step, number: number): string[] {
  const mark = step.illustrative ? `  [${notice}]` : ''
  const facts: [string, string][] = [
    ['base', baseText(step)],
    ...(step.deductible
      ? [['deductible', deductibleText(step.deductible)] as [string, string]]
      : []),
    ...step.rates.map((rate, i) => [i === 0 ? 'rate' : '', rateText(rate)] as [string, string]),
    ...(step.fixed ? [['fixed', fixedText(step.fixed)] as [string, string]] : []),
    ...step.caps.map((cap) => ['cap', capText(cap)] as [string, string]),
    ['pays', paysText(step)],
    ...(step.aboveCap === undefined
      ? []
      : [['above cap', toYuan(step.aboveCap)] as [string, string]]),
    ...step.accumulators.map(
      ({ name, before, after }) =>
        ['counted', `${name} ${toYuan(before)} → ${toYuan(after)}`] as [string, string],
    ),
    ['by', cite(step.citation)],
  ]
  return [
    `${number}. ${step.name.zh} · ${step.name.en}  (${step.payer})${mark}`,
    ...columns(facts, ['left', 'left']).map((line) => `   ${line}`),
  ]
}

function baseText({ base, baseTotal }: Step): string {
  const parts = base.map(({ part, amount }) => `${partNames[part]} ${toYuan(amount)}`)
  return parts.length > 1 ? `${parts.join(' + ')} = ${toYuan(baseTotal)}` : parts.join('')
}

function deductibleText(d: DeductibleStep): string {
  const left = d.standard > d.usedBefore ? d.standard - d.usedBefore : 0n
  const why = d.because ? ` (${d.because.join(' ')})` : ''
  return `${d.mode}: standard ${toYuan(d.standard)}${why} − used ${toYuan(d.usedBefore)} = ${toYuan(left)} left; taken ${toYuan(d.taken)}  [${d.accumulator}; ${d.citation}]`
}

function rateText({ from, to, rate, because, paid }: RateStep): string {
  const why = because.length > 1 ? `  (${because.join(', ')})` : ''
  const stretch = from === 0n ? '' : `  from ${toYuan(from)} to ${toYuan(to)}`
  return `${toYuan(to - from)} × ${rate} = ${toYuan(paid)}${stretch}${why}`
}

function fixedText({ amount, usedBefore }: FixedStep): string {
  const paid = usedBefore === 0n ? '' : ` − paid earlier in this stay ${toYuan(usedBefore)}`
  return `${toYuan(amount)}${paid}, at most the base  定额`
}

function capText({ per, counts, limit, usedBefore, cut, accumulator, citation }: CapStep): string {
  const left = limit > usedBefore ? limit - usedBefore : 0n
  const what = counts === 'base' ? `per ${per}, of the base` : `per ${per}`
  const name = accumulator === undefined ? '' : `${accumulator}; `
  return `${what}: ${toYuan(limit)} − used ${toYuan(usedBefore)} = ${toYuan(left)} left; cut ${toYuan(cut)}  [${name}${citation}]`
}

/** The layer's payment as a sum, where something was cut off or several stretches were added. */
function paysText({ rates, caps, paid }: Step): string {
  const terms = rates.map((rate) => toYuan(rate.paid))
  const cuts = caps
    .filter((cap) => cap.counts === 'paid' && cap.cut > 0n)
    .map((cap) => toYuan(cap.cut))
  if (terms.length === 0 || terms.length + cuts.length === 1) return toYuan(paid)
  return `${[terms.join(' + '), ...cuts].join(' − ')} = ${toYuan(paid)}`
}

function cite({ title, document, article, grade, confirmed }: Citation): string {
  const where = [title, document, article].filter((part) => part !== undefined).join(', ')
  return `${where} (grade ${grade}, confirmed ${confirmed})`
}

function result(s: Settlement): string[] {
  const row = (name: string, amount: Fen, sum = ''): string[] => [name, toYuan(amount), sum]
  const maybe = (name: string, amount: Fen, sum?: string): string[][] =>
    amount > 0n ? [row(name, amount, sum)] : []
  const funds = s.shares.map(({ fund, amount, illustrative }) =>
    row(`  ${fund}`, amount, illustrative ? `[${notice}]` : ''),
  )
  return columns(
    [
      row('total 医疗费总额', s.total),
      row('funds 基金支付总额', s.fundTotal),
      ...funds,
      ...maybe('hospital 医院负担', s.hospitalShare),
      row(
        'person 个人负担',
        s.personTotal,
        `${toYuan(s.total)} − ${toYuan(s.fundTotal)}${s.hospitalShare > 0n ? ` − ${toYuan(s.hospitalShare)}` : ''}`,
      ),
      row(
        '  account 个人账户',
        s.account,
        s.account > 0n ? `balance after ${toYuan(s.accountBalance)}` : '',
      ),
      ...maybe('    family 其中家庭共济', s.familyAccount),
      row('  cash 个人现金', s.cash),
      ...maybe('    employer 其中单位负担', s.employerShare),
    ],
    ['left', 'right', 'left'],
  )
}
