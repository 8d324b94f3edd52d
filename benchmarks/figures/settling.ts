import { throughputOverSize } from '../batches.ts'
import { prepareBareSql, runBareSql, runBlindInsert } from '../bareSql/bareSql.ts'
import type { Figure, Outcome, Session } from '../figure.ts'
import { findHighest, ramp, type Search } from '../highest.ts'
import { latencyOverRate } from '../report/charts.ts'
import { countOf, databaseSettings, atSite, type Site } from '../site.ts'
import { ratios } from '../statistics.ts'

const clients = 32

/** Settlements a second over HTTP, beside what the bare transaction of an ordinary service would do on the same server. */
export const settling: Figure = {
  id: 'B1',
  title: 'Settlements a second over HTTP, bills of five lines',
  against: `bare SQL without HTTP, rules or cards, ${clients} clients`,
  driven: true,
  seconds: ({ rounds, seconds, quick }) =>
    (quick ? 35 : 90) + rounds * (quick ? 5 : 8) * (seconds + 1),
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

/** What a round is held against: what the other arm did just before and just after it. */
const beside = (arm: readonly number[]): number[] =>
  arm.slice(1).map((after, i) => (after + (arm[i] ?? after)) / 2)

async function measure(site: Site, session: Session): Promise<Outcome> {
  const { say, rounds, seconds, quick, manner } = session
  const url = site.served.ownerUrl
  say('making the database of the bare arm')
  await prepareBareSql(url, site.city)
  let from = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
  const ask = async (): Promise<number> => {
    const { perSecond } = await runBareSql({ url, seconds, clients })
    say(`bare SQL: ${perSecond.toFixed(0)} a second`)
    return perSecond
  }
  const [bare, blind, searches]: [number[], number[], Search[]] = [[await ask()], [], []]
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`)
    const search = await findHighest(async (rate) => site.settle(rate), from, manner)
    searches.push(search)
    from = search.best.rate
    if (!quick || round === 1)
      blind.push((await runBlindInsert({ url, seconds, clients })).perSecond)
    bare.push(await ask())
  }
  const sizes = quick ? [] : [await throughputOverSize(site, 3, say)]
  const best = searches.map((search) => search.best.seen)
  const ours = best.map((seen) => seen.settledPerSecond)
  return {
    marks: [
      {
        name: 'ours / bare SQL',
        unit: '',
        rounds: ratios(ours, beside(bare)),
        target: { atLeast: 0.6 },
      },
      { name: 'ours', unit: '/s', rounds: ours },
      { name: 'bare SQL', unit: '/s', rounds: bare },
      { name: 'blind insert', unit: '/s', rounds: blind },
      { name: 'p50 at that rate', unit: 'ms', rounds: best.map((seen) => seen.sinceDue.p50) },
      { name: 'p99 at that rate', unit: 'ms', rounds: best.map((seen) => seen.sinceDue.p99) },
    ],
    load: countOf(best),
    books: await site.checkBooks(),
    settings: { clients, ...(await databaseSettings(url)) },
    charts: [latencyOverRate(searches.flatMap(({ attempts }) => attempts)), ...sizes],
  }
}
