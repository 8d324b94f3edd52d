import { afterEach, describe, expect, test } from 'vitest'
import { Breaker } from '../../../adapters/region/breaker.ts'
import { type RegionAsk, RegionFault, type RegionReply } from '../../../engine/awayClaim.ts'
import { preview, query, settle } from './examples.ts'
import { signed } from './forged.ts'
import { type Handler, lineTo, openDoor, openStranger, start_ms } from './support.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const opened = <T extends { close(): unknown }>(one: T): T => {
  closing.push(() => one.close())
  return one
}

const faultOf = async (promise: Promise<unknown>): Promise<RegionFault> => {
  const fault = await promise.catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(RegionFault)
  return fault as RegionFault
}

describe('a region that does not answer', () => {
  const failing: Handler = (_, r) => r.writeHead(502).end()

  async function openSick() {
    let now = 0
    let well = false
    const asked: unknown[] = []
    const region = opened(
      await openStranger((q, r, sent) => {
        asked.push((JSON.parse(sent.toString()) as RegionAsk).kind)
        if (!well) return failing(q, r, sent)
        const body = asked.at(-1) === 'query' ? '{"kind":"absent"}' : '{"kind":"open"}'
        return signed({ body })(q, r, sent)
      }),
    )
    const breaker = { failures: 3, cool_ms: 1_000, longest_ms: 4_000, now: () => now }
    const { line, states, counted, hasRoom } = opened(lineTo(region.url, { breaker }))
    const ask = async (what: RegionAsk): Promise<RegionReply | string> =>
      line.ask('440100', what).catch((fault: RegionFault) => fault.kind)
    return {
      asked,
      states,
      counted,
      ask,
      hasRoom,
      sicken: async () => {
        for (let i = 0; i < 3; i++) await ask(settle)
        asked.length = 0
      },
      heal: () => void (well = true),
      pass: (ms: number) => void (now += ms),
    }
  }

  test('is left alone after a few failures: nobody waits for it, nothing is sent', async () => {
    const { ask, asked, states, sicken, hasRoom, pass } = await openSick()
    expect(hasRoom()).toBe(true)
    await sicken()
    expect(hasRoom()).toBe(false)
    expect(await ask(settle)).toBe('unsent')
    expect(await ask(query)).toBe('unsent')
    expect(asked).toEqual([])
    expect(states).toEqual([0, 2])
    pass(1_000)
    expect(hasRoom()).toBe(true)
  })

  test('is tried with a query first: a settlement waits for its answer', async () => {
    const { ask, asked, states, sicken, heal, pass } = await openSick()
    await sicken()
    pass(1_000)
    heal()
    expect(await ask(settle)).toEqual({ kind: 'open' })
    expect(asked).toEqual(['query', 'settle'])
    expect(states).toEqual([0, 2, 1, 0])
  })

  test('is tried by a query that somebody asks anyway', async () => {
    const { ask, asked, sicken, heal, pass } = await openSick()
    await sicken()
    pass(1_000)
    heal()
    expect(await ask(query)).toEqual({ kind: 'absent' })
    expect(await ask(settle)).toEqual({ kind: 'open' })
    expect(asked).toEqual(['query', 'settle'])
  })

  test('is not sent a settlement while it is still away, and left alone longer each time', async () => {
    const { ask, asked, sicken, pass } = await openSick()
    await sicken()
    for (const wait of [1_000, 2_000, 4_000, 4_000]) {
      pass(wait - 1)
      expect(await ask(settle)).toBe('unsent')
      expect(asked).toEqual([])
      pass(1)
      expect(await ask(settle)).toBe('unsent')
      expect(asked.splice(0)).toEqual(['query'])
    }
  })

  test('is tried once at a time', async () => {
    const { ask, asked, sicken, heal, pass } = await openSick()
    await sicken()
    pass(1_000)
    heal()
    const told = await Promise.all(Array.from({ length: 6 }, async () => ask(settle)))
    expect(told.filter((one) => one === 'unsent')).toHaveLength(5)
    expect(asked).toEqual(['query', 'settle'])
  })
})

