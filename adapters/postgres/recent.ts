import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import { firstIdAt } from './ids.ts'

/** What was settled, undone and refused in one minute. */
export interface Minute {
  readonly at: Instant
  readonly settled: number
  readonly undone: number
  readonly refused: number
}

export interface Recent {
  /** The minutes up to that of `now`, the oldest first. */
  minutes(now: Instant): Promise<readonly Minute[]>
  /** Rows that wait for their place in the journal; no more than so many are counted. */
  unjournaled(): Promise<number>
}

const minute_ms = 60_000
const shown = 60
/** A commit may come some time after the moment that its rows tell: so many minutes are counted again each time. */
const open = 3

/**
 * Ids follow time, so that the rows of a minute lie together in the key: all of them less those that are no first settlements.
 */
const counts = `
  select m.at_ms,
    (select count(*) from settlement s where s.id >= m.first and s.id < m.next) as all,
    (select count(*) from settlement s where s.sequence > 1 and s.id >= m.first and s.id < m.next) as later,
    (select count(*) from settlement s
     where s.sequence > 1 and s.kind <> 'restoration' and s.id >= m.first and s.id < m.next) as undone,
    (select count(*) from answer a
     where a.code is not null and a.answered_at >= to_timestamp(m.at_ms / 1000)
       and a.answered_at < to_timestamp((m.at_ms + ${minute_ms}) / 1000)) as refused
  from unnest($1::float8[], $2::text[], $3::text[]) as m (at_ms, first, next)`

interface Counted {
  readonly at_ms: number
  readonly all: bigint
  readonly later: bigint
  readonly undone: bigint
  readonly refused: bigint
}

const mostUnjournaled = 100_000

/** Counts minute by minute; what a minute came to stays as it is once it is over. */
export function createRecent(pool: pg.Pool): Recent {
  const over = new Map<Instant, Minute>()
  return {
    async minutes(now) {
      const last = Math.floor(now / minute_ms) * minute_ms
      const all = Array.from({ length: shown }, (_, i) => last - (shown - 1 - i) * minute_ms)
      for (const at of over.keys()) if (at < (all[0] as Instant)) over.delete(at)
      const asked = all.filter((at) => at > last - open * minute_ms || !over.has(at))
      for (const minute of await count(pool, asked)) over.set(minute.at, minute)
      return all.map((at) => over.get(at) as Minute)
    },
    async unjournaled() {
      const { rows } = await pool.query<{ waiting: bigint }>(
        `select count(*) as waiting from (select from unjournaled limit ${mostUnjournaled}) u`,
      )
      return Number(rows[0]?.waiting)
    },
  }
}

async function count(pool: pg.Pool, minutes: readonly Instant[]): Promise<Minute[]> {
  const { rows } = await pool.query<Counted>(counts, [
    minutes,
    minutes.map(firstIdAt),
    minutes.map((at) => firstIdAt(at + minute_ms)),
  ])
  return rows.map(({ at_ms, all, later, undone, refused }) => ({
    at: at_ms,
    settled: Number(all - later),
    undone: Number(undone),
    refused: Number(refused),
  }))
}
