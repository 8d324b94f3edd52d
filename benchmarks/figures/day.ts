import type { Figure, Outcome, Session } from '../figure.ts'
import { findHighest, ramp } from '../highest.ts'
import type { K6Result, Waits } from '../k6.ts'
import type { Chart } from '../report/chart.ts'
import { latencyOver } from '../report/charts.ts'
import { atSite, countOf, databaseSettings, type Site } from '../site.ts'
import { sumOf } from '../statistics.ts'
import { byHour, dayBills, hours, requestsABill } from '../workload/day.ts'

/** The busiest hour has so much of what a server bears. */
const share = 0.7

/** Every kind of care in its hour, with previews, repeats and reversals among the bills: what a settlement centre sees from midnight to midnight. */
export const cityDay: Figure = {
  id: 'day',
  title: `A day of a city, whose morning peak is ${100 * share} % of what the server bears`,
  against: '–',
  driven: true,
  onlyByName: true,
  seconds: ({ seconds }) => 90 + hours.length * (seconds + 1.5) + 6 * seconds,
  run: async (session) => atSite(session, async (site) => measure(site, session)),
}

/** An hour of the day, with what was seen of its requests. */
interface Hour {
  readonly hour: number
  readonly rate: number
  readonly seen: K6Result
}

async function measure(site: Site, { seconds, manner, say }: Session): Promise<Outcome> {
  const from = await ramp(async (rate) => site.settle(rate, 'spread', 2), 250)
  const { best } = await findHighest(async (rate) => site.settle(rate), from, manner)
  const peak = share * best.rate
  const count = Math.round((peak * seconds * sumOf(hours)) / Math.max(...hours) / requestsABill)
  say(`inventing a day of ${count} bills`)
  const requests = [...dayBills(site.city, { count, tag: 'day' })]
  const day: Hour[] = []
  for (const [hour, sent] of byHour(requests).entries()) {
    const rate = Math.max(1, Math.round(sent.length / seconds))
    // An arrival rate may bring one request less than it says, and whatever is repeated or reversed was sent before.
    const lasting = (sent.length + 2) / rate
    day.push({
      hour,
      rate,
      seen: await site.send(`${hour} o’clock`, { rate, requests: sent, seconds: lasting }),
    })
  }
  return {
    marks: marksOf(day),
    load: countOf(day.map(({ seen }) => seen)),
    books: await site.checkBooks(),
    settings: {
      bills: count,
      requests: requests.length,
      ...(await databaseSettings(site.served.ownerUrl)),
    },
    loads: site.loads,
    charts: [waitsOf(day), ratesOf(day)],
  }
}

function marksOf(day: readonly Hour[]): Outcome['marks'] {
  const busiest = hours.indexOf(Math.max(...hours))
  const quiet = day.filter(({ hour }) => hour < 6)
  const wait = (name: string, among: readonly Hour[], of: (waits: Waits) => number) => ({
    name,
    unit: 'ms',
    rounds: among.map(({ seen }) => of(seen.sinceDue)),
  })
  const peak = day.filter(({ hour }) => hour === busiest)
  return [
    wait('p99 in the busiest hour', peak, ({ p99 }) => p99),
    wait('p50 in the busiest hour', peak, ({ p50 }) => p50),
    wait('p99 in each hour', day, ({ p99 }) => p99),
    wait('p50 in the hours of the night', quiet, ({ p50 }) => p50),
    { name: 'requests in the busiest hour', unit: '/s', rounds: peak.map(({ rate }) => rate) },
  ]
}

const ofTheDay = { label: 'hour of the day', scale: 'linear' } as const

const waitsOf = (day: readonly Hour[]): Chart =>
  latencyOver(
    ofTheDay,
    day.map(({ hour, seen }) => [hour, seen.sinceDue]),
    'Latency over a day',
  )

const ratesOf = (day: readonly Hour[]): Chart => ({
  name: 'rate',
  title: 'Requests over a day',
  x: ofTheDay,
  y: { label: 'requests a second', scale: 'linear' },
  series: [{ name: 'sent', line: day.map(({ hour, rate }) => [hour, rate]) }],
})
