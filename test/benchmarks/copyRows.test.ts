import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertInto, moment } from '../../adapters/postgres/sql/inserts.ts'
import { arrayLiteral } from '../../adapters/postgres/sql/settlement.ts'
import { BulkTable } from '../../benchmarks/growth/bulkTable.ts'
import { copyRowsOf } from '../../benchmarks/growth/copyRows.ts'
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts'

interface Odd {
  readonly words: string | undefined
  readonly bytes: Uint8Array
  readonly at: number
  readonly names: readonly string[]
  readonly fen: bigint
  readonly document: string
}

const insertOdd = insertInto<Odd>('odd', [
  { name: 'words', type: 'text', of: (r) => r.words ?? null },
  { name: 'bytes', type: 'bytea', of: (r) => Buffer.from(r.bytes) },
  { name: 'at', type: 'float8', of: (r) => r.at, as: moment('at') },
  { name: 'names', type: 'text', of: (r) => arrayLiteral(r.names), as: 'names::text[]' },
  { name: 'fen', type: 'bigint', of: (r) => r.fen },
  { name: 'document', type: 'jsonb', of: (r) => r.document },
])

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createEmptyDatabase()
  client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  await client.query(
    'create table odd (words text, bytes bytea, at timestamptz, names text[], fen bigint, document jsonb)',
  )
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const written = fc
  .string({ unit: 'grapheme' })
  .filter((text) => !text.includes('\0') && text.isWellFormed())
const odd = fc.record({
  words: fc.option(fc.oneof(written, fc.constantFrom('\\N', '\\.', 'a\tb\\\n\r', '')), {
    nil: undefined,
  }),
  bytes: fc.uint8Array(),
  at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  names: fc.array(fc.oneof(written, fc.constantFrom('null', '{', '"\\'))),
  fen: fc.bigInt({ min: -9_007_199_254_740_991n, max: 9_007_199_254_740_991n }),
  document: fc.json().filter((text) => !/\\u0000|\\ud[89a-f]/i.test(text)),
})

it('whatever an insert writes, its copy writes the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(odd, { minLength: 1 }), async (rows) => {
      const insert = insertOdd(rows)
      await client.query('truncate odd')
      await client.query({ text: insert.text, values: [...insert.values] })
      const inserted = (await client.query('select odd::text from odd')).rows
      await client.query('truncate odd')
      const { table, columns, bytes } = copyRowsOf(insert)
      const bulk = await BulkTable.open(database.ownerUrl, table, columns)
      await bulk.write(bytes)
      await bulk.close()
      expect((await client.query('select odd::text from odd')).rows).toEqual(inserted)
    }),
    { numRuns: 60 },
  )
})

it('an expression that nobody has taught it is no guess', () => {
  const insert = insertInto<Odd>('odd', [
    { name: 'fen', type: 'bigint', of: (r) => r.fen, as: 'fen * 100' },
  ])
  expect(() => copyRowsOf(insert([]))).toThrow('nothing is known of fen * 100')
})

it('a row that the server does not take is told, and the table is as it was', async () => {
  await client.query('truncate odd; insert into odd (fen) values (7)')
  const bulk = await BulkTable.open(database.ownerUrl, 'odd', 'fen')
  // One column of eight bytes is announced, and has three.
  await bulk.write(Buffer.from([0, 1, 0, 0, 0, 3, 1, 2, 3]))
  await expect(bulk.close()).rejects.toThrow('insufficient data left in message')
  await bulk.abandon()
  expect((await client.query('select fen from odd')).rows).toEqual([{ fen: '7' }])
})

it('a table that is not there is told', async () => {
  await expect(BulkTable.open(database.ownerUrl, 'nothing', 'fen')).rejects.toThrow(
    'does not exist',
  )
})
