import type { Ran } from '../arm/step.ts'
import { throughputOverSize } from '../batches.ts'
import { prepareBareSql, runBareSql, runBlindInsert, wrongWithBare } from '../bareSql/bareSql.ts'
import type { Figure, Outcome, Session } from '../figure.ts'
import { findHighest, ramp, type RateSearch, rough } from '../highest.ts'
import type { K6Result } from '../k6.ts'
import { latencyOverRate } from '../report/charts.ts'
import { countOf, databaseSettings, atSite, type Site, spare } from '../site.ts'
import { ratios, sumOf } from '../statistics.ts'
import { signedSales } from '../workload/sales.ts'

const clients = 32

/** Settlements a second over HTTP, beside what the bare transaction of an ordinary service would do on the same server. */
export const settling: Figure = {
  id: 'B1',
  title: 'Settlements a second over HTTP, bills of five lines',
  against: `bare SQL without HTTP, rules or cards, ${clients} clients; REST on the machine itself, which asks for no signature`,
  driven: true,
  seconds: ({ rounds, seconds, quick }) =>
    (quick ? 60 : 260) + rounds * (quick ? 6 : 16) * (seconds + 1),
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

/** Signed sales of a pharmacy, at a rate. */
const signedSalesAt = (site: Site, seconds: number) => {
  let loads = 0
  return async (rate: number): Promise<K6Result> => {
    const asked = { count: Math.ceil(rate * seconds) + spare, tag: `sold-${++loads}` }
    const requests = signedSales(site.city, asked, site.served.now())
    return site.send('signed', { rate, requests, seconds }, '200')
  }
}

/** What a round is held against: what the other arm did just before and just after it. */
const beside = (arm: readonly number[]): number[] =>
  arm.slice(1).map((after, i) => (after + (arm[i] ?? after)) / 2)

async function measure(site: Site, session: Session): Promise<Outcome> {
  const { say, rounds, seconds, quick, manner } = session
  const url = site.served.ownerUrl
  say('making the database of the bare arm')
  await prepareBareSql(url, site.city)
  let from = await ramp(async (rate) => site.settle(rate, 'spread', 2), quick ? 500 : 250)
  const ask = async (): Promise<Ran> => {
    // What the arm before left to do is nobody's burden.
    await site.rest()
    const ran = await runBareSql({ url, seconds, clients })
    say(`bare SQL: ${ran.perSecond.toFixed(0)} a second`)
    return ran
  }
  const [bare, blind]: [Ran[], Ran[]] = [[await ask()], []]
  const [searches, signed]: [RateSearch[], RateSearch[]] = [[], []]
  const sell = signedSalesAt(site, seconds)
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`)
    const search = await findHighest(async (rate) => site.settle(rate), from, manner)
    searches.push(search)
    from = search.best.rate
    if (!quick || round === 1) {
      const first = signed.at(-1)?.best.rate ?? Math.round(from / 2)
      signed.push(await findHighest(sell, first, quick ? rough : manner))
      blind.push(await runBlindInsert({ url, seconds, clients }))
    }
    bare.push(await ask())
  }
  const sizes = quick ? [] : [await throughputOverSize(site, 3, say)]
  const best = searches.map((search) => search.best.seen)
  const ours = best.map((seen) => seen.settledPerSecond)
  const sold = signed.map((one) => one.best.seen.settledPerSecond)
  const bareRates = bare.map(({ perSecond }) => perSecond)
  const books = await site.checkBooks()
  return {
    marks: [
      {
        name: 'ours / bare SQL',
        unit: '',
        rounds: ratios(ours, beside(bareRates)),
        target: { atLeast: 0.6 },
      },
      {
        name: 'signed sales over the national interface / bare SQL',
        unit: '',
        rounds: ratios(sold, beside(bareRates)),
      },
      { name: 'ours', unit: '/s', rounds: ours },
      { name: 'signed sales', unit: '/s', rounds: sold },
      { name: 'bare SQL', unit: '/s', rounds: bareRates },
      { name: 'blind insert', unit: '/s', rounds: blind.map(({ perSecond }) => perSecond) },
      { name: 'p50 at that rate', unit: 'ms', rounds: best.map((seen) => seen.sinceDue.p50) },
      { name: 'p99 at that rate', unit: 'ms', rounds: best.map((seen) => seen.sinceDue.p99) },
      { name: 'p99 of bare SQL', unit: 'ms', rounds: bare.map(({ p99_ms }) => p99_ms) },
    ],
    load: countOf([...best, ...signed.map((one) => one.best.seen)]),
    books: { ...books, wrong: [...books.wrong, ...(await wrongWithBare(url, bare))] },
    settings: {
      clients,
      'bare SQL by': bare[0]?.driver ?? '',
      'blind inserts failed': sumOf(blind.map(({ failed }) => failed)),
      ...(await databaseSettings(url)),
    },
    loads: site.loads,
    charts: [latencyOverRate(searches.flatMap(({ attempts }) => attempts)), ...sizes],
  }
}
