import type { Figure, Outcome, Session } from '../figure.ts'
import { type Attempt, findHighest, ramp } from '../highest.ts'
import type { K6Result, Waits } from '../k6.ts'
import { latencyOverRate } from '../report/charts.ts'
import { countOf, databaseSettings, atSite, type Site } from '../site.ts'

const share = 0.7
/** Other shares of the highest rate, for the chart alone. */
const others = [0.1, 0.3, 0.5, 0.9]

/** How long a claim takes on a server that is well used, though not at its end. */
export const latency: Figure = {
  id: 'B3',
  title: `How long a settlement takes at ${100 * share} % of the highest rate`,
  against: '–',
  driven: true,
  seconds: ({ rounds, seconds, quick }) =>
    quick ? 70 : 100 + (12 + rounds * 2 + others.length) * (seconds + 1),
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

async function measure(site: Site, { rounds, seconds, quick, manner }: Session): Promise<Outcome> {
  const from = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
  const { best, attempts } = await findHighest(async (rate) => site.settle(rate), from, manner)
  const rate = Math.round(share * best.rate)
  const seen: K6Result[] = []
  for (let round = 1; round <= rounds; round++)
    seen.push(await site.settle(rate, 'spread', 2 * seconds))
  const tried: Attempt[] = [...attempts, ...seen.map((one) => ({ rate, seen: one }))]
  if (!quick)
    for (const other of others) {
      const low = Math.round(other * best.rate)
      tried.push({ rate: low, seen: await site.settle(low) })
    }
  const wait = (name: string, of: (waits: Waits) => number) => ({
    name,
    unit: 'ms',
    rounds: seen.map(({ sinceDue }) => of(sinceDue)),
  })
  return {
    marks: [
      { ...wait('p99', ({ p99 }) => p99), target: { atMost: 50 } },
      wait('p50', ({ p50 }) => p50),
      wait('p95', ({ p95 }) => p95),
      wait('p99.9', ({ p999 }) => p999),
      { name: 'at a rate of', unit: '/s', rounds: [rate] },
      { name: 'highest rate', unit: '/s', rounds: [best.seen.settledPerSecond] },
    ],
    load: countOf(seen),
    books: await site.checkBooks(),
    settings: await databaseSettings(site.served.ownerUrl),
    loads: site.loads,
    charts: [latencyOverRate(tried)],
  }
}
