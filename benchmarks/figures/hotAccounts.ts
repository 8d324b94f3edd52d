import type { Figure, Outcome, Session } from '../figure.ts'
import { ramp, RateSearch, searchInTurns } from '../highest.ts'
import { latencyOverRate } from '../report/charts.ts'
import { type Arm, countOf, databaseSettings, atSite, type Site } from '../site.ts'
import { ratios } from '../statistics.ts'

/** The hottest case: every claim takes from one region's one fund and is owed to one hospital. */
export const hotAccounts: Figure = {
  id: 'B2',
  title: 'Settlements a second where all hit one fund and one hospital',
  against: 'the same spread out over the city',
  driven: true,
  seconds: ({ rounds, seconds, quick }) =>
    (quick ? 40 : 150) + rounds * (quick ? 8 : 14) * (seconds + 1),
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

const arms = ['spread', 'hot'] as const

async function measure(site: Site, { say, rounds, manner }: Session): Promise<Outcome> {
  let from = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
  const searches: Record<Arm, RateSearch[]> = { spread: [], hot: [] }
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`)
    const both = arms.map((arm) => {
      const search = new RateSearch(from, manner)
      searches[arm].push(search)
      return [search, async (rate: number) => site.settle(rate, arm)] as const
    })
    await searchInTurns(both)
    from = Math.min(...both.map(([{ best }]) => best.rate))
  }
  const [spread, hot] = [rates(searches.spread), rates(searches.hot)]
  const [spreadMost, hotMost] = [mosts(searches.spread), mosts(searches.hot)]
  return {
    marks: [
      {
        name: 'hot / spread out',
        unit: '',
        rounds: ratios(hot, spread),
        target: { atLeast: 0.95 },
      },
      { name: 'hot', unit: '/s', rounds: hot },
      { name: 'spread out', unit: '/s', rounds: spread },
      { name: 'hot / spread out, in time or late', unit: '', rounds: ratios(hotMost, spreadMost) },
    ],
    load: countOf(arms.flatMap((arm) => searches[arm].map(({ best }) => best.seen))),
    books: await site.checkBooks(),
    settings: await databaseSettings(site.served.ownerUrl),
    loads: site.loads,
    charts: arms.map((arm) =>
      latencyOverRate(
        searches[arm].flatMap(({ attempts }) => attempts),
        { name: arm, title: `Latency over arrival rate, ${arm}` },
      ),
    ),
  }
}

const rates = (searches: readonly RateSearch[]): number[] =>
  searches.map(({ best }) => best.seen.settledPerSecond)

/** The most that any load came to, whether it passed or not. */
const mosts = (searches: readonly RateSearch[]): number[] =>
  searches.map(({ attempts }) => Math.max(...attempts.map(({ seen }) => seen.settledPerSecond)))
