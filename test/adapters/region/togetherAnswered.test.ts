// Messages that go in one envelope: what becomes of each.
import net from 'node:net'
import { describe, expect, test } from 'vitest'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { parseYuan as yuan } from '../../../engine/money.ts'
import { refuse } from '../../../engine/refusal.ts'
import {
  absent,
  inPlace,
  messagesIn,
  opened,
  query,
  region,
  repeated,
  settle,
  several,
  toldOf,
  type Wire,
} from './envelopes.ts'
import { split } from './examples.ts'
import { amounts, settled, signed, textOf } from './forged.ts'
import { type Handler, lineTo } from './support.ts'

const one = JSON.parse(textOf(settled)) as object

/** Settlements in one envelope, of which the second is answered otherwise. */
const secondAnswered = (answer: (message: Wire) => unknown): Handler =>
  signed((_, sent) => ({
    body: JSON.stringify({
      replies: messagesIn(sent).map((message, at) =>
        at === 1 ? answer(message) : { position: at, reference: message['reference'], reply: one },
      ),
    }),
  }))

/** Each of them settled. */
const repliesTo = (messages: readonly Wire[]): string =>
  JSON.stringify({
    replies: messages.map(({ reference }, position) => ({ position, reference, reply: one })),
  })

const refused = JSON.parse(textOf({ kind: 'refused', refusal: refuse('person-unknown') })) as object
const identify = (n: number): RegionAsk => ({
  kind: 'identify',
  credential: { type: 'card', number: `D${n}` },
})

const problem = (status: number, code: string) => ({ status, code, title: 'x', facts: {} })
/** The second one's number and name, which tests ask about. */
const under =
  (told: object) =>
  ({ reference }: Wire, position = 1) => ({ position, reference, ...told })

