import pg from 'pg'
import type { Crypto } from './needs.ts'
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

/** Up to which position the journal has rows from before digests were kept, and whether somebody with the keys says so. */
export interface SealStart {
  readonly position: bigint
  readonly isOurs: boolean
}

const macOfStart = ({ index }: Pick<Crypto, 'index'>, position: bigint): Buffer =>
  index(`seal start\0${position}`)

/** What nobody with the keys said counts as nothing. */
export async function sealStart(client: Client, crypto: Pick<Crypto, 'index'>): Promise<SealStart> {
  const { rows } = await client.query<{ position: bigint; mac: Buffer | null }>(
    'select position, mac from seal_start',
  )
  const [row] = rows
  const isOurs =
    row?.mac?.toString('base64') === macOfStart(crypto, row?.position ?? 0n).toString('base64')
  return { position: isOurs && row ? row.position : 0n, isOurs }
}

/** Says so at the first start, before anything is sealed; after that it is too late to say it. */
export async function enterSealStart(client: Client, crypto: Pick<Crypto, 'index'>): Promise<void> {
  const { rows } = await client.query<{ position: bigint }>(
    'select position from seal_start where mac is null and not exists (select from seal_head)',
  )
  const [row] = rows
  if (row)
    await client.query('update seal_start set mac = $1 where mac is null', [
      macOfStart(crypto, row.position),
    ])
}
