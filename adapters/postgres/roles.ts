import path from 'node:path'
import pg from 'pg'
import { openFolder, secret } from './folder.ts'

export const APP_ROLE = 'jiesuan_app'

/**
 * Lets the engine log in to the embedded server as a role that can neither change the schema nor rewrite the ledger.
 * Gives its address; what the role may do, the migrations grant.
 */
export async function ensureAppRole(ownerUrl: string, dataDir: string): Promise<string> {
  const folder = openFolder(dataDir)
  const password = secret(path.join(folder.root, 'app-password'))
  await setAppPassword(ownerUrl, password)
  return withUser(ownerUrl, APP_ROLE, password)
}

/** Creates the application role where it is missing and gives it this password. */
export async function setAppPassword(ownerUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('begin')
    // Roles are shared by all databases, so two starters change the same row; the lock lets them take turns.
    await client.query(`select pg_advisory_xact_lock(hashtextextended('jiesuan role', 0))`)
    const found = await client.query('select 1 from pg_roles where rolname = $1', [APP_ROLE])
    if (found.rowCount === 0) await createRole(client)
    await client.query(`alter role ${APP_ROLE} login password ${pg.escapeLiteral(password)}`)
    await client.query('commit')
  } finally {
    await client.end()
  }
}

async function createRole(client: pg.Client): Promise<void> {
  // The lock is per database; a starter in another one may still be first, and then the role is simply there.
  await client.query(
    `do $$ begin create role ${APP_ROLE}; exception when duplicate_object or unique_violation then null; end $$`,
  )
}

/** The same address for another role. */
export function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = password
  return changed.href
}
