import type { Figure, Loaded, Outcome, Session } from '../figure.ts'
import { findHighest, ramp, type RateSearch } from '../highest.ts'
import type { K6Result } from '../k6.ts'
import type { Sent } from '../openModel.ts'
import { type Pair, regions, startPair } from '../pair.ts'
import { latencyOverRate } from '../report/charts.ts'
import {
  balance,
  booksOf,
  countOf,
  databaseSettings,
  sentenceOf,
  spare,
  unknownIn,
} from '../site.ts'
import { ratios } from '../statistics.ts'
import { awayBills, spreadBills } from '../workload/bills.ts'
import { type City, openCity } from '../workload/city.ts'
import { enterCity } from '../workload/enter.ts'

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
  const ward = await openWard(pair, session)
  const before = await pair.care.count('settlement')
  const searches: Record<Arm, RateSearch[]> = { local: [], away: [] }
  const from: Record<Arm, number> = { local: 0, away: 0 }
  for (const arm of arms) from[arm] = await ramp(async (rate) => ward.settle(arm, rate, 2), 60)
  for (let round = 1; round <= rounds; round++)
    for (const arm of arms) {
      say(`round ${round} of ${rounds}, ${arm}`)
      const search = await findHighest(async (rate) => ward.settle(arm, rate), from[arm], manner)
      searches[arm].push(search)
      from[arm] = search.best.rate
    }
  const rates = (arm: Arm): number[] => searches[arm].map(({ best }) => best.seen.settledPerSecond)
  const [local, away] = [rates('local'), rates('away')]
  say('checking the books of both')
  const stored = (await pair.care.count('settlement')) - before
  const books = booksOf(ward.answered, stored, [])
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
    books: { ...books, wrong: [...books.wrong, ...(await pair.wrong())] },
    settings: await databaseSettings(pair.care.ownerUrl),
    loads: ward.loads,
    charts: arms.map((arm) =>
      latencyOverRate(
        searches[arm].flatMap(({ attempts }) => attempts),
        { name: arm, title: `Latency over arrival rate, ${arm}` },
      ),
    ),
  }
}

/** The hospitals of one region, where its own people come and those of the other. */
interface Ward {
  readonly answered: { settled: number; unknown: number }
  readonly loads: readonly Loaded[]
  settle(arm: Arm, rate: number, seconds?: number): Promise<K6Result>
}

async function openWard(pair: Pair, { seed, quick, seconds, drive, say }: Session): Promise<Ward> {
  const people = quick ? 2_000 : 10_000
  const open = async (side: 'care' | 'home'): Promise<City> => {
    const city = openCity({ seed, people, region: regions[side] })
    await enterCity(city, pair[side].ownerUrl, { balance })
    return city
  }
  say(`entering ${people} invented people in each`)
  const [here, there] = [await open('care'), await open('home')]
  const { url } = pair.care
  say('every visitor is looked at once, and is known from then on')
  await drive.oneByOne(url, [...awayBills(here, there, { count: people, tag: 'met' }).meetings])
  const answered = { settled: 0, unknown: 0 }
  const loads: Loaded[] = []
  let sources = 0
  const claimsOf = (arm: Arm, count: number): Sent[] => {
    const asked = { count, tag: `load-${++sources}` }
    return [...(arm === 'local' ? spreadBills(here, asked) : awayBills(here, there, asked).bills)]
  }
  return {
    answered,
    loads,
    async settle(arm, rate, lasting = seconds) {
      const requests = claimsOf(arm, Math.ceil(rate * lasting) + spare)
      const seen = await drive.arriving(url, { requests, rate, seconds: lasting })
      answered.settled += seen.byStatus['201'] ?? 0
      answered.unknown += unknownIn(seen)
      loads.push({ arm, rate, seconds: lasting, seen })
      say(`${arm}, ${sentenceOf(rate, seen)}`)
      return seen
    },
  }
}
