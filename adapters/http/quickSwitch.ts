import { Type } from 'typebox'
import { switchQuickPayments } from '../../engine/quickPaymentSwitch.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { tell } from './outcome.ts'
import { explain } from './problem.ts'
import { noKeysHere } from './quickPayments.ts'
import { SwitchBody } from './quickSchema.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { Closed, Code, problems } from './words.ts'

/** The holder's own word on payments without PIN. */
export function serveQuickSwitch(app: App, desk: Desk): void {
  app.post(
    '/v1/cards/:id/quick-payments',
    {
      onRequest: requireKey,
      schema: {
        tags: ['quick payments'],
        summary: 'Switch payments without PIN on or off for a card (开通、关闭小额免密)',
        headers: keyHeader,
        params: Closed({ id: Code('The card, by its id', '0'.repeat(32), 32) }),
        body: SwitchBody,
        response: {
          200: {
            ...Closed({ card: Type.String(), allowed: Type.Boolean() }),
            headers: replayedHeader,
          },
          ...problems([400, 409, 413, 415, 422, 500, 503]),
        },
      },
    },
    async ({ params: { id: card }, body, headers }, reply) => {
      const key = readKey(headers['idempotency-key'])
      if (!desk.taps) return sendProblem(reply, noKeysHere)
      const owner = await desk.taps.ownerOf(card)
      if (owner === undefined) return sendProblem(reply, explain(refuse('card-unknown')))
      const named = keyOf(desk, body.desk, key, { card, ...body })
      const outcome = await desk.submit(switchQuickPayments(named, { card, owner, ...body }))
      if (outcome.kind !== 'entered') return send(reply, tell(outcome))
      if (outcome.replayed) reply.header('Idempotency-Replayed', 'true')
      return reply.send(outcome.result as { card: string; allowed: boolean })
    },
  )
}
