// Several messages in one envelope, as the door takes them: proved together, answered each by itself.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { batchesPath, messagesPath, names } from '../../../adapters/region/envelope.ts'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { Fault } from '../../../engine/ports.ts'
import { refuse } from '../../../engine/refusal.ts'
import { awayClaim, preview, query, settle, split } from './examples.ts'
import { batchOf, type Message, messageOf, send as sendTo, wireOf } from './messages.ts'
import { lineTo, noncesHere, openDoor, start_ms } from './support.ts'

let asked: RegionAsk[] = []
let answer: (asked: RegionAsk) => RegionReply | Promise<RegionReply> = () => ({ kind: 'absent' })
let door: Awaited<ReturnType<typeof openDoor>>
beforeAll(async () => {
  const desk = {
    answer: async (_from: string, one: RegionAsk) => {
      asked.push(one)
      return answer(one)
    },
  }
  door = await openDoor(desk, {
    nonces: noncesHere(),
    patience: { moving_ms: 200, looking_ms: 200 },
  })
})
beforeEach(() => {
  asked = []
  door.counted.length = 0
  answer = () => ({ kind: 'absent' })
})
afterAll(() => door.close())

const send = async (message: Message) => sendTo(message, door.url)
const about = (reference: string): RegionAsk => ({ kind: 'query', reference })
const three = ['A 1', 'A 2', 'A 3'].map(about)
interface Reply {
  readonly reference?: string
  readonly reply?: Record<string, unknown>
  readonly problem?: Record<string, unknown>
}
const repliesIn = (json: Record<string, unknown>) => json['replies'] as Reply[]
/** What is answered to each, with its name. */
const toldIn = (json: Record<string, unknown>) =>
  repliesIn(json).map(({ reference, reply, problem }) => ({ reference, ...reply, ...problem }))
const wires = (asks: readonly RegionAsk[]) => asks.map(wireOf)

describe('an envelope with several messages', () => {
  test('has each answered in its place and under its name, and all are asked at once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    answer = async (one) => {
      if (asked.length === 4) resolve()
      await promise
      return one.kind === 'settle'
        ? { kind: 'settled', settlement: 'S1', postedAt: start_ms, split }
        : { kind: 'absent' }
    }
    const { status, headers, json } = await send(batchOf(wires([...three, settle])))
    expect(status).toBe(200)
    expect(headers[names.reference]).toBeUndefined()
    expect(headers[names.signature]).toMatch(/^[0-9a-f]{128}$/)
    expect(repliesIn(json).map(({ reference, reply }) => [reference, reply?.['kind']])).toEqual([
      ['A 1', 'absent'],
      ['A 2', 'absent'],
      ['A 3', 'absent'],
      ['reference' in settle ? settle.reference : '', 'settled'],
    ])
    expect(asked).toEqual([...three, settle])
    expect(door.counted.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'query absent',
      'query absent',
      'query absent',
      'settle settled',
    ])
  })

  const elsewhere = {
    ...settle,
    claim: { ...awayClaim, scoped: { ...awayClaim.scoped, careRegion: '310100' } },
  } as RegionAsk
  test.each<[what: string, message: unknown, said: object]>([
    [
      'a field that is wrong',
      {
        ...wireOf(settle),
        reference: 'A 9',
        claim: { ...(wireOf(settle)['claim'] as object), mood: 1 },
      },
      { status: 400, code: 'field-invalid', reference: 'A 9', facts: { field: '/claim/mood' } },
    ],
    ['another care region', wireOf(elsewhere), { status: 403, code: 'care-region-differs' }],
    [
      'a kind of nobody',
      { kind: 'bribe', reference: 'A 9' },
      { code: 'field-invalid', reference: 'A 9' },
    ],
    ['a name that is none', { kind: 'query', reference: ' 1' }, { code: 'field-invalid' }],
    ['a batch in it', { messages: [wireOf(query)] }, { code: 'field-invalid' }],
    ['nothing', null, { code: 'field-invalid' }],
    ['a list', [], { code: 'field-invalid' }],
  ])('has a message with %s refused alone', async (_, message, said) => {
    const [first, second] = three as [RegionAsk, RegionAsk]
    const { status, json } = await send(batchOf([wireOf(first), message, wireOf(second)]))
    expect(status).toBe(200)
    expect(toldIn(json)).toMatchObject([
      { reference: 'A 1', kind: 'absent' },
      said,
      { reference: 'A 2', kind: 'absent' },
    ])
    expect(asked).toEqual([first, second])
  })

  test.each<[what: string, fault: Error, said: object]>([
    ['an error', new Error('a bug'), { status: 500, code: 'internal-error' }],
    ['a database that is away', new Fault('unavailable', 'away'), { status: 503, code: 'busy' }],
    ['an outcome that nobody knows', new Fault('unknown', 'cut'), { kind: 'open' }],
  ])('has %s of one told to that one', async (_, fault, said) => {
    answer = (one) => {
      if ('reference' in one && one.reference === 'A 2') throw fault
      return { kind: 'absent' }
    }
    const { json } = await send(batchOf(wires(three)))
    expect(toldIn(json)).toMatchObject([
      { reference: 'A 1', kind: 'absent' },
      { reference: 'A 2', ...said },
      { reference: 'A 3', kind: 'absent' },
    ])
  })

  test('does not keep the others where one takes long: that is asked for again', async () => {
    answer = async (one) => {
      if (one.kind !== 'query') await new Promise((resolve) => setTimeout(resolve, 1_000))
      return { kind: 'absent' }
    }
    const began = performance.now()
    const { json } = await send(batchOf(wires([query, settle, preview])))
    expect(performance.now() - began).toBeLessThan(900)
    expect(toldIn(json)).toMatchObject([{ kind: 'absent' }, { kind: 'open' }, { code: 'busy' }])
  })
})

