import type { Figure, Outcome, Session } from '../figure.ts'
import { ramp, RateSearch, searchInTurns } from '../highest.ts'
import { latencyOverRate } from '../report/charts.ts'
import { type Arm, countOf, databaseSettings, atSite, type Site } from '../site.ts'
import { median, ratios } from '../statistics.ts'

/** The hottest case: every claim takes from one region's one fund and is owed to one hospital. */
export const hotAccounts: Figure = {
  id: 'B2',
  title: 'Settlements a second where all hit one fund and one hospital',
  against: 'the same bills at all hospitals of the city, which has one such fund',
  driven: true,
  seconds: ({ rounds, seconds, quick }) =>
    (quick ? 40 : 150) + rounds * (quick ? 10 : 20) * (seconds + 1),
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

const arms = ['spread', 'hot'] as const

/** A search tells rates apart by steps, which are wider than what is aimed at: so both arms are given more than they bear, in turns. */
const tooMuch = 1.3
const pairs = 3

async function measure(site: Site, { say, rounds, quick, manner }: Session): Promise<Outcome> {
  let from = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
  const searches: Record<Arm, RateSearch[]> = { spread: [], hot: [] }
  const full: Record<Arm, number[]> = { spread: [], hot: [] }
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`)
    const both = arms.map((arm) => {
      const search = new RateSearch(from, manner)
      searches[arm].push(search)
      return [search, async (rate: number) => site.settle(rate, arm)] as const
    })
    await searchInTurns(both)
    from = Math.min(...both.map(([{ best }]) => best.rate))
    const each = await atFullLoad(site, Math.round(tooMuch * from), quick ? 1 : pairs)
    for (const arm of arms) full[arm].push(each[arm])
  }
  const [spread, hot] = [rates(searches.spread), rates(searches.hot)]
  return {
    marks: [
      {
        name: 'hot / spread out, at full load',
        unit: '',
        rounds: ratios(full.hot, full.spread),
        target: { atLeast: 0.95 },
      },
      { name: 'hot, at full load', unit: '/s', rounds: full.hot },
      { name: 'spread out, at full load', unit: '/s', rounds: full.spread },
      { name: 'hot / spread out, highest rate', unit: '', rounds: ratios(hot, spread) },
      { name: 'hot', unit: '/s', rounds: hot },
      { name: 'spread out', unit: '/s', rounds: spread },
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

/** What each arm settles in a second when more is due than it bears, the first of each pair now one and now the other. */
async function atFullLoad(site: Site, rate: number, count: number): Promise<Record<Arm, number>> {
  const settled: Record<Arm, number[]> = { spread: [], hot: [] }
  for (let pair = 0; pair < count; pair++)
    for (const arm of pair % 2 === 0 ? arms : arms.toReversed())
      settled[arm].push((await site.settle(rate, arm)).settledPerSecond)
  return { spread: median(settled.spread), hot: median(settled.hot) }
}
