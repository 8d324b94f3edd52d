import pg from 'pg'
import { getRollbackPlans } from 'pg-boss'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrateJobs } from '../../../adapters/jobs/schema.ts'
import { APP_ROLE } from '../../../adapters/postgres/roles.ts'
import { createEmptyDatabase, type TestDatabase } from '../../support/database.ts'
import { run } from '../../support/server.ts'

let database: TestDatabase
let app: pg.Client

beforeAll(async () => {
  database = await createEmptyDatabase()
  app = new pg.Client({ connectionString: database.appUrl })
  await app.connect()
})
afterAll(async () => {
  await app.end()
  await database.drop()
})

test('the owner makes the schema of pg-boss once, however many start at the same moment', async () => {
  const made = await Promise.all(
    [1, 2, 3].map(async () => migrateJobs(database.ownerUrl, APP_ROLE)),
  )
  expect(made.filter(Boolean)).toHaveLength(1)
  expect(await migrateJobs(database.ownerUrl, APP_ROLE)).toBe(false)
})

test('the application may fill the tables of pg-boss and not change them', async () => {
  await app.query(
    `insert into pgboss.subscription (event, name) select 'e', name from pgboss.queue`,
  )
  for (const sql of [
    'drop table pgboss.job',
    'alter table pgboss.job add column x int',
    'create table pgboss.mine ()',
    'truncate pgboss.job_common',
  ])
    await expect(app.query(sql)).rejects.toThrow(/must be owner|permission denied/)
})

test('an older schema of pg-boss is brought to the version that is installed', async () => {
  const versionOf = async () =>
    (await app.query('select version from pgboss.version')).rows[0].version
  const installed = await versionOf()
  const indexes = async () =>
    (await app.query(`select count(*)::int as n from pg_indexes where schemaname = 'pgboss'`))
      .rows[0].n
  const before = await indexes()
  await run(database.ownerUrl, getRollbackPlans('pgboss'))
  expect(await versionOf()).toBe(installed - 1)
  const made = await Promise.all(
    [1, 2, 3].map(async () => migrateJobs(database.ownerUrl, APP_ROLE)),
  )
  expect(made.filter(Boolean)).toHaveLength(1)
  expect(await versionOf()).toBe(installed)
  expect(await indexes()).toBe(before)
})

test('a database whose pg-boss is newer is refused', async () => {
  await run(database.ownerUrl, 'update pgboss.version set version = version + 1')
  await expect(migrateJobs(database.ownerUrl, APP_ROLE)).rejects.toThrow('database is newer')
})
