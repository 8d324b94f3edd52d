import { expect, test } from 'vitest'
import { aloneIn, besideIn, lostIn, measure, type State } from '../../benchmarks/regions.ts'
import { percentile } from '../../benchmarks/openModel.ts'
import { openPlace } from './bench.ts'
import { openRegionBench } from './regionBench.ts'

// `npm run bench:regions` itself in small. The machine that runs tests has other work, so that it fails only far above the
// target. Who somebody is may have to be asked again, and a region that took two seconds for that is not asked to settle.
test('local bills beside those of a region that is slow or down are all settled, and hardly later', async () => {
  const place = await openPlace()
  const bench = await openRegionBench(place, 'beside', {
    timeOut_ms: 3_000,
    rate: 4,
    residents: 8,
  })
  try {
    const options = { seconds: 2, rate: 10, away: 10, rounds: 1, slow_ms: 1_200, say: () => {} }
    const told: Partial<Record<State, number[]>> = {}
    for (const state of ['slow', 'down'] as const) {
      const rounds = await measure(bench, state, options)
      expect(lostIn(rounds)).toBe(0)
      const alone = percentile(aloneIn(rounds), 0.5)
      expect(percentile(besideIn(rounds), 0.5)).toBeLessThan(Math.max(4 * alone, 1_000))
      told[state] = rounds.flatMap(({ away }) => away.map(({ status }) => status))
    }
    expect(new Set(told.down)).toEqual(new Set([503]))
    expect(told.slow).toContain(201)
    expect(await bench.audit()).toEqual([])
  } finally {
    await bench.end()
    await place.remove()
  }
}, 240_000)
