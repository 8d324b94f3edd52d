// The example of docs/region-protocol is sent to a real door and read by a real line: each byte of it, and no other.
import { readFileSync } from 'node:fs'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { sandboxRegionKey } from '../../../adapters/crypto/regionKeys.ts'
import { readJson } from '../../../adapters/http/json.ts'
import { explain } from '../../../adapters/http/problem.ts'
import { Problem } from '../../../adapters/http/words.ts'
import type { RegionDirectory } from '../../../adapters/region/directory.ts'
import { lonelyDirectory } from '../../../adapters/region/directoryFile.ts'
import { openLines } from '../../../adapters/region/line.ts'
import { askForm, replyForm } from '../../../adapters/region/messageForms.ts'
import { serveRegions } from '../../../adapters/region/server.ts'
import { sentAt } from '../../docs/regionExample.ts'
import { noncesHere, openStranger, seals } from './support.ts'

interface Message {
  readonly headers: Record<string, string>
  readonly body: string
}

/** The messages of a page, read as a reader would. */
const messagesOf = (page: string): Message[] =>
  [...readFileSync(page, 'utf8').matchAll(/```http\n[^\n]+\n([^]*?)\n\n([^]*?)\n```/g)].map(
    ([, headers = '', body = '']) => ({
      headers: Object.fromEntries(
        headers.split('\n').map((line) => line.split(': ') as [string, string]),
      ),
      body,
    }),
  )

const sandbox = (own: string, other: string, url: string): RegionDirectory => {
  const keys = { open: sandboxRegionKey, sandbox: sandboxRegionKey }
  const { publicKey, id } = sandboxRegionKey(other)
  return {
    ...lonelyDirectory({ mode: 'sandbox', served: [own], known: () => undefined, keys }),
    partners: new Map([
      [
        other,
        {
          division: other,
          name: other,
          province: other,
          divisions: [other],
          url: new URL(url),
          keys: [{ id, publicKey, from: '2026-01-01' as never, revoked: false }],
          atOnce: 1,
          waiting: 1,
          together: 1,
          timeOut_ms: 10_000,
        },
      ],
    ]),
  }
}

test.each(['docs/region-protocol.md', 'docs/region-protocol.zh-CN.md'])(
  'the request of %s is let in, and its answer is taken for it',
  async (page) => {
    const [request, reply] = messagesOf(page) as [Message, Message]
    const answers = replyForm((refusal) => explain(refusal).message)
    const told = answers.read(JSON.parse(reply.body), true)
    const asked = askForm.read(JSON.parse(request.body), true)
    const app = fastify()
    app.addSchema(Problem)
    await serveRegions(app, {
      directory: sandbox('440100', '510100', 'http://127.0.0.1:9'),
      seals,
      readJson,
      nonces: noncesHere(),
      desk: {
        answer: async (...what) => (expect(what).toEqual(['510100', asked, '440100']), told),
      },
      explain: (refusal) => explain(refusal).message,
      now: () => sentAt + 50,
      closing: () => false,
      count: () => undefined,
    })
    const { method, url } = { method: 'POST', url: '/region/v1/messages' } as const
    const answered = await app.inject({
      method,
      url,
      headers: request.headers,
      payload: request.body,
    })
    const { 'region-signature': _, ...headers } = reply.headers
    expect(answered.statusCode).toBe(200)
    expect(answered.body).toBe(reply.body)
    expect(answered.headers).toMatchObject({ ...headers, 'content-type': expect.anything() })
    await app.close()

    const region = await openStranger((_request, response) =>
      response.writeHead(200, reply.headers).end(reply.body),
    )
    const lines = openLines({
      directory: sandbox('510100', '440100', region.url),
      seals,
      readJson,
      now: () => sentAt,
      newNonce: () => request.headers['region-nonce'] as string,
      count: () => undefined,
      onBreaker: () => undefined,
    })
    expect(await lines.from('510100').ask('440100', asked)).toEqual(told)
    lines.close()
    await region.close()
  },
)
