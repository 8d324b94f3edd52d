import { Complaint } from './complaint.ts'
import type { Day, Instant } from '../../engine/day.ts'

const chinaIsAhead_ms = 8 * 60 * 60 * 1000

/** Writes a moment as RFC 3339 in China's time, whatever time zone the machine is in. */
export const writeInstant = (at: Instant): string =>
  new Date(at + chinaIsAhead_ms).toISOString().replace('Z', '+08:00')

/** Reads RFC 3339; the schema has checked the form, but a leap second has it and is no moment that clocks know. */
export function readInstant(text: string, field: string): Instant {
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw new Complaint('field-invalid', { field, in: 'query', expected: 'an instant' })
  return at
}

/** The day in China of a moment. */
export const chinaDay = (at: Instant): Day => writeInstant(at).slice(0, 10) as Day
