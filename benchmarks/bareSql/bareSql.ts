import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { migrateJobs } from '../../adapters/jobs/schema.ts'
import { APP_ROLE } from '../../adapters/postgres/roles.ts'
import { type ExampleRow, readExample, settleExample } from './example.ts'
import { fillPeople, prefix } from './people.ts'
import { playByConnections } from './connections.ts'
import { hasPgbench, playByPgbench } from './pgbench.ts'
import { barePlay, blindPlay } from './plays.ts'
import type { Play, Ran, RunOptions } from './step.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The databases of the two arms, beside the one that is measured, on the same server. */
const bare = 'jiesuan_bare'
const blind = 'jiesuan_blind'

/** The bill that both arms are about, as it would be sent. */
const bill = {
  institution: 'H51010000001',
  day: '2026-03-02',
  care: 'outpatient',
  useAccount: true,
  credential: { type: 'card', number: 'D80000001', cardSn: '510100D1560000050100000000000001' },
  total: '125.00',
  lines: [
    '001101000010000',
    '002103000010000',
    'XJ01CAA040A001010100010',
    'XA11GAV001A001010100024',
    'XN02BEB001A001010100013',
  ].map((item, i) => ({
    id: `${i + 1}`,
    item,
    quantity: '2',
    unitPrice: '12.50',
    amount: '25.00',
  })),
}

/**
 * Makes the databases of the bare arm and of the blind insert anew on this server, whose owner the address is of: our own
 * migrations, the same people, and one settlement by our own engine, whose rows are what the arms write.
 */
export async function prepareBareSql(url: string, people: number): Promise<void> {
  await run(url, `drop database if exists ${bare} with (force)`)
  await run(url, `create database ${bare}`)
  const bareUrl = beside(url, bare)
  await migrate({ url: bareUrl, dir: migrations, log: () => {} })
  await migrateJobs(bareUrl, APP_ROLE)
  const example = await settleExample(bareUrl, bill)
  await run(bareUrl, `create table bare_example as select '${example}' as id, ${people} as people`)
  await fillPeople(bareUrl, people)
  await run(bareUrl, 'vacuum analyze')
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
  playOf: (rows: readonly ExampleRow[], crowd: { people: number; prefix: string }) => Play,
): Promise<Ran> {
  const url = beside(options.url, database)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  let made: Play
  try {
    const { rows } = await client.query('select id, people from bare_example')
    const { id, people } = rows[0]
    made = playOf(await readExample(client, id), { people, prefix })
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
