// Messages that go in one envelope: who goes with whom, and what becomes of each.
import { afterEach, describe, expect, test } from 'vitest'
import { batchesPath, messagesPath } from '../../../adapters/region/envelope.ts'
import { Turnstile } from '../../../adapters/region/turnstile.ts'
import { type RegionAsk, RegionFault, type RegionReply } from '../../../engine/awayClaim.ts'
import { parseDay } from '../../../engine/day.ts'
import { parseYuan as yuan } from '../../../engine/money.ts'
import { awayClaim, split } from './examples.ts'
import { amounts, settled, signed, textOf } from './forged.ts'
import { type Handler, lineTo, openStranger } from './support.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const opened = <T extends { close(): unknown }>(one: T): T => {
  closing.push(() => one.close())
  return one
}

type Wire = Record<string, unknown>

/** What was sent in each envelope, in the order in which they came. */
interface Envelope {
  readonly path: string | undefined
  readonly messages: readonly Wire[]
}

const messagesIn = (sent: Buffer): readonly Wire[] => {
  const json = JSON.parse(sent.toString()) as Wire & { messages?: readonly Wire[] }
  return json.messages ?? [json]
}

/** Answers each message in its place. */
const inPlace = (sent: Buffer, answerTo: (message: Wire, at: number) => object): string => {
  const replies = messagesIn(sent).map((message, at) => ({
    reference: message['reference'],
    ...answerTo(message, at),
  }))
  return JSON.stringify(
    'messages' in (JSON.parse(sent.toString()) as object) ? { replies } : replies[0],
  )
}

const absent: Handler = signed((_, sent) => ({ body: inPlace(sent, () => ({ kind: 'absent' })) }))

/** A region that notes what comes and answers as it is told to, no sooner than it may. */
async function region(handle: Handler = absent, until: Promise<unknown> = Promise.resolve()) {
  const envelopes: Envelope[] = []
  const stranger = opened(
    await openStranger(async (request, response, sent) => {
      envelopes.push({ path: request.url, messages: messagesIn(sent) })
      await until
      handle(request, response, sent)
    }),
  )
  return { url: stranger.url, envelopes }
}

const query = (n: number): RegionAsk => ({ kind: 'query', reference: `H1 ${n}` })
const settle = (n: number): RegionAsk => ({
  kind: 'settle',
  reference: `H1 ${n}`,
  claim: awayClaim,
})

const several = (count: number, of: (n: number) => RegionAsk): RegionAsk[] =>
  Array.from({ length: count }, (_, n) => of(n))

type Line = ReturnType<typeof lineTo>['line']

/** The kind of each answer, or of the fault that came instead. */
const toldOf = async (line: Line, asks: readonly RegionAsk[], within_ms?: number) =>
  Promise.all(
    asks.map(async (asked) =>
      line.ask('440100', asked, within_ms).then(
        ({ kind }) => kind,
        (fault: RegionFault) => fault.kind,
      ),
    ),
  )

const repeated = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)

describe('who goes together', () => {
  test('a message goes alone where nothing else is asked, as it does to a region that takes one', async () => {
    const { url, envelopes } = await region()
    const { line } = opened(lineTo(url, { together: 8 }))
    for (const n of [1, 2, 3]) await line.ask('440100', query(n))
    expect(envelopes.map(({ path }) => path)).toEqual(repeated(3, messagesPath))
    const one = opened(lineTo(url, { together: 1, atOnce: 4, waiting: 10 }))
    expect(await toldOf(one.line, several(6, query))).toEqual(repeated(6, 'absent'))
    expect(envelopes.map(({ path }) => path)).toEqual(repeated(9, messagesPath))
  })

  test('what is asked in one turn goes in one envelope, up to as many as the region takes', async () => {
    const { url, envelopes } = await region()
    const { line, counted } = opened(lineTo(url, { together: 8 }))
    expect(await toldOf(line, several(10, query))).toEqual(repeated(10, 'absent'))
    expect(envelopes.map(({ path, messages }) => [path, messages.length])).toEqual([
      [batchesPath, 8],
      [batchesPath, 2],
    ])
    expect(counted.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(
      repeated(10, 'query absent'),
    )
  })

  test('what comes while every place is taken goes together once one is free', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line } = opened(lineTo(url, { together: 8, atOnce: 1, waiting: 10 }))
    const told = [toldOf(line, [query(0)])]
    await expect.poll(() => envelopes).toHaveLength(1)
    for (const n of [1, 2, 3]) {
      told.push(toldOf(line, [query(n)]))
      await new Promise(setImmediate)
    }
    resolve()
    expect((await Promise.all(told)).flat()).toEqual(repeated(4, 'absent'))
    expect(envelopes.map(({ messages }) => messages.length)).toEqual([1, 3])
  })

  test('more than may wait are told so at once, and the others go', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line, hasRoom } = opened(lineTo(url, { together: 8, atOnce: 1, waiting: 3 }))
    const first = toldOf(line, [query(0)])
    await expect.poll(() => envelopes).toHaveLength(1)
    const others = toldOf(line, several(5, query))
    expect(hasRoom()).toBe(false)
    resolve()
    expect([await first, await others]).toEqual([
      ['absent'],
      [...repeated(3, 'absent'), 'unsent', 'unsent'],
    ])
  })

  test('whoever finds no place in time never leaves, and the others go without them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line } = opened(lineTo(url, { together: 8, atOnce: 1 }))
    const first = toldOf(line, [query(0)])
    await expect.poll(() => envelopes).toHaveLength(1)
    const other = toldOf(line, [query(1)])
    expect(await toldOf(line, [query(2)], 30)).toEqual(['unsent'])
    resolve()
    expect([await first, await other]).toEqual([['absent'], ['absent']])
    expect(envelopes[1]?.messages).toEqual([{ kind: 'query', reference: 'H1 1' }])
  })

  test('a statement goes alone, for it is long', async () => {
    const { url, envelopes } = await region(
      signed((_, sent) => ({
        body: inPlace(sent, ({ kind }) =>
          kind === 'statement' ? { kind: 'statement', rows: [] } : { kind: 'absent' },
        ),
      })),
    )
    const { line } = opened(lineTo(url, { together: 8 }))
    const [from, until] = [parseDay('2026-03-01'), parseDay('2026-03-02')]
    const statement: RegionAsk = { kind: 'statement', from, until, limit: 10 }
    await toldOf(line, [query(1), statement, query(2)])
    expect(envelopes.map(({ messages }) => messages.map(({ kind }) => kind))).toEqual(
      expect.arrayContaining([['query', 'query'], ['statement']]),
    )
  })

  test('only those of one sender, up to a mebibyte, and whoever is to go alone does', async () => {
    const sent: string[][] = []
    const limits = { atOnce: 9, waiting: 9, together: 3 }
    const turnstile = new Turnstile<{ company: string | undefined; bytes: number; name: string }>(
      limits,
      async (together) => void sent.push(together.map(({ name }) => name)),
    )
    const enter = (name: string, company: string | undefined, bytes = 1) =>
      turnstile.enter({ company, bytes, name }, 1_000)
    await Promise.all([
      enter('A1', 'A'),
      enter('try', undefined),
      enter('B1', 'B'),
      enter('A2', 'A'),
      enter('A3', 'A'),
      enter('A4', 'A', 1_000_000),
      enter('A5', 'A', 100_000),
      enter('A6', 'A', 2_000_000),
    ])
    expect(sent).toEqual([['A1', 'A2', 'A3'], ['try'], ['B1'], ['A4'], ['A5'], ['A6']])
  })
})

