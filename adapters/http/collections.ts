import { parseYuan } from '../../engine/money.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import { writeCollection, writeCollections } from './collection.ts'
import { CollectionAnswer, CollectionBody, CollectionList } from './collectionSchema.ts'
import { readKey } from './key.ts'
import type { CollectionQueries, Desk } from './needs.ts'
import { tellCancellation } from './outcome.ts'
import { explain } from './problem.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { Closed, problems, SettlementId } from './words.ts'

const tags = ['settlements']
const url = '/v1/settlements/:id/collection'
const params = Closed({ id: SettlementId })

/** Financial payment (金融支付): the cash of a settlement, from the bank account of the card. */
export function serveCollections(app: App, desk: Desk, collections: CollectionQueries): void {
  app.post(
    url,
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Collect the cash of a settlement from the bank account of the card (金融支付)',
        description:
          'The settlement stands whatever the bank says: what it refuses is paid in cash. `unknown` means that the bank did not reply in time; it is ' +
          'asked until it says what became of it, so ask again with GET or with the same key, and collect nothing twice meanwhile. A repeat tells how ' +
          'the collection stands now. Undoing the settlement gives the money back.',
        headers: keyHeader,
        params,
        body: CollectionBody,
        response: {
          201: { ...CollectionAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { institution, amount } = request.body
      const key = readKey(request.headers['idempotency-key'])
      const { outcome, collection } = await collections.collect({
        key: keyOf(desk, institution, key, { collects: id, ...request.body }),
        settlement: id,
        institution,
        ...(amount !== undefined && { amount: parseYuan(amount) }),
      })
      if (outcome.kind !== 'entered' || !collection)
        return send(reply, tellCancellation(id, outcome))
      const { replayed } = outcome
      return send(reply, { status: 201, body: writeCollection(id, collection), replayed })
    },
  )
  app.get(
    url,
    {
      schema: {
        tags,
        summary: 'What a bank collected of a settlement, and what is left to be paid at the window',
        params,
        response: { 200: CollectionList, ...problems([400, 404, 500, 503]) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const found = await collections.find(id)
      if (!found)
        return sendProblem(reply, explain(refuse('settlement-unknown', { settlement: id })))
      request.tellsOf = [found.head.content.person]
      return reply.send(writeCollections(found.head, found.collections))
    },
  )
}
