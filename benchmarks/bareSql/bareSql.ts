import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { migrateJobs } from '../../adapters/jobs/schema.ts'
import { APP_ROLE } from '../../adapters/postgres/roles.ts'
import type { Fen } from '../../engine/money.ts'
import type { City } from '../workload/city.ts'
import { enterCity } from '../workload/enter.ts'
import { idPrefix } from '../workload/people.ts'
import { type ExampleRow, examplesFor, readExample, settleExample } from './example.ts'
import { playByConnections } from './connections.ts'
import { hasPgbench, playByPgbench } from './pgbench.ts'
import { barePlay, blindPlay, type Crowd } from './plays.ts'
import type { Play, Ran, RunOptions } from './step.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The databases of the two arms, beside the one that is measured, on the same server. */
const bare = 'jiesuan_bare'
const blind = 'jiesuan_blind'

/** Nobody's account runs dry, however long the arms run: a million yuan. */
const balance = 100_000_000n as Fen

/**
 * Makes the databases of the bare arm and of the blind insert anew on this server, whose owner the address is of: our own
 * migrations, the people of the city, and settlements by our own engine, of which the last one's rows are what the arms write.
 */
export async function prepareBareSql(url: string, city: City): Promise<void> {
  await run(url, `drop database if exists ${bare} with (force)`)
  await run(url, `create database ${bare}`)
  const bareUrl = beside(url, bare)
  await migrate({ url: bareUrl, dir: migrations, log: () => {} })
  await migrateJobs(bareUrl, APP_ROLE)
  await enterCity(city, bareUrl, { balance })
  const example = await settleExample(bareUrl, examplesFor(city))
  const crowd = `${city.people.length} as people, '${idPrefix(city.region)}' as prefix`
  await run(bareUrl, `create table bare_example as select '${example}' as id, ${crowd}`)
  await run(url, `drop database if exists ${blind} with (force)`)
  await run(url, `create database ${blind} template ${bare}`)
  await run(url, 'checkpoint')
}

/** Runs the bare arm for some seconds; several runs go on from where the last one ended. */
export const runBareSql = async (options: RunOptions): Promise<Ran> => play(options, bare, barePlay)

/** Runs the blind insert, the outer limit of what one statement a settlement can write. */
export const runBlindInsert = async (options: RunOptions): Promise<Ran> =>
  play(options, blind, blindPlay)

/** The database of the bare arm, whose books must be right after a run. */
export const bareUrlOf = (url: string): string => beside(url, bare)

async function play(
  options: RunOptions,
  database: string,
  playOf: (rows: readonly ExampleRow[], crowd: Crowd) => Play,
): Promise<Ran> {
  const url = beside(options.url, database)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let made: Play
  try {
    const { rows } = await client.query('select id, people, prefix from bare_example')
    const { id, ...crowd } = rows[0]
    made = playOf(await readExample(client, id), crowd)
  } finally {
    await client.end()
  }
  const driver = hasPgbench() ? playByPgbench : playByConnections
  return driver(made, { ...options, url })
}

function beside(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
