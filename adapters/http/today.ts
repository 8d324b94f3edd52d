import { Type } from 'typebox'
import type { Metrics } from '../metrics.ts'
import type { App } from './app.ts'
import type { Minute } from './findNeeds.ts'
import { chinaDay, writeInstant } from './instant.ts'
import { latencyBetween, type Took } from './latency.ts'
import type { Desk } from './needs.ts'
import { Closed, Day, Instant, problems } from './words.ts'

const Count = (description: string) => Type.Integer({ description })
const counts = {
  settled: Count('Settlements (结算)'),
  undone: Count('Cancellations and reversals (撤销、冲正)'),
  refused: Count('Refusals that are kept (拒付)'),
}
const OrNull = <T extends ReturnType<typeof Closed>>(one: T) => Type.Union([one, Type.Null()])
const Took_ms = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

const TodayAnswer = Closed({
  day: Day('The day in China'),
  now: Instant('By the clock of the server'),
  minutes: Type.Array(Closed({ at: Instant('When the minute began'), ...counts }), {
    description: 'The last sixty minutes, the oldest first; the last one is not over',
  }),
  outcomes: Closed(counts, 'All sixty together'),
  latency: Closed(
    {
      p50_ms: Took_ms('Half were answered within; null where nothing was asked'),
      p99_ms: Took_ms('99 of 100 were answered within'),
    },
    'Of this process, over the last five minutes that somebody looked at this, else since its start',
  ),
  pendingCrossRegion: Count('Requests to other regions that are not over (异地在途)'),
  unjournaled: Count('Rows that wait for their place in the journal, counted up to 100000'),
  sealed: OrNull(
    Closed({ size: Count('Rows that are sealed (封存)'), at: Instant('When they were') }),
  ),
  proved: OrNull(
    Closed({
      at: Instant('When all of the books was proved last (自查)'),
      findings: Count('What was found'),
    }),
  ),
})

const goodFor_ms = 1_000
/** However busy it is, looking takes no more than this part of the time. */
const most = 1 / 20
const lookedEvery_ms = 5_000
const window_ms = 5 * 60_000

/** What is asked often is good for a moment, and one question at a time is enough. */
function goodForAMoment<T>(ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; until: number } | undefined
  return () => {
    const begun = performance.now()
    if (last && begun < last.until) return last.answer
    const one = { answer: ask(), until: Number.POSITIVE_INFINITY }
    last = one
    one.answer.then(
      () => {
        const took = performance.now() - begun
        one.until = begun + Math.max(goodFor_ms, took / most)
      },
      () => {
        one.until = 0
      },
    )
    return one.answer
  }
}

/** Counters only ever grow: what was so in the last minutes is what they are now less what they were then. */
function latencyLately(took: Metrics['took']): () => Promise<ReturnType<typeof latencyBetween>> {
  const looks: { readonly at: number; readonly took: readonly Took[] }[] = []
  return async () => {
    const now = await took()
    const at = performance.now()
    while (looks[1] !== undefined && at - looks[1].at >= window_ms) looks.shift()
    const lately = latencyBetween(looks[0]?.took, now)
    if (at - (looks.at(-1)?.at ?? 0) >= lookedEvery_ms) looks.push({ at, took: now })
    return lately
  }
}

const sumOf = (minutes: readonly Minute[], what: keyof typeof counts): number =>
  minutes.reduce((sum, minute) => sum + minute[what], 0)

export function serveToday(app: App, desk: Desk, metrics: Pick<Metrics, 'took'>): void {
  const { find, crossings } = desk
  const latency = latencyLately(() => metrics.took())
  const look = goodForAMoment(async () => {
    const now = desk.now()
    const [minutes, waiting, unjournaled, sealed, proved, lately] = await Promise.all([
      find.minutes(now),
      crossings.counts(),
      find.unjournaled(),
      desk.seal?.sealedUpTo(),
      desk.audit?.last(),
      latency(),
    ])
    return {
      day: chinaDay(now),
      now: writeInstant(now),
      minutes: minutes.map((minute) => ({ ...minute, at: writeInstant(minute.at) })),
      outcomes: {
        settled: sumOf(minutes, 'settled'),
        undone: sumOf(minutes, 'undone'),
        refused: sumOf(minutes, 'refused'),
      },
      latency: lately,
      pendingCrossRegion: waiting.reduce((sum, { count }) => sum + count, 0),
      unjournaled,
      sealed: sealed ? { size: Number(sealed.size), at: writeInstant(sealed.at) } : null,
      proved:
        proved?.provedAt === undefined
          ? null
          : { findings: proved.findings.length, at: writeInstant(proved.provedAt) },
    }
  })
  app.get(
    '/v1/today',
    {
      schema: {
        tags: ['audit'],
        summary: 'What is going on now (运行概况)',
        description:
          'Live: a second old at most, or on a busy server twenty times as old as it takes to find out.',
        response: { 200: TodayAnswer, ...problems([500, 503]) },
      },
    },
    async () => look(),
  )
}
