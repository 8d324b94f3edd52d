import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { openCalls } from '../../adapters/cli/calls.ts'

/** Two ends of a channel that delivers later, as one between processes does. */
function channel() {
  const ends = [new EventEmitter(), new EventEmitter()] as const
  let open = true
  const endOf = (own: EventEmitter, other: EventEmitter) =>
    Object.assign(own, {
      send(message: unknown, sent: (error: Error | null) => void) {
        setImmediate(() => {
          sent(open ? null : new Error('closed'))
          if (open) other.emit('message', structuredClone(message))
        })
      },
    })
  const [here, there] = [endOf(ends[0], ends[1]), endOf(ends[1], ends[0])]
  return {
    here,
    there,
    close: (): void => {
      open = false
      for (const end of ends) end.emit('disconnect')
    },
  }
}

interface Theirs {
  add(a: bigint, b: bigint): Promise<bigint>
  fail(): void
  never(): Promise<void>
}

test('a call is answered with what the other end gives, whoever calls', async () => {
  const { here, there } = channel()
  const theirs = { add: async (a: bigint, b: bigint) => a + b }
  const calls = openCalls<Theirs>(here, { double: (n: number) => 2 * n })
  const back = openCalls<{ double(n: number): number }>(there, theirs)
  expect(await Promise.all([calls.call('add', 1n, 2n), back.call('double', 4)])).toEqual([3n, 8])
})

test('of what goes wrong its message is told', async () => {
  const { here, there } = channel()
  openCalls(there, {
    fail: () => {
      throw new Error('no place is free')
    },
  })
  await expect(openCalls<Theirs>(here, {}).call('fail')).rejects.toThrow('no place is free')
})

test('what waits for an end that is gone fails, and so does what is asked of it later', async () => {
  const { here, there, close } = channel()
  openCalls(there, { never: () => new Promise(() => {}) })
  const calls = openCalls<Theirs>(here, {})
  const waiting = calls.call('never')
  setTimeout(close, 5)
  await expect(waiting).rejects.toThrow('the other process has ended')
  await expect(calls.call('never')).rejects.toThrow('closed')
})
