import { agencyOf } from '../../engine/movement.ts'
import type { Ask } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import { type Batch, serveBatch } from './batch.ts'
import { readKey } from './key.ts'
import { readMovement, writeMovementDetail } from './movement.ts'
import {
  MovementAnswer,
  MovementBody,
  MovementCancellation,
  MovementDetail,
  MovementId,
  MovementLine,
} from './movementSchema.ts'
import type { Desk } from './needs.ts'
import { tell } from './outcome.ts'
import { explain } from './problem.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { Closed, problems } from './words.ts'

const tags = ['movements']

/** A key belongs to its agency, as those of an institution do to it. */
function askToMove(desk: Desk, key: string, body: MovementBody): Ask {
  const institution = agencyOf(body.region)
  return {
    kind: 'move',
    key: keyOf(desk, institution, key, body),
    institution,
    movement: readMovement(body),
  }
}

const movementBatch: Batch<MovementBody> = {
  url: '/v1/movements/batch',
  tag: 'movements',
  summary: 'Book many movements, each with its own key and outcome',
  each: 'the movement of `POST /v1/movements`',
  inOrder: 'Movements of one person',
  line: MovementLine,
  ask: askToMove,
  turn: ({ person }) => person,
}

export const serveMovementBatch = (app: App, desk: Desk): void =>
  serveBatch(app, desk, movementBatch)

/** Contributions, credits and benefits (缴费和待遇领取) as the agency books them. */
export function serveMovements(app: App, desk: Desk): void {
  app.post(
    '/v1/movements',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Book a contribution, a credit or a benefit (缴费, 个人账户划入, 待遇发放)',
        description:
          'A contribution goes from those who paid it into funds and the personal account, in the parts given; a credit from a fund to the personal ' +
          'account; a benefit from funds, or from money that others entrusted (代发: wages, fees, subsidies), to the bank account of the card. All in ' +
          'double entry, once for its key; once also for its person, kind, scheme, month and reference, whatever the key. After an unknown ' +
          'outcome repeat it, or ask `GET /v1/settlements?institution=agency:<region>&key=…`.',
        headers: keyHeader,
        body: MovementBody,
        response: {
          201: { ...MovementAnswer, headers: replayedHeader },
          ...problems([400, 409, 413, 415, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const key = readKey(request.headers['idempotency-key'])
      return send(reply, tell(await desk.submit(askToMove(desk, key, request.body))))
    },
  )
  serveMovementCancellation(app, desk)
  app.get(
    '/v1/movements/:id',
    {
      schema: {
        tags,
        summary: 'A movement as it stands',
        params: Closed({ id: MovementId }),
        response: { 200: MovementDetail, ...problems([400, 404, 500, 503]) },
      },
    },
    async ({ params: { id } }, reply) => {
      const rows = await desk.movements.chain(id)
      return rows
        ? reply.send(writeMovementDetail(rows))
        : sendProblem(reply, explain(refuse('movement-unknown', { movement: id })))
    },
  )
}

function serveMovementCancellation(app: App, desk: Desk): void {
  app.post(
    '/v1/movements/:id/cancellation',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Take a movement back (撤销)',
        description:
          'Mirrors its transfers in a new row; refused (`account-short`) where the personal account has been spent meanwhile. What was taken back may be ' +
          'booked again under a new key.',
        headers: keyHeader,
        params: Closed({ id: MovementId }),
        body: MovementCancellation,
        response: {
          201: { ...MovementAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const institution = agencyOf(body.region)
      const key = readKey(request.headers['idempotency-key'])
      const ask: Ask = {
        kind: 'moveBack',
        key: keyOf(desk, institution, key, { movement: params.id, ...body }),
        institution,
        movement: params.id,
      }
      return send(reply, tell(await desk.submit(ask)))
    },
  )
}
