import type { Line, SettlementDetail } from '../api/types.ts'
import { type Column, Table } from '../parts/table.tsx'
import { Yuan } from '../parts/yuan.tsx'
import { amountName, className, itemKindName } from '../words/domain.ts'
import { say } from '../words/say.ts'

const amount = (
  of: 'amount' | 'selfPaid' | 'overLimit' | 'firstSelfPay' | 'inScope',
): Column<Line> => ({
  head: heads[of],
  number: true,
  cell: (line) => <Yuan of={line[of]} />,
})

const heads = {
  amount: { zh: '金额', en: 'Amount' },
  selfPaid: { zh: '全自费', en: 'Self-paid' },
  overLimit: { zh: '超限价', en: 'Over limit' },
  firstSelfPay: { zh: '先行自付', en: 'First self-pay' },
  inScope: { zh: '符合范围', en: 'In scope' },
}

const columns: readonly Column<Line>[] = [
  { head: { zh: '序号', en: 'Line' }, cell: ({ id }) => id },
  {
    head: { zh: '项目', en: 'Item' },
    wraps: true,
    cell: ({ item, name }) => (
      <>
        {name !== undefined && <span>{name} </span>}
        <code>{item}</code>
      </>
    ),
  },
  {
    head: { zh: '等级', en: 'Class' },
    cell: (line) => (
      <>
        {className(line.class)}
        {line.kind !== undefined && <span class="soft"> {itemKindName(line.kind)}</span>}
      </>
    ),
  },
  { head: { zh: '日期', en: 'Day' }, cell: ({ day }) => day },
  amount('amount'),
  amount('selfPaid'),
  amount('overLimit'),
  amount('firstSelfPay'),
  amount('inScope'),
  {
    head: { zh: '目录依据', en: 'Catalogue' },
    wraps: true,
    cell: ({ source }) => <span class="soft">{source ?? say('不在目录内', 'in none')}</span>,
  },
]

/** Every line of a bill (费用明细) in its four parts, which add up to it and to the bill. */
export function Bill({ of: s }: { readonly of: SettlementDetail }) {
  const sums = [s.total, s.selfPaid, s.overLimit, s.firstSelfPay, s.inScope]
  return (
    <>
      <Scope of={s} />
      <Table
        caption={{ zh: '费用明细', en: 'The bill, line by line' }}
        columns={columns}
        rows={s.lines}
        foot={[
          say('合计', 'Sum'),
          '',
          '',
          '',
          ...sums.map((sum, i) => <Yuan key={columns[i + 4]?.head.en} of={sum} />),
          '',
        ]}
      />
    </>
  )
}

const scopeParts = ['inScope', 'firstSelfPay', 'overLimit', 'selfPaid'] as const

/** How much of the bill any fund could pay from, as one bar. */
function Scope({ of: s }: { readonly of: SettlementDetail }) {
  const total = Number(s.total)
  if (total === 0) return null
  return (
    <figure class="scope">
      <div class="bar" aria-hidden="true">
        {scopeParts.map((part) => (
          <span key={part} class={part} style={{ width: `${(Number(s[part]) / total) * 100}%` }} />
        ))}
      </div>
      <figcaption>
        {scopeParts.map((part) => (
          <span key={part} class={`key ${part}`}>
            {amountName(part)} <Yuan of={s[part]} />
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
