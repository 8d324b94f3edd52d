import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts'
import { claim } from '../adapters/http/served.ts'
import { askAnew } from './anew.ts'
import { type Started, start, workersOf } from './start.ts'

let folder: string
let database: TestDatabase
const running: Started[] = []
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-workers-'))
  database = await createTestDatabase()
})
afterEach(async () => {
  for (const one of running.splice(0))
    if (one.child.exitCode === null && one.child.signalCode === null) await one.end()
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

function begin(env: Record<string, string>, how?: { readonly ownGroup: boolean }): Started {
  const started = start({ WORKERS: '2', ...env }, how)
  running.push(started)
  return started
}

/** The dead that nobody has buried yet do not run. */
function runs(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z\s]/.test(stdout.trim())
}
async function noneRuns(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(runs), { timeout: 5_000 }).toEqual([])
}

describe('a start that cannot be', () => {
  const refused = async (env: Record<string, string>): Promise<string> => {
    const started = begin(env)
    expect(await started.exited).toBe(1)
    const { child } = started
    expect(workersOf({ child })).toEqual([])
    expect(started.said()).not.toContain('    at ')
    return started.said()
  }

  test('says what is wrong as it does with one process', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    const empty = await createEmptyDatabase()
    const env = { DATABASE_URL: database.appUrl, MODE: 'sandbox' }
    const told = await Promise.all([
      refused({ ...env, PORT: String(port) }),
      refused({ ...env, REGIONS: '999999' }),
      refused({ ...env, DATABASE_URL: empty.appUrl }),
      refused({ DATABASE_URL: database.appUrl, MODE: 'production' }),
    ])
    expect(told[0]).toContain(`jiesuan cannot start: PORT is ${port}, which another program has`)
    expect(told[1]).toContain('jiesuan cannot start: REGIONS names 999999')
    expect(told[2]).toContain('npm run migrate')
    expect(told[3]).toContain('DATA_KEY_FILE')
    other.close()
    await empty.drop()
  }, 90_000)
})

test('a second signal ends all of them at once', async () => {
  const started = begin({ DATABASE_URL: database.appUrl, MODE: 'sandbox' }, { ownGroup: true })
  await started.url()
  const workers = workersOf(started)
  expect(workers).toHaveLength(2)
  const group = -(started.child.pid as number)
  process.kill(group, 'SIGINT')
  await expect.poll(started.said, { timeout: 15_000 }).toContain('closing after SIGINT')
  process.kill(group, 'SIGINT')
  expect(await started.exited).toBe(1)
  expect(started.said()).not.toContain('"msg":"closed"')
  await noneRuns(workers)
}, 90_000)

test('where the first of them is killed nothing goes on serving, and the next start finds all that was told', async () => {
  const DATA_DIR = path.join(folder, 'killed')
  const first = begin({ DATA_DIR })
  const url = await first.url()
  const settle = (to: string) => askAnew(`${to}/v1/settlements`, { key: 'k1', body: claim })
  const told = await settle(url)
  expect(told.status).toBe(201)
  const workers = workersOf(first)
  expect(workers).toHaveLength(2)
  first.child.kill('SIGKILL')
  await first.exited
  await noneRuns(workers)
  await expect(settle(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const next = await begin({ DATA_DIR }).url()
  expect(await settle(next)).toMatchObject({ status: 201, replayed: true, text: told.text })
}, 90_000)
