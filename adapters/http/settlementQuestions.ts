import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import { tellByKey } from './collection.ts'
import { Complaint } from './complaint.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { complain, explain } from './problem.ts'
import { writeDetail, writeSummary } from './settlement.ts'
import { readFilter, settlementFilters } from './settlementFilters.ts'
import { SettlementDetail, SummaryAnswer } from './settlementSchema.ts'
import { Closed, Next, problems, SettlementId, text } from './words.ts'

const tags = ['settlements']

const Filter = Closed({
  key: Type.Optional(
    text(
      '^[\\x20-\\x7e]{1,257}$',
      'Ask by key: what was answered under it? Bare or in quotes; needs `institution`',
      '2026-03-02-0001',
      '1 to 255 printable ASCII characters',
    ),
  ),
  ...settlementFilters,
  ...listQuery,
})

const ListAnswer = Closed({
  items: Type.Array(SummaryAnswer),
  next: Next,
  answer: Type.Optional(
    Closed(
      {
        status: Type.Integer({ description: 'The status it was answered with' }),
        body: Type.Unknown({ description: 'The very body' }),
      },
      'Only when asked by key: what the request was answered',
    ),
  ),
})

export function serveQuestions(app: App, desk: Desk): void {
  app.get(
    '/v1/settlements/:id',
    {
      schema: {
        tags,
        summary: 'A settlement as it stands (结算单查询)',
        params: Closed({ id: SettlementId }),
        response: { 200: SettlementDetail, ...problems([400, 401, 404, 500, 503]) },
      },
    },
    async ({ params: { id } }, reply) => {
      const rows = await desk.settlements.chain(id)
      if (!rows?.length)
        return sendProblem(reply, explain(refuse('settlement-unknown', { settlement: id })))
      return reply.send(writeDetail(rows))
    },
  )

  app.get(
    '/v1/settlements',
    {
      schema: {
        tags,
        summary: 'List settlements, or ask by key after an unknown outcome',
        description:
          'Newest first; where `from` or `until` is given, by day of treatment, the newest day first. A page of a filter that little fits may be short, or empty, ' +
          'and still have a `next`: each looks through no more than so many settlements. With `key` and `institution` it answers what was answered under that key: `answer` has the status and the body, ' +
          '`items` is empty. 404 `key-unknown` means that nothing was answered; repeating the request under its key is safe in every case.',
        querystring: Filter,
        response: { 200: ListAnswer, ...problems([400, 404, 500, 503]) },
      },
    },
    async ({ query }, reply) => {
      const { key, institution } = query
      if (key !== undefined) return answerByKey(desk, readKey(key), institution, reply)
      const { cursor: _cursor, limit: _limit, key: _key, ...filter } = query
      const list = listOf('settlements', filter)
      const read = readFilter(filter)
      const { items, next } = await askPage(list, query, (asked) =>
        desk.settlements.list({ ...read, ...asked }),
      )
      return reply.send(writePage(list, items.map(writeSummary), next))
    },
  )
}

async function answerByKey(
  desk: Desk,
  key: string,
  institution: string | undefined,
  reply: FastifyReply,
) {
  if (institution === undefined)
    throw new Complaint('field-invalid', {
      field: '/institution',
      in: 'query',
      expected: 'to be given with key',
    })
  const outcome = await desk.answered(institution, key)
  if (!outcome) return sendProblem(reply, complain('key-unknown'))
  const told = await tellByKey(outcome, desk.collections)
  const body = 'problem' in told ? told.problem : told.body
  return reply.code(200).send({ items: [], answer: { status: told.status, body } })
}
