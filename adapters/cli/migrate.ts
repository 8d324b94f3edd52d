// `npm run migrate`: brings the database of MIGRATE_DATABASE_URL, or the embedded one, to this version.
import { fileURLToPath } from 'node:url'
import { readConfig } from '../config.ts'
import { migrateJobs } from '../jobs/schema.ts'
import { startEmbedded } from '../postgres/embedded.ts'
import { migrate } from '../postgres/migrate.ts'
import { APP_ROLE, ensureAppRole } from '../postgres/roles.ts'

const dir = fileURLToPath(new URL('../../migrations', import.meta.url))
const log = (line: string) => console.log(line)

async function main(): Promise<void> {
  const { migrateDatabaseUrl, dataDirectory } = readConfig(process.env)
  if (migrateDatabaseUrl) return bring(migrateDatabaseUrl)
  const server = await startEmbedded({ dataDir: dataDirectory, log })
  try {
    await ensureAppRole(server.url, dataDirectory)
    await bring(server.url)
  } finally {
    await server.stop()
  }
}

async function bring(url: string): Promise<void> {
  const applied = await migrate({ url, dir, log })
  if (await migrateJobs(url, APP_ROLE)) log('brought the schema pgboss to this version')
  log(applied.length > 0 ? `applied ${applied.length} migrations` : 'the database is up to date')
}

try {
  await main()
} catch (error) {
  // What goes wrong here is for the operator to read, not for a programmer.
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
