import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Client } from '../../../adapters/postgres/client.ts'
import { isLostRace } from '../../../adapters/postgres/fault.ts'
import type { Statement } from '../../../adapters/postgres/roundTrip.ts'
import { begin, beginning, type Transaction } from '../../../adapters/postgres/transaction.ts'
import { Proxy } from '../../faults/proxy.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { statement } from './statement.ts'

let database: TestDatabase
let proxy: Proxy
const pools: pg.Pool[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  proxy = new Proxy(Number(new URL(database.appUrl).port), () => {})
  await proxy.listen()
})
afterAll(async () => {
  for (const pool of pools) await pool.end()
  await proxy.close()
  await database.drop()
})

/** A pool of one connection through the proxy. */
function open(config: pg.PoolConfig = {}): pg.Pool {
  const url = new URL(database.appUrl)
  url.port = String(proxy.port)
  const pool = new pg.Pool({ Client, connectionString: url.href, max: 1, ...config })
  pool.on('error', () => {})
  pools.push(pool)
  return pool
}

const write = (at: string): Statement =>
  statement('write', 'insert into nonce (client, nonce, seen_at) values ($1, $2, now())', 'a', at)
const sleep = statement('sleep', 'select pg_sleep(20)')
const divide = statement('divide', 'select 1 / $1::int as n', 0)

async function began(pool: pg.Pool): Promise<Transaction> {
  const transaction = await begin(pool)
  await transaction.send([beginning])
  return transaction
}

it('a row that cannot be read beside COMMIT leaves unknown whether that was done', async () => {
  const unreadable = () => () => {
    throw new RangeError('no such number')
  }
  const transaction = await began(open({ types: { getTypeParser: unreadable } }))
  await expect(transaction.commit([statement('one', 'select 1 as n')])).rejects.toMatchObject({
    kind: 'unknown',
  })
})

it('a server that ends the connection beside COMMIT leaves it unknown', async () => {
  const pool = open()
  const transaction = await began(pool)
  const [row] = await transaction.send([statement('who', 'select pg_backend_pid() as pid')])
  const direct = new pg.Client({ connectionString: database.ownerUrl })
  await direct.connect()
  const [ended] = await Promise.allSettled([
    transaction.commit([sleep]),
    direct.query('select pg_terminate_backend($1)', [row?.rows[0].pid]),
  ])
  await direct.end()
  expect(ended).toMatchObject({ status: 'rejected', reason: { kind: 'unknown' } })
})

it('a server that refuses and goes on has committed nothing, and the connection is not used again', async () => {
  const pool = open()
  const transaction = await began(pool)
  await expect(transaction.commit([divide])).rejects.toMatchObject({ code: '22012' })
  expect(pool.totalCount).toBe(0)
})

const conflict = () => ({ kind: 'fail', code: '40001' }) as const

it('a server that refuses and does not answer any more leaves it unknown', async () => {
  const transaction = await began(open())
  // Parse, Bind, Describe, Execute and Sync; what comes next is the question whether it goes on.
  proxy.lay({ atOtherCommit: conflict, killAtMessage: (n) => n === 6 })
  await expect(transaction.commit([])).rejects.toMatchObject({ kind: 'unknown' })
  expect(proxy.struck).toBe(2)
  proxy.lay({})
})

it('a lost race beside COMMIT is a conflict, and its connection goes on with what it has prepared', async () => {
  const pool = open()
  const lost = await began(pool)
  proxy.lay({ atOtherCommit: conflict })
  await expect(lost.commit([write('once')])).rejects.toMatchObject({ kind: 'conflict' })
  proxy.lay({})
  const again = await began(pool)
  await again.commit([write('once')])
  const { rows } = await pool.query(`select nonce from nonce where client = 'a'`)
  expect([rows, pool.totalCount]).toEqual([[{ nonce: 'once' }], 1])
})

it('nothing is sent in a transaction that has ended', async () => {
  const transaction = await began(open())
  await transaction.commit([])
  await expect(transaction.send([divide])).rejects.toThrow('over once it ended')
  await expect(transaction.commit([])).rejects.toThrow('over once it ended')
})

it('a pool of other connections is a mistake that keeps none of them', async () => {
  const pool = open({ Client: pg.Client })
  await expect(begin(pool)).rejects.toThrow('opens connections of ours')
  expect(pool.idleCount).toBe(1)
})

it('a lost race is known in whatever language the server speaks', () => {
  const error = new pg.DatabaseError('重复键违反唯一约束', 0, 'error')
  expect(isLostRace(Object.assign(error, { severity: '错误', code: '23505' }))).toBe(true)
})
