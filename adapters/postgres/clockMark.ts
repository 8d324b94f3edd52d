import type pg from 'pg'

/** How far the sandbox clock has gone, kept over restarts. */
export interface ClockMark {
  read(): Promise<number | undefined>
  advance(to: number): Promise<void>
}

export function createClockMark(pool: pg.Pool): ClockMark {
  return {
    async read() {
      const { rows } = await pool.query<{ instant_ms: bigint }>('select instant_ms from clock_mark')
      return rows[0] && Number(rows[0].instant_ms)
    },
    async advance(to) {
      await pool.query(
        `insert into clock_mark (instant_ms) values ($1)
         on conflict (only_row) do update set instant_ms = greatest(clock_mark.instant_ms, excluded.instant_ms)`,
        [Math.trunc(to)],
      )
    },
  }
}
