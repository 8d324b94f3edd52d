import { withClient } from '../database.ts'
import { readMetric } from '../metric.ts'
import { type ProcessorTime, takeTime } from './processorTime.ts'

/** What a server and its database take at one moment, in bytes, and have taken of the processors. */
export interface Stock extends ProcessorTime {
  /** Of all processes of the server. */
  readonly memory: number
  readonly database: number
  /** Written to the log since the database was made. */
  readonly wal: number
  /** Checkpoints there were since the server began, by the clock and for want of log. */
  readonly checkpoints: number
}

export const takeStock = async (url: string, ownerUrl: string): Promise<Stock> =>
  withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ database: string; wal: string; checkpoints: string }>(
      `select pg_database_size(current_database()) as database, pg_current_wal_lsn() - '0/0'::pg_lsn as wal,
              num_timed + num_requested as checkpoints
       from pg_stat_checkpointer`,
    )
    const [found] = rows
    if (!found) throw new Error('the database does not say how large it is')
    return {
      memory: await readMetric(url, 'process_resident_memory_bytes'),
      database: Number(found.database),
      wal: Number(found.wal),
      checkpoints: Number(found.checkpoints),
      ...(await takeTime(url, client)),
    }
  })
