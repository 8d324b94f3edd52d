import pg from 'pg'

/** A connection of its own that sees the books as they were at one moment. */
export interface Reader {
  read<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** Rows as the server has them ready, some at a time; no more are asked for than whoever takes them bears. */
  stream<R>(text: string, values: readonly unknown[]): AsyncGenerator<R[], void, void>
  /** Ends what it reads, at once. */
  end(): Promise<void>
}

/** Long readings of the books (长查询): a few at once for all processes, each on a connection with limits of its own. */
export interface Readers {
  /** Undefined where as many read as may. */
  open(): Promise<Reader | undefined>
}

export interface ReadersOptions {
  /** Whose address they go to, and where a reading that nobody wants any more is called off. */
  readonly pool: pg.Pool
  readonly most?: number
  /** The first rows of a long answer take longest: others were sorted before them. */
  readonly statement_ms?: number
  /** A snapshot keeps what was removed since from being cleaned up, so no reading goes on for ever. */
  readonly longest_ms?: number
  /** So long nothing is asked on it while whoever takes the rows is busy. */
  readonly idle_ms?: number
}

/** What comes at a time is read and written in one go, for which claims wait. */
const fetched = 500

export function createReaders({
  pool,
  most = 3,
  statement_ms = 120_000,
  longest_ms = 1_800_000,
  idle_ms = 60_000,
}: ReadersOptions): Readers {
  return {
    async open() {
      const client = new pg.Client({
        ...pool.options,
        application_name: 'jiesuan reader',
        query_timeout: undefined,
        // The next rows are on their way while somebody asks for something else.
        pipeline: true,
        connectionTimeoutMillis: 2_000,
        statement_timeout: statement_ms,
        idle_in_transaction_session_timeout: idle_ms,
      })
      const reader = new OpenReader(client, pool)
      try {
        await client.connect()
        if (await takePlace(client, most)) {
          await begin(client, longest_ms)
          return reader
        }
        await reader.end()
        return undefined
      } catch (error) {
        await reader.end()
        throw error
      }
    },
  }
}

/** A reader where a list expects the pool: it is asked in the reader's snapshot, one question after the other. */
export const poolOf = (reader: Reader): pg.Pool =>
  ({
    query: async (asked: string | pg.QueryConfig, values: readonly unknown[] = []) => {
      const { text, values: own = values } = typeof asked === 'string' ? { text: asked } : asked
      const rows = await reader.read(text, own)
      return { rows, rowCount: rows.length }
    },
  }) as unknown as pg.Pool

/** Places are locks of a session, so that they are free again however it ends. */
async function takePlace(client: pg.ClientBase, most: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from generate_series(1, $1::int) place
     where pg_try_advisory_lock(hashtext('jiesuan reader'), place) limit 1`,
    [most],
  )
  return rowCount === 1
}

/** The whole transaction has a limit from PostgreSQL 17 on. Most of what it reads it reads once, for which nothing need be compiled. */
async function begin(client: pg.ClientBase, longest_ms: number): Promise<void> {
  await client.query(
    `select set_config('transaction_timeout', '${longest_ms}', false)
     where current_setting('server_version_num')::int >= 170000`,
  )
  await client.query('begin isolation level repeatable read read only')
  await client.query(`set local jit = off; set local work_mem = '64MB'`)
}

class OpenReader implements Reader {
  readonly #client: pg.Client
  readonly #pool: pg.Pool
  #busy = 0
  #ended: Promise<void> | undefined

  constructor(client: pg.Client, pool: pg.Pool) {
    this.#client = client
    this.#pool = pool
    // Whoever asks next hears of it.
    client.on('error', () => {})
  }

  async read<R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
    return (await this.#ask<R>({ text, values: [...values] })).rows
  }

  async *stream<R>(text: string, values: readonly unknown[]): AsyncGenerator<R[], void, void> {
    await this.#ask({
      text: `declare rows no scroll cursor for ${text}`,
      values: [...values],
    })
    // While some are written the next are on their way.
    let next = this.#fetch<R>()
    for (;;) {
      const rows = await next
      if (rows.length === 0) return
      next = this.#fetch<R>()
      next.catch(() => {})
      yield rows
    }
  }

  async #fetch<R>(): Promise<R[]> {
    return (await this.#ask({ text: `fetch ${fetched} from rows` })).rows as R[]
  }

  async #ask<R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    this.#busy++
    try {
      return await this.#client.query<R>(query)
    } finally {
      this.#busy--
    }
  }

  async end(): Promise<void> {
    this.#ended ??= this.#end()
    await this.#ended
  }

  /** A server notices only at its next row that nobody listens, which may be minutes from now: it is told. */
  async #end(): Promise<void> {
    const { processID } = this.#client as pg.Client & { readonly processID: number | null }
    if (this.#busy > 0 && processID !== null)
      await this.#pool.query('select pg_cancel_backend($1)', [processID]).catch(() => {})
    await this.#client.end().catch(() => {})
  }
}
