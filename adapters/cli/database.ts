import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { migrateJobs } from '../jobs/schema.ts'
import { checkServer } from '../postgres/checkServer.ts'
import { type EmbeddedServer, startEmbedded } from '../postgres/embedded.ts'
import { keepRunning } from '../postgres/keeper.ts'
import { checkMigrated, migrate } from '../postgres/migrate.ts'
import { createPool } from '../postgres/pool.ts'
import { APP_ROLE, ensureAppRole } from '../postgres/roles.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Connections of all that serve: a few for each core, for more only wait for each other inside the database. */
const poolSize = Math.min(20, Math.max(8, 4 * availableParallelism()))

/**
 * Transactions of claims in each process at one time: one is being computed or made to last while the other fills. With more
 * of them batches are smaller, and each takes longer beside the others. Half of them are left for a window beside an upload.
 */
export const transactionsAtOnce = 2

/** Taps have two transactions of their own, and two questions are answered beside all of them. */
const besideTransactions = 4
const smallestPool = transactionsAtOnce + besideTransactions

/** Connections of each of so many processes. */
export const poolSizeOf = (processes: number): number =>
  Math.max(transactionsAtOnce + besideTransactions, Math.ceil(poolSize / processes))

/** Left to pg-boss, to migrations, to whoever looks, and to the process that the others serve under. */
const spareConnections = 20

/** So many processes find connections for each of them. */
export async function mostProcesses(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ connections: number }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
       as connections`,
  )
  return Math.floor(((rows[0]?.connections ?? 0) - spareConnections) / smallestPool)
}

/** The database that was named, which must be up to date, or our own, which is brought there. */
export async function openDatabase(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  connections: number,
): Promise<pg.Pool> {
  const sandbox = config.mode === 'sandbox'
  const url = config.databaseUrl ?? (await openOwnDatabase(config, log, stack))
  let closing = false
  // Connections that end because we end the database are nobody's concern.
  const onError = (error: Error) =>
    log[closing ? 'debug' : 'warn']({ err: error }, 'a connection to the database broke')
  const pool = createPool({ url, max: connections, applicationName: 'jiesuan', onError })
  stack.defer(async () => {
    closing = true
    await pool.end()
  })
  const client = await connectFirst(pool)
  try {
    await checkServer(client, { sandbox })
    await checkMigrated(client, migrations)
  } finally {
    client.release()
  }
  return pool
}

/** A claim waits half a second for a connection; a start, with others that start beside it, has more time than that. */
const firstAttempts = 6

async function connectFirst(pool: pg.Pool): Promise<pg.PoolClient> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await pool.connect()
    } catch (error) {
      if (attempt < firstAttempts) continue
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`The database does not answer (${why}). Check DATABASE_URL.`, {
        cause: error,
      })
    }
  }
}

async function openOwnDatabase(
  { dataDirectory }: Config,
  log: Logger,
  stack: AsyncDisposableStack,
): Promise<string> {
  const say = (line: string) => log.info(line)
  const server = await startEmbedded({ dataDir: dataDirectory, log: say })
  stack.defer(() => server.stop())
  const url = await ensureAppRole(server.url, dataDirectory)
  await migrate({ url: server.url, dir: migrations, log: say })
  await migrateJobs(server.url, APP_ROLE)
  watchOver(server, log, stack)
  return url
}

/** Nobody but us starts our own PostgreSQL again where something ended it. */
function watchOver(server: EmbeddedServer, log: Logger, stack: AsyncDisposableStack): void {
  const keeper = keepRunning({
    server,
    onAttempt(attempt, error) {
      if (error === undefined)
        log.warn({ attempt }, 'PostgreSQL had ended without our doing; it was started again')
      else log.error({ attempt, err: error }, 'PostgreSQL has ended and could not be started again')
    },
    onGivenUp() {
      // Nobody waits for this error, so it ends the process, and whoever looks after that hears of it.
      setImmediate(() => {
        throw new Error('PostgreSQL has ended and cannot be started; see DATA_DIR/postgres/log.')
      })
    },
  })
  stack.defer(() => keeper.stop())
}
