// What an envelope with several messages may hold and cost: its length, its time, and what is known of what came too late.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readJson } from '../../../adapters/http/json.ts'
import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { parseDay } from '../../../engine/day.ts'
import { preview, query, settle, split } from './examples.ts'
import { batchOf, send as sendTo, wireOf } from './messages.ts'
import { noncesHere, openDoor, start_ms } from './support.ts'

let answer: (asked: RegionAsk) => RegionReply | Promise<RegionReply>
let door: Awaited<ReturnType<typeof openDoor>>
/** A message that cannot even be looked at: a bug of ours. */
const broken = {
  get kind(): string {
    throw new Error('a bug')
  },
}
const read = (bytes: Uint8Array): unknown => {
  const json = readJson(bytes) as { messages: { reference?: string }[] }
  return { messages: json.messages.map((one) => (one.reference === 'broken' ? broken : one)) }
}
beforeAll(async () => {
  const desk = { answer: async (_from: string, one: RegionAsk) => answer(one) }
  const patience = { moving_ms: 1_000, looking_ms: 200 }
  door = await openDoor(desk, { nonces: noncesHere(), patience, read })
})
beforeEach(() => {
  answer = () => ({ kind: 'absent' })
  door.counted.length = 0
  door.logged.length = 0
})
afterAll(() => door.close())

interface Reply {
  readonly position: number
  readonly reply?: Record<string, unknown>
  readonly problem?: Record<string, unknown>
}

async function send(messages: readonly unknown[], url = door.url) {
  const began = performance.now()
  const { json } = await sendTo(batchOf(messages), url)
  const took_ms = performance.now() - began
  const told = (json['replies'] as Reply[]).map(({ reply, problem }) => ({ ...reply, ...problem }))
  return { json, told, took_ms }
}

const settles = (count: number): RegionAsk[] =>
  Array.from({ length: count }, (_, n) => ({ ...settle, reference: `A ${n}` }) as RegionAsk)
const settledIn = (settlement: string): RegionReply => ({
  kind: 'settled',
  settlement,
  postedAt: start_ms,
  split,
})

describe('what an envelope may hold', () => {
  test('is no statement: that is turned away alone', async () => {
    const [from, until] = [parseDay('2026-03-01'), parseDay('2026-03-02')]
    const statement: RegionAsk = { kind: 'statement', from, until, limit: 10 }
    const { told } = await send([query, statement, query].map(wireOf))
    expect(told).toMatchObject([
      { kind: 'absent' },
      { status: 400, code: 'field-invalid', facts: { field: '/kind' } },
      { kind: 'absent' },
    ])
  })

  test('is answered by number, also where a message has no name', async () => {
    const { json } = await send([preview, query, preview].map(wireOf))
    expect((json['replies'] as Reply[]).map(({ position }) => position)).toEqual([0, 1, 2])
  })

  test('is not what nobody can read: that is told of that one, and noted', async () => {
    const { told } = await send([wireOf(query), { kind: 'query', reference: 'broken' }])
    expect(told).toMatchObject([{ kind: 'absent' }, { status: 500, code: 'internal-error' }])
    expect(door.logged).toMatchObject([{ level: 'error', outcome: 'internal-error' }])
  })
})

describe('an answer that is longer than anybody reads', () => {
  test('is asked for again, and the others are read', async () => {
    answer = (one) => {
      if (!('reference' in one)) return { ...settledIn('x'.repeat(1_048_576)) }
      return settledIn(one.reference === 'A 1' ? 'x'.repeat(1_048_576) : 'S1')
    }
    const { told } = await send([...settles(3), preview].map(wireOf))
    expect(told).toMatchObject([
      { settlement: 'S1' },
      { kind: 'open' },
      { settlement: 'S1' },
      { code: 'busy' },
    ])
    expect(door.counted.map(({ outcome }) => outcome)).toEqual([
      'settled',
      'open',
      'settled',
      'busy',
    ])
    expect(door.logged).toMatchObject([{ outcome: 'open' }, { outcome: 'busy' }])
  })

  test.each([
    [2, 1_040_000],
    [12, 900_000],
    [64, 200_000],
  ])(
    'in all is cut off at a mebibyte a message and eight (%i of %i bytes)',
    async (count, long) => {
      answer = () => settledIn('x'.repeat(long))
      const { json, told } = await send(settles(count).map(wireOf))
      const most = Math.min(count, 8) * 1_048_576
      const length = Buffer.byteLength(JSON.stringify(json))
      expect(length).toBeLessThanOrEqual(most)
      expect(length).toBeGreaterThan(most - 1_048_576 - 64 * 2_048)
      expect(new Set(told.map(({ kind }) => kind))).toEqual(
        new Set(count === 2 ? ['settled'] : ['settled', 'open']),
      )
    },
  )
})

describe('whoever only looks', () => {
  const slowly = (ms: number) => {
    answer = async ({ kind }) => {
      if (kind === 'settle') await sleep(ms)
      return { kind: 'absent' }
    }
  }

  test('does not wait for money to move, which is asked for again', async () => {
    slowly(600)
    const { told, took_ms } = await send([preview, settle].map(wireOf))
    expect(told).toMatchObject([{ kind: 'absent' }, { kind: 'open' }])
    expect(took_ms).toBeLessThan(550)
    const alone = await send(settles(2).map(wireOf))
    expect(alone.told).toMatchObject([{ kind: 'absent' }, { kind: 'absent' }])
  })

  test('is answered before they would have to come again, which is after two seconds', async () => {
    slowly(2_500)
    const desk = { answer: async (_from: string, one: RegionAsk) => answer(one) }
    const usual = await openDoor(desk)
    const { told, took_ms } = await send([preview, settle].map(wireOf), usual.url)
    expect(told).toMatchObject([{ kind: 'absent' }, { kind: 'open' }])
    expect(took_ms).toBeLessThan(2_000)
    await usual.close()
  })
})

test('what fails once its region was told to ask again is noted and counted', async () => {
  answer = async (one) => {
    if (one.kind !== 'preview') return { kind: 'absent' }
    await sleep(400)
    throw new Error('a bug')
  }
  const { told } = await send([preview, query].map(wireOf))
  expect(told).toMatchObject([{ code: 'busy' }, { kind: 'absent' }])
  expect(door.counted.map(({ outcome }) => outcome)).toEqual(['busy', 'absent'])
  await expect.poll(() => door.counted).toHaveLength(3)
  expect(door.counted[2]).toMatchObject({ region: '510100', outcome: 'internal-error' })
  expect(door.counted[2]?.took_ms).toBeGreaterThan(350)
  expect(door.logged.at(-1)).toMatchObject({
    level: 'error',
    kind: 'preview',
    msg: 'a message failed after its region was told to ask again',
    err: { message: 'a bug' },
  })
})
