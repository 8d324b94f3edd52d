import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkMigrated, migrate } from '../../../adapters/postgres/migrate.ts'
import { type TestDatabase, createEmptyDatabase } from '../../support/database.ts'

let dir: string
let database: TestDatabase
const silent = () => {}

beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-migrations-'))
  database = await createEmptyDatabase()
})

afterEach(async () => {
  rmSync(dir, { recursive: true })
  await database.drop()
})

const write = (name: string, sql: string) => writeFileSync(path.join(dir, name), sql)
const bring = (log = silent as (line: string) => void) =>
  migrate({ url: database.ownerUrl, dir, log })

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  return client.query(sql).then(({ rows }) => client.end().then(() => rows))
}

test('applies each file once, in order, and records its checksum', async () => {
  write('0002_second.sql', 'insert into first values (2)')
  write('0001_first.sql', 'create table first (id int)')
  expect(await bring()).toEqual(['0001_first.sql', '0002_second.sql'])
  expect(await bring()).toEqual([])
  expect(await ask('select * from first')).toEqual([{ id: 2 }])
  const [row] = await ask('select checksum from migration where number = 1')
  expect(row?.['checksum']).toMatch(/^[0-9a-f]{64}$/)
})

test('a file that fails leaves nothing behind and names its line', async () => {
  write('0001_first.sql', 'create table first (id int);\ninsert into nowhere values (1);')
  await expect(bring()).rejects.toThrow(/0001_first\.sql, line 2, failed: .*nowhere/)
  expect(await ask(`select to_regclass('first') as found`)).toEqual([{ found: null }])
})

test('two starters at once take turns', async () => {
  write('0001_slow.sql', 'create table slow (id int); select pg_sleep(0.3)')
  const lines: string[] = []
  const both = await Promise.all([1, 2].map(() => bring((line) => lines.push(line))))
  expect(both.toSorted()).toEqual([[], ['0001_slow.sql']])
  expect(lines).toContain('waiting for another process that is migrating this database')
})

test('a file edited after it was applied is refused', async () => {
  write('0001_first.sql', 'create table first (id int)')
  await bring()
  write('0001_first.sql', 'create table first (id bigint)')
  await expect(bring()).rejects.toThrow(/0001_first\.sql was changed after/)
})

test('a missing file is refused', async () => {
  write('0001_first.sql', 'select 1')
  write('0002_second.sql', 'select 2')
  await bring()
  unlinkSync(path.join(dir, '0001_first.sql'))
  await expect(bring()).rejects.toThrow(/0001_first\.sql was applied .* missing/)
})

test('a database newer than the code is refused', async () => {
  write('0001_first.sql', 'select 1')
  write('0002_second.sql', 'select 2')
  await bring()
  unlinkSync(path.join(dir, '0002_second.sql'))
  await expect(bring()).rejects.toThrow(/newer than this version.*0002_second\.sql/)
})

test('a file numbered before what the database has is refused', async () => {
  write('0002_second.sql', 'select 2')
  await bring()
  write('0001_first.sql', 'select 1')
  await expect(bring()).rejects.toThrow(/0001_first\.sql comes before/)
})

test('names that do not fit and numbers used twice are refused', async () => {
  write('1_first.sql', 'select 1')
  await expect(bring()).rejects.toThrow(/1_first\.sql is not named like/)
  unlinkSync(path.join(dir, '1_first.sql'))
  write('0001_a.sql', 'select 1')
  write('0001_b.sql', 'select 1')
  await expect(bring()).rejects.toThrow(/0001_a\.sql and 0001_b\.sql have the same number/)
})

test('a file marked no-transaction may build an index concurrently', async () => {
  write('0001_first.sql', 'create table first (id int)')
  write('0002_index.sql', '-- no-transaction\ncreate index concurrently first_id on first (id)')
  expect(await bring()).toHaveLength(2)
  expect(await ask(`select to_regclass('first_id')::text as found`)).toEqual([
    { found: 'first_id' },
  ])
})

test('a start that may not migrate says which files the database lacks', async () => {
  write('0001_first.sql', 'select 1')
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  await expect(checkMigrated(client, dir)).rejects.toThrow(/lacks 0001_first\.sql.*npm run migrate/)
  await bring()
  await checkMigrated(client, dir)
  await client.end()
})
