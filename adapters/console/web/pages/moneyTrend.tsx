import { pathWith } from '../api/ask.ts'
import type { Totals } from '../api/auditTypes.ts'
import { useAsked } from '../api/useAsked.ts'
import { Section } from '../parts/bits.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Shown } from '../parts/told.tsx'
import { useWidth } from '../parts/useWidth.ts'
import { fenOf, roughly, Yuan, yuanOf } from '../parts/yuan.tsx'
import { fundColour, fundName } from '../words/domain.ts'
import { languageNow, say } from '../words/say.ts'
import type { Period } from './money.tsx'

const [tall, foot] = [180, 20]

interface Grid {
  readonly months: readonly string[]
  readonly funds: readonly string[]
  /** Fen by month and fund. */
  readonly at: (month: string, fund: string) => bigint
}

function gridOf({ items }: Totals): Grid {
  const sums = new Map<string, bigint>()
  const key = (month: string, fund: string): string => `${month} ${fund}`
  for (const { month, fund, amount } of items)
    sums.set(key(String(month), String(fund)), fenOf(amount))
  const funds = [...new Set(items.map(({ fund }) => String(fund)))]
  const months = [...new Set(items.map(({ month }) => String(month)))].sort()
  return { months, funds, at: (month, fund) => sums.get(key(month, fund)) ?? 0n }
}

/** What each fund paid, month by month (基金趋势). */
export function Trend({ period }: { readonly period: Period }) {
  const asked = useAsked<Totals>(pathWith('/v1/totals', { by: 'month,fund', ...period }))
  return (
    <Section title={say('各基金逐月支付', 'By fund and month')}>
      <Shown asked={asked}>
        {(totals) =>
          totals.items.length === 0 ? (
            <p class="note" role="status">
              {say('这一期间没有支付。', 'Nothing was paid in this period.')}
            </p>
          ) : (
            <TrendShown grid={gridOf(totals)} />
          )
        }
      </Shown>
    </Section>
  )
}

function TrendShown({ grid }: { readonly grid: Grid }) {
  const { months, funds, at } = grid
  const { place, width } = useWidth<HTMLDivElement>(280)
  const columns: Column<string>[] = [
    { head: { zh: '月份', en: 'Month' }, cell: (month) => month },
    ...funds.map((fund) => ({
      head: { zh: fundName(fund), en: fundName(fund) },
      number: true,
      cell: (month: string) => <Yuan of={yuanOf(at(month, fund))} />,
    })),
  ]
  return (
    <figure class="chart" ref={place}>
      <Bars grid={grid} width={width} />
      <figcaption>
        {funds.map((fund) => (
          <span key={fund} class={`key c${fundColour(fund)}`}>
            {fundName(fund)}
          </span>
        ))}
      </figcaption>
      <Table
        caption={{ zh: '各基金逐月支付', en: 'By fund and month' }}
        columns={columns}
        rows={months}
      />
    </figure>
  )
}

const above = (fen: bigint): bigint => (fen > 0n ? fen : 0n)

function Bars({ grid, width }: { readonly grid: Grid; readonly width: number }) {
  const { months, funds, at } = grid
  const sums = months.map((month) => funds.reduce((sum, fund) => sum + above(at(month, fund)), 0n))
  const most = Math.max(1, ...sums.map(Number))
  const step = width / months.length
  return (
    <svg
      width={width}
      height={tall + foot}
      role="img"
      aria-label={say(
        '各基金逐月支付图，数字见下表',
        'By fund and month; the figures are in the table below',
      )}
    >
      {months.map((month, i) => (
        <Bar key={month} grid={grid} month={month} most={most} x={i * step} step={step} />
      ))}
      <line class="axis" x1={0} x2={width} y1={tall} y2={tall} />
      <text class="tick" x={width} y={10} text-anchor="end">
        {say('最高', 'most')} {roughly(BigInt(most), languageNow())}
      </text>
    </svg>
  )
}

interface BarProps {
  readonly grid: Grid
  readonly month: string
  readonly most: number
  readonly x: number
  readonly step: number
}

/** One month: the funds stand on each other. */
function Bar({ grid: { funds, at }, month, most, x, step }: BarProps) {
  const wide = Math.min(48, step * 0.7)
  let base = tall
  return (
    <g>
      {funds.map((fund) => {
        const height = (Number(above(at(month, fund))) / most) * (tall - 16)
        base -= height
        return (
          <rect
            key={fund}
            class={`fill c${fundColour(fund)}`}
            x={x + (step - wide) / 2}
            y={base}
            width={wide}
            height={height}
          >
            <title>{`${month} ${fundName(fund)} ${yuanOf(at(month, fund))}`}</title>
          </rect>
        )
      })}
      <text class="tick" x={x + step / 2} y={tall + 14} text-anchor="middle">
        {month.slice(2)}
      </text>
    </g>
  )
}
