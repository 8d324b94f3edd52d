import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkServer } from '../../../adapters/postgres/checkServer.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { type TestDatabase, createTestDatabase } from '../../support/database.ts'

let database: TestDatabase
let pool: pg.Pool
const broken: Error[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({
    url: database.appUrl,
    max: 2,
    applicationName: 'jiesuan test',
    onError: (error) => broken.push(error),
  })
})

afterAll(async () => {
  await pool.end()
  await database.drop()
})

test('numbers and days keep every digit, alone and in arrays', async () => {
  const { rows } = await pool.query(
    `select 9007199254740993::bigint as big, 1.10::numeric as money, date '2026-01-01' as day,
            array[9007199254740993]::bigint[] as bigs, array[0.1, 1.10]::numeric[] as rates,
            timestamptz '2026-01-01 00:00:00.123456+08' as at`,
  )
  expect(rows[0]).toMatchObject({
    big: 9007199254740993n,
    money: '1.10',
    day: '2026-01-01',
    bigs: [9007199254740993n],
    rates: ['0.1', '1.10'],
  })
  expect(rows[0].at).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:00\.123456[+-]\d\d$/)
})

test('every wait has an end', async () => {
  const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
  const { rows } = await pool.query(
    `select name, setting from pg_settings where name = any($1) order by name`,
    [[...names, 'transaction_timeout', 'application_name']],
  )
  const found = Object.fromEntries(rows.map((row) => [row.name, row.setting]))
  expect(found).toMatchObject({
    application_name: 'jiesuan test',
    idle_in_transaction_session_timeout: '10000',
    lock_timeout: '2000',
    statement_timeout: '5000',
  })
  if ('transaction_timeout' in found) expect(found['transaction_timeout']).toBe('15000')
})

test('a connection killed by the server is heard, and the next query gets another', async () => {
  const client = await pool.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const killed = client.query('select pg_terminate_backend($1)', [rows[0].pid])
  await expect(killed).rejects.toThrow(/terminat/)
  client.release(true)
  await pool.query('select 1')
})

test('a server that is too old or not durable is refused', async () => {
  const server = (version: string, fsync: string, commit: string) =>
    ({ query: async () => ({ rows: [{ version, fsync, commit }] }) }) as unknown as pg.ClientBase
  const production = { sandbox: false }
  await expect(checkServer(server('14.9', 'on', 'on'), production)).rejects.toThrow(/15 or newer/)
  await expect(checkServer(server('18.4', 'off', 'on'), production)).rejects.toThrow(/fsync is off/)
  await expect(checkServer(server('15.1', 'on', 'off'), production)).rejects.toThrow(
    /synchronous_commit is off/,
  )
  await checkServer(server('18.4', 'off', 'off'), { sandbox: true })
  const client = await pool.connect()
  await checkServer(client, production)
  client.release()
})
