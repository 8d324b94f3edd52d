import { describe, expect, it } from 'vitest'
import { createBatcher } from '../../../adapters/postgres/batcher.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { claim, settleAsk } from './support.ts'

const ask = (key: string): Ask => settleAsk(key, claim('A'))
function long(key: string, lines: number): Ask {
  const { lines: one, ...bill } = claim('A')
  return settleAsk(key, { ...bill, lines: Array.from({ length: lines }, () => one[0]!) })
}
const done: Outcome = { kind: 'unknown' }

/** A batcher whose transactions end when the test says so. */
function held(options: Omit<Parameters<typeof createBatcher>[0], 'settleBatch'>) {
  const batches: { keys: string[]; end: () => void; fail: (error: Error) => void }[] = []
  const batcher = createBatcher({
    ...options,
    settleBatch: (asks) =>
      new Promise((resolve, reject) => {
        const keys = asks.map((one) => one.key.key)
        batches.push({ keys, end: () => resolve(asks.map(() => done)), fail: reject })
      }),
  })
  return { batcher, batches }
}
const turn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

describe('the batcher', () => {
  it('starts a lone ask at once', async () => {
    const { batcher, batches } = held({ inFlight: 2 })
    const answer = batcher.submit(ask('1'))
    await turn()
    batches[0]?.end()
    expect(await answer).toBe(done)
  })

  it('puts together what waits for a slot, at most the largest batch', async () => {
    const { batcher, batches } = held({ inFlight: 1, largest: 3 })
    const answers = ['1', '2', '3', '4', '5'].map((key) => batcher.submit(ask(key)))
    await turn()
    expect(batches.map((b) => b.keys)).toEqual([['1', '2', '3']])
    expect(batcher.waiting()).toBe(2)
    batches[0]?.end()
    await turn()
    expect(batches[1]?.keys).toEqual(['4', '5'])
    batches[1]?.end()
    expect(await Promise.all(answers)).toEqual([done, done, done, done, done])
  })

  it('gives what crosses regions its turn, however many stand at windows', async () => {
    const { batcher, batches } = held({ inFlight: 2, largest: 1 })
    for (const key of ['1', '2', '3', '4']) void batcher.submit(ask(key))
    for (const key of ['away 1', 'away 2']) void batcher.submit(ask(key), 'away')
    await turn()
    for (let i = 0; i < 4; i++) {
      batches[i]?.end()
      await turn()
    }
    // It has one of the two places while it waits, and the windows have the other.
    const keys = batches.map((batch) => batch.keys[0])
    expect(keys).toEqual(['1', 'away 1', '2', 'away 2', '3', '4'])
  })

  it('takes what crosses regions in small transactions while somebody is served at a window, and all of it else', async () => {
    const { batcher, batches } = held({ inFlight: 2, awayBeside: 2 })
    const away = Array.from({ length: 5 }, (_, i) => `away ${i}`)
    void batcher.submit(ask('1'))
    for (const key of away) void batcher.submit(ask(key), 'away')
    await turn()
    batches[1]?.end()
    await turn()
    for (const one of [0, 2]) batches[one]?.end()
    await turn()
    for (const key of ['away 5', 'away 6', 'away 7']) void batcher.submit(ask(key), 'away')
    batches[3]?.end()
    await turn()
    expect(batches.map(({ keys }) => keys)).toEqual([
      ['1'],
      ['away 0', 'away 1'],
      ['away 2', 'away 3'],
      ['away 4'],
      ['away 5', 'away 6', 'away 7'],
    ])
  })

  it('puts no more fee lines together than a transaction may hold, and a long claim alone', async () => {
    const { batcher, batches } = held({ inFlight: 1, mostLines: 10 })
    const sizes = [12, 4, 6, 1, 11]
    const answers = sizes.map((lines, i) => batcher.submit(long(String(i), lines)))
    for (const i of [0, 1, 2, 3]) {
      await turn()
      batches[i]?.end()
    }
    await Promise.all(answers)
    expect(batches.map((b) => b.keys)).toEqual([['0'], ['1', '2'], ['3'], ['4']])
  })

  it('is busy when the lines that wait would fill the memory', async () => {
    const { batcher, batches } = held({ inFlight: 1, queueLines: 10 })
    void batcher.submit(ask('1'))
    await turn()
    const waiting = batcher.submit(long('2', 10))
    expect(await batcher.submit(ask('3'))).toEqual({ kind: 'busy' })
    batches[0]?.end()
    await turn()
    void batcher.submit(ask('4'))
    expect(batcher.waiting()).toBe(1)
    batches[1]?.end()
    expect(await waiting).toBe(done)
  })

  it('spreads what waits over the slots that are free', async () => {
    const { batcher, batches } = held({ inFlight: 2 })
    for (const key of ['1', '2', '3', '4']) void batcher.submit(ask(key))
    await turn()
    expect(batches.map((b) => b.keys)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  it('tells a key in progress so, until it is answered', async () => {
    const { batcher, batches } = held({ inFlight: 1 })
    const first = batcher.submit(ask('1'))
    expect(await batcher.submit(ask('1'))).toEqual({ kind: 'inProgress' })
    await turn()
    expect(await batcher.submit(ask('1'))).toEqual({ kind: 'inProgress' })
    batches[0]?.end()
    await first
    void batcher.submit(ask('1'))
    await turn()
    expect(batches).toHaveLength(2)
  })

  it('is busy when its queue is full, and says so at once', async () => {
    const { batcher } = held({ inFlight: 1, largest: 1, queue: 2 })
    void batcher.submit(ask('1'))
    await turn()
    void batcher.submit(ask('2'))
    void batcher.submit(ask('3'))
    expect(await batcher.submit(ask('4'))).toEqual({ kind: 'busy' })
  })

  it('goes on after a batch that threw', async () => {
    const { batcher, batches } = held({ inFlight: 1 })
    const first = batcher.submit(ask('1'))
    await turn()
    batches[0]?.fail(new Error('a bug'))
    await expect(first).rejects.toThrow('a bug')
    const second = batcher.submit(ask('1'))
    await turn()
    batches[1]?.end()
    expect(await second).toBe(done)
    await batcher.drained()
  })
})
