import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** The sandbox begins with a loss that has lapsed, and a sweep writes so in its own time: what is compared comes after it. */
export const untilLapsed = (pool: pg.Pool): Promise<void> =>
  untilThere(
    pool,
    'no sweep has written that a loss has lapsed',
    `select where not exists (select from card where document -> 'loss' ->> 'kind' = 'temporary'
       and (document -> 'loss' ->> 'lapses')::float8 <= extract(epoch from timestamptz '2026-03-02T09:00:00+08') * 1000)`,
  )

/** The first round of sealing enters the key it signs with, a second after the start: what is compared comes after it. */
export const untilSealing = (pool: pg.Pool): Promise<void> =>
  untilThere(pool, 'no round of sealing has entered its key', 'select from seal_key')

async function untilThere(pool: pg.Pool, otherwise: string, row: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if ((await pool.query(row)).rowCount !== 0) return
    await sleep(50)
  }
  throw new Error(otherwise)
}
