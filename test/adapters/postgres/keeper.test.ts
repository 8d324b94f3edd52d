import { expect, test } from 'vitest'
import { sparing } from '../../../adapters/cli/sparing.ts'
import { keepRunning } from '../../../adapters/postgres/keeper.ts'

/** A server that is gone, and comes back at one of the attempts to start it. */
function goneServer(backAt: number) {
  let tries = 0
  return {
    lives: () => tries >= backAt,
    async restart() {
      if (++tries < backAt) throw new Error(`no ${tries}`)
    },
  }
}

const quick = { look_ms: 1, firstPause_ms: 1 }

test('every attempt is told once, until the server is back', async () => {
  const told: unknown[] = []
  const onAttempt = (attempt: number, error?: unknown) =>
    told.push([attempt, error instanceof Error ? error.message : 'back'])
  const onGivenUp = () => told.push('given up')
  const keeper = keepRunning({ server: goneServer(3), onAttempt, onGivenUp, ...quick })
  await expect.poll(() => told.length).toBe(3)
  await keeper.stop()
  expect(told).toEqual([
    [1, 'no 1'],
    [2, 'no 2'],
    [3, 'back'],
  ])
})

test('a server that cannot be started is given up, and that is told', async () => {
  const told: unknown[] = []
  const keeper = keepRunning({
    server: goneServer(Infinity),
    onAttempt: (attempt) => told.push(attempt),
    onGivenUp: () => told.push('given up'),
    attempts: 4,
    ...quick,
  })
  await expect.poll(() => told).toEqual([1, 2, 3, 4, 'given up'])
  await keeper.stop()
})

test('who is stopped neither looks nor tries any more', async () => {
  const told: unknown[] = []
  const onAttempt = (attempt: number) => told.push(attempt)
  const onGivenUp = () => told.push('given up')
  const server = goneServer(Infinity)
  const keeper = keepRunning({ server, onAttempt, onGivenUp, look_ms: 1, firstPause_ms: 60_000 })
  await expect.poll(() => told).toEqual([1])
  await keeper.stop()
  expect(told).toEqual([1])
})

test('like words are told once in a while, with the number left out', () => {
  const told: unknown[] = []
  let now = 0
  const tell = sparing<string>(
    10,
    (word, leftOut) => told.push([word, leftOut]),
    () => now,
  )
  for (now = 0; now < 21; now++) tell(`at ${now}`)
  expect(told).toEqual([
    ['at 0', 0],
    ['at 10', 9],
    ['at 20', 9],
  ])
})
