import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { claim } from '../adapters/http/served.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { askAnew, type Told } from './anew.ts'
import { type Started, start, workersOf } from './start.ts'

let database: TestDatabase
let server: Started
let url: string
let owner: pg.Pool
let rules: string
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  rules = path.join(mkdtempSync(path.join(os.tmpdir(), 'jiesuan-workers-')), 'rules')
  cpSync('rules', rules, { recursive: true })
  const env = { DATABASE_URL: database.appUrl, MODE: 'sandbox', WORKERS: '2', RULES_DIR: rules }
  server = start(env, { ownGroup: true })
  url = await server.url()
})
afterAll(async () => {
  // Its connection is gone before its database is.
  await owner.end()
  if (server.child.exitCode === null) await server.end()
  await database.drop()
  rmSync(path.dirname(rules), { recursive: true })
})

const settle = (key: string): Promise<Told> =>
  askAnew(`${url}/v1/settlements`, { key, body: { ...claim, useAccount: false } })
const stored = async (): Promise<number> =>
  Number((await owner.query('select count(*) as n from settlement')).rows[0].n)
const said = (text: string): number => server.said().split(text).length - 1
const metric = async (name: string): Promise<number> => {
  const { text } = await askAnew(`${url}/metrics`)
  return Number(new RegExp(`^jiesuan_${name} (\\d+)$`, 'm').exec(text)?.[1])
}
const settledCount = 'settlements_total{outcome="settled"}'.replace(/[{}]/g, String.raw`\$&`)

/** Sends each key again until it is answered; gives the answers until it is told to stop. */
function load(senders: number): {
  readonly answers: Map<string, Told>
  readonly stop: () => Promise<void>
} {
  const answers = new Map<string, Told>()
  const going = new AbortController()
  let number = 0
  const send = async (): Promise<void> => {
    while (!going.signal.aborted) {
      const key = `load${number++}`
      for (;;) {
        const told = await settle(key).catch(() => undefined)
        if (told?.status === 201) {
          answers.set(key, told)
          break
        }
        await sleep(20)
      }
    }
  }
  const sending = Array.from({ length: senders }, send)
  return {
    answers,
    stop: async () => {
      going.abort()
      await Promise.all(sending)
    },
  }
}

test('one that is killed under load is replaced, and nothing is lost or doubled', async () => {
  const { answers, stop } = load(12)
  await expect.poll(() => answers.size, { timeout: 10_000 }).toBeGreaterThan(100)
  const counted = await metric(settledCount)
  process.kill(workersOf(server)[0] as number, 'SIGKILL')
  await expect.poll(() => said('another process serves'), { timeout: 15_000 }).toBe(1)
  const answered = answers.size
  await expect.poll(() => answers.size).toBeGreaterThan(answered + 50)
  await stop()
  expect(await stored()).toBe(answers.size)
  const repeats = [...answers].filter((_, i) => i % 10 === 0)
  for (const [key, { text }] of repeats)
    expect(await settle(key)).toMatchObject({ status: 201, replayed: true, text })
  expect(await checkBooks(owner)).toEqual([])
  expect(await metric('workers')).toBe(2)
  expect(await metric('workers_lost_total')).toBe(1)
  expect(await metric(settledCount)).toBeGreaterThan(counted)
}, 40_000)

test('where all are killed at once the same address is served again', async () => {
  const before = workersOf(server)
  expect(before).toHaveLength(2)
  for (const pid of before) process.kill(pid, 'SIGKILL')
  const again = (): Promise<boolean> =>
    settle('after-all').then(
      ({ status }) => status === 201,
      () => false,
    )
  await expect.poll(again, { timeout: 15_000 }).toBe(true)
  await expect.poll(() => said('another process serves'), { timeout: 15_000 }).toBe(3)
}, 40_000)

test('nobody takes a place with other rules than those that are served', async () => {
  const file = path.join(rules, '510100-chengdu/employee.yaml')
  const text = readFileSync(file, 'utf8')
  appendFileSync(file, '\n# another word\n')
  process.kill(workersOf(server)[0] as number, 'SIGKILL')
  await expect.poll(() => said('RULES_DIR has other rules'), { timeout: 15_000 }).toBeGreaterThan(0)
  expect((await settle('beside')).status).toBe(201)
  writeFileSync(file, text)
  await expect.poll(() => said('another process serves'), { timeout: 15_000 }).toBe(4)
}, 40_000)

test('a signal to all of them lets everything that was accepted be answered', async () => {
  const { child, exited } = server
  const statuses: number[] = []
  const cut: unknown[] = []
  let number = 0
  const send = async (): Promise<void> => {
    for (let last = 0; last !== 503; ) {
      try {
        ;({ status: last } = await settle(`end${number++}`))
        statuses.push(last)
      } catch (error) {
        // A connection that is not accepted any more was not cut.
        if ((error as { code?: string }).code !== 'ECONNREFUSED') cut.push(error)
        return
      }
    }
  }
  const sending = Array.from({ length: 12 }, send)
  await expect.poll(() => statuses.length, { timeout: 10_000 }).toBeGreaterThan(50)
  const workers = workersOf(server)
  process.kill(-(child.pid as number), 'SIGTERM')
  expect(await exited).toBe(0)
  await Promise.all(sending)
  expect(cut).toEqual([])
  expect(new Set(statuses)).toEqual(new Set([201, 503]))
  expect(server.said().split('closing after SIGTERM')[1]).not.toMatch(
    /"level":"(warn|error|fatal)"/,
  )
  for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
}, 40_000)
