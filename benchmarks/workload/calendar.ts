import { type Day, parseDay } from '../../engine/day.ts'

const day_ms = 86_400_000

/** So many days later, or earlier; the engine goes day by day, which is slow for the birthdays of a city. */
export const daysFrom = (day: Day, days: number): Day =>
  parseDay(new Date(Date.parse(day) + days * day_ms).toISOString().slice(0, 10))
