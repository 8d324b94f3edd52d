import type { Line, SettlementDetail } from '../api/types.ts'
import { instantText } from '../parts/time.tsx'
import { fenOf, grouped, yuanOf } from '../parts/yuan.tsx'
import { capital } from '../words/capital.ts'
import { About, Cell, type FormProps } from './statementAbout.tsx'

const states: Readonly<Record<string, string>> = { cancelled: '已撤销', reversed: '已冲正' }

/** The form itself (医疗费用结算单) by its customary headings. */
export function Form(props: FormProps) {
  const { of: s } = props
  const state = states[s.state]
  return (
    <article class="sheet" lang="zh-CN" aria-label="医疗费用结算单">
      <header>
        <h2>医疗费用结算单</h2>
        <p>
          <span>结算编号：{s.id}</span>
          <span>结算时间：{instantText(s.postedAt)}</span>
          <span>金额单位：元</span>
        </p>
        {state !== undefined && <p class="stamp">{state}</p>}
      </header>
      <About {...props} />
      <Fees lines={s.lines} />
      <Scope of={s} />
      <Payers of={s} />
      <footer>
        <p>
          <span>参保人（或代办人）签字：＿＿＿＿＿＿＿＿</span>
          <span>定点医药机构（盖章）：＿＿＿＿＿＿＿＿</span>
          <span>经办人：＿＿＿＿＿＿</span>
        </p>
        <p>
          依据：
          {s.rules.map(({ id, pack, from }) => `${pack} ${id}（自 ${from}）`).join('；') || '无'}
          {s.trace.some(({ illustrative }) => illustrative) && '；含示例，非现行政策'}
        </p>
        <p>本单据由结算系统按账上记录生成。金额以账簿为准，可凭结算编号查询与验证。</p>
      </footer>
    </article>
  )
}

const classes = ['A', 'B', 'C'] as const

const sumOf = (
  lines: readonly Line[],
  of: 'amount' | 'selfPaid' | 'inScope' | 'firstSelfPay' | 'overLimit',
) => yuanOf(lines.reduce((sum, line) => sum + fenOf(line[of]), 0n))

/** More lines than these are summed up by day, so that every bill has one page. */
const mostLines = 14

interface FeeRow {
  readonly name: string
  readonly lines: readonly Line[]
}

function feeRows(lines: readonly Line[]): FeeRow[] {
  if (lines.length <= mostLines)
    return lines.map((line) => ({ name: line.name ?? line.item, lines: [line] }))
  const days = Map.groupBy(lines, ({ day }) => day)
  if (days.size <= mostLines)
    return [...days].map(([day, of]) => ({ name: `${day}（${of.length} 项）`, lines: of }))
  return [{ name: `全部明细（${lines.length} 项）`, lines }]
}

function Fees({ lines }: { readonly lines: readonly Line[] }) {
  const rows = [...feeRows(lines), { name: '合计', lines }]
  return (
    <table class="fees">
      <caption>费用明细</caption>
      <thead>
        <tr>
          {['项目', '金额', '甲类', '乙类', '丙类', '全自费', '超限价', '先行自付', '符合范围'].map(
            (head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, lines: of }, i) => (
          <tr key={`${name} ${i}`} class={i === rows.length - 1 ? 'sum' : undefined}>
            <th scope="row">{name}</th>
            <td class="number">{grouped(sumOf(of, 'amount'))}</td>
            {classes.map((one) => (
              <td key={one} class="number">
                {grouped(
                  sumOf(
                    of.filter((line) => line.class === one),
                    'amount',
                  ),
                )}
              </td>
            ))}
            {(['selfPaid', 'overLimit', 'firstSelfPay', 'inScope'] as const).map((part) => (
              <td key={part} class="number">
                {grouped(sumOf(of, part))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface AmountsProps {
  readonly caption: string
  readonly cells: readonly (readonly [name: string, yuan: string])[]
}

/** Amounts by name, four to a row. */
function AmountsTable({ caption, cells }: AmountsProps) {
  const rows: (typeof cells)[number][][] = []
  for (let i = 0; i < cells.length; i += 4) rows.push(cells.slice(i, i + 4))
  return (
    <table class="amounts">
      <caption>{caption}</caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row[0]?.[0]}>
            {row.map(([name, yuan]) => (
              <Cell
                key={name}
                name={name}
                wide={row.length < 4 && name === row.at(-1)?.[0] ? 1 + 2 * (4 - row.length) : 1}
              >
                <span class="number">{grouped(yuan)}</span>
              </Cell>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Scope = ({ of: s }: { readonly of: SettlementDetail }) => (
  <AmountsTable
    caption="费用构成"
    cells={[
      ['医疗费总额', s.total],
      ['全自费金额', s.selfPaid],
      ['超限价金额', s.overLimit],
      ['先行自付金额', s.firstSelfPay],
      ['符合政策范围', s.inScope],
      ['本次起付线', s.deductible],
      ['转外先自付', s.crossRegionFirstPay],
    ]}
  />
)

/** The funds that every statement names, whether they pay or not; those of a region’s own follow. */
const usual: readonly (readonly [fund: string, name: string])[] = [
  ['pool', '统筹基金支付'],
  ['largeExpense', '职工大额补助'],
  ['criticalIllness', '居民大病保险'],
  ['civilServant', '公务员补助'],
  ['medicalAid', '医疗救助'],
]
const others: Readonly<Record<string, string>> = {
  enterpriseSupplement: '企业补充医疗',
  disabled: '伤残人员保障',
  other: '其他基金',
  workInjury: '工伤保险基金',
  maternity: '生育基金',
  retiredCadre: '离休人员保障',
  unemployment: '失业保险基金',
  pension: '养老保险基金',
}

function Payers({ of: s }: { readonly of: SettlementDetail }) {
  const paid = new Map(s.shares.map(({ fund, amount }) => [fund, amount]))
  const further = s.shares.filter(({ fund }) => !usual.some(([name]) => name === fund))
  return (
    <>
      <AmountsTable
        caption="支付情况"
        cells={[
          ...usual.map(([fund, name]) => [name, paid.get(fund) ?? '0.00'] as const),
          ...further.map(({ fund, amount }) => [others[fund] ?? fund, amount] as const),
          ['基金支付总额', s.fundTotal],
          ['医院负担', s.hospitalShare],
          ['个人负担总额', s.personTotal],
          ['个人账户支付', s.account],
          ['其中家庭共济', s.familyAccount],
          ['个人现金支付', s.cash],
          ['其中单位负担', s.employerShare],
          ['账户余额', s.accountBalance],
        ]}
      />
      <p class="capital">
        <span>医疗费总额（大写）：{capital(s.total)}</span>
        <span>个人现金支付（大写）：{capital(s.cash)}</span>
      </p>
    </>
  )
}
