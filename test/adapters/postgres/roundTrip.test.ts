import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { Client } from '../../../adapters/postgres/client.ts'
import type { Statement } from '../../../adapters/postgres/roundTrip.ts'
import { Framer } from '../../faults/frames.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { statement } from './statement.ts'

let database: TestDatabase
let client: Client
/** What the client sent since, a letter a message. */
let sent: string
let writes: number

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => database.drop())

beforeEach(async () => {
  client = await connect()
})
afterEach(async () => client.end())

async function connect(config: pg.ClientConfig = { query_timeout: 5_000 }): Promise<Client> {
  const one = new Client({ connectionString: database.appUrl, ...config })
  one.on('error', () => {})
  await one.connect()
  const { stream } = one.connection
  const write = stream.write.bind(stream)
  const framer = new Framer('server')
  sent = ''
  writes = 0
  stream.write = ((bytes: Buffer) => {
    writes += 1
    for (const { type } of framer.push(bytes)) sent += type
    return write(bytes)
  }) as typeof stream.write
  return one
}

const count = (upTo: unknown): Statement =>
  statement('count', 'select n, n::text as word from generate_series(1, $1::int) n', upTo)
const [begin, commit] = [statement('begin', 'begin'), statement('commit', 'commit')]
const divide = (by: number): Statement => statement('divide', 'select 1 / $1::int as n', by)

it('statements leave in one write with one Sync, and each gives its rows and what it did', async () => {
  const results = await client.send([begin, count(2), count(0), commit]).results
  expect(results).toEqual([
    { rows: [], command: 'BEGIN' },
    {
      rows: [
        { n: 1, word: '1' },
        { n: 2, word: '2' },
      ],
      command: 'SELECT',
    },
    { rows: [], command: 'SELECT' },
    { rows: [], command: 'COMMIT' },
  ])
  expect(writes).toBe(1)
  expect(sent.replaceAll(/[^S]/g, '')).toBe('S')
})

it('a statement is parsed and described once a connection', async () => {
  await client.send([begin, count(1), commit]).results
  sent = ''
  const [, counted] = await client.send([begin, count(2), commit]).results
  expect(counted?.rows).toHaveLength(2)
  expect(sent).toBe('BEBEBES')
})

it('what pg has prepared on the same connection is known, and the other way round', async () => {
  const { name, text } = count(0)
  expect((await client.query({ name, text, values: [3] })).rows).toHaveLength(3)
  const [counted, divided] = await client.send([count(2), divide(1)]).results
  expect([counted?.rows.length, divided?.rows.length]).toEqual([2, 1])
  expect((await client.query({ ...divide(1), values: [1] })).rows).toEqual([{ n: 1 }])
})

it('a statement may come twice, the first time that its connection hears of it as well', async () => {
  const results = await client.send([count(1), count(3)]).results
  expect(results.map(({ rows }) => rows.length)).toEqual([1, 3])
})

it('what cannot be parsed leaves those before it and behind it as they were', async () => {
  const odd = statement('odd', 'selec 1')
  await expect(client.send([count(1), odd, divide(1)]).results).rejects.toMatchObject({
    code: '42601',
  })
  const results = await client.send([count(2), divide(1)]).results
  expect(results.map(({ rows }) => rows.length)).toEqual([2, 1])
})

it('a statement whose rows became others fails, and is not read as it was before', async () => {
  const all = statement('all', 'select * from things')
  await client.query('create temp table things as select 1 as n')
  expect((await client.send([all]).results)[0]?.rows).toEqual([{ n: 1 }])
  await client.query('alter table things add column m text')
  await expect(client.send([all]).results).rejects.toThrow('must not change result type')
})

it('two statements under one name are a mistake that is told before anything is sent', async () => {
  const sending = client.send([count(1), statement('count', 'select 1')])
  await expect(sending.results).rejects.toThrow('told apart by name: count')
  expect([sending.sent(), writes]).toEqual([false, 0])
  const [counted] = await client.send([count(1)]).results
  expect(counted?.rows).toHaveLength(1)
})

