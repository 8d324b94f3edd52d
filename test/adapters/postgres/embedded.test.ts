import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { findBinaries } from '../../../adapters/postgres/binaries.ts'
import { type EmbeddedServer, startEmbedded } from '../../../adapters/postgres/embedded.ts'
import { identities } from '../../../adapters/postgres/identity.ts'
import { isAlive } from '../../../adapters/postgres/postmaster.ts'
import { ensureAppRole } from '../../../adapters/postgres/roles.ts'

const root = process.getuid?.() === 0
const NOBODY = 65534
const nobody = { uid: NOBODY, gid: NOBODY }
const ownerScript = path.join(import.meta.dirname, 'owner.ts')
/** A checkout in root's own folder is closed to everybody else, and then nobody can run it at all. */
const openToAll =
  root &&
  spawnSync(process.execPath, ['--check', ownerScript], { ...nobody, cwd: '/' }).status === 0
const binaries = findBinaries()
const prewarms = typeof binaries !== 'string' && binaries.prewarms
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function newDataDir(): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-embedded-'))
  cleanups.push(() => rmSync(parent, { recursive: true, force: true }))
  return path.join(parent, 'data')
}

async function start(dataDir: string, more = {}): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, log: () => {}, ...more })
  cleanups.push(() => server.stop())
  return server
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

interface Owner {
  readonly child: ChildProcess
  readonly ended: Promise<unknown[]>
  readonly pid: number
  readonly url: string
  readonly reused: boolean
}

/** Runs the owner script as a process of its own and gives what it printed. */
async function own(dataDir: string, how = 'wait', user = {}): Promise<Owner> {
  const child = spawn(process.execPath, [ownerScript, dataDir, how], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  })
  const ended = once(child, 'exit')
  cleanups.push(() => child.kill('SIGKILL'))
  const lines = child.stdout ?? []
  for await (const line of lines) {
    const said = JSON.parse(String(line))
    cleanups.push(() => endServer(said.pid))
    return { child, ended, ...said }
  }
  throw new Error('the owner ended without a word')
}

/** For tests that end before the server does; its folder can only then be removed. */
async function endServer(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGQUIT')
  await gone(pid)
}

async function gone(pid: number): Promise<boolean> {
  for (let wait = 0; wait < 200 && isAlive(pid); wait++) await sleep(50)
  return !isAlive(pid)
}

test('keeps its data and its port over a restart', async () => {
  const dataDir = newDataDir()
  const first = await start(dataDir)
  await ask(first.url, 'create table kept as select 1 as one')
  await first.stop()
  expect(await gone(first.pid)).toBe(true)
  const second = await start(dataDir)
  expect(second).toMatchObject({ reused: false, port: first.port })
  expect(await ask(second.url, 'select * from kept')).toEqual([{ one: 1 }])
})

test.runIf(prewarms)(
  'what was in memory is there again after a restart, before anybody asks for it',
  async () => {
    const dataDir = newDataDir()
    const first = await start(dataDir)
    await ask(first.url, 'create extension pg_buffercache')
    await ask(first.url, 'create table used as select n from generate_series(1, 100000) n')
    const cached = `select count(*)::int as pages from pg_buffercache
      where relfilenode = pg_relation_filenode('used') and relforknumber = 0`
    const before = await ask(first.url, cached)
    expect(before[0]?.['pages']).toBeGreaterThan(400)
    await first.stop()
    const second = await start(dataDir)
    await expect.poll(async () => ask(second.url, cached), { timeout: 10_000 }).toEqual(before)
  },
)

