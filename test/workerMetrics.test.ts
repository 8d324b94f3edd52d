import { expect, test } from 'vitest'
import { createMetrics } from '../adapters/metrics.ts'
import { createWorkerMetrics } from '../adapters/workerMetrics.ts'

const line = (text: string, name: string): string[] =>
  text.split('\n').filter((each) => each.startsWith(`jiesuan_${name}`))

test('counters and times of several processes are added up; a breaker is as bad as its worst', async () => {
  const [one, two] = [createMetrics(), createMetrics({ readsBooks: false })]
  one.settled('settled', 3)
  two.settled('settled', 3)
  two.settled('refused', 400)
  one.watch('queue_length', () => 3)
  two.watch('queue_length', () => 4)
  one.breaker('440100', 0)
  two.breaker('440100', 2)
  for (const each of [one, two]) each.watch('crossings_stuck', () => 5)
  const all = createWorkerMetrics(() => 2)
  const text = await all.text([await one.parts(), await two.parts()])
  expect(line(text, 'settlements_total{outcome="settled"}')).toEqual([
    'jiesuan_settlements_total{outcome="settled"} 2',
  ])
  expect(line(text, 'settlement_seconds_bucket{le="0.005",outcome="settled"}')[0]).toMatch(/ 2$/)
  expect(line(text, 'queue_length ')).toEqual(['jiesuan_queue_length 7'])
  expect(line(text, 'region_breaker')).toEqual(['jiesuan_region_breaker{region="440100"} 2'])
  // What the books tell is read by one of them.
  expect(line(text, 'crossings_stuck')).toEqual(['jiesuan_crossings_stuck 5'])
  expect(line(text, 'workers ')).toEqual(['jiesuan_workers 2'])
})

test('what a process had counted stays counted when it is gone, and its gauges go with it', async () => {
  const [one, two] = [createMetrics(), createMetrics()]
  one.settled('settled', 3)
  one.watch('queue_length', () => 3)
  two.settled('settled', 3)
  two.watch('queue_length', () => 4)
  const all = createWorkerMetrics(() => 1)
  all.lost(structuredClone(await one.parts()))
  for (let round = 0; round < 2; round++) {
    const text = await all.text([await two.parts()])
    expect(line(text, 'settlements_total{outcome="settled"}')[0]).toMatch(/ 2$/)
    expect(line(text, 'settlement_seconds_count{outcome="settled"}')[0]).toMatch(/ 2$/)
    expect(line(text, 'queue_length ')).toEqual(['jiesuan_queue_length 4'])
    expect(line(text, 'workers_lost_total')).toEqual(['jiesuan_workers_lost_total 1'])
  }
})
