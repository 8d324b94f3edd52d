import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { Client } from '../../../adapters/postgres/client.ts'
import type { Statement } from '../../../adapters/postgres/roundTrip.ts'
import { Framer } from '../../faults/frames.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

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

async function connect(query_timeout = 5_000): Promise<Client> {
  const one = new Client({ connectionString: database.appUrl, query_timeout, pipeline: true })
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

const statement = (name: string, text: string, ...values: unknown[]): Statement => ({
  name,
  text,
  values,
})
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
  const [counted] = await client.send([count(2)]).results
  expect(counted?.rows).toHaveLength(2)
  expect((await client.query({ name, text, values: [1] })).rows).toEqual([{ n: 1, word: '1' }])
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
  const odd = new Client({
    connectionString: database.appUrl,
    types: {
      getTypeParser: () => () => {
        throw new RangeError('no such number')
      },
    },
  })
  await odd.connect()
  await expect(odd.send([count(2)]).results).rejects.toThrow('no such number')
  const [counted] = await odd.send([count(0)]).results
  expect(counted).toEqual({ rows: [], command: 'SELECT' })
  await odd.end()
})

it('statements wait for what was asked on the connection before them', async () => {
  const before = client.query('select pg_sleep(0.05), 7 as n')
  const [sending, after] = [client.send([count(1)]), client.query('select 8 as n')]
  expect((await sending.results)[0]?.rows).toHaveLength(1)
  expect([(await before).rows[0].n, (await after).rows[0].n]).toEqual([7, 8])
})

it('a connection that does not answer in time is given up', async () => {
  const hasty = await connect(200)
  const sleep = statement('sleep', 'select pg_sleep(20)')
  await expect(hasty.send([begin, sleep]).results).rejects.toThrow('no reply from PostgreSQL')
  const later = hasty.send([begin])
  await expect(later.results).rejects.toThrow(/not queryable/)
  expect(later.sent()).toBe(false)
})

it('a connection that the server ends says so', async () => {
  const killer = new pg.Client({ connectionString: database.ownerUrl })
  await killer.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const sleep = client.send([begin, statement('sleep', 'select pg_sleep(20)')])
  await killer.query('select pg_terminate_backend($1)', [rows[0].pid])
  await expect(sleep.results).rejects.toThrow(/terminat/)
  await killer.end()
})
