import { type Day, dayAfter, dayBefore, monthsAfter } from '../../engine/day.ts'

/** A stretch of days that is added up from whole months or from single days, both ends included; open where an end is absent. */
export interface Stretch {
  readonly grain: 'day' | 'month'
  readonly from?: Day | undefined
  readonly until?: Day | undefined
}

const firstOf = (day: Day): Day => `${day.slice(0, 7)}-01` as Day

/** Some days as whole months with the days before and after them. */
export function stretchesOf(from: Day | undefined, until: Day | undefined): Stretch[] {
  const begins = from === undefined || from === firstOf(from)
  const firstMonth = begins || from === undefined ? from : monthsAfter(firstOf(from), 1)
  const after = until && dayAfter(until)
  const afterMonths = after && firstOf(after)
  if (firstMonth !== undefined && afterMonths !== undefined && firstMonth >= afterMonths)
    return [{ grain: 'day', from, until }]
  const months: Stretch = {
    grain: 'month',
    from: firstMonth,
    until: afterMonths && dayBefore(afterMonths),
  }
  return [
    ...(begins || firstMonth === undefined
      ? []
      : [{ grain: 'day' as const, from, until: dayBefore(firstMonth) }]),
    months,
    ...(until === undefined || afterMonths === after || afterMonths === undefined
      ? []
      : [{ grain: 'day' as const, from: afterMonths, until }]),
  ]
}
