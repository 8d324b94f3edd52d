import { switchQuickPayments } from '../../engine/quickPaymentSwitch.ts'
import type { App } from './app.ts'
import { sendProblem } from './app.ts'
import { CardReference } from './cardSchema.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { tell } from './outcome.ts'
import { complain } from './problem.ts'
import { SwitchAnswer, SwitchBody } from './quickSchema.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { Closed, problems } from './words.ts'

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
        params: Closed({ id: CardReference }),
        body: SwitchBody,
        response: {
          200: { ...SwitchAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 413, 415, 422, 500, 503]),
        },
      },
    },
    async ({ params: { id }, body, headers }, reply) => {
      const key = readKey(headers['idempotency-key'])
      const card = await desk.cards.find(id)
      if (!card) return sendProblem(reply, complain('card-not-found'))
      const { division, operator } = body.desk
      const { allowed } = body
      const named = keyOf(desk, `desk:${division}`, key, { card: card.id, ...body })
      const asked = { card: card.id, owner: card.owner, division, operator, allowed }
      const outcome = await desk.submit(switchQuickPayments(named, asked, desk.cards.places))
      if (outcome.kind !== 'entered') return send(reply, tell(outcome))
      if (outcome.replayed) reply.header('Idempotency-Replayed', 'true')
      return reply.send(outcome.result as unknown as SwitchAnswer)
    },
  )
}