/** Settlements in one envelope, of which the second is answered otherwise. */
const secondAnswered = (answer: (message: Wire) => object): Handler =>
  signed((_, sent) => ({
    body: inPlace(sent, (message, at) =>
      at === 1 ? answer(message) : (JSON.parse(textOf(settled)) as object),
    ),
  }))

const problem = (status: number, code: string) => ({ status, code, title: 'x', facts: {} })

describe('what becomes of each', () => {
  test.each<[what: string, answer: (message: Wire) => object]>([
    [
      'the answer to another claim',
      () => JSON.parse(amounts({ total: yuan('301.00') })) as object,
    ],
    ['an answer under another name', () => ({ ...JSON.parse(textOf(settled)), reference: 'H1 7' })],
    ['an answer without a name', () => ({ ...JSON.parse(textOf(settled)), reference: undefined })],
    ['an answer to another question', () => ({ kind: 'absent' })],
    ['a kind of nobody', () => ({ kind: 'bribed' })],
    ['a problem of its own', () => problem(403, 'care-region-differs')],
    ['that they are busy', () => problem(503, 'busy')],
  ])('%s harms nobody but whoever is answered so', async (_, answer) => {
    const { url, envelopes } = await region(secondAnswered(answer))
    const { line, states } = opened(lineTo(url, { together: 8, breaker: { failures: 1 } }))
    expect(await toldOf(line, several(3, settle))).toEqual(['settled', 'bad-answer', 'settled'])
    expect(envelopes).toHaveLength(1)
    expect(states).toEqual([0])
  })

  test.each<[what: string, body: (sent: Buffer) => string]>([
    ['too few answers', () => JSON.stringify({ replies: repeated(2, { kind: 'absent' }) })],
    ['too many answers', () => JSON.stringify({ replies: repeated(4, { kind: 'absent' }) })],
    ['no answers', () => '{"replies":{}}'],
    ['one answer to all', () => textOf(settled)],
    ['nothing', () => 'null'],
    ['no JSON', () => '{"replies":['],
    [
      'their answers in another order',
      (sent) =>
        JSON.stringify({
          replies: messagesIn(sent)
            .map(({ reference }) => ({ reference, ...(JSON.parse(textOf(settled)) as object) }))
            .toReversed()
            .map((one, at) => (at === 1 ? { ...one, reference: 'H1 9' } : one)),
        }),
    ],
    ['nonsense in each place', () => JSON.stringify({ replies: [null, [], 'settled'] })],
    [
      'that it is busy in each place',
      (sent) => inPlace(sent, () => problem(503, 'busy')),
    ],
  ])('%s is an answer to none, and counts against the region once', async (_, body) => {
    const { url } = await region(signed((_q, sent) => ({ body: body(sent) })))
    const { line, states } = opened(lineTo(url, { together: 8, breaker: { failures: 2 } }))
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'bad-answer'))
    expect(states).toEqual([0])
    expect(await toldOf(line, several(3, settle))).toEqual(repeated(3, 'bad-answer'))
    expect(states).toEqual([0, 2])
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

  test('whoever can wait less than the others hears sooner that nobody knows', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { url, envelopes } = await region(absent, promise)
    const { line } = opened(lineTo(url, { together: 8, timeOut_ms: 5_000 }))
    const patient = toldOf(line, [query(1), query(2)])
    const began = performance.now()
    expect(await toldOf(line, [query(3)], 100)).toEqual(['lost'])
    expect(performance.now() - began).toBeLessThan(2_000)
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
      { kind: 'refused', refusal: { code: 'person-unknown', facts: {} } },
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
