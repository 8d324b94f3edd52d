import type pg from 'pg'

/** What does not hold of the books, by the name of the check that found it. */
export interface Violation {
  readonly check: string
  readonly subject: string
  readonly problem: string
}

const mostOfOneCheck = 100

/** Runs every `check_…` view of the database in one snapshot; an empty answer means that the books are right. */
export async function checkBooks(pool: pg.Pool): Promise<Violation[]> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    // Full checks read everything; the limits of the claims' path are not meant for them.
    await client.query(`set local statement_timeout = '10min'`)
    const { rows: views } = await client.query<{ name: string }>(
      `select viewname as name from pg_views where schemaname = 'public' and viewname like 'check\\_%' order by 1`,
    )
    const violations: Violation[] = []
    for (const { name } of views) {
      const found = await client.query({
        text: `select '${name}' as check, subject, problem from ${name} limit ${mostOfOneCheck}`,
        query_timeout: 600_000,
      } as pg.QueryConfig)
      violations.push(...(found.rows as Violation[]))
    }
    return violations
  } finally {
    client.release(true)
  }
}
