import pg from 'pg'
import type { Client } from './postedRows.ts'

/** The limits of the claims' path are not meant for whoever reads everything. */
export async function openAuditor(pool: pg.Pool): Promise<pg.Client> {
  const client = new pg.Client({
    ...pool.options,
    query_timeout: undefined,
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
  client.on('error', () => {})
  await client.connect()
  // Views join whole tables, which may have grown since anybody last counted their rows.
  await client.query(
    `set jit = off; set work_mem = '64MB'; set max_parallel_workers_per_gather = 0`,
  )
  return client
}

/** Up to which position the journal has rows from before digests were kept. */
export async function sealStart(client: Client): Promise<bigint> {
  const { rows } = await client.query('select position from seal_start')
  return BigInt(rows[0]?.position ?? 0)
}
