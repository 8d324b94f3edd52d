import { type TSchema, Type } from 'typebox'
import { type Day, type Instant, isDay } from '../../engine/day.ts'
import { type Fen, parseYuan, toYuan } from '../../engine/money.ts'
import { type Form, Malformed, plain } from './forms.ts'

/** Text without control characters, at most so long. */
export const text = (description: string, most = 500): Form<string> =>
  plain(Type.String({ description, pattern: `^[^\\p{Cc}]{0,${most}}$` }))

/** Numbers and codes that name something. */
export const code = (description: string, most = 64): Form<string> =>
  plain(Type.String({ description, pattern: `^[^\\p{Cc}]{1,${most}}$` }))

export const division = (description: string): Form<string> =>
  plain(Type.String({ description, pattern: '^\\d{6}$', examples: ['510100'] }))

export const flag = (description: string): Form<boolean> => plain(Type.Boolean({ description }))

export const whole = (description: string, least: number, most: number): Form<number> =>
  plain(Type.Integer({ description, minimum: least, maximum: most }))

/** One of our own words. */
export const word = <W extends string>(words: readonly W[], description?: string): Form<W> =>
  plain(Type.Enum([...words], description === undefined ? {} : { description }))

export const yuan = (description: string): Form<Fen> => ({
  ...both(
    Type.String({
      description,
      pattern: '^(0|[1-9]\\d{0,11})\\.\\d{2}$',
      examples: ['1378.15'],
    }),
  ),
  read: (wire) => parseYuan(wire as string),
  write: toYuan,
})

/** A rate as decimal text. */
export const rate = (description: string): Form<string> =>
  plain(
    Type.String({
      description,
      pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,18})?$',
      examples: ['0.85'],
    }),
  )

export const day = (description: string): Form<Day> => ({
  ...both(
    Type.String({ description, pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-03-02'] }),
  ),
  read(wire) {
    if (!isDay(wire as string)) throw new Malformed('', 'a day of the calendar')
    return wire as Day
  },
  write: (value) => value,
})

const chinaIsAhead_ms = 8 * 60 * 60 * 1000

export const instant = (description: string): Form<Instant> => ({
  ...both(
    Type.String({
      description,
      pattern:
        '^\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})$',
      examples: ['2026-03-02T09:00:00.000+08:00'],
    }),
  ),
  read(wire) {
    const at = Date.parse(wire as string)
    if (Number.isNaN(at)) throw new Malformed('', 'a moment that clocks know')
    return at
  },
  write: (at) => new Date(at + chinaIsAhead_ms).toISOString().replace('Z', '+08:00'),
})

const both = (schema: TSchema) => ({ schema, lenient: schema })

/** What names a request on both sides: it travels in a header as well. */
export const referenceForm = /^[\x21-\x7e]([\x20-\x7e]{0,318}[\x21-\x7e])?$/

export const reference = (description: string): Form<string> =>
  plain(
    Type.String({
      description,
      pattern: referenceForm.source,
      examples: ['H51010000001 2026-03-02-0001'],
    }),
  )
