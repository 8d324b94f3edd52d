import { type Day, benefitYear } from './day.ts'
import { dayOf } from './entitlement.ts'
import { sum } from './money.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { CompiledRule, Rulebook } from './rulebook.ts'
import type { ScopedClaim, ScopedLine } from './scoped.ts'

/** A bill, or the part of it that belongs to one benefit year (待遇年度). */
export interface YearPart {
  readonly scoped: ScopedClaim
  readonly year: string
  /** The day whose month and quarter count. */
  readonly on: Day
  /** Does an earlier part of the same bill come before it? */
  readonly later: boolean
}

type Dates = Pick<CompiledRule, 'dates'>

const yearOf = ({ region }: Rulebook, on: Day): string => benefitYear(on, region.yearStarts)

/** Fees of a stay count within it: what is dated before admission counts on admission, what is undated at discharge. */
function countsOn({ day }: ScopedLine, { stay }: ScopedClaim): Day {
  if (!stay) return day
  if (day < stay.admission) return stay.admission
  return day > stay.discharge ? stay.discharge : day
}

/** The benefit years of a bill in order; only a stay can lie in more than one. */
export function yearsOf(scoped: ScopedClaim, { dates }: Dates, book: Rulebook): string[] {
  const year = yearOf(book, dayOf(dates.year, scoped))
  if (!scoped.stay || dates.acrossYears === 'whole' || scoped.lines.length === 0) return [year]
  return [...new Set(scoped.lines.map((line) => yearOf(book, countsOn(line, scoped))))].sort()
}

/** A stay over the end of a benefit year: whole by one day, split by the days of its lines, or settled in parts by the hospital. */
export function partsByYear(
  scoped: ScopedClaim,
  rule: Dates,
  book: Rulebook,
): YearPart[] | Refusal {
  const on = dayOf(rule.dates.year, scoped)
  const years = yearsOf(scoped, rule, book)
  const [first] = years
  if (years.length === 1 && first !== undefined)
    return [
      { scoped, year: first, on: yearOf(book, on) === first ? on : lastDay(scoped), later: false },
    ]
  if (rule.dates.acrossYears === 'forced-interim')
    return refuse('interim-settlement-required', { years })
  return years.map((year, index) => {
    const lines = scoped.lines.filter((line) => yearOf(book, countsOn(line, scoped)) === year)
    const last = index === years.length - 1
    const stay = scoped.stay && { ...scoped.stay, interim: last ? scoped.stay.interim : true }
    const part = { ...scoped, stay, lines, total: sum(lines.map((line) => line.amount)) }
    return { scoped: part, year, on: lastDay(part), later: index > 0 }
  })
}

/** The last day that a bill has a fee on. */
const lastDay = (scoped: ScopedClaim): Day =>
  scoped.lines.map((line) => countsOn(line, scoped)).reduce((a, b) => (a > b ? a : b))
