import pg from 'pg'

/** What does not hold of the books, by the name of the check that found it. */
export interface Violation {
  readonly check: string
  readonly subject: string
  readonly problem: string
}

export interface CheckOptions {
  /** Violations told of one check, at most. */
  readonly most?: number
  readonly onCheck?: (name: string, took_ms: number) => void
}

/** Runs every `check_…` view of the database in one snapshot; an empty answer means that the books are right. */
export async function checkBooks(pool: pg.Pool, options: CheckOptions = {}): Promise<Violation[]> {
  const { most = 100, onCheck } = options
  // Checks read everything; the limits of the claims' path are not meant for them, so they have a connection of their own.
  const client = new pg.Client({
    ...pool.options,
    query_timeout: undefined,
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
  let broken: Error | undefined
  client.on('error', (error) => (broken = error))
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    // They join whole tables, which may have grown since anybody last counted their rows.
    await client.query('set local jit = off; set local enable_nestloop = off')
    const { rows: views } = await client.query<{ name: string }>(
      `select viewname as name from pg_views where schemaname = 'public' and viewname like 'check\\_%' order by 1`,
    )
    const violations: Violation[] = []
    for (const { name } of views) {
      const begun = performance.now()
      const found = await client.query<Violation>(
        `select '${name}' as check, subject, problem from ${name} limit ${most}`,
      )
      violations.push(...found.rows)
      onCheck?.(name, performance.now() - begun)
    }
    if (broken) throw broken
    return violations
  } finally {
    await client.end().catch(() => {})
  }
}
