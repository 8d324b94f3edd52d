import { useState } from 'preact/hooks'
import type { PageProps } from '../pages.ts'
import { Choice, Field } from '../parts/bits.tsx'
import { addressOf, go } from '../router.ts'
import { say } from '../words/say.ts'
import { FlowPart } from './moneyFlow.tsx'
import { RegionTable } from './moneyRegions.tsx'
import { Trend } from './moneyTrend.tsx'

export interface Period {
  readonly basis: string
  readonly from: string
  readonly until: string
}

/** The benefit year that is going on, by the clock of China. */
function thisYear(): { readonly from: string; readonly until: string } {
  const year = new Date(Date.now() + 8 * 3_600_000).getUTCFullYear()
  return { from: `${year}-01-01`, until: `${year}-12-31` }
}

/** Where the money goes (资金流向): from kinds of care through funds to institutions, by month, and between regions. */
export function MoneyPage({ query }: PageProps) {
  const year = thisYear()
  const period: Period = {
    basis: query['basis'] === 'posted' ? 'posted' : 'treated',
    from: query['from'] ?? year.from,
    until: query['until'] ?? year.until,
  }
  return (
    <>
      <PeriodForm key={JSON.stringify(period)} period={period} />
      <FlowPart period={period} />
      <Trend period={period} />
      <RegionTable period={period} />
    </>
  )
}

function PeriodForm({ period }: { readonly period: Period }) {
  const [fields, setFields] = useState(period)
  const field = (name: keyof Period) => ({
    name,
    value: fields[name],
    onChange: (value: string) => setFields({ ...fields, [name]: value }),
  })
  return (
    <form
      class="filters"
      aria-label={say('期间', 'Period')}
      onSubmit={(event) => {
        event.preventDefault()
        go(addressOf('money', undefined, { ...fields }))
      }}
    >
      <Field {...field('from')} type="date" label={say('自', 'From')} />
      <Field {...field('until')} type="date" label={say('至', 'Until')} />
      <Choice
        {...field('basis')}
        label={say('口径', 'By')}
        choices={[
          ['treated', say('就诊日期', 'day treated')],
          ['posted', say('入账日期', 'day posted')],
        ]}
      />
      <button type="submit" class="main">
        {say('查看', 'Show')}
      </button>
    </form>
  )
}
