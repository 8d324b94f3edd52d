import { Type } from 'typebox'
import type { App } from './app.ts'
import { sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import { writeInstant } from './instant.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { explain } from './problem.ts'
import { noKeysHere } from './quickPayments.ts'
import type { RecordListed } from './quickNeeds.ts'
import { HotListAnswer, RecordAnswer, TerminalId } from './quickSchema.ts'
import { Closed, Division, Institution, Next, problems, text } from './words.ts'

const tags = ['quick payments']

const Filter = Closed({
  institution: Institution,
  division: Type.Optional(Division('The region of the terminal; needs `terminal`')),
  terminal: Type.Optional(TerminalId),
  ...listQuery,
})

export function serveQuickLists(app: App, desk: Desk): void {
  app.get(
    '/v1/quick-payments/offline',
    {
      schema: {
        tags,
        summary: 'What became of uploaded payments (离线交易结果)',
        description:
          'For the pharmacy, by terminal and running number: settled, or refused and why.',
        querystring: Filter,
        response: {
          200: Closed({ items: Type.Array(RecordAnswer), next: Next }),
          ...problems([400, 422, 500, 503]),
        },
      },
    },
    async ({ query }, reply) => {
      const { taps } = desk
      if (!taps) return sendProblem(reply, noKeysHere)
      const { institution, division, terminal: id } = query
      if ((division === undefined) !== (id === undefined))
        throw new Complaint('field-invalid', {
          field: '/division',
          in: 'query',
          expected: 'to be given with terminal',
        })
      const terminal = division === undefined || id === undefined ? undefined : { division, id }
      const list = listOf('offline payments', { institution, division, id })
      const { items, next } = await askPage(list, query, (page) =>
        taps.records({ institution, terminal, ...page }),
      )
      return reply.send(writePage(list, items.map(writeRecord), next))
    },
  )
  serveHotList(app, desk)
}

function writeRecord({ outcome, at }: RecordListed): RecordAnswer {
  const { refusal, warnings, settlement, receivable, ...told } = outcome
  const said = refusal && explain(refusal)
  return {
    ...told,
    at: writeInstant(told.at),
    uploadedAt: writeInstant(at),
    outcome: said ? 'refused' : 'settled',
    ...(settlement !== undefined && { settlement }),
    ...(receivable !== undefined && { receivable }),
    ...(warnings?.length && { warnings: [...warnings] }),
    ...(said && { refusal: { code: said.code, message: said.message } }),
  }
}

const Version = text(
  '^\\d{1,15}$',
  'The version of the answer before; default none',
  '0',
  'a version',
)

function serveHotList(app: App, desk: Desk): void {
  app.get(
    '/v1/quick-payments/hot-list',
    {
      schema: {
        tags,
        summary: 'Cards that must not pay without a line (黑名单), or what changed of them',
        description:
          'An entry is the first 16 hexadecimal digits of SM3 over `HOT1` and the serial of the card as 32 digits: a terminal looks ' +
          'up the card it holds, and nobody reads a number, a name or a reason in it. Entries may come twice.',
        querystring: Closed({ after: Type.Optional(Version) }),
        response: { 200: HotListAnswer, ...problems([400, 422, 500, 503]) },
      },
    },
    async ({ query }, reply) => {
      if (!desk.taps) return sendProblem(reply, noKeysHere)
      const { version, more, entries } = await desk.taps.hotList(Number(query.after ?? '0'))
      return reply.send({
        version,
        more,
        entries: entries.map(({ entry, blocked, until }) => ({
          entry,
          blocked,
          ...(until !== undefined && { until: writeInstant(until) }),
        })),
      })
    },
  )
}
