import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { getConstructionPlans, getMigrationPlans } from 'pg-boss'
import manifest from 'pg-boss/package.json' with { type: 'json' }

/** pg-boss keeps its rows in a schema of its own, which the owner role makes and the application's role only fills. */
export const schema = 'pgboss'

const wanted: number = manifest.pgboss.schema

const tryLock = `select pg_try_advisory_lock(hashtextextended('jiesuan jobs', 0)) as ours`

/** Brings the schema of pg-boss to the version that is installed here; tells whether there was anything to do. */
export async function migrateJobs(ownerUrl: string, appRole: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'jiesuan migrate' })
  // The loss of the connection fails the statement that is running, and that is where it is reported.
  client.on('error', () => {})
  await client.connect()
  try {
    if ((await versionOf(client)) === wanted) return false
    await takeLock(client)
    const version = await versionOf(client)
    if (version === wanted) return false
    if (version !== undefined && version > wanted)
      throw new Error(
        'The database is newer than this version of jiesuan: its pg-boss is. Install the newer version.',
      )
    for (const step of stepsFrom(version)) await client.query(step)
    await client.query(grants(appRole))
    return true
  } finally {
    await client.end()
  }
}

/** Whoever waited inside the server would keep the indexes below from being built, which wait for everybody else. */
async function takeLock(client: pg.Client): Promise<void> {
  while (!(await client.query<{ ours: boolean }>(tryLock)).rows[0]?.ours) await sleep(50)
}

/** What the package does in one transaction, and then each index that must be built outside of any. */
const stepsFrom = (version: number | undefined): readonly string[] =>
  version === undefined
    ? [getConstructionPlans(schema)]
    : getMigrationPlans(schema, version).split(/^-- inlined from .*$/m)

async function versionOf(client: pg.Client): Promise<number | undefined> {
  const found = await client.query<{ found: string | null }>(
    `select to_regclass('${schema}.version') as found`,
  )
  if (!found.rows[0]?.found) return undefined
  const { rows } = await client.query<{ version: number }>(`select version from ${schema}.version`)
  return rows[0]?.version
}

const grants = (role: string): string => `
  grant usage on schema ${schema} to ${role};
  grant select, insert, update, delete on all tables in schema ${schema} to ${role};
  grant execute on all functions in schema ${schema} to ${role};`
