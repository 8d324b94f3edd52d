import type pg from 'pg'
import { readConfig } from '../../adapters/config.ts'
import { serve } from '../../adapters/cli/serve.ts'
import { createLog } from '../../adapters/log.ts'
import { spreadBills } from '../workload/bills.ts'
import type { City } from '../workload/city.ts'

/** A column of a row, as text that its type reads back. */
export interface Cell {
  readonly column: string
  readonly type: string
  readonly text: string | null
}

export interface ExampleRow {
  readonly table: string
  readonly cells: readonly Cell[]
}

/** The first bills of a year fill its deductible; what comes after them is what most bills are like. */
const billsBefore = 3
const drawn = 201

/** Bills of B1, all of one person, of which the last is neither long nor short: that is what the bare arm goes by. */
export function examplesFor(city: City): object[] {
  const bodies = [...spreadBills(city, { count: drawn, tag: 'example' })].map(({ body }) => body)
  const middle = bodies.toSorted((a, b) => a.length - b.length)[drawn >> 1] as string
  const { credential } = JSON.parse(middle) as { credential: object }
  const before = bodies.filter((body) => body !== middle).slice(0, billsBefore)
  return [...before, middle].map((body) => ({
    ...(JSON.parse(body) as object),
    credential,
  }))
}

/** Lets our own server settle bills in this database, as a user would start it; gives the id of the last one's row. */
export async function settleExample(url: string, bodies: readonly object[]): Promise<string> {
  const log = createLog('fatal', process.stderr)
  const config = readConfig({ DATABASE_URL: url, MODE: 'sandbox', PORT: '0' })
  const running = await serve(config, log)
  try {
    let id = ''
    for (const [i, body] of bodies.entries()) id = await settle(running.url, body, `example-${i}`)
    return id
  } finally {
    await running.stop()
  }
}

async function settle(url: string, body: object, key: string): Promise<string> {
  const reply = await fetch(`${url}/v1/settlements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  })
  const text = await reply.text()
  if (reply.status !== 201) throw new Error(`the example was not settled: ${reply.status} ${text}`)
  return (JSON.parse(text) as { id: string }).id
}

/** Each table that a settlement writes, in the order in which the engine does, with what finds its rows. */
const writes: readonly (readonly [table: string, found: string])[] = [
  ['request', 'key_hash = (select key_hash from answer where posting_id = $1)'],
  ['answer', 'posting_id = $1'],
  ['year_version', 'posting_id = $1'],
  ['account_version', 'posting_id = $1'],
  ['settlement', 'id = $1'],
  ['transfer', 'posting_id = $1 order by leg'],
]
const waiting = 'unjournaled'
export const tablesWritten: readonly string[] = [...writes.map(([table]) => table), waiting]

/** The rows that the engine wrote for a settlement. */
export async function readExample(client: pg.ClientBase, id: string): Promise<ExampleRow[]> {
  const rows: ExampleRow[] = []
  for (const [table, found] of writes) rows.push(...(await readRows(client, table, found, id)))
  // By now the journal may have placed what the settlement left waiting for it.
  const posted = await client.query(
    `select owner_id, participants::text from settlement where id = $1`,
    [id],
  )
  const { owner_id, participants } = posted.rows[0]
  const cells = [
    { column: 'owner_id', type: 'text', text: owner_id },
    { column: 'posting_id', type: 'text', text: id },
    { column: 'participants', type: 'text[]', text: participants },
  ]
  return [...rows, { table: waiting, cells }]
}

async function readRows(
  client: pg.ClientBase,
  table: string,
  found: string,
  id: string,
): Promise<ExampleRow[]> {
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [table],
  )
  const texts = columns.map(({ name }) => `${name}::text`).join(', ')
  const { rows } = await client.query(`select ${texts} from ${table} where ${found}`, [id])
  if (rows.length === 0) throw new Error(`the example has no ${table}`)
  return rows.map((row) => ({
    table,
    cells: columns.map(({ name, type }) => ({ column: name, type, text: row[name] })),
  }))
}
