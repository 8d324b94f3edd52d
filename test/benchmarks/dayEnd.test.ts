import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWaiting, type Waiting } from '../../benchmarks/dayEnd/waiting.ts'
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let waiting: Waiting

beforeAll(async () => {
  database = await createEmptyDatabase()
  waiting = await openWaiting(database.ownerUrl, { settlements: 600, rounds: 2 })
}, 120_000)
afterAll(async () => {
  await waiting.end()
  await database.drop()
})

it('what waits is placed and sealed a share at a time, and everything holds once all of it is', async () => {
  expect(await waiting.place()).toBeGreaterThan(0)
  expect(await waiting.seal()).toBeGreaterThan(0)
  expect(await waiting.place()).toBeGreaterThan(0)
  expect((await waiting.check()).join()).toMatch(/\d+ are placed, and \d+ sealed/)
  expect(await waiting.seal()).toBeGreaterThan(0)
  expect(await waiting.check()).toEqual([])
  expect(await waiting.place()).toBe(0)
})
