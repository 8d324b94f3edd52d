import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { isCitizenNumber } from '../../engine/identity.ts'
import { toYuan } from '../../engine/money.ts'
import { refuse } from '../../engine/refusal.ts'
import { Accumulator, writeAccumulators } from './accumulators.ts'
import { type App, sendProblem } from './app.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { readPerson, writePerson } from './person.ts'
import { NewPersonBody, PersonAnswer } from './personSchema.ts'
import { complain, explain } from './problem.ts'
import { writeSummary } from './settlement.ts'
import { SummaryAnswer } from './settlementSchema.ts'
import { Closed, Next, PersonId, problems, Yuan } from './words.ts'

const tags = ['people']
const params = Closed({
  id: {
    ...PersonId,
    description: 'The insured person (人员编号, psn_no), or `me`: whose token it is',
  },
})

const absent = (reply: FastifyReply, person: string): FastifyReply =>
  sendProblem(reply, complain('person-not-found', { person }))

export function servePeople(app: App, desk: Desk): void {
  const { people } = desk
  app.get(
    '/v1/people/:id',
    {
      schema: {
        tags,
        summary: 'An insured person: coverage, cards, filings; name and numbers masked',
        params,
        response: { 200: PersonAnswer, ...problems([400, 401, 404, 500, 503]) },
      },
    },
    async ({ params: { id } }, reply) => {
      const found = await people.find(id)
      return found ? reply.send(writePerson(found)) : absent(reply, id)
    },
  )
  app.get(
    '/v1/people/:id/settlements',
    {
      schema: {
        tags,
        summary: 'Settlements of a person, newest first',
        params,
        querystring: Closed(listQuery),
        response: {
          200: Closed({ items: Type.Array(SummaryAnswer), next: Next }),
          ...problems([400, 401, 404, 500, 503]),
        },
      },
    },
    async ({ params: { id }, query }, reply) => {
      if (!(await people.find(id))) return absent(reply, id)
      const list = listOf('settlements of a person', { person: id })
      const { items, next } = await askPage(list, query, (asked) =>
        desk.settlements.list({ person: id, ...asked }),
      )
      return reply.send(writePage(list, items.map(writeSummary), next))
    },
  )
  serveSums(app, desk)
  if (people.enrol) serveEnrolment(app, people.enrol)
}

function serveSums(app: App, { people }: Desk): void {
  app.get(
    '/v1/people/:id/accumulators',
    {
      schema: {
        tags,
        summary: 'Running sums by benefit year (累计): deductible, admissions, what funds paid',
        params,
        response: {
          200: Closed({
            person: PersonId,
            items: Type.Array(Accumulator, { description: 'Newest benefit year first' }),
          }),
          ...problems([400, 401, 404, 500, 503]),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await people.find(id))) return absent(reply, id)
      return reply.send({ person: id, items: writeAccumulators(await people.counters(id)) })
    },
  )
  app.get(
    '/v1/people/:id/accounts',
    {
      schema: {
        tags,
        summary: 'Personal accounts (个人账户) and their balances',
        params,
        response: {
          200: Closed({
            person: PersonId,
            items: Type.Array(Closed({ owner: PersonId, balance: Yuan('账户余额') })),
          }),
          ...problems([400, 401, 404, 500, 503]),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await people.find(id))) return absent(reply, id)
      const items = await people.accounts(id)
      return reply.send({
        person: id,
        items: items.map(({ owner, balance }) => ({ owner, balance: toYuan(balance) })),
      })
    },
  )
}

function serveEnrolment(app: App, enrol: NonNullable<Desk['people']['enrol']>): void {
  app.post(
    '/v1/people',
    {
      schema: {
        tags,
        summary: 'Sandbox only: enter or change an insured person and their card for a trial',
        description:
          'Sending the same person again changes nothing, so no Idempotency-Key is needed. Use only invented people; a division such as 510199 is assigned to nobody.',
        body: NewPersonBody,
        response: {
          200: Closed({ id: PersonId, created: Type.Literal(false) }),
          201: Closed({ id: PersonId, created: Type.Literal(true) }),
          ...problems([400, 413, 415, 422, 500, 503]),
        },
      },
    },
    async ({ body }, reply) => {
      if (!isCitizenNumber(body.citizenNumber)) {
        const facts = { type: 'citizen-number', field: 'citizenNumber' }
        return sendProblem(reply, explain(refuse('credential-invalid', facts)))
      }
      const { created } = await enrol(readPerson(body))
      return created
        ? reply.code(201).send({ id: body.id, created })
        : reply.code(200).send({ id: body.id, created })
    },
  )
}
