import type { Attempt } from '../highest.ts'
import type { Waits } from '../k6.ts'
import { median } from '../statistics.ts'
import type { Chart, Point, Series } from './chart.ts'

const percentiles: readonly (readonly [name: string, of: (waits: Waits) => number])[] = [
  ['p50', ({ p50 }) => p50],
  ['p95', ({ p95 }) => p95],
  ['p99', ({ p99 }) => p99],
  ['p99.9', ({ p999 }) => p999],
]

/** What fraction of its rate a load may lie beside others to share a point with them. */
const alike = 1.08
/** Where a millisecond is all that k6's clock tells, less is as good as that on a logarithmic axis. */
const least_ms = 0.1

/** How long those waited who were sent at each moment. */
export function latencyOver(
  x: Chart['x'],
  waits: readonly (readonly [at: number, of: Waits])[],
  title: string,
): Chart {
  const series = percentiles.map(
    ([percentile, of]): Series => ({
      name: percentile,
      line: waits.map(([at, seen]): Point => [at, Math.max(least_ms, of(seen))]),
    }),
  )
  return { name: 'latency', title, x, y: { label: 'ms', scale: 'log' }, series }
}

/** How long those wait who arrive at some rate: dots of each load, and a line through the middle of those that are alike. */
export function latencyOverRate(
  attempts: readonly Attempt[],
  called: Pick<Chart, 'name' | 'title'> = { name: 'latency', title: 'Latency over arrival rate' },
): Chart {
  const series = percentiles.map(([percentile, of]): Series => {
    const dots = attempts.map(
      ({ rate, seen }): Point => [rate, Math.max(least_ms, of(seen.sinceDue))],
    )
    return { name: percentile, dots, line: middleOf(dots) }
  })
  const x = { label: 'requests a second (open model)', scale: 'linear' } as const
  return { ...called, x, y: { label: 'ms', scale: 'log' }, series }
}

/** Points that lie close beside each other become one, in the middle of them. */
export function middleOf(dots: readonly Point[]): Point[] {
  const groups: Point[][] = []
  for (const dot of dots.toSorted(([a], [b]) => a - b)) {
    const group = groups.at(-1)
    if (group?.[0] && dot[0] <= group[0][0] * alike) group.push(dot)
    else groups.push([dot])
  }
  return groups.map((group) => [median(group.map(([x]) => x)), median(group.map(([, y]) => y))])
}
