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
  /** Checks that run at the same time, each on a connection of its own: of books with millions of rows each takes a core for minutes. */
  readonly atOnce?: number
  readonly onCheck?: (name: string, took_ms: number) => void
}

/** Runs every `check_…` view of the database in one snapshot; an empty answer means that the books are right. */
export async function checkBooks(pool: pg.Pool, options: CheckOptions = {}): Promise<Violation[]> {
  const { most = 100, atOnce = 1, onCheck } = options
  const readers: Reader[] = []
  try {
    const first = await openReader(pool)
    readers.push(first)
    const views = await first.read<{ name: string }>(
      `select viewname as name from pg_views where schemaname = 'public' and viewname like 'check\\_%' order by 1`,
    )
    if (atOnce > 1) {
      const [exported] = await first.read<{ id: string }>('select pg_export_snapshot() as id')
      while (readers.length < atOnce) readers.push(await openReader(pool, exported?.id))
    }
    const found = new Map<string, readonly Violation[]>()
    const left = views.map(({ name }) => name).values()
    const work = async (reader: Reader): Promise<void> => {
      for (const name of left) {
        const begun = performance.now()
        found.set(
          name,
          await reader.read(
            `select '${name}' as check, subject, problem from ${name} limit ${most}`,
          ),
        )
        onCheck?.(name, performance.now() - begun)
      }
    }
    await Promise.all(readers.map(work))
    return views.flatMap(({ name }) => found.get(name) ?? [])
  } finally {
    await Promise.all(readers.map(async (reader) => reader.end()))
  }
}

/** A connection that sees one snapshot. */
interface Reader {
  read<R extends pg.QueryResultRow>(text: string): Promise<R[]>
  end(): Promise<void>
}

/** Checks read everything; the limits of the claims' path are not meant for them, so they have connections of their own. */
async function openReader(pool: pg.Pool, snapshot?: string): Promise<Reader> {
  const client = new pg.Client({
    ...pool.options,
    query_timeout: undefined,
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  })
  let broken: Error | undefined
  client.on('error', (error) => (broken = error))
  const reader: Reader = {
    async read<R extends pg.QueryResultRow>(text: string) {
      const { rows } = await client.query<R>(text)
      if (broken) throw broken
      return rows
    },
    end: async () => client.end().catch(() => {}),
  }
  try {
    await client.connect()
    await client.query('begin isolation level repeatable read read only')
    if (snapshot !== undefined)
      await client.query(`set transaction snapshot ${client.escapeLiteral(snapshot)}`)
    // They join whole tables, which may have grown since anybody last counted their rows.
    await client.query(
      `set local jit = off; set local enable_nestloop = off; set local work_mem = '64MB'`,
    )
    return reader
  } catch (error) {
    await reader.end()
    throw error
  }
}
