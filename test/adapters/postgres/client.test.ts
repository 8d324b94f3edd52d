import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client } from '../../../adapters/postgres/client.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(async () => database.drop())

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void

const asked = { name: 'length', text: 'select length($1::bytea)' }

/** What of 100 answered queries with 20 kB each is still there once the young were looked through, but not all. */
async function keptAfterQueries(
  pool: pg.Pool,
  ask = async (bytes: Buffer): Promise<unknown> => pool.query({ ...asked, values: [bytes] }),
): Promise<number> {
  await pool.query('select 1')
  const before_bytes = await arrayBuffersAfter('major')
  for (let n = 0; n < 100; n++) await ask(Buffer.allocUnsafeSlow(20_000))
  const kept_bytes = (await arrayBuffersAfter('minor')) - before_bytes
  await pool.end()
  return kept_bytes
}

async function arrayBuffersAfter(type: 'minor' | 'major'): Promise<number> {
  // What was reachable from a frame that runs the first time is free the second or third; what is freed is counted a turn later.
  for (let n = 0; n < 3; n++) {
    collect({ type })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage().arrayBuffers
}

test('answered queries are forgotten without a look through all of memory, which those of pg itself are not', async () => {
  const url = database.appUrl
  const theirs = await keptAfterQueries(
    new pg.Pool({ connectionString: url, query_timeout: 10_000 }),
  )
  const open = () => createPool({ url, max: 1, applicationName: 'jiesuan test', onError: () => {} })
  const ours = await keptAfterQueries(open())
  const pool = open()
  const ourRoundTrips = await keptAfterQueries(pool, async (bytes) => {
    const client = (await pool.connect()) as pg.PoolClient & Client
    await client.send([{ ...asked, values: [bytes] }]).results
    client.release()
  })
  expect(theirs).toBeGreaterThan(1_000_000)
  expect(ours).toBeLessThan(200_000)
  expect(ourRoundTrips).toBeLessThan(200_000)
})

test('a connection that does not answer in time is given up, with all that was asked on it', async () => {
  const client = new Client({
    connectionString: database.appUrl,
    query_timeout: 300,
    pipeline: true,
  })
  const heard: Error[] = []
  client.on('error', (error) => heard.push(error))
  await client.connect()
  const asked = [client.query('select pg_sleep(20)'), client.query('select 1')]
  const replies = await Promise.allSettled(asked)
  expect(replies.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(heard.map(String).join()).toContain('no reply from PostgreSQL within 300 ms')
  await expect(client.query('select 1')).rejects.toThrow(/not queryable/)
})

test('a pool that asks on such a connection is told that it was given up, and opens another', async () => {
  const pool = new pg.Pool({
    Client,
    connectionString: database.appUrl,
    query_timeout: 300,
    max: 1,
  })
  pool.on('error', () => {})
  await expect(pool.query('select pg_sleep(20)')).rejects.toThrow('no reply from PostgreSQL')
  expect((await pool.query('select $1::int as n', [7])).rows).toEqual([{ n: 7 }])
  await expect(pool.query('select 1 / 0')).rejects.toThrow('division by zero')
  await pool.end()
})