describe('what becomes of each', () => {
  test.each<[what: string, answer: (message: Wire) => unknown]>([
    [
      'the answer to another claim',
      under({ reply: JSON.parse(amounts({ total: yuan('301.00') })) as object }),
    ],
    ['an answer under another name', () => ({ position: 1, reference: 'H1 7', reply: one })],
    ['an answer without a name', () => ({ position: 1, reply: one })],
    ['an answer without a number', ({ reference }) => ({ reference, reply: one })],
    ['an answer under another number', ({ reference }) => ({ position: 0, reference, reply: one })],
    ['an answer to another question', under({ reply: { kind: 'absent' } })],
    ['a kind of nobody', under({ reply: { kind: 'bribed' } })],
    ['a name and no answer', under({})],
    ['an answer that is not in its place', under(one)],
    ['nothing', () => null],
    ['a problem of its own', under({ problem: problem(403, 'care-region-differs') })],
    [
      'an answer and a problem',
      under({ reply: one, problem: problem(403, 'care-region-differs') }),
    ],
    ['a problem that is none', under({ problem: null })],
    ['that they are busy', under({ problem: problem(503, 'busy') })],
  ])('%s harms nobody but whoever is answered so', async (_, answer) => {
    const { url, envelopes } = await region(secondAnswered(answer))
    const { line, states } = opened(lineTo(url, { together: 8, breaker: { failures: 1 } }))
    expect(await toldOf(line, several(3, settle))).toEqual(['settled', 'bad-answer', 'settled'])
    expect(envelopes).toHaveLength(1)
    expect(states).toEqual([0])
  })

  test.each<[what: string, body: (sent: Buffer) => string]>([
    ['too few answers', (sent) => repliesTo(messagesIn(sent).slice(1))],
    ['too many answers', (sent) => repliesTo([...messagesIn(sent), ...messagesIn(sent)])],
    ['no answers', () => '{"replies":{}}'],
    ['one answer to all', () => textOf(settled)],
    ['nothing', () => 'null'],
    ['no JSON', () => '{"replies":['],
    [
      'each answer in the place of another',
      (sent) => {
        const [first, ...others] = messagesIn(sent) as [Wire, ...Wire[]]
        return repliesTo([...others, first])
      },
    ],
    ['nonsense in each place', () => JSON.stringify({ replies: [null, [], 'settled'] })],
  ])('%s is an answer to none, and counts against the region once', async (_, body) => {
    const { url } = await region(signed((_q, sent) => ({ body: body(sent) })))
    const { line, states } = opened(lineTo(url, { together: 8, breaker: { failures: 2 } }))
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'bad-answer'))
    expect(states).toEqual([0])
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'bad-answer'))
    expect(states).toEqual([0, 2])
  })

  test('a region that says of each that it is busy is there: nothing counts against it', async () => {
    const { url } = await region(
      signed((_, sent) => ({
        body: JSON.stringify({
          replies: messagesIn(sent).map(under({ problem: problem(503, 'busy') })),
        }),
      })),
    )
    const { line, states } = opened(lineTo(url, { together: 8, breaker: { failures: 1 } }))
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'bad-answer'))
    expect(states).toEqual([0])
  })

  test('answers without a name that have changed places are answers to none', async () => {
    const { url } = await region(
      signed((_, sent) => {
        const replies = messagesIn(sent).map((_m, position) => ({ position, reply: refused }))
        return { body: JSON.stringify({ replies: replies.toReversed() }) }
      }),
    )
    const { line } = opened(lineTo(url, { together: 8 }))
    expect(await toldOf(line, several(2, identify))).toEqual(repeated(2, 'bad-answer'))
    const right = await region(signed((_, sent) => ({ body: inPlace(sent, () => refused) })))
    const other = opened(lineTo(right.url, { together: 8 }))
    expect(await toldOf(other.line, several(2, identify))).toEqual(repeated(2, 'refused'))
  })

  test('an envelope that is turned away says of each that it is no answer, and nothing against the region', async () => {
    const { url } = await region(
      signed({ status: 401, body: JSON.stringify(problem(401, 'clock-differs')) }),
    )
    const { line, states } = opened(lineTo(url, { together: 8, breaker: { failures: 1 } }))
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'bad-answer'))
    expect(states).toEqual([0])
  })

  test('a region that does not know of envelopes with several messages has not answered any of them', async () => {
    const { url, envelopes } = await region((_, response) => response.writeHead(404).end())
    const { line, states } = opened(lineTo(url, { together: 8, breaker: { failures: 1 } }))
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'bad-answer'))
    expect([envelopes.length, states]).toEqual([1, [0, 2]])
  })

  test('where the line breaks each may have happened, and where nobody listens none has', async () => {
    const { url } = await region((request) => void request.socket.resetAndDestroy())
    const broken = opened(lineTo(url, { together: 8 }))
    expect(await toldOf(broken.line, several(3, settle))).toEqual(repeated(3, 'lost'))
    const nowhere = opened(lineTo('http://127.0.0.1:9', { together: 8 }))
    expect(await toldOf(nowhere.line, several(3, settle))).toEqual(repeated(3, 'unsent'))
  })

  test('where no connection comes about in time none has left', async () => {
    const silent = net.createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    opened({ close: () => silent.close() })
    const { port } = silent.address() as net.AddressInfo
    const { line } = opened(lineTo(`https://127.0.0.1:${port}`, { together: 8, timeOut_ms: 150 }))
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'unsent'))
  })

  test('whoever can wait less than the others hears sooner that nobody knows', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line } = opened(lineTo(url, { together: 8, timeOut_ms: 5_000 }))
    const patient = toldOf(line, [query(1), query(2)])
    const began = performance.now()
    expect(await toldOf(line, [query(3)], 1_000)).toEqual(['lost'])
    expect(performance.now() - began).toBeLessThan(4_000)
    expect(envelopes.map(({ messages }) => messages.length)).toEqual([3])
    resolve()
    expect(await patient).toEqual(['absent', 'absent'])
  })

  test('an answer to several may be longer than an answer to one, and not without end', async () => {
    const blank = ' '.repeat(1_500_000)
    const { url } = await region(
      signed((_, sent) => ({ body: inPlace(sent, () => ({ kind: 'absent', blank })) })),
    )
    const { line } = opened(lineTo(url, { together: 64, waiting: 64 }))
    expect(await toldOf(line, [query(1)])).toEqual(['bad-answer'])
    const asked = several(20, (n) => query(n))
    expect(await toldOf(line, asked)).toEqual(repeated(20, 'bad-answer'))
    const two: Handler = signed((_, sent) => ({
      body: inPlace(sent, (_m, at) => ({ kind: 'absent', ...(at === 0 && { blank }) })),
    }))
    const other = opened(lineTo((await region(two)).url, { together: 8 }))
    expect(await toldOf(other.line, several(2, query))).toEqual(['absent', 'absent'])
  })

  test('each hears what was answered to it, and of a refusal its own words', async () => {
    const replies: RegionReply[] = [
      { kind: 'settled', settlement: 'S1', postedAt: 0, split },
      { kind: 'refused', refusal: refuse('person-unknown') },
      { kind: 'open' },
    ]
    const { url } = await region(
      signed((_, sent) => ({
        body: inPlace(sent, (_m, at) => JSON.parse(textOf(replies[at] as RegionReply)) as object),
      })),
    )
    const { line } = opened(lineTo(url, { together: 8 }))
    const told = await Promise.all(several(3, settle).map((one) => line.ask('440100', one)))
    expect(told).toEqual(replies)
  })
})
