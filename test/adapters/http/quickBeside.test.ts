import { expect, test } from 'vitest'
import { lostIn, measure, ratioOf } from '../../../benchmarks/quickPayments.ts'
import { openServed } from './served.ts'

// The benchmark itself in small. The machine that runs tests has other work, so that it fails only far above the target:
// with one queue for all, taps beside an upload took six times as long in the middle, and ten in the slowest hundredth.
test('taps beside an upload wait little longer than alone', async () => {
  const served = await openServed({ CLOCK: '2026-03-02T09:00:00+08:00', LOG_LEVEL: 'info' })
  try {
    const rounds = await measure(
      { url: served.url, now: () => served.desk.now() },
      { seconds: 2, rate: 25, rounds: 3, claims: 400, patients: 100, say: () => {} },
    )
    expect(lostIn(rounds)).toBe(0)
    expect(rounds.every(({ uploaded }) => uploaded >= 400)).toBe(true)
    expect(ratioOf(rounds, 0.5)).toBeLessThan(4)
    expect(await served.violations()).toEqual([])
  } finally {
    await served.close()
  }
}, 120_000)
