import type pg from 'pg'
import { untilLapsed, untilSealing } from '../../../support/begun.ts'

/** Nonces come with every request; the others follow from the rest, in their own time. */
const apart = [
  'nonce',
  'clock_mark',
  'journal',
  'journal_head',
  'unjournaled',
  'rollup',
  'bill_sum',
  'account_sum',
  'sum_head',
  'seal_head',
  'seal_tile',
  'audit_state',
  'audit_round',
]

/** What every table holds, as a count and a sum over all rows, to tell whether anything has changed. */
export async function bookmark(pool: pg.Pool): Promise<Record<string, string>> {
  await untilLapsed(pool)
  await untilSealing(pool)
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
