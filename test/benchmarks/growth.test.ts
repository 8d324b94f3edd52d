import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { diskBySettlement, diskTable } from '../../benchmarks/growth/disk.ts'
import { checkSample } from '../../benchmarks/growth/sample.ts'
import { seed } from '../../benchmarks/growth/seed.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const settlements = 4_500
const people = 800
let database: TestDatabase
let pool: pg.Pool
let before: string[]

const indexes = async (): Promise<string[]> =>
  (
    await pool.query(`select indexdef from pg_indexes where schemaname = 'public' order by 1`)
  ).rows.map(({ indexdef }) => indexdef)
const one = async (sql: string): Promise<unknown> =>
  Object.values((await pool.query(sql)).rows[0])[0]

beforeAll(async () => {
  database = await createTestDatabase()
  pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  before = await indexes()
  const say = (): void => {}
  await seed({ url: database.ownerUrl, seed: 'small', people, settlements, parts: 2, say })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

it('books that are seeded hold in every check', async () => {
  expect(await checkBooks(pool)).toEqual([])
})

it('as many are settled as were asked for, over days, by several kinds of care, and some are cancelled', async () => {
  expect(await one('select count(*)::int from settlement where sequence = 1')).toBe(settlements)
  expect(await one('select count(distinct treated_on)::int from settlement')).toBe(10)
  expect(await one('select count(distinct care)::int from settlement')).toBe(4)
  expect(
    await one(`select count(*)::int from settlement where kind = 'cancellation'`),
  ).toBeGreaterThan(40)
  expect(await one(`select count(*)::int from transfer where kind = 'family'`)).toBeGreaterThan(0)
})

it('everything has its place in the journal, accounts are opened first, and rollups go as far as they would', async () => {
  const rows = await one('select (select count(*) from settlement)::int')
  expect(await one('select position::int from journal_head')).toBe(people + Number(rows))
  expect(await one('select count(*)::int from unjournaled')).toBe(0)
  expect(
    await one(
      `select max(position)::int from journal join transfer using (posting_id) where kind = 'opening'`,
    ),
  ).toBe(people)
  expect(await one('select max(position)::int from rollup')).toBe(5_000)
})

it('every index and key is there again, and the planner knows how large the tables are', async () => {
  expect(await indexes()).toEqual(before)
  expect(
    await one(`select reltuples::int from pg_class where relname = 'request'`),
  ).toBeGreaterThanOrEqual(settlements)
})

it('what a settlement takes on disk is told table by table', async () => {
  const sizes = await diskBySettlement(pool)
  const found = new Map(sizes.map((size) => [size.table, size]))
  expect(found.get('settlement')?.all).toBeGreaterThan(1_000)
  expect(found.get('settlement')?.rows).toBeGreaterThan(1)
  expect(diskTable(sizes)).toMatch(/^settlement +1\.\d\d( +\d+){4}$/m)
})

it('a sample of households is checked as all are, and what is wrong with one is found', async () => {
  const url = database.ownerUrl
  const said: string[] = []
  const check = async () => checkSample({ url, oneIn: 4, say: (line) => said.push(line) })
  expect(await check()).toEqual([])
  const rows = Number(/checking (\d+) rows/.exec(said[0] ?? '')?.[1])
  expect(rows).toBeGreaterThan(settlements / 8)
  expect(rows).toBeLessThan(settlements / 2)
  await pool.query(`update account_version set balance_fen = balance_fen + 1 where version = 2`)
  expect(new Set((await check()).map((violation) => violation.check))).toEqual(
    new Set(['check_account_balance_told', 'check_account_versions']),
  )
})
