import type { Figure, Outcome, Session } from '../figure.ts'
import { findHighest, ramp, type Search } from '../highest.ts'
import { latencyOverRate } from '../report/charts.ts'
import { type ClaimsOf, countOf, databaseSettings, openSite, type Site, spreadOut } from '../site.ts'

const hot: ClaimsOf = (bills, count) => bills.hot(count)

/** The hottest case: every claim takes from one region's one fund and is owed to one hospital. */
export const hotAccounts: Figure = {
  id: 'B2',
  title: 'Settlements a second where all hit one fund and one hospital',
  against: 'the same spread out over the city',
  driven: true,
  seconds: ({ rounds, seconds }) => 30 + rounds * 10 * (seconds + 1),
  async run(session) {
    const site = await openSite(session)
    try {
      return await measure(site, session)
    } finally {
      await site.end()
    }
  },
}

async function measure(site: Site, { say, rounds }: Session): Promise<Outcome> {
  const first = await ramp(async (rate) => site.settle(rate, spreadOut, 2), 250)
  const arms = [
    { name: 'spread out', claimsOf: spreadOut, from: first, searches: [] as Search[] },
    { name: 'hot', claimsOf: hot, from: first, searches: [] as Search[] },
  ] as const
  for (let round = 1; round <= rounds; round++)
    for (const arm of arms) {
      say(`round ${round} of ${rounds}, ${arm.name}`)
      const search = await findHighest(async (rate) => site.settle(rate, arm.claimsOf), arm.from)
      arm.searches.push(search)
      arm.from = search.best.rate
    }
  const best = arms.map(({ searches }) => searches.map((search) => search.best.seen))
  const [apart = [], together = []] = best.map((seen) => seen.map((one) => one.settledPerSecond))
  return {
    marks: [
      {
        name: 'hot / spread out',
        unit: '',
        rounds: together.map((each, i) => each / (apart[i] as number)),
        target: { atLeast: 0.95 },
      },
      { name: 'hot', unit: '/s', rounds: together },
      { name: 'spread out', unit: '/s', rounds: apart },
    ],
    load: countOf(best.flat()),
    books: await site.checkBooks(),
    settings: await databaseSettings(site.served.ownerUrl),
    charts: arms.map(({ name, searches }) =>
      latencyOverRate(searches.flatMap(({ attempts }) => attempts), `Latency over rate, ${name}`),
    ),
  }
}
