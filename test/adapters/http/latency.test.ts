import { expect, test } from 'vitest'
import { latencyBetween, type Took } from '../../../adapters/http/latency.ts'
import { createMetrics } from '../../../adapters/metrics.ts'

const took = (...counts: readonly [number, number, number]): Took[] =>
  [0.01, 0.1, Number.POSITIVE_INFINITY].map((upTo_seconds, i) => ({
    upTo_seconds,
    count: counts[i] as number,
  }))

test('half and 99 of 100 are looked for within their buckets', () => {
  expect(latencyBetween(undefined, took(50, 100, 100))).toEqual({ p50_ms: 10, p99_ms: 98.2 })
  expect(latencyBetween(undefined, took(100, 100, 100))).toEqual({ p50_ms: 5, p99_ms: 9.9 })
})

test('what was counted before is left out', () => {
  expect(latencyBetween(took(100, 100, 100), took(100, 200, 200))).toEqual({
    p50_ms: 55,
    p99_ms: 99.1,
  })
})

test('where nothing was asked there is no time, and what took longer than any bound took at least that', () => {
  expect(latencyBetween(undefined, took(0, 0, 0))).toEqual({ p50_ms: null, p99_ms: null })
  expect(latencyBetween(took(3, 3, 3), took(3, 3, 3))).toEqual({ p50_ms: null, p99_ms: null })
  expect(latencyBetween(undefined, took(0, 0, 5))).toEqual({ p50_ms: 100, p99_ms: 100 })
})

test('outcomes are added up', async () => {
  const metrics = createMetrics()
  metrics.settled('settled', 3)
  metrics.settled('refused', 30)
  const found = await metrics.took()
  expect(found.find(({ upTo_seconds }) => upTo_seconds === 0.005)?.count).toBe(1)
  expect(found.at(-1)).toEqual({ upTo_seconds: Number.POSITIVE_INFINITY, count: 2 })
})
