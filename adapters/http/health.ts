import { Type } from 'typebox'
import type { Metrics } from '../metrics.ts'
import { type App, sendProblem } from './app.ts'
import type { Desk, Door } from './needs.ts'
import { complain } from './problem.ts'
import { Closed, problems } from './words.ts'

const tags = ['operation']

export function serveHealth(app: App, desk: Desk, metrics: Metrics, door: Door): void {
  app.get(
    '/livez',
    {
      schema: {
        tags,
        summary: 'Is the process alive?',
        response: { 200: Closed({ status: Type.Literal('live') }) },
      },
    },
    async () => ({ status: 'live' as const }),
  )
  app.get(
    '/readyz',
    {
      schema: {
        tags,
        summary:
          'May requests be sent here? 503 with reasons until ready, while closing, and while the database is away',
        response: { 200: Closed({ status: Type.Literal('ready') }), ...problems([503]) },
      },
    },
    async (_, reply) => {
      const { ready, reasons } = door.closing
        ? { ready: false, reasons: ['closing'] }
        : await desk.health()
      return ready
        ? reply.send({ status: 'ready' })
        : sendProblem(reply, complain('not-ready', { reasons }))
    },
  )
  app.get(
    '/metrics',
    { schema: { tags, summary: 'Counters for Prometheus', response: { 200: Type.String() } } },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  )
}
