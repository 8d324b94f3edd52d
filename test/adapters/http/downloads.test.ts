import { once } from 'node:events'
import http from 'node:http'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { bodyOf, Downloads } from '../../../adapters/http/downloads.ts'

test('who has gone before their download is begun leaves none under way', async () => {
  const app = fastify()
  const downloads = new Downloads(app)
  const arrived = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<AbortSignal>()
  app.addHook('onRequest', async (_request, { raw }) => {
    const gone = once(raw, 'close')
    arrived.resolve()
    await gone
  })
  app.get('/', async (request, reply) => {
    const over = downloads.begin(request, reply)
    begun.resolve(over)
    return reply.send(bodyOf(neverEnding(), over))
  })
  const request = http.get(await app.listen({ port: 0 }))
  request.on('error', () => {})
  await arrived.promise
  request.destroy()
  expect((await begun.promise).aborted).toBe(true)
  expect(downloads.count).toBe(0)
  await app.close()
})

async function* neverEnding(): AsyncGenerator<string> {
  for (;;) yield 'more '
}
