import pg from 'pg'
import { Client } from './client.ts'

export interface PoolOptions {
  readonly url: string
  readonly max: number
  readonly applicationName: string
  /** Hears of connections that break while nobody uses them; without a listener Node would end the process. */
  readonly onError: (error: Error) => void
}

const DATE = 1082
const TEXT_ARRAY = 1009
const BIGINT = 20
const BIGINT_ARRAY = 1016
/** timestamp, timestamptz and numeric arrive as the server writes them; a Date or a float would lose digits. */
const AS_TEXT = new Set([DATE, 1114, 1184, 1700])
/** Arrays of the same, and numeric[] above all, which pg turns into floats by itself. */
const AS_TEXT_ARRAY = new Set([1182, 1115, 1185, 1231])

type Parser = (text: string) => unknown

/** The list of types that pg declares is shorter than the one it knows. */
const builtIn: (oid: number, format: 'text' | 'binary') => Parser = pg.types.getTypeParser
const texts = builtIn(TEXT_ARRAY, 'text') as (text: string) => string[]

function parserOf(oid: number): Parser | undefined {
  if (oid === BIGINT) return BigInt
  if (oid === BIGINT_ARRAY) return (text) => texts(text).map((each) => each && BigInt(each))
  if (AS_TEXT.has(oid)) return (text) => text
  return AS_TEXT_ARRAY.has(oid) ? texts : undefined
}

/** For this pool only, so that other users of pg in the process keep what they expect. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parserOf(oid)
    return own ?? builtIn(oid, format ?? 'text')
  },
}

/** Connections that give up instead of waiting: every time-out is shorter than the caller's patience. */
export function createPool({ url, max, applicationName, onError }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    Client,
    connectionString: url,
    max,
    types,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: 500,
    // A new connection plans every statement anew, which somebody at a till would wait for: they are few, and they stay.
    idleTimeoutMillis: 0,
    query_timeout: 10_000,
    statement_timeout: 5_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    maxLifetimeSeconds: 1_800,
    // oxlint-disable-next-line typescript/no-misused-promises -- The pool awaits it; only its types do not say so.
    onConnect: limitTransactions,
  })
  pool.on('error', onError)
  // The pool hears only idle connections; one that breaks while checked out tells its own listeners.
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

/** The setting exists from PostgreSQL 17 on. */
async function limitTransactions(client: pg.ClientBase): Promise<void> {
  await client.query(
    `select set_config('transaction_timeout', '15s', false)
     where current_setting('server_version_num')::int >= 170000`,
  )
}
