import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** The sandbox begins with a loss that has lapsed, and a sweep writes so in its own time: what is compared comes after it. */
export async function untilLapsed(pool: pg.Pool): Promise<void> {
  const lapsed = `select from card where document -> 'loss' ->> 'kind' = 'temporary'
    and (document -> 'loss' ->> 'lapses')::float8 <= extract(epoch from timestamptz '2026-03-02T09:00:00+08') * 1000`
  for (let tries = 0; tries < 400; tries++) {
    if ((await pool.query(lapsed)).rowCount === 0) return
    await sleep(50)
  }
  throw new Error('no sweep has written that a loss has lapsed')
}
