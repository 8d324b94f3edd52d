import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** Nonces come with every request; the others follow from the rest, in their own time. */
const apart = ['nonce', 'clock_mark', 'journal', 'journal_head', 'unjournaled', 'rollup']

/** The sandbox begins with a loss that has lapsed, and a sweep writes so in its own time: what is compared comes after it. */
async function untilLapsed(pool: pg.Pool): Promise<void> {
  const lapsed = `select from card where document -> 'loss' ->> 'kind' = 'temporary'
    and (document -> 'loss' ->> 'lapses')::float8 <= extract(epoch from timestamptz '2026-03-02T09:00:00+08') * 1000`
  for (let tries = 0; tries < 400; tries++) {
    if ((await pool.query(lapsed)).rowCount === 0) return
    await sleep(50)
  }
  throw new Error('no sweep has written that a loss has lapsed')
}

/** What every table holds, as a count and a sum over all rows, to tell whether anything has changed. */
export async function bookmark(pool: pg.Pool): Promise<Record<string, string>> {
  await untilLapsed(pool)
  const { rows: found } = await pool.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
  )
  const sums = found
    .filter(({ name }) => !apart.includes(name))
    .map(
      ({ name }) =>
        `(select count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) from ${name} t) as "${name}"`,
    )
  return (await pool.query<Record<string, string>>(`select ${sums.join(', ')}`)).rows[0] ?? {}
}

/** The same, but for requests that were refused by a rule: those are kept, with what they were told. */
export async function bookmarkOfEffects(pool: pg.Pool): Promise<Record<string, string>> {
  const { request: _request, answer: _answer, ...effects } = await bookmark(pool)
  return effects
}
