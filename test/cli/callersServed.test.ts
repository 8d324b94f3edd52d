import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callers } from '../../adapters/cli/callers.ts'
import { crossings } from '../../adapters/cli/crossingsCommand.ts'
import { sandboxCallerKey } from '../../adapters/crypto/callerKeys.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { run } from './command.ts'
import { type Started, start } from './start.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-served-'))
const file = join(folder, 'callers.yaml')
const add = (id: string, ...words: string[]) =>
  run(callers, 'add', '--file', file, '--id', id, ...words).out

let database: TestDatabase
let running: Started
let url: string
let env: Record<string, string>
const keys: Record<string, string> = {}

beforeAll(async () => {
  database = await createTestDatabase()
  keys['auditor'] = add('audit-1', '--role', 'auditor')
  keys['operator'] = add('ops-1', '--role', 'operator')
  const dataKeys = join(folder, 'data.key')
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  writeFileSync(dataKeys, `index ${hex(32)}\n1 ${hex(16)}\n`, { mode: 0o600 })
  env = {
    DATABASE_URL: database.appUrl,
    MODE: 'production',
    DATA_KEY_FILE: dataKeys,
    CALLERS_FILE: file,
    HOST: '0.0.0.0',
  }
  running = start({ ...env, WORKERS: '2' })
  url = (await running.url()).replace('0.0.0.0', '127.0.0.1')
}, 60_000)
afterAll(async () => {
  await running.end()
  await database.drop()
  rmSync(folder, { recursive: true })
})

async function ask(path: string, key?: string): Promise<{ status: number; code: unknown }> {
  const reply = await fetch(
    url + path,
    key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } },
  )
  const text = await reply.text()
  const isProblem = reply.headers.get('content-type')?.startsWith('application/problem') === true
  return {
    status: reply.status,
    code: isProblem ? (JSON.parse(text) as { code: string }).code : undefined,
  }
}

describe('production with CALLERS_FILE', () => {
  test('listens on the network, and answers nobody without a key', async () => {
    for (const path of [
      '/v1/me',
      '/v1/rules',
      '/v1/people/1',
      '/v1/settlements',
      '/metrics',
      '/%761/me',
    ])
      expect([path, await ask(path)]).toEqual([path, { status: 401, code: 'caller-unknown' }])
    for (const path of ['/livez', '/readyz', '/openapi.json'])
      expect((await ask(path)).status).toBe(200)
    expect((await ask('/v1/nothing')).status).toBe(404)
  })

  test('answers whoever has one, in their role', async () => {
    expect(await ask('/v1/me', keys['auditor'])).toEqual({ status: 200, code: undefined })
    expect(await ask('/v1/crossings', keys['operator'])).toEqual({ status: 200, code: undefined })
    expect((await ask('/metrics', keys['operator'])).status).toBe(200)
    expect(await ask('/v1/settlements', keys['operator'])).toEqual({
      status: 403,
      code: 'role-not-allowed',
    })
  })

  test('is asked by an operator in a terminal, with their key in a file of their own', async () => {
    const told: string[] = []
    const print = { out: (l: string) => void told.push(l), error: (l: string) => void told.push(l) }
    const keyFile = join(folder, 'operator.key')
    writeFileSync(keyFile, `${keys['operator']}\n`, { mode: 0o600 })
    expect(await crossings(['--url', url, '--key-file', keyFile], print)).toBe(0)
    expect(await crossings(['--url', url], print)).toBe(2)
    writeFileSync(keyFile, sandboxCallerKey('operator'))
    expect(await crossings(['retry', 'H1 c1', '--url', url, '--key-file', keyFile], print)).toBe(2)
    expect(told).toEqual([
      'nothing waits for another region',
      expect.stringContaining('answered 401: give it the key of an operator with --key-file'),
      expect.stringContaining('answered 401'),
    ])
  })

  test('knows no key of the sandbox, and no token where none can be read', async () => {
    for (const key of [sandboxCallerKey('auditor'), 'x', 'A'.repeat(258)])
      expect(await ask('/v1/me', key)).toEqual({ status: 401, code: 'caller-unknown' })
  })

  test('has one access log of all its processes, without a hole', async () => {
    const told = await Promise.all(
      Array.from({ length: 120 }, async () => ask('/v1/settlements', keys['auditor'])),
    )
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([200]))
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    const { rows } = await client.query(
      'select count(*)::int as entries, max(position)::int as last, min(position)::int as first from access_log',
    )
    await client.end()
    const [{ entries, last, first }] = rows as [{ entries: number; last: number; first: number }]
    expect([first, last]).toEqual([1, entries])
    expect(entries).toBeGreaterThanOrEqual(120)
  })

  test('a key that is taken back is good for nothing within moments, in every process', async () => {
    expect((await ask('/v1/me', keys['auditor'])).status).toBe(200)
    const next = run(callers, 'renew', '--file', file, '--id', 'audit-1').out
    run(callers, 'retire', '--file', file, '--id', 'audit-1')
    await sleep(1_500)
    const told = await Promise.all(
      Array.from({ length: 20 }, async (_, n) =>
        ask('/v1/me', n % 2 === 0 ? keys['auditor'] : next).then(({ status }) => status),
      ),
    )
    expect(told).toEqual(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 401 : 200)))
  })

  test('counts its processes that do not know a change of the list', async () => {
    const stale = async (): Promise<string | undefined> => {
      const headers = { authorization: `Bearer ${keys['operator']}` }
      const text = await (await fetch(`${url}/metrics`, { headers })).text()
      return /^jiesuan_callers_stale (\d+)/m.exec(text)?.[1]
    }
    const list = readFileSync(file, 'utf8')
    expect(await stale()).toBe('0')
    writeFileSync(file, 'callers: [}')
    await expect.poll(stale, { timeout: 10_000 }).toBe('2')
    writeFileSync(file, list)
    await expect.poll(stale, { timeout: 10_000 }).toBe('0')
  })

  test('does not start with a list that cannot be read, nor on a network without one', async () => {
    const wrong = join(folder, 'wrong.yaml')
    writeFileSync(wrong, 'callers: [}', { mode: 0o600 })
    for (const [more, said] of [
      [{ CALLERS_FILE: wrong }, 'CALLERS_FILE is not YAML'],
      [{ CALLERS_FILE: '' }, 'Give them keys with'],
    ] as const) {
      const refused = start({ ...env, ...more, WORKERS: '1' })
      expect(await refused.exited).toBe(1)
      expect(refused.said()).toContain(said)
    }
  })
})
