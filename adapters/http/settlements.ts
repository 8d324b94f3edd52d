import canonicalize from 'canonicalize'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Claim } from '../../engine/claim.ts'
import type { Ask, Key } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, jsonType, sendProblem } from './app.ts'
import { type Batch, serveBatch } from './batch.ts'
import { readClaim } from './claim.ts'
import { BatchLine, CancellationBody, ClaimBody } from './claimSchema.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { type Told, tell, tellCancellation, tellPreview } from './outcome.ts'
import { serveQuestions } from './settlementQuestions.ts'
import { CancellationAnswer, PreviewAnswer, SettlementAnswer } from './settlementSchema.ts'
import { Closed, problems, SettlementId } from './words.ts'

/** 1.5 MiB: a claim of 5,000 lines fits, and its parsing stays within what an event loop may stand still. */
export const claimLimit = 1_572_864

/** What is missing is told by `requireKey`, which comes before the schema; here it is told to whoever reads the document. */
export const keyHeader = {
  type: 'object',
  required: ['idempotency-key'],
  properties: {
    'idempotency-key': {
      type: 'string',
      description:
        'A key of your own choice for this request, at most 255 printable characters, the same at every repeat',
      examples: ['"2026-03-02-0001"'],
    },
  },
} as const

/** The key is looked at before the body is read, so that a request without one costs nothing. */
export const requireKey = async (request: FastifyRequest): Promise<void> => {
  readKey(request.headers['idempotency-key'])
}

export function keyOf(
  desk: Pick<Desk, 'fingerprint'>,
  institution: string,
  key: string,
  input: unknown,
): Key {
  const text = canonicalize(input) as string
  return { institution, key, fingerprint: desk.fingerprint(text), input: text }
}

/** A claim with what the token says that it was presented with; whether it may be used is for its books to say. */
function withToken({ evidence }: Pick<Desk, 'evidence'>, claim: Claim): Claim {
  const { credential } = claim
  const { type, number } = credential
  if (type !== 'e-card' || !evidence?.tokens.looksLike(number)) return claim
  const token = evidence.tokens.read(number)
  const wrong = token ? undefined : refuse('token-invalid')
  return { ...claim, credential: { ...credential, token, wrong } }
}

export const askToSettle = (
  desk: Pick<Desk, 'fingerprint' | 'evidence'>,
  key: string,
  body: ClaimBody,
): Ask => ({
  kind: 'settle',
  key: keyOf(desk, body.institution, key, body),
  claim: withToken(desk, readClaim(body)),
})

const claimBatch: Batch<ClaimBody> = {
  url: '/v1/settlements/batch',
  tag: 'settlements',
  summary: 'Settle many claims, each with its own key and outcome',
  each: 'the claim of `POST /v1/settlements`',
  inOrder: 'Claims of one credential',
  line: BatchLine,
  ask: askToSettle,
  turn: ({ credential }) => credential.number,
}

export const serveClaimBatch = (app: App, desk: Desk): void => serveBatch(app, desk, claimBatch)

export function send(reply: FastifyReply, told: Told): FastifyReply {
  if (told.replayed) reply.header('Idempotency-Replayed', 'true')
  if ('problem' in told) return sendProblem(reply, told.problem)
  // Written as JSON here, and not by the schema, so that one settlement has the same bytes wherever it is told.
  return reply.code(told.status).type(jsonType).send(JSON.stringify(told.body))
}

const tags = ['settlements']
export const replayedHeader = {
  'Idempotency-Replayed': { type: 'string', description: 'true where the answer is a repeat' },
}

export function serveSettlements(app: App, desk: Desk): void {
  app.post(
    '/v1/settlements/preview',
    {
      bodyLimit: claimLimit,
      schema: {
        tags,
        summary: 'What a settlement would be (预结算)',
        description:
          'Computed by the very functions that settle; binds no key, locks nobody, writes nothing.',
        body: ClaimBody,
        response: { 200: PreviewAnswer, ...problems([400, 413, 415, 422, 500, 503]) },
      },
    },
    async (request, reply) =>
      send(reply, tellPreview(await desk.preview(withToken(desk, readClaim(request.body))))),
  )

  app.post(
    '/v1/settlements',
    {
      bodyLimit: claimLimit,
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Settle a claim (结算)',
        description:
          'Posts the claim once, however often it is sent under its key. A key belongs to its institution. Field order and spacing ' +
          'do not matter; any other change under the same key is refused with the first field that differs, and a default written ' +
          'out counts as a change. A repeat is answered with the same status and bytes and `Idempotency-Replayed: true`.',
        headers: keyHeader,
        body: ClaimBody,
        response: {
          201: { ...SettlementAnswer, headers: replayedHeader },
          ...problems([400, 409, 413, 415, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const key = readKey(request.headers['idempotency-key'])
      return send(reply, tell(await desk.submit(askToSettle(desk, key, request.body))))
    },
  )

  serveCancellation(app, desk)
  serveQuestions(app, desk)
}

function serveCancellation(app: App, desk: Desk): void {
  app.post(
    '/v1/settlements/:id/cancellation',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Cancel a settlement (撤销)',
        description:
          'Mirrors every posting of the settlement in new rows; nothing is changed or removed.',
        headers: keyHeader,
        params: Closed({ id: SettlementId }),
        body: CancellationBody,
        response: {
          201: { ...CancellationAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const key = readKey(request.headers['idempotency-key'])
      const ask: Ask = {
        kind: 'cancel',
        key: keyOf(desk, body.institution, key, { settlement: params.id, ...body }),
        settlement: params.id,
        institution: body.institution,
      }
      return send(reply, tellCancellation(params.id, await desk.submit(ask)))
    },
  )
}