test('listens on loopback only, asks for a password, and is durable', async () => {
  const dataDir = newDataDir()
  const server = await start(dataDir)
  const names = ['fsync', 'synchronous_commit', 'data_checksums', 'listen_addresses']
  const rows = await ask(
    server.url,
    `select name, setting from pg_settings where name in ('${names.join("','")}')`,
  )
  expect(Object.fromEntries(rows.map((row) => [row['name'], row['setting']]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    data_checksums: 'on',
    listen_addresses: '127.0.0.1',
  })
  const wrong = new URL(server.url)
  wrong.password = 'guess'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  expect(statSync(path.join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600)
})

test('two servers in two folders run at once', async () => {
  const [first, second] = await Promise.all([start(newDataDir()), start(newDataDir())])
  expect(first.port).not.toBe(second.port)
  await ask(first.url, 'create table here ()')
  expect(await ask(second.url, `select to_regclass('here') as found`)).toEqual([{ found: null }])
})

test('of two starters in one folder one is refused, and the other goes on', async () => {
  const dataDir = newDataDir()
  const both = await Promise.allSettled([start(dataDir), start(dataDir)])
  const started = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const refused = both.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
  expect(started.length).toBe(1)
  expect(refused).toEqual([expect.stringContaining(`DATA_DIR is ${dataDir}, which process`)])
  expect(await ask((started[0] as EmbeddedServer).url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('another process is refused while the owner lives, and leaves its server alone', async () => {
  const dataDir = newDataDir()
  const owner = await own(dataDir)
  await expect(start(dataDir)).rejects.toThrow(`which process ${owner.child.pid} of jiesuan`)
  expect(await ask(owner.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('an owner whose number was given to another program keeps nobody out', async () => {
  const dataDir = newDataDir()
  await (await start(dataDir)).stop()
  writeFileSync(path.join(dataDir, 'postgres', 'owner'), `${process.ppid} 1`)
  expect((await start(dataDir)).reused).toBe(false)
})

test('a server whose owner was killed is used again and then stopped', async () => {
  const dataDir = newDataDir()
  const owner = await own(dataDir)
  await ask(owner.url, 'create table kept as select 1 as one')
  owner.child.kill('SIGKILL')
  await owner.ended
  const server = await start(dataDir)
  expect(server).toMatchObject({ reused: true, pid: owner.pid })
  expect(await ask(server.url, 'select * from kept')).toEqual([{ one: 1 }])
  await server.stop()
  expect(await gone(owner.pid)).toBe(true)
})

test('the number of a dead server that another process now has does not keep it from starting', async () => {
  const dataDir = newDataDir()
  const first = await start(dataDir)
  const file = path.join(dataDir, 'postgres', 'data', 'postmaster.pid')
  const left = readFileSync(file, 'utf8').replace(/^\d+/, String(process.ppid))
  await first.stop()
  writeFileSync(file, left, { mode: 0o600 })
  expect((await start(dataDir)).reused).toBe(false)
})

test('a killed server starts again on its port and recovers', async () => {
  const dataDir = newDataDir()
  const server = await start(dataDir)
  await ask(server.url, 'create table kept as select 1 as one')
  const killed = server.pid
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => server.lives()).toBe(false)
  await server.restart()
  expect(server.lives()).toBe(true)
  expect(await ask(server.url, 'select * from kept')).toEqual([{ one: 1 }])
  await server.stop()
  expect(await gone(server.pid)).toBe(true)
})

test('a server that was killed with its owner starts again and recovers', async () => {
  const dataDir = newDataDir()
  const owner = await own(dataDir)
  await ask(owner.url, 'create table kept as select 1 as one')
  owner.child.kill('SIGKILL')
  process.kill(owner.pid, 'SIGKILL')
  await owner.ended
  expect(await gone(owner.pid)).toBe(true)
  const server = await start(dataDir)
  expect(server.reused).toBe(false)
  expect(await ask(server.url, 'select * from kept')).toEqual([{ one: 1 }])
})

test('a folder that cannot be made is told by the name of its variable', async () => {
  const dataDir = newDataDir()
  writeFileSync(dataDir, 'a file')
  await expect(start(path.join(dataDir, 'below'))).rejects.toThrow(
    /^DATA_DIR is .*below, where the database cannot be kept .*or set DATA_DIR to another one/,
  )
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s to the owner stops the server', async (signal) => {
  const owner = await own(newDataDir())
  owner.child.kill(signal)
  const [, received] = await owner.ended
  expect(received).toBe(signal)
  expect(await gone(owner.pid)).toBe(true)
})

test('an owner that simply exits leaves no server behind', async () => {
  const owner = await own(newDataDir(), 'exit')
  expect(await gone(owner.pid)).toBe(true)
})

test.runIf(openToAll)('starts for an ordinary user', async () => {
  const dataDir = newDataDir()
  chmodSync(path.dirname(dataDir), 0o777)
  const owner = await own(dataDir, 'stop', nobody)
  await owner.ended
  expect(owner.reused).toBe(false)
  expect(statSync(path.join(dataDir, 'postgres', 'data')).uid).toBe(NOBODY)
})

test.runIf(root)('starts for root where user namespaces are barred', async () => {
  const dataDir = newDataDir()
  const others = identities(path.dirname(dataDir)).filter((way) => way.owner)
  const first = await start(dataDir, { identities: others })
  expect(statSync(path.join(dataDir, 'postgres', 'data')).uid).toBe(others[0]?.owner?.uid)
  await ask(first.url, 'create table kept ()')
  await first.stop()
  const second = await start(dataDir)
  expect(await ask(second.url, `select 1 as one from pg_tables where tablename = 'kept'`)).toEqual([
    { one: 1 },
  ])
})

test('where nothing works it says what to do instead', async () => {
  await expect(start(newDataDir(), { identities: [] })).rejects.toThrow(
    /cannot run here.*Set DATABASE_URL to a PostgreSQL 15 or newer/,
  )
})

test('data opened to others is closed again before the start', async () => {
  const dataDir = newDataDir()
  await (await start(dataDir)).stop()
  const data = path.join(dataDir, 'postgres', 'data')
  chmodSync(data, 0o755)
  await start(dataDir)
  expect(statSync(data).mode & 0o777).toBe(0o700)
})

test('the application role logs in with its own password and creates nothing', async () => {
  const dataDir = newDataDir()
  const server = await start(dataDir)
  const appUrl = await ensureAppRole(server.url, dataDir)
  expect(await ensureAppRole(server.url, dataDir)).toBe(appUrl)
  expect(await ask(appUrl, 'select current_user as who')).toEqual([{ who: 'jiesuan_app' }])
  await expect(ask(appUrl, 'create table mine ()')).rejects.toThrow(/permission denied/)
})
