import type { Day, Instant } from '../../engine/day.ts'

const chinaIsAhead_ms = 8 * 60 * 60 * 1000

/** Writes a moment as RFC 3339 in China's time, whatever time zone the machine is in. */
export const writeInstant = (at: Instant): string =>
  new Date(at + chinaIsAhead_ms).toISOString().replace('Z', '+08:00')

/** Reads RFC 3339; the schema has checked its form. */
export const readInstant = (text: string): Instant => Date.parse(text)

/** The day in China of a moment. */
export const chinaDay = (at: Instant): Day => writeInstant(at).slice(0, 10) as Day