describe('a region that says it is busy is there', () => {
  const busy = signed({ status: 503, body: '{"code":"busy"}' })

  test('and is asked again: nothing was done, which is neither good nor bad', async () => {
    let handle: Handler = busy
    const region = opened(await openStranger((q, r, sent) => handle(q, r, sent)))
    const { line, states } = opened(lineTo(region.url, { breaker: { failures: 3 } }))
    const ask = async () => faultOf(line.ask('440100', settle))
    for (let i = 0; i < 6; i++) expect((await ask()).message).toBe('answered 503, busy')
    expect(states).toEqual([0])
    // Nor does it make good what failed before.
    handle = (_, r) => r.writeHead(502).end()
    await ask()
    await ask()
    handle = busy
    await ask()
    handle = (_, r) => r.writeHead(502).end()
    await ask()
    expect(states).toEqual([0, 2])
  })

  test('a stranger who says so is no region', async () => {
    const region = opened(
      await openStranger((_, r) => r.writeHead(503).end(JSON.stringify({ code: 'busy' }))),
    )
    const { line, states } = opened(lineTo(region.url, { breaker: { failures: 1 } }))
    await faultOf(line.ask('440100', settle))
    expect(states).toEqual([0, 2])
  })

  test('and where it was tried it is left alone no longer than before', async () => {
    let now = 0
    let handle: Handler = (_, r) => r.writeHead(502).end()
    const region = opened(await openStranger((q, r, sent) => handle(q, r, sent)))
    const breaker = { failures: 1, cool_ms: 1_000, longest_ms: 9_000, now: () => now }
    const { line, states, hasRoom } = opened(lineTo(region.url, { breaker }))
    await faultOf(line.ask('440100', settle))
    handle = busy
    for (let tries = 0; tries < 3; tries++) {
      now += 1_000
      expect(await faultOf(line.ask('440100', settle))).toMatchObject({ kind: 'unsent' })
      expect(hasRoom()).toBe(false)
    }
    expect(states).toEqual([0, 2, 1, 2, 1, 2, 1, 2])
  })
})

test('whoever looks after a region is told of the last fault for which it is left alone', async () => {
  const region = opened(await openStranger((_, r) => r.writeHead(502).end()))
  const { line, faults } = opened(lineTo(region.url, { breaker: { failures: 2 } }))
  await faultOf(line.ask('440100', settle))
  expect(faults).toEqual([])
  const last = await faultOf(line.ask('440100', settle))
  expect(faults).toEqual([last])
})

describe('a try', () => {
  const started = () => {
    const states: number[] = []
    const times = { failures: 1, cool_ms: 1_000, longest_ms: 9_000, longestTry_ms: 10_000 }
    let now = 0
    const onChange = (state: number) => void states.push(state)
    const breaker = new Breaker({ ...times, now: () => now, onChange })
    breaker.failed(false, 'first')
    now += 1_000
    expect(breaker.pass(true)).toBe('as-try')
    return { breaker, states, pass: (ms: number) => void (now += ms) }
  }

  test('is not over because something fails that was asked before', () => {
    const { breaker, states } = started()
    breaker.failed(false, 'old')
    breaker.busy(false, 'old')
    expect([breaker.isClosed, states]).toEqual([true, [2, 1]])
    breaker.succeeded()
    expect(states).toEqual([2, 1, 0])
  })

  test('that never says how it went has failed once it has taken too long', () => {
    const { breaker, states, pass } = started()
    pass(9_999)
    expect([breaker.isClosed, breaker.pass(true)]).toEqual([true, 'closed'])
    pass(1)
    expect([breaker.isClosed, breaker.pass(true)]).toEqual([false, 'closed'])
    expect(states).toEqual([2, 1, 2])
    pass(1_999)
    expect(breaker.pass(true)).toBe('closed')
    pass(1)
    expect(breaker.pass(true)).toBe('as-try')
  })
})

test('a region that turns a message away is there: the next is sent', async () => {
  const door = opened(await openDoor({ answer: async () => ({ kind: 'absent' }) }))
  const breaker = { failures: 2 }
  // Guangzhou's clock is ten minutes ahead of the line's: each message is turned away, signed.
  const { line, states } = opened(lineTo(door.url, { breaker, now: () => start_ms - 299_999 }))
  const bad = { ...preview, claim: { ...(preview as { claim: object }).claim, scheme: 'spa' } }
  for (let i = 0; i < 5; i++) {
    const fault = await faultOf(line.ask('440100', bad as unknown as RegionAsk))
    expect(fault).toMatchObject({ kind: 'bad-answer', message: 'answered 400, field-invalid' })
  }
  expect(states).toEqual([0])
  expect(await line.ask('440100', query)).toEqual({ kind: 'absent' })
})
