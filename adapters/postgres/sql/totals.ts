import type { Day } from '../../../engine/day.ts'
import { type Stretch, stretchesOf } from '../stretches.ts'
import { billsPaid, placedSince } from './sums.ts'

/** What totals may be told by, and narrowed to. */
export const totalsDimensions = [
  'fund',
  'region',
  'careRegion',
  'institution',
  'scheme',
  'care',
  'month',
] as const
export type TotalsDimension = (typeof totalsDimensions)[number]

export type TotalsFilter = Readonly<
  Partial<Record<Exclude<TotalsDimension, 'month'>, string | undefined>>
>

export interface TotalsQuestion {
  readonly by: readonly TotalsDimension[]
  readonly basis: 'treated' | 'posted'
  /** Days of the basis, both included. */
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  /** Everybody who bore a part of a bill, or only funds. */
  readonly payers: 'funds' | 'all'
  readonly filter: TotalsFilter
  /** How far the sums go. */
  readonly summed: bigint
}

const columnOf = {
  region: 'home_region',
  careRegion: 'care_region',
  institution: 'institution',
  scheme: 'scheme',
  care: 'care',
} as const

interface Asked {
  readonly text: string
  readonly values: readonly unknown[]
}

const columns =
  'home_region, care_region, scheme, care, institution, payer, amount_fen, settlements'

/**
 * One row for each combination: its values as `d1`, `d2`, what was paid, and of how many settlements. By fund, rows of `*` tell
 * of whole bills, of which each counts once whoever paid it.
 */
export function totalsOf(question: TotalsQuestion): Asked {
  const { by, basis, from, until, summed, filter } = question
  const values: unknown[] = [summed]
  const put = (value: unknown): string => `$${values.push(value)}`
  const eachInstitution = by.includes('institution') || filter.institution !== undefined
  const within = ({ from, until }: Omit<Stretch, 'grain'>, day: string): string =>
    [
      ...(from === undefined ? [] : [`${day} >= ${put(from)}::date`]),
      ...(until === undefined ? [] : [`${day} <= ${put(until)}::date`]),
    ]
      .map((condition) => ` and ${condition}`)
      .join('')
  const kept = stretchesOf(from, until).map(
    (stretch) => `
    select ${basis} as day, ${columns} from bill_sum
    where grain = '${stretch.grain}' and each_institution = ${eachInstitution}${within(stretch, basis)}`,
  )
  const { amount, counted, payer } = payersOf(question, put)
  const told = by.map((one) => dimension(one))
  const narrowed = Object.entries(columnOf).flatMap(([name, column]) => {
    const value = filter[name as keyof typeof columnOf]
    return value === undefined ? [] : [`${column} = ${put(value)}`]
  })
  return {
    text: `
  with placed as materialized (${placedSince}), paid as (${billsPaid}), every as (${kept.join(`
    union all`)}
    union all
    select ${basis}_on, ${columns} from paid where true${within({ from, until }, `${basis}_on`)}
  )
  select ${[...told.map((one, i) => `${one} as d${i + 1}`), amount, counted].join(', ')}
  from every where ${[payer, ...narrowed].join(' and ')}
  group by ${told.map((_, i) => i + 1).join(', ')}
  having ${amount.replace(/ as \w+$/, '')} <> 0 or ${counted.replace(/ as \w+$/, '')} <> 0`,
    values,
  }
}

const dimension = (one: TotalsDimension): string => {
  if (one === 'fund')
    return `case when starts_with(payer, 'fund:') then substr(payer, 6) else payer end`
  return one === 'month' ? `to_char(day, 'YYYY-MM')` : columnOf[one]
}

/** Whose part is added up, and which rows count settlements. */
function payersOf(
  { by, payers, filter: { fund } }: TotalsQuestion,
  put: (value: unknown) => string,
): { readonly amount: string; readonly counted: string; readonly payer: string } {
  const sum = (column: string, where = ''): string => `coalesce(sum(${column})${where}, 0)::bigint`
  const all = {
    amount: `${sum('amount_fen')} as amount`,
    counted: `${sum('settlements')} as settlements`,
  }
  if (fund !== undefined) {
    const names = payers === 'funds' ? [`fund:${fund}`] : [`fund:${fund}`, fund]
    return { ...all, payer: `payer = any (${put(names)}::text[]) and payer <> '*'` }
  }
  const paying = payers === 'funds' ? `(payer = '*' or starts_with(payer, 'fund:'))` : 'true'
  if (by.includes('fund')) return { ...all, payer: paying }
  if (payers === 'all') return { ...all, payer: `payer = '*'` }
  return {
    amount: `${sum('amount_fen', ` filter (where payer <> '*')`)} as amount`,
    counted: `${sum('settlements', ` filter (where payer = '*')`)} as settlements`,
    payer: paying,
  }
}
