import type { Figure, Outcome, Session } from '../figure.ts'
import { findHighest, ramp, type Search } from '../highest.ts'
import { latencyOverRate } from '../report/charts.ts'
import { type Arm, countOf, databaseSettings, atSite, type Site } from '../site.ts'
import { ratios } from '../statistics.ts'

/** The hottest case: every claim takes from one region's one fund and is owed to one hospital. */
export const hotAccounts: Figure = {
  id: 'B2',
  title: 'Settlements a second where all hit one fund and one hospital',
  against: 'the same spread out over the city',
  driven: true,
  seconds: ({ rounds, seconds }) => 30 + rounds * 10 * (seconds + 1),
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

async function measure(site: Site, { say, rounds, manner }: Session): Promise<Outcome> {
  const first = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
  const arms: readonly { arm: Arm; from: number; searches: Search[] }[] = [
    { arm: 'spread', from: first, searches: [] },
    { arm: 'hot', from: first, searches: [] },
  ]
  for (let round = 1; round <= rounds; round++)
    for (const each of arms) {
      say(`round ${round} of ${rounds}, ${each.arm}`)
      const search = await findHighest(
        async (rate) => site.settle(rate, each.arm),
        each.from,
        manner,
      )
      each.searches.push(search)
      each.from = search.best.rate
    }
  const best = arms.map(({ searches }) => searches.map((search) => search.best.seen))
  const [apart = [], together = []] = best.map((seen) => seen.map((one) => one.settledPerSecond))
  return {
    marks: [
      {
        name: 'hot / spread out',
        unit: '',
        rounds: ratios(together, apart),
        target: { atLeast: 0.95 },
      },
      { name: 'hot', unit: '/s', rounds: together },
      { name: 'spread out', unit: '/s', rounds: apart },
    ],
    load: countOf(best.flat()),
    books: await site.checkBooks(),
    settings: await databaseSettings(site.served.ownerUrl),
    charts: arms.map(({ arm, searches }) =>
      latencyOverRate(
        searches.flatMap(({ attempts }) => attempts),
        { name: arm, title: `Latency over arrival rate, ${arm}` },
      ),
    ),
  }
}
