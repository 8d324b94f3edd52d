import type { Ran } from '../arm/step.ts'
import { prepareBareSql, runBareSql, wrongWithBare } from '../bareSql/bareSql.ts'
import type { Figure, Outcome, Session } from '../figure.ts'
import type { K6Result } from '../k6.ts'
import { countOf, databaseSettings, atSite, type Site } from '../site.ts'
import { ratios } from '../statistics.ts'
import { spreadBills } from '../workload/bills.ts'

/** Claims of a round; a server that has nothing else to do takes some milliseconds for each. */
const claims = 300
/** The first bills of a year fill its deductible: what is measured is a later one of each, as the bare arm's is. */
const billsBefore = 3

/** One claim on a server that has nothing else to do: no batch to share a transaction with, and nobody to wait for. */
export const alone: Figure = {
  id: 'B4',
  title: 'One settlement alone on an idle server',
  against: 'bare SQL, one client',
  driven: true,
  seconds: ({ rounds, seconds }) => 25 + rounds * (seconds + 5),
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

async function measure(site: Site, { say, rounds, seconds }: Session): Promise<Outcome> {
  const url = site.served.ownerUrl
  say('making the database of the bare arm')
  await prepareBareSql(url, site.city)
  const bills = (tag: string, count: number) =>
    spreadBills(site.city, { count, tag, among: claims })
  const before = [...bills('before', billsBefore * claims)]
  await site.send('before', { rate: 100, seconds: before.length / 100, requests: before })
  const seen: K6Result[] = []
  const bare: Ran[] = []
  for (let round = 1; round <= rounds; round++) {
    bare.push(await runBareSql({ url, seconds: Math.min(5, seconds), clients: 1 }))
    const one = await site.settleAlone([...bills(`round-${round}`, claims)])
    seen.push(one)
    say(
      `round ${round} of ${rounds}: p50 ${one.sinceSent.p50.toFixed(2)} ms, p99 ${one.sinceSent.p99.toFixed(2)} ms; ` +
        `bare SQL p50 ${bare.at(-1)?.p50_ms.toFixed(2)} ms`,
    )
  }
  const ours = seen.map(({ sinceSent }) => sinceSent.p50)
  const alone_ms = bare.map(({ p50_ms }) => p50_ms)
  const books = await site.checkBooks()
  return {
    marks: [
      {
        name: 'ours / bare SQL, p50',
        unit: '',
        rounds: ratios(ours, alone_ms),
        target: { atMost: 3 },
      },
      { name: 'ours, p50', unit: 'ms', rounds: ours },
      { name: 'ours, p99', unit: 'ms', rounds: seen.map(({ sinceSent }) => sinceSent.p99) },
      { name: 'bare SQL, p50', unit: 'ms', rounds: alone_ms },
    ],
    load: countOf(seen),
    books: { ...books, wrong: [...books.wrong, ...(await wrongWithBare(url, bare))] },
    settings: { claims, 'bare SQL by': bare[0]?.driver ?? '', ...(await databaseSettings(url)) },
    loads: site.loads,
    charts: [],
  }
}
