import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNonces, forgetNonces, type Nonces } from '../../../adapters/postgres/nonces.ts'
import { openWorld, start_ms, type World } from './support.ts'

let world: World
let one: Nonces
let other: Nonces

beforeAll(async () => {
  world = await openWorld()
  // Two processes on the same database.
  one = createNonces({ pool: world.pool })
  other = createNonces({ pool: world.pool })
})
afterAll(() => world.close())

test('a nonce is good once, in whichever process, and each client has its own', async () => {
  expect(await one.take('a', 'n', start_ms)).toBeTypeOf('bigint')
  expect(await one.take('a', 'n', start_ms)).toBeUndefined()
  expect(await other.take('a', 'n', start_ms)).toBeUndefined()
  expect(await other.take('b', 'n', start_ms)).toBeTypeOf('bigint')
})

test('of many at once each is good once, and no two numbers are the same', async () => {
  const taken = await Promise.all(
    Array.from({ length: 3_000 }, async (_, i) =>
      (i % 2 === 0 ? one : other).take('many', `n${i >> 2}`, start_ms),
    ),
  )
  const numbers = taken.filter((number) => number !== undefined)
  expect(numbers).toHaveLength(750)
  expect(new Set(numbers).size).toBe(750)
})

test('a nonce is forgotten once its request would be refused by its time, and not before', async () => {
  const now = Date.now()
  await one.take('old', 'n', now - 61_000)
  await one.take('new', 'n', now - 59_000)
  expect(await forgetNonces(world.pool, 60_000)).toBeGreaterThanOrEqual(1)
  expect(await one.take('old', 'n', now)).toBeTypeOf('bigint')
  expect(await one.take('new', 'n', now)).toBeUndefined()
})
