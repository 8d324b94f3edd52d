import { type Day, type Instant, isDay } from '../../engine/day.ts'

const chinaIsAhead_ms = 8 * 60 * 60 * 1000
const momentForm = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}):(\d{2}):(\d{2}))?$/

/** Reads yyyy-MM-dd HH:mm:ss as a moment in China, or a day alone as its midnight. */
export function readMoment(text: string): Instant | undefined {
  const [, on = '', hour = '00', minute = '00', second = '00'] = momentForm.exec(text) ?? []
  if (!isDay(on) || hour > '23' || minute > '59' || second > '59') return undefined
  return Date.parse(`${on}T${hour}:${minute}:${second}+08:00`)
}

const inChina = (at: Instant): string => new Date(at + chinaIsAhead_ms).toISOString()

/** Writes a moment as yyyy-MM-dd HH:mm:ss in China. */
export const writeMoment = (at: Instant): string =>
  inChina(at).replace('T', ' ').slice(0, 'yyyy-MM-dd HH:mm:ss'.length)

/** The day in China of a moment. */
export const dayOf = (at: Instant): Day => inChina(at).slice(0, 'yyyy-MM-dd'.length) as Day

/** yyyyMMddHHmmss in China, with milliseconds where wanted: how message ids and receipts write moments. */
export const compact = (at: Instant, digits: 14 | 17): string =>
  inChina(at).replaceAll(/\D/g, '').slice(0, digits)
