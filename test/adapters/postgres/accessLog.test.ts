import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccessLog } from '../../../adapters/postgres/accessLog.ts'
import { canonicalJson } from '../../../adapters/postgres/document.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { listAccesses } from '../../../adapters/postgres/sql/accessLog.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const start_ms = Date.parse('2026-03-02T09:00:00+08:00')
let database: TestDatabase
let owner: pg.Client
const pools: pg.Pool[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await Promise.all(pools.map(async (pool) => pool.end()))
  await database.drop()
})

/** The log as one process has it. */
function openProcess(now: () => number = () => start_ms) {
  const pool = createPool({
    url: database.appUrl,
    max: 3,
    applicationName: 'test',
    onError: () => {},
  })
  pools.push(pool)
  return createAccessLog({ pool, now })
}

const access = (person: string, more: object = {}) => ({
  caller: 'auditor',
  role: 'auditor',
  action: 'person',
  person,
  ...more,
})

interface Kept {
  readonly position: string
  readonly at_ms: string
  readonly caller: string
  readonly role: string
  readonly action: string
  readonly person: string | null
  readonly subject: string | null
  readonly reason: string | null
  readonly canonical: Buffer
}
const kept = async (): Promise<Kept[]> =>
  (
    await owner.query<Kept>(
      'select *, (extract(epoch from at) * 1000)::bigint::text as at_ms from access_log order by position',
    )
  ).rows

const dense = (rows: readonly Kept[]) =>
  expect(rows.map(({ position }) => position)).toEqual(rows.map((_, i) => String(i + 1)))

describe('the access log', () => {
  test('gives dense positions however many processes write at once', async () => {
    const processes = [openProcess(), openProcess(() => start_ms + 5_000), openProcess()]
    await Promise.all(
      Array.from({ length: 300 }, async (_, n) =>
        processes[n % 3]?.record(
          n % 7 === 0 ? [access(`P${n}`), access(`Q${n}`)] : [access(`P${n}`)],
        ),
      ),
    )
    const rows = await kept()
    expect(rows.length).toBe(343)
    dense(rows)
    expect(new Set(rows.map(({ person }) => person)).size).toBe(343)
    // A process whose clock is behind does not write into the past.
    const moments = rows.map(({ at_ms }) => Number(at_ms))
    expect(moments).toEqual(moments.toSorted((a, b) => a - b))
  })

  test('keeps beside each entry the canonical JSON that a seal hashes', async () => {
    await openProcess().record([
      access('P1', { subject: 'S1', reason: '核对 "住院"', action: 'identity' }),
    ])
    for (const row of await kept()) {
      const { position, at_ms, canonical, caller, role, action, person, subject, reason } = row
      const told = {
        position: Number(position),
        at: Number(at_ms),
        caller,
        role,
        action,
        person: person ?? undefined,
        subject: subject ?? undefined,
        reason: reason ?? undefined,
      }
      expect(canonical.toString('utf8')).toBe(canonicalJson(told))
    }
  })

  test('goes on where it was after a restart', async () => {
    const before = (await kept()).length
    await openProcess().record([access('P1')])
    const rows = await kept()
    expect(rows.length).toBe(before + 1)
    dense(rows)
  })

  test('has no hole where a transaction failed, and says that it failed', async () => {
    const process = openProcess()
    const before = (await kept()).length
    await expect(process.record([access('P\0')])).rejects.toThrow()
    await process.record([access('P1')])
    const rows = await kept()
    expect(rows.length).toBe(before + 1)
    dense(rows)
  })

  test('is nothing that the application may change', async () => {
    const app = new pg.Client({ connectionString: database.appUrl })
    await app.connect()
    for (const sql of [
      `update access_log set person = 'P2' where position = 1`,
      'delete from access_log where position = 1',
      'truncate access_log',
      'drop table access_log',
      'alter table access_log add column x int',
      `insert into access_log select * from access_log where position = 1`,
    ])
      await expect(app.query(sql)).rejects.toThrow(/permission denied|must be owner|duplicate key/)
    await app.end()
  })

  test('is told newest first, in pages that stay where they are while entries arrive', async () => {
    const log = openProcess()
    const all = (await kept()).map(({ position }) => BigInt(position)).toReversed()
    const seen: bigint[] = []
    let after: string | undefined
    do {
      const page = await log.list({ limit: 50, ...(after !== undefined && { after }) })
      seen.push(...page.items.map(({ position }) => position))
      after = page.next
      await log.record([access('P9')])
    } while (after !== undefined)
    expect(seen).toEqual(all)
  })

  test('finds by person, caller, action and moment', async () => {
    const log = openProcess(() => start_ms + 60_000)
    await log.record([access('P3', { caller: 'desk', action: 'denied', reason: 'x' })])
    const count = async (filter: object) => (await log.list({ limit: 200, ...filter })).items.length
    expect(await count({ person: 'P3', caller: 'desk' })).toBe(1)
    expect(await count({ action: 'denied' })).toBe(1)
    expect(await count({ caller: 'nobody' })).toBe(0)
    expect(await count({ from: start_ms + 60_000 })).toBe(1)
    expect(await count({ from: start_ms + 60_001 })).toBe(0)
    expect(await count({ until: start_ms - 1 })).toBe(0)
    expect(await count({ until: start_ms + 59_999, person: 'P3' })).toBe(1)
    const [item] = (await log.list({ limit: 1, caller: 'desk' })).items
    expect(item).toEqual({
      position: expect.any(BigInt),
      at: start_ms + 60_000,
      ...access('P3', { caller: 'desk', action: 'denied', reason: 'x' }),
    })
  })

  test('is read by an index whatever is asked, and no further than a page', async () => {
    await owner.query(`
      insert into access_log (position, at, caller, role, action, person, canonical)
      select p, to_timestamp(1900000000 + p), 'c' || p % 50, 'auditor', 'a' || p % 10, 'P' || p % 5000, 'x'
      from generate_series(1000, 60000) as p`)
    await owner.query('analyze access_log')
    const from = 1_900_030_000_000
    for (const asked of [
      {},
      { person: 'P77' },
      { caller: 'c7' },
      { action: 'a7' },
      { from, until: from + 1_000_000 },
      { caller: 'c7', until: from },
    ]) {
      const { text, values } = listAccesses({ ...asked, limit: 51, after: 55_000n })
      const { rows } = await owner.query(
        `explain (analyze, buffers, format json) ${text}`,
        [...values].map((value) => (typeof value === 'bigint' ? String(value) : value)),
      )
      const plan = JSON.stringify(rows[0]['QUERY PLAN'])
      expect(plan).not.toContain('Seq Scan')
      const [{ Plan }] = rows[0]['QUERY PLAN'] as [{ Plan: Record<string, number> }]
      expect(Number(Plan['Shared Hit Blocks']) + Number(Plan['Shared Read Blocks'])).toBeLessThan(
        300,
      )
    }
  })
})
