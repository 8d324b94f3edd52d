import type { Figure, Outcome, Session } from '../figure.ts'
import { ramp, RateSearch, searchInTurns } from '../highest.ts'
import type { K6Result } from '../k6.ts'
import { type Pair, regions, startPair } from '../pair.ts'
import { latencyOverRate } from '../report/charts.ts'
import { countOf, databaseSettings, settleIn, type Site, spare } from '../site.ts'
import { ratios } from '../statistics.ts'
import { awayBills } from '../workload/bills.ts'
import { type City, openCity } from '../workload/city.ts'
import { ampleBalance, enterCity } from '../workload/enter.ts'

/** A settlement of two regions is written in two books, and signed messages travel between them. */
export const acrossRegions: Figure = {
  id: 'B7',
  title: 'Settlements a second of people insured in another region, two instances',
  against: 'local settlements on one of them',
  driven: true,
  seconds: ({ rounds, seconds, quick }) =>
    (quick ? 60 : 150) + rounds * (quick ? 7 : 12) * (seconds + 1),
  async run(session) {
    session.say('starting two regions')
    const pair = await startPair()
    try {
      return await measure(pair, session)
    } finally {
      await pair.end()
    }
  },
}

const arms = ['local', 'away'] as const
type Arm = (typeof arms)[number]

async function measure(pair: Pair, session: Session): Promise<Outcome> {
  const { say, rounds, manner } = session
  const { site, settle } = await openHospitals(pair, session)
  const searches: Record<Arm, RateSearch[]> = { local: [], away: [] }
  const from: Record<Arm, number> = { local: 0, away: 0 }
  for (const arm of arms) from[arm] = await ramp(async (rate) => settle(arm, rate, 2), 60)
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`)
    const both = arms.map((arm) => {
      const search = new RateSearch(from[arm], manner)
      searches[arm].push(search)
      return [search, async (rate: number) => settle(arm, rate)] as const
    })
    await searchInTurns(both)
    for (const arm of arms) from[arm] = searches[arm].at(-1)?.best.rate ?? from[arm]
  }
  const rates = (arm: Arm): number[] => searches[arm].map(({ best }) => best.seen.settledPerSecond)
  const [local, away] = [rates('local'), rates('away')]
  const books = await site.checkBooks()
  return {
    marks: [
      {
        name: 'away / local',
        unit: '',
        rounds: ratios(away, local),
        target: { atLeast: 0.4 },
      },
      { name: 'away', unit: '/s', rounds: away },
      { name: 'local', unit: '/s', rounds: local },
    ],
    load: countOf(arms.flatMap((arm) => searches[arm].map(({ best }) => best.seen))),
    books: { ...books, wrong: [...books.wrong, ...(await pair.wrongBeyond())] },
    settings: await databaseSettings(pair.care.ownerUrl),
    loads: site.loads,
    charts: arms.map((arm) =>
      latencyOverRate(
        searches[arm].flatMap(({ attempts }) => attempts),
        { name: arm, title: `Latency over arrival rate, ${arm}` },
      ),
    ),
  }
}

/** The hospitals of one region, where its own people come and those of the other. */
interface Hospitals {
  readonly site: Site
  readonly settle: (arm: Arm, rate: number, seconds?: number) => Promise<K6Result>
}

async function openHospitals({ care, home }: Pair, session: Session): Promise<Hospitals> {
  const { seed, quick, seconds, drive, say } = session
  const people = quick ? 2_000 : 10_000
  const site = await settleIn(care, session, people)
  const there: City = openCity({ seed, people, region: regions.home })
  await enterCity(there, home.ownerUrl, { balance: ampleBalance })
  say('every visitor is looked at once, and is known from then on')
  const { meetings } = awayBills(site.city, there, { count: people, tag: 'met' })
  await drive.oneByOne(care.url, [...meetings])
  let loads = 0
  return {
    site,
    async settle(arm, rate, lasting = seconds) {
      if (arm === 'local') return site.settle(rate, 'spread', lasting)
      const asked = { count: Math.ceil(rate * lasting) + spare, tag: `away-${++loads}` }
      const requests = [...awayBills(site.city, there, asked).bills]
      return site.send(arm, { rate, requests, seconds: lasting })
    },
  }
}
