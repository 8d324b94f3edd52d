import { type Static, Type } from 'typebox'
import { toYuan } from '../../engine/money.ts'
import type { Counters } from '../../engine/ports.ts'
import { Closed, Division } from './words.ts'

const optional = Type.Optional

/** One running sum (累计) as its person may read it. */
export const Accumulator = Closed({
  year: optional(
    Type.String({ description: 'The benefit year (待遇年度); absent where it outlasts a year' }),
  ),
  region: Division('The region whose rules count it (统筹区)'),
  scheme: Type.String({ description: '险种' }),
  name: Type.String({
    description: 'What is counted, in the words of the rule pack',
    examples: ['deductible.inpatient'],
  }),
  period: Type.String({
    description:
      '`benefit year`, `day 2026-03-02`, `month 2026-03`, `quarter 2026-Q1`, `eligibility from 2026-01-01` or `lifetime`',
    examples: ['benefit year'],
  }),
  by: optional(
    Type.String({ description: 'The disease or institution it is counted apart by (病种或机构)' }),
  ),
  value: Type.String({
    description: 'Yuan with two decimals; a whole number where it counts admissions',
    examples: ['375.00'],
  }),
})
export type Accumulator = Static<typeof Accumulator>

/** Newest year first, and by region, scheme and name within it. */
export function writeAccumulators(counters: Counters): Accumulator[] {
  return [...counters]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .flatMap(([year, sums]) =>
      [...sums]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, sum]) => writeOne(year, key, sum)),
    )
}

/** A stay that has parts to come keeps sums of its own (engine/tally.ts); they are no entitlement of anybody. */
const ofStay = /^stay /

function writeOne(year: string, key: string, sum: bigint): Accumulator[] {
  const [region = '', scheme = '', name = '', period = '', by = ''] = key.split('|')
  if (ofStay.test(name)) return []
  const value = /^admissions\b/.test(name) ? String(sum) : toYuan(sum)
  return [
    {
      ...(/^\d/.test(year) && { year }),
      region,
      scheme,
      name,
      period: periodText(period),
      ...(by !== '' && { by }),
      value,
    },
  ]
}

const periods: readonly (readonly [RegExp, string])[] = [
  [/^year$/, 'benefit year'],
  [/^(\d{4}-\d{2}-\d{2})$/, 'day $1'],
  [/^(\d{4}-\d{2})$/, 'month $1'],
  [/^(\d{4}-?Q\d)$/, 'quarter $1'],
  [/^from ever$/, 'eligibility'],
  [/^from /, 'eligibility from '],
]

function periodText(period: string): string {
  const found = periods.find(([form]) => form.test(period))
  return found ? period.replace(...found) : period
}
