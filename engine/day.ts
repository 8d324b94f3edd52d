declare const day: unique symbol

/** A calendar day in China, written 2026-03-02. Days compare as text. */
export type Day = string & { readonly [day]: true }

/** A moment, in milliseconds since 1970 UTC. The engine never asks what time it is; it is told. */
export type Instant = number

const dayForm = /^(\d{4})-(\d{2})-(\d{2})$/
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

export function isDay(text: string): text is Day {
  const found = dayForm.exec(text)
  if (!found) return false
  const [year, month, date] = found.slice(1).map(Number) as [number, number, number]
  const length = month === 2 && isLeap(year) ? 29 : monthLengths[month - 1]
  return year >= 1900 && length !== undefined && date >= 1 && date <= length
}

export function parseDay(text: string): Day {
  if (!isDay(text)) throw new RangeError(`"${text}" is not a day such as 2026-03-02`)
  return text
}

/** Whole years from a birthday to a day; someone born on 29 February turns older on 1 March. */
export function ageOn(birth: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4))
  return on.slice(5) < birth.slice(5) ? years - 1 : years
}

export const monthOf = (on: Day): string => on.slice(0, 7)

export const quarterOf = (on: Day): string =>
  `${on.slice(0, 4)}-Q${Math.ceil(Number(on.slice(5, 7)) / 3)}`

/** The benefit year (待遇年度) a day falls in, named by the calendar year in which it starts. */
export function benefitYear(on: Day, startsOn: string): string {
  const year = Number(on.slice(0, 4))
  return String(on.slice(5) < startsOn ? year - 1 : year)
}

/** Clients write it where something has no end. */
const lastDay = '9999-12-31' as Day

/** The day after; the last one has none and stands for it, since five digits of a year would sort before four. */
export function dayAfter(on: Day): Day {
  if (on === lastDay) return on
  const [year, month, date] = on.split('-').map(Number) as [number, number, number]
  const length = month === 2 && isLeap(year) ? 29 : (monthLengths[month - 1] as number)
  if (date < length) return write(year, month, date + 1)
  return month < 12 ? write(year, month + 1, 1) : write(year + 1, 1, 1)
}

export function dayBefore(on: Day): Day {
  const [year, month, date] = on.split('-').map(Number) as [number, number, number]
  if (date > 1) return write(year, month, date - 1)
  if (month === 1) return write(year - 1, 12, 31)
  return write(
    year,
    month - 1,
    month === 3 && isLeap(year) ? 29 : (monthLengths[month - 2] as number),
  )
}

/** So many days later. */
export function daysAfter(on: Day, days: number): Day {
  let later = on
  for (let i = 0; i < days; i++) later = dayAfter(later)
  return later
}

/** The same day so many months later; where that month is too short, its last day. */
export function monthsAfter(on: Day, months: number): Day {
  const [year, month, date] = on.split('-').map(Number) as [number, number, number]
  const since = year * 12 + month - 1 + months
  const [y, m] = [Math.floor(since / 12), (since % 12) + 1]
  if (y > 9999) return lastDay
  const length = m === 2 && isLeap(y) ? 29 : (monthLengths[m - 1] as number)
  return write(y, m, Math.min(date, length))
}

const two = (n: number): string => String(n).padStart(2, '0')
const write = (year: number, month: number, date: number): Day =>
  `${year}-${two(month)}-${two(date)}` as Day

/** A span of days, both ends included; no end means still open. */
export interface Span {
  readonly from: Day
  readonly until?: Day | undefined
}

export const covers = (span: Span, on: Day): boolean =>
  span.from <= on && (span.until === undefined || on <= span.until)

/** Whether two spans have a day in common. */
export const overlap = (a: Span, b: Span): boolean =>
  (b.until === undefined || a.from <= b.until) && (a.until === undefined || b.from <= a.until)
