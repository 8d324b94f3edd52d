import type { Ask, Key } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import type { App } from './app.ts'
import { KeyText } from './claimSchema.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { tell } from './outcome.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { ReversalAnswer } from './settlementSchema.ts'
import { Closed, Institution, PersonId, problems } from './words.ts'

const ReversalBody = Closed({
  institution: Institution,
  key: { ...KeyText, description: 'The key of the request whose outcome is unknown' },
  person: PersonId,
})

/** What the key of a reversal keeps: the key of the original, and whose it was. */
export interface Reversed {
  readonly reverses: string
  readonly person: string
}

export const askToReverse = (key: Key, { reverses, person }: Reversed): Ask => ({
  kind: 'reverse',
  key,
  institution: key.institution,
  original: { institution: key.institution, key: reverses },
  person,
  // What was asked of a bank is given back where its settlement is undone, and in no other way.
  takeBack: () => refuse('original-differs', { key: reverses }),
})

/** Reversal (冲正, 2601): for whoever never learned what became of a request. */
export function serveReversals(app: App, desk: Desk): void {
  app.post(
    '/v1/reversals',
    {
      onRequest: requireKey,
      schema: {
        tags: ['settlements'],
        summary: 'Reverse a request whose outcome is unknown (冲正)',
        description:
          'Turns back a settlement, or restores what a cancellation undid, by the key of the original request. It works when the ' +
          'original never arrived (then it never will: a late arrival is refused), is still on its way, or was settled; asked ' +
          'twice, the second answer is the first. To undo a settlement that is known, cancel it.',
        headers: keyHeader,
        body: ReversalBody,
        response: {
          201: { ...ReversalAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const { institution, person } = request.body
      const original = readKey(request.body.key)
      const key = readKey(request.headers['idempotency-key'])
      const reversed = { reverses: original, person }
      const ask = askToReverse(keyOf(desk, institution, key, reversed), reversed)
      return send(reply, tell(await desk.submit(ask)))
    },
  )
}
