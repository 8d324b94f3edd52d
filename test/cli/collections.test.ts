import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Started, start } from './start.ts'

let database: TestDatabase
const running: Started[] = []

beforeAll(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  for (const one of running.splice(0)) if (one.child.exitCode === null) await one.end()
})
afterAll(() => database.drop())

/** Twenty times as fast as time: the first pause of 5 s is a quarter of one. */
const env = () => ({
  DATABASE_URL: database.appUrl,
  MODE: 'sandbox',
  CLOCK: '2026-03-02T09:00:00+08:00@20',
})

function begin(): Started {
  const started = start(env())
  running.push(started)
  return started
}

const post = async (url: string, body: unknown, key: string): Promise<Record<string, unknown>> => {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  })
  return (await reply.json()) as Record<string, unknown>
}

const person = {
  id: '510100000000000000009901',
  name: '演示',
  citizenNumber: '510199198603127021',
  region: '510100',
  coverages: [{ scheme: 'employee', group: 'working', from: '2020-01-01' }],
  bankAccount: '6200000000000009003',
}
const claim = {
  institution: 'H51010000001',
  day: '2026-03-02',
  credential: { type: 'citizen-number', number: person.citizenNumber },
  care: 'outpatient',
  useAccount: false,
  total: '25.00',
  lines: [{ id: 'L1', item: 'X1', quantity: '2', unitPrice: '12.5', amount: '25.00' }],
}

test('a server that is killed before it knows what the bank did leaves the collection to the next one', async () => {
  const first = begin()
  const url = await first.url()
  await post(`${url}/v1/people`, person, 'p')
  const { id } = await post(`${url}/v1/settlements`, claim, 's')
  const path = `/v1/settlements/${id as string}/collection`
  const told = await post(url + path, { institution: claim.institution }, 'c')
  expect(told['state']).toBe('unknown')
  first.child.kill('SIGKILL')
  await first.exited
  const next = await begin().url()
  const look = async (): Promise<unknown> => (await fetch(next + path)).json()
  await expect
    .poll(look, { timeout: 25_000, interval: 200 })
    .toMatchObject({ collected: '25.00', atWindow: '0.00', items: [{ state: 'collected' }] })
  expect((await post(next + path, { institution: claim.institution }, 'c'))['state']).toBe(
    'collected',
  )
})
