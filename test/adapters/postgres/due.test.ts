import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDue, type DueQueries } from '../../../adapters/postgres/due.ts'
import { openWorld, type World } from './support.ts'

let world: World
let due: DueQueries
const now = Date.parse('2026-03-02T09:00:00+08:00')
const minute_ms = 60_000

beforeAll(async () => {
  world = await openWorld()
  due = createDue(world.pool, 'crossing ')
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.pool.query('delete from due')
})

const wait = async (subject: string, at: number, attempts = 0): Promise<unknown> =>
  world.pool.query(
    `insert into due (owner_id, subject, due_at, attempts) values ('P1', $1, to_timestamp($2 / 1000.0), $3)`,
    [subject, at, attempts],
  )
const namesAt = async (at: number): Promise<string[]> =>
  (await due.list(at, 100)).map(({ subject }) => subject.name).toSorted()

test('of two that put one off at once one has it, and it is tried once more', async () => {
  await wait('crossing A', now)
  const [one] = await due.list(now, 100)
  if (!one) throw new Error('nothing is due')
  const claims = await Promise.all([1, 2, 3].map(async () => due.claim(one, now, now + minute_ms)))
  expect(claims.filter(Boolean)).toHaveLength(1)
  expect(await due.list(now, 100)).toEqual([])
  expect((await due.list(now + minute_ms, 100))[0]).toMatchObject({ attempts: 1 })
})

test('of several that two put off at once each goes to one of them, and keeps its own moment', async () => {
  for (let i = 0; i < 30; i++) await wait(`crossing ${i}`, now - i)
  await wait('crossing later', now + 1_000)
  const later = { subject: { owner: 'P1', name: 'crossing later' }, attempts: 0 }
  const listed = [...(await due.list(now, 100)), later]
  const puttingOff = listed.map((one, i) => ({ due: one, until: now + (i + 1) * minute_ms }))
  const claims = await Promise.all(
    [puttingOff, puttingOff.toReversed()].map(async (all) => due.claimEach(all, now)),
  )
  const names = claims.flat().map(({ subject }) => subject.name)
  expect(names).toHaveLength(30)
  expect(new Set(names).size).toBe(30)
  expect(names).not.toContain('crossing later')
  expect(await namesAt(now)).toEqual([])
  const first = [later.subject.name, listed[0]?.subject.name]
  expect(await namesAt(now + minute_ms)).toEqual(first.toSorted())
})

test('what waits for long is brought forward within a minute, and its attempts are not forgotten', async () => {
  await wait('crossing soon', now + 1_000)
  for (let i = 0; i < 30; i++) await wait(`crossing ${i}`, now + 60 * minute_ms, 6)
  await wait('collection other', now + 60 * minute_ms)
  expect(await due.hasten(now, minute_ms)).toBe(30)
  expect(await namesAt(now + minute_ms)).toHaveLength(31)
  const early = (await namesAt(now + minute_ms / 2)).length
  expect(early).toBeGreaterThan(1)
  expect(early).toBeLessThan(31)
  expect(await due.stuck(6)).toBe(30)
  expect(await due.hasten(now, minute_ms)).toBe(0)
})

test('what somebody else is at is left to them, and nobody waits for it', async () => {
  await wait('crossing held', now + 60 * minute_ms)
  await wait('crossing free', now + 60 * minute_ms)
  const client = await world.pool.connect()
  try {
    await client.query(`begin; select from due where subject = 'crossing held' for update`)
    expect(await due.hasten(now, minute_ms)).toBe(1)
  } finally {
    await client.query('rollback')
    client.release()
  }
  expect(await namesAt(now + minute_ms)).toEqual(['crossing free'])
})
