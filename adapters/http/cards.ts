import type { FastifyReply } from 'fastify'
import type { Card } from '../../engine/card.ts'
import type { AskedService } from '../../engine/cardLife.ts'
import type { Outcome } from '../../engine/outcome.ts'
import { type App, jsonType, sendProblem } from './app.ts'
import { writeDetail, writeService } from './cardAnswer.ts'
import { askForService, checkIdentity, keyScope, type ServiceAsked } from './cardAsk.ts'
import { enterPins, inputOf } from './cardPin.ts'
import {
  ApplicationBody,
  CardDetail,
  CardReference,
  type PinBody,
  type PinResetBody,
  type ServiceBody,
  ServiceAnswer,
  serviceBodies,
} from './cardSchema.ts'
import { serviceSummaries } from './cardSummaries.ts'
import { Complaint } from './complaint.ts'
import { readKey } from './key.ts'
import type { Desk, PinDesk } from './needs.ts'
import { tell } from './outcome.ts'
import { complain } from './problem.ts'
import { keyHeader, replayedHeader, requireKey } from './settlements.ts'
import { Closed, problems } from './words.ts'

const tags = ['cards']
const params = Closed({ id: CardReference })
const answers = {
  201: { ...ServiceAnswer, headers: replayedHeader },
  ...problems([400, 404, 409, 413, 415, 422, 500, 503]),
}

/** Cards (社会保障卡): the services S1 to S11 at a desk, by telephone and at a machine. */
export function serveCards(app: App, desk: Desk): void {
  serveApplication(app, desk)
  serveQuestion(app, desk)
  // Where no keys are here, no PIN can be looked at.
  for (const service of Object.keys(serviceBodies) as (keyof ServiceBody)[])
    if (desk.pins || !service.startsWith('pin')) serveService(app, desk, service)
}

function serveApplication(app: App, desk: Desk): void {
  app.post(
    '/v1/cards',
    {
      onRequest: requireKey,
      schema: {
        tags,
        ...serviceSummaries.application,
        headers: keyHeader,
        body: ApplicationBody,
        response: answers,
      },
    },
    async (request, reply) => {
      const { person: owner, ...body } = request.body
      const key = readKey(request.headers['idempotency-key'])
      const input = { service: 'application', ...request.body }
      return answer(desk, reply, key, { service: 'application', owner, body, input })
    },
  )
}

function serveQuestion(app: App, desk: Desk): void {
  app.get(
    '/v1/cards/:id',
    {
      schema: {
        tags,
        summary: 'S3 State of a card (卡状态查询): progress, state, history; numbers masked',
        params,
        response: { 200: CardDetail, ...problems([400, 401, 404, 500, 503]) },
      },
    },
    async ({ params: { id } }, reply) => {
      const found = await desk.cards.read(id)
      return found ? reply.send(writeDetail(found, desk.now())) : unknown(reply)
    },
  )
}

const unknown = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, complain('card-not-found'))

function serveService(app: App, desk: Desk, service: keyof ServiceBody): void {
  app.post(
    `/v1/cards/:id/${service}`,
    {
      onRequest: requireKey,
      schema: {
        tags,
        ...serviceSummaries[service],
        headers: keyHeader,
        params,
        body: serviceBodies[service],
        response: answers,
      },
    },
    async (request, reply) => {
      const key = readKey(request.headers['idempotency-key'])
      const card = await desk.cards.find(request.params.id)
      if (!card) return unknown(reply)
      const { body } = request
      return answer(desk, reply, key, await read(desk, key, card, { service, body }))
    },
  )
}

interface Asked {
  readonly service: AskedService
  readonly body: ServiceBody[keyof ServiceBody]
}

/** What is asked for at a card. A key that was used before is not asked again for its PIN: its answer stands. */
async function read(desk: Desk, key: string, card: Card, asked: Asked): Promise<ServiceAsked> {
  const { service, body } = asked
  const { owner } = card
  const input = { service, card: card.id, ...body }
  const plain: ServiceAsked = { service, owner, card, body, input }
  if ('newPin' in body && desk.pins) return readPins(desk, desk.pins, key, { ...plain, card, body })
  if ('contact' in body) return { ...plain, more: { contact: body.contact } }
  if ('part' in body) {
    const { part, reason } = body
    if ((part === 'social-security') !== (reason !== undefined))
      throw new Complaint('field-invalid', {
        field: '/reason',
        in: 'body',
        expected: part === 'bank' ? 'no such field' : 'to be given',
      })
    return part === 'bank'
      ? { ...plain, service: 'bank-cancellation' }
      : { ...plain, more: { reason } }
  }
  if (!('reason' in body)) return plain
  const refusal = await checkIdentity(desk.cards, owner, body)
  return { ...plain, more: { reason: body.reason, identity: body.identity }, refusal }
}

async function readPins(
  desk: Desk,
  pins: PinDesk,
  key: string,
  asked: ServiceAsked & { readonly card: Card; readonly body: PinBody | PinResetBody },
): Promise<ServiceAsked> {
  const { service, card, body } = asked
  const input = { service, card: card.id, ...inputOf(desk, body) }
  if (await desk.answered(keyScope(body), key)) return { ...asked, input }
  return { ...asked, input, ...(await enterPins(pins, card, body)) }
}

async function answer(
  desk: Desk,
  reply: FastifyReply,
  key: string,
  asked: ServiceAsked,
): Promise<FastifyReply> {
  return sendService(reply, await desk.submit(await askForService(desk, key, asked)))
}

/** A key of a desk that did something else is told so, like one of an institution. */
function sendService(reply: FastifyReply, outcome: Outcome): FastifyReply {
  if ('replayed' in outcome && outcome.replayed) reply.header('Idempotency-Replayed', 'true')
  if (outcome.kind === 'entered')
    return reply
      .code(201)
      .type(jsonType)
      .send(JSON.stringify(writeService(outcome.result)))
  const told = tell(outcome)
  return sendProblem(
    reply,
    'problem' in told ? told.problem : complain('idempotency-key-reused', { field: 'input' }),
  )
}
