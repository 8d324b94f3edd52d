import { type Crossing, crossingAlarm, type CrossingState } from '../../engine/crossing.ts'
import type { Instant } from '../../engine/day.ts'
import type { Kept } from '../../engine/dossier.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import {
  type CrossingAnswer,
  CrossingDetail,
  CrossingList,
  Reference,
  RetryAnswer,
  RetryBody,
} from './crossingSchema.ts'
import { writeInstant } from './instant.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { explain } from './problem.ts'
import { Closed, problems } from './words.ts'

/** Requests to other regions, as an operator asks about them. */
export interface CrossingDesk {
  list(asked: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly items: readonly OpenCrossing[]
    readonly next?: string | undefined
  }>
  counts(): Promise<readonly CrossingCount[]>
  find(reference: string): Promise<CrossingFound | undefined>
  retry(reference: string): Promise<boolean>
}

export interface OpenCrossing {
  readonly crossing: Crossing
  readonly attempts: number
  readonly dueAt: Instant
}

export interface CrossingCount {
  readonly state: CrossingState
  readonly count: number
  readonly oldest_seconds: number
}

export interface CrossingFound {
  readonly crossing: Crossing
  readonly kept: readonly Kept[]
}

const tags = ['regions']

/** What waits for another region, and a way to have it looked at now (异地交易监控). */
export function serveCrossings(
  app: App,
  { crossings, now }: { readonly crossings: CrossingDesk; readonly now: () => Instant },
): void {
  app.get(
    '/v1/crossings',
    {
      schema: {
        tags,
        summary: 'Requests to other regions that are not over',
        description:
          'By reference. What waits is looked at again after 5 s, 15 s, 1 min, 5 min, 15 min, 1 h and every hour for ever; `alarm` is set after six attempts.',
        querystring: Closed({ ...listQuery }),
        response: { 200: CrossingList, ...problems([400, 500, 503]) },
      },
    },
    async ({ query }, reply) => {
      const list = listOf('crossings')
      const page = await askPage(list, query, async (asked) => {
        const { items, next } = await crossings.list(asked)
        return { items: items.map(writeOpen), next }
      })
      const counts = (await crossings.counts()).map(({ state, count, oldest_seconds }) => ({
        state,
        count,
        oldestSeconds: Math.round(oldest_seconds),
      }))
      const asOf = writeInstant(now())
      return reply.send({ asOf, ...writePage(list, [...page.items], page.next), counts })
    },
  )
  serveOne(app, crossings)
}

function serveOne(app: App, crossings: CrossingDesk): void {
  app.get(
    '/v1/crossings/one',
    {
      schema: {
        tags,
        summary: 'One request to another region, with everything that happened to it',
        querystring: Closed({ reference: Reference }),
        response: { 200: CrossingDetail, ...problems([400, 404, 500, 503]) },
      },
    },
    async ({ query: { reference } }, reply) => {
      const found = await crossings.find(reference)
      if (!found)
        return sendProblem(reply, explain(refuse('settlement-unknown', { settlement: reference })))
      const history = found.kept.map(({ kind, at, institution: by }) => ({
        state: kind as CrossingState,
        at: writeInstant(at),
        by,
      }))
      return reply.send({ ...write(found.crossing), history } satisfies CrossingDetail)
    },
  )
  app.post(
    '/v1/crossings/retry',
    {
      schema: {
        tags,
        summary: 'Have one looked at by the next sweep, within seconds',
        description: 'Repeating it does no harm, so it needs no key.',
        body: RetryBody,
        response: { 202: RetryAnswer, ...problems([400, 415, 500, 503]) },
      },
    },
    async ({ body: { reference } }, reply) =>
      reply.code(202).send({ reference, retried: await crossings.retry(reference) }),
  )
}

const write = (one: Crossing) => ({
  reference: one.reference,
  purpose: one.purpose,
  state: one.state,
  region: one.to,
  institution: one.institution,
  settlement: one.settlement,
  askedAt: writeInstant(one.askedAt),
  since: writeInstant(one.at),
})

const writeOpen = ({ crossing, attempts, dueAt }: OpenCrossing): CrossingAnswer => ({
  ...write(crossing),
  attempts,
  dueAt: writeInstant(dueAt),
  alarm: attempts >= crossingAlarm,
})