describe('an envelope is one', () => {
  test('its nonce is good once for all of them, and for a message alone as well', async () => {
    const batch = batchOf(wires(three))
    expect((await send(batch)).status).toBe(200)
    expect(await send(batch)).toMatchObject({ status: 401, json: { code: 'nonce-used' } })
    const nonce = batch.headers[names.nonce] as string
    expect(await send(messageOf(query, { envelope: { nonce } }))).toMatchObject({
      json: { code: 'nonce-used' },
    })
    expect(asked).toEqual(three)
  })

  test('its signature is over every byte, the path too', async () => {
    const good = batchOf(wires(three))
    const wrong: Message[] = []
    for (let at = 0; at < good.body.length; at += 7) {
      const body = Buffer.from(good.body)
      body[at] = (body[at] as number) ^ 1
      wrong.push({ ...good, body })
    }
    const dropped = Buffer.from(JSON.stringify({ messages: wires(three.slice(1)) }))
    wrong.push({ ...good, body: dropped }, { ...good, path: messagesPath })
    wrong.push({ ...messageOf(query), path: batchesPath })
    for (const one of wrong)
      expect(await send(one)).toMatchObject({ status: 401, json: { code: 'signature-wrong' } })
    expect(asked).toEqual([])
    expect((await send(good)).status).toBe(200)
  })

  const many = (count: number) => wires(Array.from({ length: count }, (_, n) => about(`A ${n}`)))
  const invalid = { status: 400, json: { code: 'field-invalid', facts: { field: '/messages' } } }
  test.each<[what: string, message: () => Message, said: object]>([
    ['no messages', () => batchOf([]), invalid],
    ['more than 64', () => batchOf(many(65)), invalid],
    ['messages that are no list', () => batchOf([], { body: '{"messages":{}}' }), invalid],
    ['a list', () => batchOf([], { body: '[]' }), invalid],
    ['nothing', () => batchOf([], { body: 'null' }), invalid],
    [
      'a message alone',
      () => batchOf([], { body: JSON.stringify(wireOf(query)) }),
      { status: 400 },
    ],
    [
      'a field beside them',
      () => batchOf([], { body: JSON.stringify({ messages: many(2), mood: 1 }) }),
      { status: 400, json: { code: 'field-invalid', facts: { field: '/mood' } } },
    ],
    [
      'messages twice',
      () => batchOf([], { body: '{"messages":[],"messages":[]}' }),
      { status: 400, json: { code: 'json-invalid' } },
    ],
    [
      'a name of its own',
      () => batchOf(many(2), { envelope: { reference: 'A 0' } }),
      { status: 400, json: { code: 'reference-differs' } },
    ],
    [
      'a clock that is behind',
      () => batchOf(many(2), { envelope: { created: start_ms - 300_001 } }),
      { status: 401, json: { code: 'clock-differs' } },
    ],
    [
      'another receiver',
      () => batchOf(many(2), { envelope: { receiver: '310100' } }),
      { status: 421, json: { code: 'receiver-not-here' } },
    ],
    [
      'more bytes than are taken',
      () => batchOf([], { body: Buffer.alloc(4_194_305, ' ') }),
      { status: 413, json: { code: 'body-too-large' } },
    ],
  ])('with %s it is turned away as a whole', async (_, message, said) => {
    expect(await send(message())).toMatchObject(said)
    expect(asked).toEqual([])
  })

  test('64 messages are as many as go in one', async () => {
    const { json } = await send(batchOf(many(64)))
    expect(repliesIn(json)).toHaveLength(64)
  })
})

test('what one end sends in one envelope the other answers, each to whoever asked', async () => {
  const { line, close } = lineTo(door.url, { together: 16, waiting: 40 })
  answer = (one) =>
    one.kind === 'settle'
      ? { kind: 'settled', settlement: `S ${one.reference}`, postedAt: start_ms, split }
      : { kind: 'refused', refusal: refuse('person-unknown') }
  const settles = Array.from({ length: 20 }, (_, n) => ({ ...settle, reference: `A ${n}` }))
  const asks = [...settles, preview, preview] as RegionAsk[]
  const told = await Promise.all(asks.map((one) => line.ask('440100', one)))
  expect(told.map((one) => (one.kind === 'settled' ? one.settlement : one.kind))).toEqual([
    ...settles.map(({ reference }) => `S ${reference}`),
    'refused',
    'refused',
  ])
  close()
})
