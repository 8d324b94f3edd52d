import os from 'node:os'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { migrateJobs } from '../../adapters/jobs/schema.ts'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { APP_ROLE } from '../../adapters/postgres/roles.ts'
import { drive } from '../arm/drive.ts'
import type { Play, Ran, RunOptions } from '../arm/step.ts'
import { beside, dropDatabase, freshDatabase, run, withClient } from '../database.ts'
import { sentencesOf } from '../site.ts'
import { sumOf } from '../statistics.ts'
import type { City } from '../workload/city.ts'
import { ampleBalance, enterCity } from '../workload/enter.ts'
import { idPrefix } from '../workload/people.ts'
import { type ExampleRow, examplesFor, readExample, settleExample } from './example.ts'
import { barePlay, blindPlay, type Crowd } from './plays.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The databases of the two arms, beside the one that is measured, on the same server. */
const bare = 'jiesuan_bare'
const blind = 'jiesuan_blind'

/**
 * Makes the databases of the bare arm and of the blind insert anew on this server, whose owner the address is of: our own
 * migrations, the people of the city, and settlements by our own engine, of which the last one's rows are what the arms write.
 */
export async function prepareBareSql(url: string, city: City): Promise<void> {
  const bareUrl = await freshDatabase(url, bare)
  await migrate({ url: bareUrl, dir: migrations, log: () => {} })
  await migrateJobs(bareUrl, APP_ROLE)
  await enterCity(city, bareUrl, { balance: ampleBalance })
  const example = await settleExample(bareUrl, examplesFor(city))
  const crowd = `${city.people.length} as people, '${idPrefix(city.region)}' as prefix`
  await run(bareUrl, `create table bare_example as select '${example}' as id, ${crowd}`)
  await freshDatabase(url, blind, bare)
  await run(url, 'checkpoint')
}

/** Runs the bare arm for some seconds; several runs go on from where the last one ended. */
export const runBareSql = async (options: RunOptions): Promise<Ran> => play(options, bare, barePlay)

/** Runs the blind insert, the outer limit of what one statement a settlement can write. */
export const runBlindInsert = async (options: RunOptions): Promise<Ran> =>
  play(options, blind, blindPlay)

/** The database of the bare arm, whose books must be right after a run. */
export const bareUrlOf = (url: string): string => beside(url, bare)

/** What is wrong with what the bare arm wrote, or with how it ran, in sentences. */
export async function wrongWithBare(url: string, runs: readonly Ran[]): Promise<string[]> {
  const failed = sumOf(runs.map((ran) => ran.failed))
  const pool = new pg.Pool({ connectionString: bareUrlOf(url), max: os.availableParallelism() })
  try {
    const found = await checkBooks(pool, { atOnce: os.availableParallelism() })
    const wrong = sentencesOf(found)
    if (failed > 0) wrong.push(`${failed} transactions failed`)
    return wrong.map((one) => `bare SQL: ${one}`)
  } finally {
    await pool.end()
  }
}

/** Removes the databases of both arms. */
export async function dropBareSql(url: string): Promise<void> {
  for (const database of [bare, blind]) await dropDatabase(url, database)
}

async function play(
  options: RunOptions,
  database: string,
  playOf: (rows: readonly ExampleRow[], crowd: Crowd) => Play,
): Promise<Ran> {
  const url = beside(options.url, database)
  const made = await withClient(url, async (client) => {
    const { rows } = await client.query('select id, people, prefix from bare_example')
    const { id, ...crowd } = rows[0]
    return playOf(await readExample(client, id), crowd)
  })
  return drive(made, { ...options, url })
}
