import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startSweeps, type Sweeps } from '../../../adapters/jobs/sweeps.ts'
import { runFenced, type Sweep } from '../../../adapters/jobs/sweep.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { run } from '../../support/server.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
let pools: pg.Pool[]
const started: Sweeps[] = []
const runs: string[] = []
const errors: string[] = []

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => {
  runs.length = 0
  errors.length = 0
  const url = database.appUrl
  pools = [1, 2].map(() => createPool({ url, max: 3, applicationName: 'test', onError: () => {} }))
})
afterEach(async () => {
  await Promise.all(started.splice(0).map(async (one) => one.stop()))
  await Promise.all(pools.map(async (pool) => pool.end()))
})
afterAll(() => database.drop())

function begin(pool: pg.Pool | undefined, ...sweeps: Sweep[]): Sweeps {
  if (!pool) throw new Error('two pools')
  const one = startSweeps({
    pool,
    sweeps,
    onRun: (name, outcome) => void runs.push(`${name} ${outcome}`),
    onError: (name, error) => void errors.push(`${name}: ${String(error)}`),
    retry_ms: 200,
  })
  started.push(one)
  return one
}

async function until(holds: () => boolean | Promise<boolean>, limit_ms = 15_000): Promise<void> {
  const end = performance.now() + limit_ms
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not in time; ${JSON.stringify({ runs, errors })}`)
    await sleep(20)
  }
}

const counting = (name: string, every_ms = 1_000): Sweep & { readonly count: () => number } => {
  let count = 0
  return { name, every_ms, count: () => count, run: async () => ++count }
}

const boss = async (sql: string): Promise<void> => run(database.ownerUrl, sql)
const completed = async (name: string): Promise<number> => {
  const sql = `select count(*)::int as n from pgboss.job where name = $1 and state = 'completed'`
  return (await pools[0]!.query<{ n: number }>(sql, [`sweep.${name}`])).rows[0]!.n
}

test('a sweep is woken by pg-boss again and again', async () => {
  const sweep = counting('again')
  begin(pools[0], sweep)
  await until(async () => (await completed('again')) >= 3)
  expect(sweep.count()).toBeGreaterThanOrEqual(3)
  expect(errors).toEqual([])
})

test('two processes have one chain of wake-ups, and never run a sweep at the same moment', async () => {
  let now = 0
  let most = 0
  const sweep: Sweep = {
    name: 'fenced',
    every_ms: 300,
    async run() {
      most = Math.max(most, ++now)
      await sleep(400)
      now -= 1
      return 1
    },
  }
  begin(pools[0], sweep)
  begin(pools[1], sweep)
  await until(() => runs.filter((one) => one === 'fenced done').length >= 6)
  expect(most).toBe(1)
  const sql = `select count(*)::int as n from pgboss.job where name = 'sweep.fenced' and state = 'created'`
  expect((await pools[0]!.query<{ n: number }>(sql)).rows[0]!.n).toBeLessThanOrEqual(1)
})

test('of two that are woken at once one acts, and the other tells that it is done elsewhere', async () => {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const slow: Sweep = { name: 'held', every_ms: 200, run: async () => (await held, 1) }
  begin(pools[0], slow)
  begin(pools[1], slow)
  await until(() => runs.includes('held elsewhere'))
  expect(runs).not.toContain('held done')
  release()
  await until(() => runs.includes('held done'))
})

test('the rows of pg-boss may be deleted: timers wake the sweep, and its chain is mended', async () => {
  const sweep = counting('deleted')
  begin(pools[0], sweep)
  await until(async () => (await completed('deleted')) >= 1)
  await boss('delete from pgboss.job')
  const before = sweep.count()
  await until(async () => sweep.count() > before && (await completed('deleted')) >= 1)
  await boss('delete from pgboss.job; delete from pgboss.queue')
  const then = sweep.count()
  await until(async () => sweep.count() > then && (await completed('deleted')) >= 1)
  expect(runs).not.toContain('deleted failed')
})

test('without the schema of pg-boss sweeps run by timers, and why is told', async () => {
  await boss('alter schema pgboss rename to elsewhere')
  try {
    const sweep = counting('alone', 200)
    begin(pools[0], sweep)
    await until(() => sweep.count() >= 3)
    expect(errors.some((error) => error.startsWith('pg-boss: '))).toBe(true)
    await boss('alter schema elsewhere rename to pgboss')
    await until(async () => (await completed('alone')) >= 2)
  } finally {
    await boss('alter schema elsewhere rename to pgboss').catch(() => {})
  }
})

test('a sweep that fails is told of and runs again', async () => {
  let attempts = 0
  begin(pools[0], {
    name: 'failing',
    every_ms: 300,
    run: async () => {
      attempts += 1
      if (attempts < 3) throw new Error('not yet')
      return 1
    },
  })
  await until(() => runs.includes('failing done'))
  expect(runs.slice(0, 3)).toEqual(['failing failed', 'failing failed', 'failing done'])
  expect(errors).toEqual(['failing: Error: not yet', 'failing: Error: not yet'])
})

test('a process that is killed in the middle leaves the fence, and the next one does it again', async () => {
  let holder = 0
  const stuck: Sweep = {
    name: 'killed',
    every_ms: 300,
    run: async (signal) => {
      const { rows } = await pools[1]!.query<{ pid: number }>(
        `select pid from pg_locks where locktype = 'advisory' and granted limit 1`,
      )
      holder = rows[0]!.pid
      await sleep(60_000, undefined, { signal })
      return 1
    },
  }
  begin(pools[0], stuck)
  await until(() => holder > 0)
  const next = counting('killed', 300)
  begin(pools[1], next)
  await until(() => runs.includes('killed elsewhere'))
  expect(next.count()).toBe(0)
  // What the server does for a process that was killed: its connections end.
  await boss(`select pg_terminate_backend(${holder})`)
  await until(() => next.count() > 0)
})

test('a sweep may last longer than any other transaction of ours', async () => {
  const short = { url: database.appUrl, max: 1, applicationName: 'lasting', onError: () => {} }
  const pool = createPool(short)
  const transactions = `where current_setting('server_version_num')::int >= 170000`
  pool.on('acquire', (client) => {
    void client.query(`select set_config('transaction_timeout', '100ms', false) ${transactions}`)
  })
  const lasting = { name: 'lasting', every_ms: 1_000, run: async () => sleep(400).then(() => 1) }
  try {
    const ran = runFenced(pool, lasting, new AbortController().signal)
    await expect(ran).resolves.toEqual({ outcome: 'done', count: 1 })
  } finally {
    await pool.end()
  }
})

test('sweeps stop within two seconds, also where one hangs, and leave no connection behind', async () => {
  const url = database.appUrl
  const pool = createPool({ url, max: 3, applicationName: 'stopping', onError: () => {} })
  const hanging: Sweep = { name: 'hanging', every_ms: 200, run: async () => new Promise(() => {}) }
  const idle = counting('idle')
  const sweeps = begin(pool, hanging, idle)
  await until(() => idle.count() > 0)
  await sleep(300)
  const before = performance.now()
  await sweeps.stop()
  await pool.end()
  expect(performance.now() - before).toBeLessThan(2_000)
  expect(runs).toContain('hanging failed')
})

test('sweeps may be stopped while they start', async () => {
  const before = performance.now()
  await begin(pools[0], counting('early')).stop()
  expect(performance.now() - before).toBeLessThan(2_000)
})
