import { randomBytes } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readPostmaster } from '../../adapters/postgres/postmaster.ts'
import { run } from '../support/server.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Started, start } from './start.ts'
import { bareEnvironment } from '../support/environment.ts'

let folder: string
const running: Started[] = []

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-serve-'))
})
afterEach(async () => {
  for (const one of running.splice(0))
    if (one.child.exitCode === null && one.child.signalCode === null) await one.end()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function begin(env: Record<string, string>): Started {
  const started = start(env)
  running.push(started)
  return started
}

async function refused(env: Record<string, string>): Promise<string> {
  const started = begin(env)
  expect(await started.exited).toBe(1)
  expect(started.said()).not.toContain('    at ')
  return started.said()
}

const claim = {
  institution: 'H51010000001',
  day: '2026-03-02',
  credential: { type: 'citizen-number', number: '510199198603120110' },
  care: 'outpatient',
  useAccount: true,
  total: '25.00',
  lines: [{ id: 'L1', item: 'X1', quantity: '2', unitPrice: '12.5', amount: '25.00' }],
}

async function settle(url: string, key: string): Promise<Response> {
  return fetch(`${url}/v1/settlements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(claim),
  })
}

describe('the data keys', () => {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  const [index, one, two] = [`index ${hex(32)}`, `1 ${hex(16)}`, `2 ${hex(16)}`]
  let database: TestDatabase
  let env: Record<string, string>

  const keyFile = (...lines: string[]): string => {
    const file = path.join(folder, `${hex(4)}.key`)
    writeFileSync(file, lines.join('\n'), { mode: 0o600 })
    return file
  }

  beforeAll(async () => {
    database = await createTestDatabase()
    env = { DATABASE_URL: database.appUrl, MODE: 'sandbox' }
    const first = begin({ ...env, DATA_KEY_FILE: keyFile(index, one) })
    await settle(await first.url(), 'k1')
    await first.end()
  })
  afterAll(() => database.drop())

  test('other ones than the database was filled with are refused at the start', async () => {
    for (const file of [keyFile(`index ${hex(32)}`, one), keyFile(index, `1 ${hex(16)}`)])
      expect(await refused({ ...env, DATA_KEY_FILE: file })).toMatch(
        /was filled with another (index key|key version 1) than ours\. Set DATA_KEY_FILE/,
      )
    expect(await refused(env)).toContain('Set DATA_KEY_FILE')
  })

  test('a database from before proofs were kept proves them by its cards', async () => {
    await run(database.ownerUrl, 'delete from key_check')
    const wrong = keyFile(`index ${hex(32)}`, one)
    expect(await refused({ ...env, DATA_KEY_FILE: wrong })).toContain('other data keys than ours')
  })

  test('a new version is welcome, and then it must not be missing', async () => {
    const both = begin({ ...env, DATA_KEY_FILE: keyFile(index, one, two) })
    const again = await settle(await both.url(), 'k1')
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    await both.end()
    expect(await refused({ ...env, DATA_KEY_FILE: keyFile(index, one) })).toContain(
      'was filled with key version 2, which we have not',
    )
  })

  test('production is refused on what a sandbox filled, whatever its keys', async () => {
    const production = { DATABASE_URL: database.appUrl, MODE: 'production' }
    for (const file of [keyFile(index, one, two), keyFile(`index ${hex(32)}`, two)])
      expect(await refused({ ...production, DATA_KEY_FILE: file })).toContain(
        'was filled by a sandbox',
      )
  })

  test('the sandbox is refused on what production filled', async () => {
    const real = await createTestDatabase()
    const file = { DATABASE_URL: real.appUrl, DATA_KEY_FILE: keyFile(index, one) }
    const production = begin({ ...file, MODE: 'production' })
    await production.url()
    await production.end()
    expect(await refused({ ...file, MODE: 'sandbox' })).toContain('was filled in production')
    await real.drop()
  })
})

describe('an address that cannot be had', () => {
  let database: TestDatabase
  let env: Record<string, string>
  beforeAll(async () => {
    database = await createTestDatabase()
    env = { DATABASE_URL: database.appUrl, MODE: 'sandbox' }
  })
  afterAll(() => database.drop())

  test('a port that is taken is told as PORT', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    expect(await refused({ ...env, PORT: String(port) })).toContain(
      `PORT is ${port}, which another program has`,
    )
    other.close()
  })

  test.each(['nowhere.invalid', '192.0.2.1'])('%s is told as HOST', async (host) => {
    expect(await refused({ ...env, HOST: host })).toContain(`HOST is ${host}, `)
  })
})

describe('the database that the server brings', () => {
  test('a second start on it is refused, and the first goes on', async () => {
    const DATA_DIR = path.join(folder, 'shared')
    const first = begin({ DATA_DIR })
    const url = await first.url()
    expect(await refused({ DATA_DIR })).toContain(
      `DATA_DIR is ${DATA_DIR}, which process ${first.child.pid} of jiesuan is using`,
    )
    expect((await settle(url, 'k1')).status).toBe(201)
    first.child.kill('SIGKILL')
    await first.exited
    const next = begin({ DATA_DIR })
    expect((await settle(await next.url(), 'k1')).headers.get('idempotency-replayed')).toBe('true')
  }, 60_000)

  test('a demo on the folder of one that goes on is refused without a stack', async () => {
    const DATA_DIR = path.join(folder, 'demo')
    const first = begin({ DATA_DIR: path.join(DATA_DIR, 'demo') })
    const url = await first.url()
    const env = { ...bareEnvironment(), DATA_DIR }
    const second = spawnSync(process.execPath, ['adapters/cli/demo.ts', '--exit'], { env })
    expect(second.status).toBe(1)
    expect(String(second.stderr)).toMatch(/^The demo cannot go on: DATA_DIR is .* is using\./)
    expect((await settle(url, 'k1')).status).toBe(201)
  }, 60_000)

  test('killed while it serves, it is started again and the claims go on', async () => {
    const DATA_DIR = path.join(folder, 'killed')
    const server = begin({ DATA_DIR })
    const url = await server.url()
    expect((await settle(url, 'k1')).status).toBe(201)
    const data = path.join(DATA_DIR, 'postgres', 'data')
    const count = (text: string) => server.said().split(text).length - 1
    for (let round = 0; round < 2; round++) {
      process.kill(readPostmaster(data)?.pid ?? 0, 'SIGKILL')
      const meanwhile = await settle(url, `m${round}`)
      expect([201, 503]).toContain(meanwhile.status)
      const restarts = () => count('was started again')
      await expect.poll(restarts, { timeout: 30_000 }).toBe(round + 1)
      await expect.poll(() => server.ready(), { timeout: 5_000 }).toBe(true)
      expect((await settle(url, `m${round}`)).status).toBe(201)
    }
    expect((await settle(url, 'k1')).headers.get('idempotency-replayed')).toBe('true')
    expect(count('the journal could not go on')).toBeLessThan(4)
    expect(await server.end()).toBe(0)
    expect(readPostmaster(data)).toBeUndefined()
  }, 90_000)
})
