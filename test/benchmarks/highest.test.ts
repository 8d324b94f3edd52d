import { expect, test } from 'vitest'
import {
  findHighest,
  hasty,
  nextRate,
  passes,
  ramp,
  RateSearch,
  searchInTurns,
  thorough,
} from '../../benchmarks/highest.ts'
import type { K6Result } from '../../benchmarks/k6.ts'

const waits = { p50: 5, p95: 10, p99: 20, p999: 30, max: 40 }

/** What a load of so many requests comes to, of which some are not settled. */
const seen = (sent: number, failed: number, p99 = 20): K6Result => ({
  sent,
  dropped: 0,
  byStatus: { '201': sent - failed, '503': failed },
  replayed: 0,
  failedShare: failed / sent,
  settledPerSecond: sent - failed,
  sinceDue: { ...waits, p99 },
  sinceSent: { ...waits, p99 },
})

/** A server that bears so many requests a second and not one more. */
const bearing =
  (most: number, asked: number[] = []) =>
  async (rate: number): Promise<K6Result> => {
    asked.push(rate)
    return seen(rate, Math.max(0, rate - most))
  }

test('a load passes with one failure in a thousand, and with a second for the slowest hundredth', () => {
  expect(passes(seen(1_000, 1))).toBe(true)
  expect(passes(seen(1_000, 2))).toBe(false)
  expect(passes(seen(1_000, 0, 1_000))).toBe(true)
  expect(passes(seen(1_000, 0, 1_001))).toBe(false)
})

test.each([40, 700, 2_000, 5_100])(
  'of a server that bears %i a second this is found to within 8 %%',
  async (most) => {
    const { best } = await findHighest(bearing(most), 1_000, thorough)
    expect(best.rate).toBeLessThanOrEqual(most * 1.002)
    expect(best.rate).toBeGreaterThan(most / 1.09)
  },
)

test('what fails is tried once more, and what passes then has passed', async () => {
  let failures = 0
  const once = async (rate: number): Promise<K6Result> =>
    rate === 1_000 && failures++ === 0 ? seen(rate, rate) : bearing(1_000)(rate)
  const { best, attempts } = await findHighest(once, 1_000, thorough)
  expect(best.rate).toBe(1_000)
  expect(attempts.filter(({ rate }) => rate === 1_000)).toHaveLength(2)
})

test('in a quick look nothing is tried twice', async () => {
  const asked: number[] = []
  await findHighest(bearing(1_500, asked), 1_000, hasty)
  expect(new Set(asked).size).toBe(asked.length)
})

test('two searches in turns ask for the same rates one after the other, as long as they come to the same', async () => {
  const asked: string[] = []
  const ask = (arm: string, most: number) => async (rate: number) => {
    asked.push(`${arm}${rate}`)
    return bearing(most)(rate)
  }
  const [one, other] = [new RateSearch(1_000, hasty), new RateSearch(1_000, hasty)]
  await searchInTurns([
    [one, ask('a', 1_350)],
    [other, ask('b', 1_350)],
  ])
  expect(other.best.rate).toBe(one.best.rate)
  expect(asked.slice(0, 4)).toEqual(['a1000', 'b1000', 'a1300', 'b1300'])
})

test('a server that bears nothing is an error, not a rate', async () => {
  await expect(findHighest(bearing(0), 100, thorough).then(({ best }) => best)).rejects.toThrow(
    'not even 10',
  )
})

test('a ramp doubles until a load fails, and ends between the last two', async () => {
  const asked: number[] = []
  expect(await ramp(bearing(1_200, asked), 250)).toBe(Math.round(2_000 / Math.SQRT2))
  expect(asked).toEqual([250, 500, 1_000, 2_000])
})

test('rates go up until one fails, down until one passes, and into the gap until it is narrow', () => {
  expect(nextRate(thorough, 1_000)).toBe(1_150)
  expect(nextRate(thorough, undefined, 1_150)).toBe(1_000)
  expect(nextRate(thorough, 1_000, 1_210)).toBe(1_100)
  expect(nextRate(thorough, 1_000, 1_080)).toBeUndefined()
})
