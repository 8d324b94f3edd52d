import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stretchesOf } from '../../../adapters/postgres/stretches.ts'
import { type Day, dayAfter, parseDay } from '../../../engine/day.ts'

const day = (text: string | undefined): Day | undefined =>
  text === undefined ? undefined : parseDay(text)

test.each([
  [undefined, undefined, ['month …–…']],
  ['2026-01-01', '2026-12-31', ['month 2026-01-01–2026-12-31']],
  ['2026-01-15', '2026-02-10', ['day 2026-01-15–2026-02-10']],
  ['2026-03-05', '2026-03-05', ['day 2026-03-05–2026-03-05']],
  [
    '2026-01-15',
    '2026-04-10',
    ['day 2026-01-15–2026-01-31', 'month 2026-02-01–2026-03-31', 'day 2026-04-01–2026-04-10'],
  ],
  ['2026-02-01', undefined, ['month 2026-02-01–…']],
  ['2026-02-02', undefined, ['day 2026-02-02–2026-02-28', 'month 2026-03-01–…']],
  [undefined, '2026-02-28', ['month …–2026-02-28']],
  [undefined, '2026-03-01', ['month …–2026-02-28', 'day 2026-03-01–2026-03-01']],
])('from %s until %s are %j', (from, until, expected) => {
  const told = stretchesOf(day(from), day(until)).map(
    (one) => `${one.grain} ${one.from ?? '…'}–${one.until ?? '…'}`,
  )
  expect(told).toEqual(expected)
})

test('stretches follow each other from the first day to the last, and months are whole', () => {
  const anyDay = fc
    .nat(1_500)
    .map((n) =>
      parseDay(new Date(n * 86_400_000 + Date.parse('2024-01-01')).toISOString().slice(0, 10)),
    )
  fc.assert(
    fc.property(anyDay, anyDay, (a, b) => {
      const [from, until] = a < b ? [a, b] : [b, a]
      const stretches = stretchesOf(from, until)
      expect(stretches[0]?.from).toBe(from)
      expect(stretches.at(-1)?.until).toBe(until)
      for (const [i, one] of stretches.entries()) {
        const next = stretches[i + 1]
        if (next) expect(next.from).toBe(dayAfter(one.until as Day))
        if (one.grain !== 'month') continue
        expect(one.from).toMatch(/-01$/)
        expect(dayAfter(one.until as Day)).toMatch(/-01$/)
      }
    }),
  )
})
