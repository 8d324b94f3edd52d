import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'

export interface MigrateOptions {
  /** The owner role's address, past any connection pooler: the lock lives in the session. */
  readonly url: string
  /** The folder of files NNNN_name.sql. */
  readonly dir: string
  readonly log: (line: string) => void
}

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

const LOCK = `hashtextextended('jiesuan migration', 0)`
const NO_TRANSACTION = /^-- no-transaction\b/

/** Brings the database to the state of the files, forward only; gives the names it applied. */
export async function migrate({ url, dir, log }: MigrateOptions): Promise<string[]> {
  const files = readMigrations(dir)
  const client = new pg.Client({ connectionString: url, application_name: 'jiesuan migrate' })
  // The loss of the connection fails the statement that is running, and that is where it is reported.
  client.on('error', () => {})
  await client.connect()
  try {
    await takeLock(client, log)
    await createTable(client)
    const pending = compare(files, await readApplied(client))
    for (const file of pending) {
      log(`applying ${file.name}`)
      await apply(client, file)
    }
    return pending.map((file) => file.name)
  } finally {
    // Closing the session gives the lock back, whatever happened before.
    await client.end()
  }
}

/** Refuses a database that is older or newer than the code, for a start that may not migrate by itself. */
export async function checkMigrated(
  client: Pick<pg.ClientBase, 'query'>,
  dir: string,
): Promise<void> {
  const { rows } = await client.query<{ found: string | null }>(
    `select to_regclass('migration') as found`,
  )
  const applied = rows[0]?.found ? await readApplied(client) : []
  const pending = compare(readMigrations(dir), applied)
  if (pending.length > 0) {
    throw new Error(
      `The database lacks ${pending.map((file) => file.name).join(', ')}. Run "npm run migrate" first.`,
    )
  }
}

function readMigrations(dir: string): Migration[] {
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
  const seen = new Map<number, string>()
  return names.map((name) => {
    const match = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)
    if (!match) throw new Error(`${name} is not named like 0001_some_words.sql.`)
    const number = Number(match[1])
    const twin = seen.get(number)
    if (twin) throw new Error(`${twin} and ${name} have the same number.`)
    seen.set(number, name)
    const sql = readFileSync(path.join(dir, name), 'utf8')
    return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}

async function takeLock(client: pg.Client, log: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ free: boolean }>(
    `select pg_try_advisory_lock(${LOCK}) as free`,
  )
  if (rows[0]?.free) return
  log('waiting for another process that is migrating this database')
  await client.query(`select pg_advisory_lock(${LOCK})`)
}

async function createTable(client: pg.Client): Promise<void> {
  await client.query(`set client_min_messages = warning`)
  await client.query(
    `create table if not exists migration (
       number integer primary key,
       name text not null,
       checksum text not null,
       applied_at timestamptz not null default now()
     )`,
  )
  // Every role may see how old the database is: the engine asks at its start.
  await client.query(`grant select on migration to public`)
}

async function readApplied(client: Pick<pg.ClientBase, 'query'>): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `select number, name, checksum from migration order by number`,
  )
  return rows
}

/** The files still to apply; throws where files and database do not tell the same history. */
function compare(files: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const newest = files.at(-1)?.number ?? 0
  for (const row of applied) {
    const file = files.find((each) => each.number === row.number)
    if (!file && row.number > newest) {
      throw new Error(
        `The database is newer than this version of jiesuan: it has ${row.name}. Install the newer version.`,
      )
    }
    if (!file) throw new Error(`${row.name} was applied to this database and its file is missing.`)
    if (file.checksum !== row.checksum || file.name !== row.name) {
      throw new Error(
        `${file.name} was changed after it had been applied as ${row.name}. Restore it and add a new migration instead.`,
      )
    }
  }
  const reached = applied.at(-1)?.number ?? 0
  const pending = files.filter((file) => !applied.some((row) => row.number === file.number))
  const late = pending.find((file) => file.number < reached)
  if (late) {
    throw new Error(
      `${late.name} comes before what the database already has; give it a new number.`,
    )
  }
  return pending
}

async function apply(client: pg.Client, file: Migration): Promise<void> {
  // Such a file holds one statement that can be repeated: it may have run without being recorded.
  const alone = NO_TRANSACTION.test(file.sql)
  try {
    if (!alone) await client.query('begin')
    await client.query(file.sql)
    await client.query(`insert into migration (number, name, checksum) values ($1, $2, $3)`, [
      file.number,
      file.name,
      file.checksum,
    ])
    if (!alone) await client.query('commit')
  } catch (error) {
    const place = error instanceof pg.DatabaseError ? lineOf(file.sql, error.position) : ''
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${file.name}${place} failed: ${why}`, { cause: error })
  }
}

function lineOf(sql: string, position: string | undefined): string {
  if (!position) return ''
  return `, line ${sql.slice(0, Number(position)).split('\n').length},`
}
