import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { createPool } from '../../adapters/postgres/pool.ts'
import { createSums } from '../../adapters/postgres/sums.ts'
import { clock } from '../report/words.ts'
import { openCity } from '../workload/city.ts'
import { ampleBalance, enterCity } from '../workload/enter.ts'
import { BulkTable, dropIndexes } from './bulkTable.ts'
import { enteredAt } from './generation.ts'
import type { Chunk } from './generator.ts'
import { fillJournal } from './journalRows.ts'
import { openSealing } from './sealing.ts'

/** What a database is to be filled with. */
export interface Seeding {
  readonly seed: string
  readonly people: number
  readonly settlements: number
}

export interface SeedOptions extends Seeding {
  /** The owner's way into a migrated database without people. */
  readonly url: string
  /** How many threads make rows; each works out every person's claims by itself. */
  readonly parts: number
  /** False leaves every posting waiting for its place in the journal. */
  readonly journal?: boolean
  readonly say: (line: string) => void
}

/** The tables that a settlement is written to. */
const tables = [
  'request',
  'answer',
  'settlement',
  'transfer',
  'account_version',
  'year_version',
  'unjournaled',
]

/** Fills a database with people and with settlements that the engine made, as if it had been in use for some days. */
export async function seed(options: SeedOptions): Promise<void> {
  const { url, say } = options
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const timed = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      const begun = performance.now()
      await work()
      say(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    }
    const city = openCity(options)
    await timed(`${options.people} people entered`, () =>
      enterCity(city, url, { balance: ampleBalance, at: enteredAt }),
    )
    const back = await dropIndexes(client, tables)
    await timed(`${options.settlements} settlements copied`, () => copyAll(options))
    await timed('indexes built', async () => {
      for (const statement of back) await client.query(statement)
    })
    if (options.journal ?? true)
      await timed('journal and rollups filled', async () => {
        await client.query('analyze')
        await fillJournal(client, enteredAt)
      })
    if (options.journal ?? true) await timed('sealed', () => sealAll(url))
    if (options.journal ?? true) await timed('sums added up', async () => addUp(url))
    await timed('vacuumed and analyzed', () => client.query('vacuum (freeze, analyze)'))
  } finally {
    await client.end()
  }
}

/** As a server of the sandbox would have, which else did so while it is measured. */
async function sealAll(url: string): Promise<void> {
  const pool = createPool({ url, max: 2, applicationName: 'seed', onError: () => {} })
  try {
    const sealer = await openSealing(pool, () => enteredAt)
    await sealer.run()
  } finally {
    await pool.end()
  }
}

/** As the server does it, in slices of more: nobody waits for them here. */
async function addUp(url: string): Promise<void> {
  const pool = createPool({ url, max: 1, applicationName: 'seed', onError: () => {} })
  Object.assign(pool.options, unlimited)
  try {
    await createSums({ pool, slice: 20_000 }).run()
  } finally {
    await pool.end()
  }
}

const unlimited = { query_timeout: 0, statement_timeout: 0, idle_in_transaction_session_timeout: 0 }

async function copyAll(options: SeedOptions): Promise<void> {
  const { url, seed: city, people, settlements, parts } = options
  const open = new Map<string, Promise<BulkTable>>()
  const tell = startTelling(options)
  const write = async ({ table, columns, rows, bytes }: Chunk): Promise<void> => {
    const found = open.get(table) ?? BulkTable.open(url, table, columns)
    open.set(table, found)
    await (await found).write(bytes)
    if (table === 'settlement') tell(rows)
  }
  const common = { seed: city, people, settlements, parts }
  const threads = Array.from(
    { length: parts },
    (_, part) =>
      new Worker(new URL('generator.ts', import.meta.url), { workerData: { ...common, part } }),
  )
  try {
    await Promise.all(threads.map((thread) => copyFrom(thread, write)))
  } catch (error) {
    for (const thread of threads) await thread.terminate()
    for (const table of open.values()) await (await table).abandon()
    throw error
  }
  for (const table of open.values()) await (await table).close()
}

const tellEvery_ms = 10_000

/** Hears how many rows came; says now and then how many there are, and how long the others will take. */
function startTelling({ settlements, say }: SeedOptions): (rows: number) => void {
  const begun = performance.now()
  let copied = 0
  let told = begun
  return (rows) => {
    copied += rows
    const now = performance.now()
    if (now - told < tellEvery_ms) return
    told = now
    const left_s = (((now - begun) / copied) * Math.max(0, settlements - copied)) / 1000
    say(`${copied} of ${settlements} copied, about ${clock(left_s)} left`)
  }
}

async function copyFrom(thread: Worker, write: (chunk: Chunk) => Promise<void>): Promise<void> {
  for await (const [chunks] of on(thread, 'message') as AsyncIterable<[readonly Chunk[]]>) {
    if (chunks.length === 0) break
    await Promise.all(chunks.map(write))
    thread.postMessage('more', [])
  }
}
