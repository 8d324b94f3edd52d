import { describe, expect, test } from 'vitest'
import { faultsOf, isGood, type Mark, type Outcome, standingOf } from '../../benchmarks/figure.ts'
import { median, ratios, spreadOf } from '../../benchmarks/statistics.ts'
import { booksOf, countOf } from '../../benchmarks/site.ts'

const least = (...rounds: number[]): Mark => ({
  name: 'ratio',
  unit: '',
  rounds,
  target: { atLeast: 0.6 },
})
const most = (...rounds: number[]): Mark => ({
  name: 'p99',
  unit: 'ms',
  rounds,
  target: { atMost: 50 },
})
const outcome = (marks: readonly Mark[], more: Partial<Outcome> = {}): Outcome => ({
  marks,
  load: { sent: 1_000, dropped: 0, failed: 0 },
  books: { answered: 1_000, stored: 1_000, wrong: [] },
  settings: {},
  charts: [],
  ...more,
})

describe('rounds', () => {
  test('the one in the middle counts, or what lies between the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([7])).toBe(7)
  })

  test('their spread is the least and the largest of them', () => {
    expect(spreadOf([3, 1, 2])).toEqual([1, 3])
  })

  test('each is held against its own neighbour', () => {
    expect(ratios([2, 3], [4, 3])).toEqual([0.5, 1])
  })
})

describe('a target', () => {
  test('is met by the round in the middle, missed below, and far from half of it', () => {
    expect(standingOf(least(0.1, 0.6, 0.7))).toBe('met')
    expect(standingOf(least(0.59))).toBe('missed')
    expect(standingOf(least(0.29))).toBe('far')
    expect(standingOf(most(50))).toBe('met')
    expect(standingOf(most(99))).toBe('missed')
    expect(standingOf(most(101))).toBe('far')
  })

  test('that is missed is forgiven in a quick look, and never where it is far', () => {
    expect(isGood(outcome([least(0.5)]), false)).toBe(false)
    expect(isGood(outcome([least(0.5)]), true)).toBe(true)
    expect(isGood(outcome([least(0.2)]), true)).toBe(false)
  })

  test('does not help where books are wrong or more than one in a thousand failed', () => {
    const books = { answered: 2, stored: 1, wrong: ['one is lost'] }
    expect(faultsOf(outcome([least(1)], { books }))).toEqual(['one is lost'])
    expect(isGood(outcome([least(1)], { books }), true)).toBe(false)
    const load = { sent: 990, dropped: 10, failed: 12 }
    expect(faultsOf(outcome([least(1)], { load }))).toEqual(['1.20 % of the requests failed'])
    expect(isGood(outcome([least(1)], { load }), true)).toBe(false)
  })
})

describe('books', () => {
  test('have in them what was answered, and at most what nobody was told of besides', () => {
    expect(booksOf({ settled: 5, unknown: 2 }, 5, []).wrong).toEqual([])
    expect(booksOf({ settled: 5, unknown: 2 }, 7, []).wrong).toEqual([])
    expect(booksOf({ settled: 5, unknown: 2 }, 4, []).wrong).toEqual([
      '5 settlements were answered, but only 4 are stored',
    ])
    expect(booksOf({ settled: 5, unknown: 2 }, 8, []).wrong).toEqual([
      '8 settlements are stored, but only 5 were answered and 2 may have been done',
    ])
  })

  test('are wrong where a check says so', () => {
    const found = { check: 'check_balance', subject: 'a', problem: 'is 1 and should be 2' }
    expect(booksOf({ settled: 1, unknown: 0 }, 1, [found]).wrong).toEqual([
      'check_balance: a: is 1 and should be 2',
    ])
  })

  test('requests that were dropped, refused or never answered are counted as failed', () => {
    const waits = { p50: 1, p95: 1, p99: 1, p999: 1, max: 1 }
    const seen = {
      sent: 10,
      dropped: 3,
      byStatus: { '0': 1, '201': 8, '503': 1 },
      replayed: 0,
      failedShare: 5 / 13,
      settledPerSecond: 8,
      sinceDue: waits,
      sinceSent: waits,
    }
    expect(countOf([seen, seen])).toEqual({ sent: 20, dropped: 6, failed: 10 })
  })
})
