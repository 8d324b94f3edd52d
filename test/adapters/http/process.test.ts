import { freePort } from '../../support/freePort.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../support/database.ts'
import { claim } from './served.ts'
import { bareEnvironment } from '../../support/environment.ts'

let database: TestDatabase
let empty: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  empty = await createEmptyDatabase()
})
afterAll(async () => {
  await database.drop()
  await empty.drop()
})

interface Started {
  readonly child: ChildProcess
  readonly said: () => string
  exited: Promise<number | null>
}

/** Starts the real process with this environment and nothing of ours. */
function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ['adapters/main.ts'], {
    env: { ...bareEnvironment(), PORT: '0', ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  return { child, said: () => said, exited }
}

async function urlOf(started: Started): Promise<string> {
  await expect.poll(started.said, { timeout: 15_000 }).toContain('listening on ')
  return /listening on (http:\/\/[^"]+)/.exec(started.said())?.[1] as string
}

describe('a start that cannot be', () => {
  test.each([
    ['a port that is none', { PORT: 'x' }, 'PORT is "x"'],
    ['a mode that is none', { MODE: 'test' }, 'MODE is "test"'],
    ['production without a database', { MODE: 'production' }, 'needs DATABASE_URL'],
    ['a region without rules', { REGIONS: '999999' }, 'REGIONS names 999999'],
    ['rules that are not there', { RULES_DIR: 'nowhere' }, 'nowhere'],
  ])('%s says what to change and ends with 1', async (_, env, message) => {
    const started = start({ ...env, DATA_DIR: 'never-made' })
    expect(await started.exited).toBe(1)
    expect(started.said()).toContain('jiesuan cannot start: ')
    expect(started.said()).toContain(message)
    expect(started.said()).not.toContain('    at ')
  })

  test('production without keys, or open to a network, does not start', async () => {
    const DATABASE_URL = database.appUrl
    const keyless = start({ DATABASE_URL })
    expect(await keyless.exited).toBe(1)
    expect(keyless.said()).toContain('DATA_KEY_FILE')
    const open = start({ DATABASE_URL, HOST: '0.0.0.0' })
    expect(await open.exited).toBe(1)
    expect(open.said()).toContain('HOST=0.0.0.0')
  })

  test('a database that lacks migrations is named with its cure', async () => {
    const started = start({ DATABASE_URL: empty.appUrl, MODE: 'sandbox' })
    expect(await started.exited).toBe(1)
    expect(started.said()).toContain('npm run migrate')
  })

  test('a database that is away is named without its password', async () => {
    const DATABASE_URL = 'postgres://jiesuan:hunter2@127.0.0.1:9/jiesuan'
    const started = start({ DATABASE_URL, MODE: 'sandbox' })
    expect(await started.exited).toBe(1)
    expect(started.said()).toContain('The database does not answer')
    expect(started.said()).not.toContain('hunter2')
  })
})

describe('a signal', () => {
  test('SIGTERM under load: everything that was accepted is answered, then the process ends with 0', async () => {
    const started = start({ DATABASE_URL: database.appUrl, MODE: 'sandbox' })
    const url = await urlOf(started)
    const going = { on: true }
    let number = 0
    const statuses = new Map<number, number>()
    const resets: unknown[] = []
    const send = async (): Promise<void> => {
      while (going.on) {
        const key = `term${number++}`
        try {
          const reply = await fetch(`${url}/v1/settlements`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': key },
            body: JSON.stringify({ ...claim, useAccount: false }),
          })
          await reply.text()
          statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
          // Told that the server closes, a client goes elsewhere.
          if (reply.status === 503) return
        } catch (error) {
          const { cause } = error as { cause?: { code?: string } }
          // A connection that is not accepted any more is no reset of one that was.
          if (cause?.code !== 'ECONNREFUSED') resets.push(error)
          return
        }
      }
    }
    const senders = Array.from({ length: 16 }, send)
    await expect.poll(() => statuses.get(201) ?? 0, { timeout: 15_000 }).toBeGreaterThan(50)
    started.child.kill('SIGTERM')
    const code = await started.exited
    going.on = false
    await Promise.all(senders)
    expect(code).toBe(0)
    expect(resets).toEqual([])
    expect([...statuses.keys()].filter((status) => status !== 201 && status !== 503)).toEqual([])
    expect(started.said()).not.toMatch(/"level":"(warn|error|fatal)"/)
  })

  test('a second one ends the process at once', async () => {
    const started = start({ DATABASE_URL: database.appUrl, MODE: 'sandbox' })
    await urlOf(started)
    started.child.kill('SIGINT')
    await expect.poll(started.said, { timeout: 15_000 }).toContain('closing after SIGINT')
    started.child.kill('SIGINT')
    expect(await started.exited).not.toBe(0)
  })
})

test('a log that nobody reads holds up no claim; what it loses is counted', async () => {
  const PORT = String(await freePort())
  const env = { DATABASE_URL: database.appUrl, MODE: 'sandbox', PORT, LOG_LEVEL: 'trace' }
  const child = spawn(process.execPath, ['adapters/main.ts'], {
    env: { ...bareEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child.stdout.pause()
  const url = `http://127.0.0.1:${PORT}`
  const isReady = () =>
    fetch(`${url}/readyz`)
      .then((reply) => reply.ok)
      .catch(() => false)
  await expect.poll(isReady, { timeout: 15_000 }).toBe(true)
  const dropped = async () =>
    Number(
      /^jiesuan_log_lines_dropped (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1],
    )
  for (let round = 0; round < 100 && (await dropped()) === 0; round++)
    await Promise.all(Array.from({ length: 250 }, async () => (await fetch(`${url}/livez`)).text()))
  expect(await dropped()).toBeGreaterThan(0)
  const settled = await fetch(`${url}/v1/settlements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'unread' },
    body: JSON.stringify(claim),
  })
  expect(settled.status).toBe(201)
  child.kill('SIGKILL')
}, 60_000)
