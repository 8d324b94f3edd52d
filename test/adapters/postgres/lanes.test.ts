import { describe, expect, it } from 'vitest'
import {
  type Batcher,
  type BatcherOptions,
  createBatcher,
} from '../../../adapters/postgres/batcher.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { claim, settleAsk } from './support.ts'

const ask = (key: string): Ask => settleAsk(key, claim('A'))
const done: Outcome = { kind: 'unknown' }

/** A batcher whose transactions end when the test says so, by a clock that the test moves. */
function held(options: Omit<BatcherOptions, 'settleBatch' | 'now'>) {
  const batches: { keys: string; end: () => void }[] = []
  let at = 1_000_000
  const batcher = createBatcher({
    ...options,
    now: () => at,
    settleBatch: (asks) =>
      new Promise((resolve) => {
        const keys = asks.map((one) => one.key.key).join(' ')
        batches.push({ keys, end: () => resolve(asks.map(() => done)) })
      }),
  })
  return { batcher, batches, pass: (ms: number): void => void (at += ms) }
}
const turn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
const submitAll = (
  batcher: Batcher,
  keys: string,
  lane: 'tap' | 'window' | 'away' | 'bulk',
): void => {
  for (const key of keys.split(' ')) void batcher.submit(ask(key), lane)
}

describe('lanes', () => {
  it('give a tap a slot of its own, however full the others are', async () => {
    const { batcher, batches } = held({ inFlight: 1, largest: 2 })
    submitAll(batcher, 'w1 w2 w3 w4', 'window')
    await turn()
    submitAll(batcher, 't1', 'tap')
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['w1 w2', 't1'])
  })

  it('let a window go before an upload that came first', async () => {
    const { batcher, batches } = held({ inFlight: 1, largest: 2 })
    submitAll(batcher, 'w0', 'window')
    await turn()
    submitAll(batcher, 'b1 b2', 'bulk')
    submitAll(batcher, 'w1', 'window')
    batches[0]?.end()
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['w0', 'w1'])
  })

  it('hold an upload back for whoever stands at a window of another process, and tell others of ours', async () => {
    let told = 0
    const options = { inFlight: 4, largest: 20, bulkBeside: 2, rest: 0, patience_ms: 0 }
    const { batcher, batches, pass } = held({ ...options, onBeside: () => told++ })
    batcher.noteBeside()
    submitAll(batcher, 'b1 b2 b3 b4 b5', 'bulk')
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['b1 b2'])
    expect(told).toBe(0)
    pass(1_000)
    submitAll(batcher, 'b6', 'bulk')
    await turn()
    expect(batches.length).toBeGreaterThan(1)
    submitAll(batcher, 'w1', 'window')
    expect(told).toBe(1)
  })

  it('leave half of the slots to windows, however much crosses to other regions', async () => {
    const { batcher, batches } = held({ inFlight: 4, largest: 1, queue: 6 })
    submitAll(batcher, 'a1 a2 a3 a4 a5 a6', 'away')
    await turn()
    submitAll(batcher, 'w1 w2', 'window')
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['a1', 'a2', 'w1', 'w2'])
    submitAll(batcher, 'a7 a8', 'away')
    expect(await batcher.submit(ask('a9'), 'away')).toEqual({ kind: 'busy' })
    submitAll(batcher, 'w3', 'window')
    batches[0]?.end()
    await turn()
    expect(batches.map(({ keys }) => keys).slice(4)).toEqual(['w3'])
  })

  it('know whether somebody stands there: for half a second after a tap, and never for an upload', () => {
    const { batcher, pass } = held({ inFlight: 1 })
    submitAll(batcher, 'b1', 'bulk')
    expect(batcher.isBeside()).toBe(false)
    submitAll(batcher, 't1', 'tap')
    pass(499)
    expect(batcher.isBeside()).toBe(true)
    pass(1)
    expect(batcher.isBeside()).toBe(false)
  })

  it('give an upload every slot while nobody stands at a till or a window', async () => {
    const { batcher, batches } = held({ inFlight: 2, largest: 3 })
    submitAll(batcher, 'b1 b2 b3 b4 b5 b6', 'bulk')
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['b1 b2 b3', 'b4 b5 b6'])
  })

  it('leave an upload one small transaction beside a tap, and a rest after it', async () => {
    const { batcher, batches, pass } = held({
      inFlight: 4,
      bulkBeside: 2,
      rest: 3,
      patience_ms: 50,
    })
    submitAll(batcher, 't1', 'tap')
    await turn()
    batches[0]?.end()
    await turn()
    submitAll(batcher, 'b1 b2 b3 b4 b5 b6', 'bulk')
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['t1', 'b1 b2'])
    pass(10)
    batches[1]?.end()
    await turn()
    expect(batches).toHaveLength(2)
    // The clock stands still for it: it is looked at again by a timer of thirty milliseconds.
    pass(30)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(batches.map(({ keys }) => keys)).toEqual(['t1', 'b1 b2', 'b3 b4'])
  })

  it('hold an upload back while a tap is being served, up to its patience', async () => {
    const { batcher, batches, pass } = held({ inFlight: 2, bulkBeside: 1, patience_ms: 50 })
    submitAll(batcher, 'b1 b2 b3', 'bulk')
    submitAll(batcher, 't1', 'tap')
    await turn()
    // It has never rested yet, so its patience is over.
    expect(batches.map(({ keys }) => keys)).toEqual(['t1', 'b1'])
    batches[1]?.end()
    await turn()
    expect(batches).toHaveLength(2)
    batches[0]?.end()
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['t1', 'b1', 'b2'])
    submitAll(batcher, 't2', 'tap')
    await turn()
    batches[2]?.end()
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['t1', 'b1', 'b2', 't2'])
    pass(60)
    submitAll(batcher, 't3', 'tap')
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual(['t1', 'b1', 'b2', 't2', 't3', 'b3'])
  })

  it('count what waits apart, so that a full upload makes no till busy', async () => {
    const { batcher } = held({ inFlight: 1, largest: 1, queue: 2 })
    submitAll(batcher, 'b1 b2 b3', 'bulk')
    await turn()
    submitAll(batcher, 'b4', 'bulk')
    expect(await batcher.submit(ask('b5'), 'bulk')).toEqual({ kind: 'busy' })
    submitAll(batcher, 't1', 'tap')
    expect(batcher.waiting()).toBe(3)
    // And one key is one key, in whichever lane it comes.
    expect(await batcher.submit(ask('b4'), 'tap')).toEqual({ kind: 'inProgress' })
  })
})