it('what fails has the server pass over all that is behind it, COMMIT as well, and the connection goes on', async () => {
  const write = statement(
    'write',
    'insert into clock_mark (instant_ms) values ($1) on conflict (only_row) do update set instant_ms = $1',
    1,
  )
  const sending = client.send([begin, write, divide(0), count(3), commit])
  await expect(sending.results).rejects.toMatchObject({ code: '22012' })
  expect(sending.sent()).toBe(true)
  // Still in the transaction that failed: nobody has ended it.
  await expect(client.send([count(1)]).results).rejects.toMatchObject({ code: '25P02' })
  await client.query('rollback')
  const marks = statement('marks', 'select instant_ms from clock_mark where instant_ms = 1')
  const [divided, counted, marked] = await client.send([divide(1), count(3), marks]).results
  expect([divided?.rows[0].n, counted?.rows.length, marked?.rows.length]).toEqual([1, 3, 0])
})

it('a COMMIT of what has failed is answered with ROLLBACK', async () => {
  await client.send([begin]).results
  await expect(client.send([divide(0)]).results).rejects.toThrow('division by zero')
  expect(await client.send([commit]).results).toEqual([{ rows: [], command: 'ROLLBACK' }])
})

it('values are written as pg writes them, and rows are read as the connection reads them', async () => {
  const echo = statement(
    'echo',
    'select $1::text[] as words, $2::bytea as bytes, $3::bigint as big, $4::jsonb as document, $5::text as nothing',
    ['a"b', null, 'c,d'],
    Buffer.from([0, 255]),
    9007199254740993n,
    JSON.stringify({ a: 1 }),
    undefined,
  )
  const [echoed] = await client.send([echo]).results
  expect(echoed?.rows).toEqual([
    {
      words: ['a"b', null, 'c,d'],
      bytes: Buffer.from([0, 255]),
      big: '9007199254740993',
      document: { a: 1 },
      nothing: null,
    },
  ])
})

it('a row that cannot be read fails its statements and nothing else', async () => {
  const odd = await connect({
    types: {
      getTypeParser: () => () => {
        throw new RangeError('no such number')
      },
    },
  })
  await expect(odd.send([count(2)]).results).rejects.toThrow('no such number')
  const [counted] = await odd.send([count(0)]).results
  expect(counted).toEqual({ rows: [], command: 'SELECT' })
  await odd.end()
})

it('statements wait for what was asked on the connection before them', async () => {
  const before = client.query('select pg_sleep(0.05), 7 as n')
  const [counted] = await client.send([count(1)]).results
  expect([(await before).rows[0].n, counted?.rows.length]).toEqual([7, 1])
})

it('a connection that does not answer in time is given up', async () => {
  const hasty = await connect({ query_timeout: 200 })
  const sleep = statement('sleep', 'select pg_sleep(20)')
  await expect(hasty.send([begin, sleep]).results).rejects.toThrow('no reply from PostgreSQL')
  const later = hasty.send([begin])
  await expect(later.results).rejects.toThrow(/not queryable/)
  expect(later.sent()).toBe(false)
})

it('a time-out may stand in the address, and is over once there was an answer', async () => {
  const connectionString = `${database.appUrl}?query_timeout=200`
  const one = await connect({ connectionString, query_timeout: 10_000 })
  await one.send([count(1)]).results
  await setTimeout(300)
  expect((await one.send([count(2)]).results)[0]?.rows).toHaveLength(2)
  const sleep = statement('sleep', 'select pg_sleep(20)')
  await expect(one.send([sleep]).results).rejects.toThrow('within 200 ms')
})

it('a connection that the server ends says so', async () => {
  const killer = new pg.Client({ connectionString: database.ownerUrl })
  await killer.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const sleep = client.send([begin, statement('sleep', 'select pg_sleep(20)')])
  const [slept] = await Promise.allSettled([
    sleep.results,
    killer.query('select pg_terminate_backend($1)', [rows[0].pid]),
  ])
  expect(String(slept.status === 'rejected' && slept.reason)).toMatch(/terminat/)
  await killer.end()
})
