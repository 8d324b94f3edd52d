// What a region may answer that is no answer (faults F21): each is a RegionFault, nothing is followed, little is read.
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { names } from '../../../adapters/region/envelope.ts'
import { RegionFault, type RegionReply } from '../../../engine/awayClaim.ts'
import { parseYuan as yuan } from '../../../engine/money.ts'
import { preview, query, settle, split } from './examples.ts'
import { amounts, answerOf, changed, emptyId, good, settled, signed, textOf } from './forged.ts'
import {
  chengdu,
  early,
  guangzhou,
  type Handler,
  late,
  lineTo,
  openStranger,
  pairOf,
  revoked,
  start_ms,
} from './support.ts'

const bomb = gzipSync(Buffer.alloc(100_000_000))

let elsewhere: Awaited<ReturnType<typeof openStranger>>
beforeAll(async () => {
  elsewhere = await openStranger(signed())
})
afterAll(() => elsewhere.close())

/** The answer to a request of before, as somebody on the line may have kept it. */
const kept: ReturnType<typeof answerOf>[] = []

const nonsense: [what: string, kind: RegionFault['kind'], handle: Handler][] = [
  [
    'a page',
    'bad-answer',
    (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<h1>502</h1>'),
  ],
  [
    'a page that calls itself JSON',
    'bad-answer',
    (_, r) => r.writeHead(200, { 'content-type': 'application/json' }).end('<h1>'),
  ],
  ['no content', 'bad-answer', (_, r) => r.writeHead(204).end()],
  ['nothing in it', 'bad-answer', signed({ body: '' })],
  ['half of the JSON, signed', 'bad-answer', signed({ body: good.slice(0, 200) })],
  ['half of what was signed', 'bad-answer', changed(() => ({ body: good.slice(0, -1) }))],
  [
    'less than was announced',
    'lost',
    (q, r, sent) => {
      const { headers } = answerOf(q, sent)
      r.writeHead(200, { ...headers, 'content-length': good.length }).write(good.slice(0, 100))
      setTimeout(() => r.destroy(), 20)
    },
  ],
  [
    'no signature',
    'bad-answer',
    changed((headers) => ({
      headers: Object.entries(headers).flatMap(([name, value]) =>
        name === names.signature ? [] : [name, value],
      ),
    })),
  ],
  ['a signature of nothing', 'bad-answer', signed({ sign: () => '0'.repeat(128) })],
  [
    'a signature in capitals',
    'bad-answer',
    signed({ sign: (b) => guangzhou.sign(b).toUpperCase() }),
  ],
  ['a signature and a byte', 'bad-answer', signed({ sign: (b) => `${guangzhou.sign(b)}00` })],
  ['a signature with an empty user id', 'bad-answer', signed({ sign: emptyId })],
  [
    'a signature of a key that nobody gave',
    'bad-answer',
    signed({ key: pairOf('440100', guangzhou.id) }),
  ],
  ["the requester's own signature", 'bad-answer', signed({ key: chengdu })],
  [
    "the requester's own key under the region's id",
    'bad-answer',
    signed({ key: { ...chengdu, id: guangzhou.id } }),
  ],
  ['a key that was given up', 'bad-answer', signed({ key: revoked })],
  ['a key that is good next month', 'bad-answer', signed({ key: early })],
  ['a key that was good last month', 'bad-answer', signed({ key: late })],
  [
    'another amount than was signed',
    'bad-answer',
    changed(() => ({ body: good.replace('132.00', '232.00') })),
  ],
  [
    'the answer to a request of before',
    'bad-answer',
    (q, r, sent) => {
      kept.push(answerOf(q, sent))
      const { headers, body } = kept[0] as ReturnType<typeof answerOf>
      if (kept.length > 1) r.writeHead(200, headers).end(body)
      else r.destroy()
    },
  ],
  ['the answer to another claim', 'bad-answer', signed({ request: { digest: sm3Hex('another') } })],
  [
    'an answer under another reference',
    'bad-answer',
    signed({ envelope: { reference: 'H51010000001 other' } }),
  ],
  ['an answer of another region', 'bad-answer', signed({ envelope: { sender: '310100' } })],
  ['an answer for another region', 'bad-answer', signed({ envelope: { receiver: '510700' } })],
  ['a version that is too new', 'bad-answer', signed({ envelope: { version: '2' } })],
  [
    'a clock that is ten minutes behind',
    'bad-answer',
    signed({ envelope: { created: start_ms - 600_000 } }),
  ],
  [
    'a clock that is ten minutes ahead',
    'bad-answer',
    signed({ envelope: { created: start_ms + 600_000 } }),
  ],
  [
    'a field that is given twice',
    'bad-answer',
    signed({ body: good.replace('"total":', '"total":"1.00","total":') }),
  ],
  [
    'amounts that are numbers',
    'bad-answer',
    signed({ body: good.replaceAll(/"(\d+\.\d\d)"/g, '$1') }),
  ],
  ['a kind of nobody', 'bad-answer', signed({ body: '{"kind":"bribed"}' })],
  [
    'the answer to another question',
    'bad-answer',
    signed({ body: textOf({ kind: 'previewed', split }) }),
  ],
  [
    'that nothing is known of what was just asked',
    'bad-answer',
    signed({ body: textOf({ kind: 'absent' }) }),
  ],
  [
    'that it is settled and undone',
    'bad-answer',
    signed({ body: textOf({ ...settled, undone: true } as RegionReply) }),
  ],
  ['another total', 'bad-answer', signed({ body: amounts({ total: yuan('301.00') }) })],
  [
    'funds that are not their sum',
    'bad-answer',
    signed({ body: amounts({ fundTotal: yuan('133.00') }) }),
  ],
  ['more cash than is left', 'bad-answer', signed({ body: amounts({ cash: yuan('119.00') }) })],
  [
    'another bill of the same total',
    'bad-answer',
    signed({
      body: amounts({ overLimit: yuan('9.00'), firstSelfPay: yuan('27.00') }),
    }),
  ],
  [
    'a refusal without words',
    'bad-answer',
    signed({ body: '{"kind":"refused","refusal":{"code":"x","facts":{}}}' }),
  ],
  ['ten megabytes', 'bad-answer', signed({ body: Buffer.alloc(10_000_000, ' ') })],
  [
    'ten megabytes without saying how many',
    'bad-answer',
    async (q, r, sent) => {
      r.writeHead(200, answerOf(q, sent).headers)
      for (let i = 0; i < 1_000 && !r.destroyed; i++)
        if (!r.write(Buffer.alloc(10_000, ' '))) await sleep(1)
      r.end()
    },
  ],
  [
    'a byte a second',
    'lost',
    async (q, r, sent) => {
      r.writeHead(200, answerOf(q, sent).headers)
      for (const byte of good) {
        if (r.destroyed) return
        r.write(byte)
        await sleep(100)
      }
    },
  ],
  ['nothing at all, for ever', 'lost', () => undefined],
  ['the end of the line', 'lost', (q) => void q.socket.destroy()],
  ['no HTTP', 'bad-answer', (q) => void q.socket.end('Good morning!\r\n\r\n')],
  [
    'headers without end',
    'bad-answer',
    (q) => void q.socket.end(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}\r\n`),
  ],
  [
    'the way to another host',
    'bad-answer',
    (q, r, sent) =>
      r
        .writeHead(307, {
          ...answerOf(q, sent).headers,
          location: `${elsewhere.url}/region/v1/messages`,
        })
        .end(good),
  ],
  [
    "the way to the machine's own secrets",
    'bad-answer',
    (_, r) => r.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  ],
  [
    'the way there, with 200',
    'bad-answer',
    (_, r) => r.writeHead(200, { location: elsewhere.url }).end(),
  ],
  [
    'a bomb of gzip',
    'bad-answer',
    (q, r, sent) =>
      r.writeHead(200, { ...answerOf(q, sent).headers, 'content-encoding': 'gzip' }).end(bomb),
  ],
  ['JSON under another name', 'bad-answer', signed({ more: { 'content-type': 'text/plain' } })],
  ['500 with what looks like an answer, signed', 'bad-answer', signed({ status: 500 })],
  ['201 with what looks like an answer, signed', 'bad-answer', signed({ status: 201 })],
  ['200 under the signature of a 500', 'bad-answer', changed(() => ({}), { status: 500 })],
  [
    'a header that is there twice',
    'bad-answer',
    changed((headers) => ({
      headers: Object.entries({ ...headers }).flatMap(([name, value]) =>
        name === names.sender ? [name, value, name, value] : [name, value],
      ),
    })),
  ],
  [
    'letters that are no UTF-8',
    'bad-answer',
    signed({ body: Buffer.concat([Buffer.from(good), Buffer.from([0xff])]) }),
  ],
  ['a mark before the JSON', 'bad-answer', signed({ body: `\ufeff${good}` })],
]

describe('an answer that is none', () => {
  test.each(nonsense)('%s', async (_, kind, handle) => {
    const stranger = await openStranger(handle)
    const { line, close, counted } = lineTo(stranger.url, {
      timeOut_ms: kind === 'lost' ? 1_500 : 9_000,
    })
    try {
      const began = performance.now()
      if (handle === nonsense.find(([what]) => what.includes('of before'))?.[2])
        await line.ask('440100', settle).catch(() => undefined)
      const before = process.memoryUsage().rss
      const fault = await line.ask('440100', settle).catch((error: unknown) => error)
      expect(fault).toBeInstanceOf(RegionFault)
      expect(fault).toMatchObject({ kind })
      expect(performance.now() - began).toBeLessThan(10_000)
      expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
      expect(counted.at(-1)).toMatchObject({ direction: 'out', region: '440100', outcome: kind })
      // Nothing of the answer or of the claim is told on.
      expect(JSON.stringify([(fault as Error).message])).not.toMatch(/440199|CT平扫/)
    } finally {
      close()
      await stranger.close()
    }
  })

  test('is never looked for at another host', () => {
    expect(elsewhere.hits()).toBe(0)
  })
})

test('what is changed above is all that is wrong: the answer itself is taken', async () => {
  const stranger = await openStranger(
    signed(({ headers }) =>
      headers[names.reference] === undefined ? { body: textOf({ kind: 'previewed', split }) } : {},
    ),
  )
  const { line, close } = lineTo(stranger.url)
  expect(await line.ask('440100', settle)).toEqual(settled)
  expect(await line.ask('440100', query)).toEqual(settled)
  expect(await line.ask('440100', preview)).toEqual({ kind: 'previewed', split })
  close()
  await stranger.close()
})
