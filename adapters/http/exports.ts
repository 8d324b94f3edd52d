import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Day as DayText } from '../../engine/day.ts'
import { type App, jsonType, sendProblem } from './app.ts'
import type { Caller } from './caller.ts'
import { Complaint } from './complaint.ts'
import { bodyOf, Downloads } from './downloads.ts'
import { AccountId, PostedId } from './ledgerWords.ts'
import type { Desk } from './needs.ts'
import { complain } from './problem.ts'
import { readFilter, settlementFilters } from './settlementFilters.ts'
import { readTotals, totalsQuery } from './totals.ts'
import { type ExportAsked, type ExportDesk, exportFormats } from './totalsNeeds.ts'
import { Closed, Day, Instant, PersonId, problems, SettlementId, SignedYuan } from './words.ts'

const tags = ['exports']

const format = {
  format: Type.Enum([...exportFormats], {
    description:
      '`csv` in UTF-8 with a byte order mark, text that begins like a formula having an apostrophe before it; `xlsx`, in another sheet where one is full; `jsonl`, an object a line; `parquet`',
  }),
}

const transferFilters = {
  account: Type.Optional(AccountId),
  settlement: Type.Optional(PostedId),
  owner: Type.Optional(PersonId),
  postedFrom: Type.Optional(Day('The first day of posting')),
  postedUntil: Type.Optional(Day('The last day of posting')),
}

const file = (summary: string) => ({
  tags,
  summary,
  description:
    'Streamed from one state of the books. The header `Export-Id` names it; once it has come to its end, its signed manifest stands at `GET /v1/exports/{id}/manifest`. One that broke is cut and has none. Ids and amounts, no names. A few at a time: 503 `exports-full` otherwise.',
  produces: ['text/csv', 'application/x-ndjson'],
  response: problems([400, 500, 503]),
})

export function serveExports(app: App, { exports }: Desk): void {
  const send = sendFrom(exports, new Downloads(app))
  app.get(
    '/v1/exports/settlements',
    {
      schema: {
        ...file('Settlements with the state of their heads (结算导出), the newest first'),
        querystring: Closed({ ...format, ...settlementFilters }),
      },
    },
    async (request, reply) => {
      const { format: as, ...words } = request.query
      const filter = readFilter(words)
      return send(request, reply, { name: 'settlements', format: as, filter })
    },
  )
  app.get(
    '/v1/exports/transfers',
    {
      schema: {
        ...file('Transfers (分录导出), in the order of time'),
        querystring: Closed({ ...format, ...transferFilters }),
      },
    },
    async (request, reply) => {
      const { format: as, postedFrom, postedUntil, ...words } = request.query
      const filter = {
        ...words,
        postedFrom: postedFrom as DayText | undefined,
        postedUntil: postedUntil as DayText | undefined,
      }
      return send(request, reply, { name: 'transfers', format: as, filter })
    },
  )
  app.get(
    '/v1/exports/totals',
    {
      schema: {
        ...file('Totals (费用汇总导出), as many as there are'),
        querystring: Closed({ ...format, ...totalsQuery }),
      },
    },
    async (request, reply) => {
      const { format: as, ...words } = request.query
      return send(request, reply, { name: 'totals', format: as, filter: readTotals(words) })
    },
  )
  serveManifests(app, exports)
}

type Asked<A = ExportAsked> = A extends ExportAsked ? Omit<A, 'filters' | 'caller'> : never

/** Answers with an export: its first rows may take long, and a server that stops meanwhile is busy. */
const sendFrom =
  (desk: ExportDesk, downloads: Downloads) =>
  async (request: FastifyRequest, reply: FastifyReply, asked: Asked) => {
    const { format: _format, ...filters } = request.query as Record<string, string>
    const caller = nameOf(request.caller)
    const over = downloads.begin(request, reply)
    const opened = await desk.open({ ...asked, filters, caller }, over).catch((error: unknown) => {
      throw over.aborted ? new Complaint('busy') : error
    })
    if (!opened) return sendProblem(reply, complain('exports-full'))
    return reply
      .header('Export-Id', opened.id)
      .header(
        'Content-Disposition',
        `attachment; filename="${asked.name}-${opened.id}.${asked.format}"`,
      )
      .type(opened.type)
      .send(bodyOf(opened.body, over))
  }

/** Who it was, as a manifest tells it. */
const nameOf = (caller: Caller): string =>
  'id' in caller ? `${caller.kind}:${caller.id}` : caller.kind

function serveManifests(app: App, exports: ExportDesk): void {
  app.get(
    '/v1/exports/:id/manifest',
    {
      schema: {
        tags,
        summary: 'The signed manifest of an export that went out whole (导出清单)',
        description:
          '`signature` is over the RFC 8785 JSON of everything else that stands here: SM2 with SM3, hexadecimal. Whoever has the file compares its length and hashes.',
        params: Closed({ id: SettlementId }),
        response: {
          200: {
            description: 'The manifest',
            content: { 'application/json': { schema: Manifest } },
          },
          ...problems([400, 404, 500, 503]),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const found = await exports.manifest(id)
      if (!found) return sendProblem(reply, complain('export-unknown', { export: id }))
      const { canonical, signature } = found
      const told = { ...(JSON.parse(canonical) as object), ...(signature && { signature }) }
      return reply.type(jsonType).send(JSON.stringify(told) as never)
    },
  )
}

const textsOf = (fields: object) =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, Type.Optional(Type.String())]))
const sumsOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, Type.Optional(SignedYuan(`Of \`${name}\``))]))

const Manifest = Closed({
  id: SettlementId,
  name: Type.Enum(['settlements', 'transfers', 'totals']),
  format: Type.Enum([...exportFormats]),
  filters: Closed(
    textsOf({ ...settlementFilters, ...transferFilters, ...totalsQuery }),
    'As it was asked',
  ),
  rows: Type.Integer(),
  sums: Closed(
    sumsOf(['amount', 'total', 'fundTotal', 'personTotal', 'account', 'cash']),
    'Of each column of amounts',
  ),
  bytes: Type.Integer(),
  sm3: Type.String({ description: 'SM3 of the bytes, hexadecimal' }),
  sha256: Type.String({ description: 'SHA-256 of them' }),
  position: Type.String({ description: 'The last place in the journal that is in it' }),
  at: Instant('When the books looked so'),
  caller: Type.String(),
  signature: Type.Optional(
    Type.String({ description: 'Absent where the server has no key to sign with' }),
  ),
})
