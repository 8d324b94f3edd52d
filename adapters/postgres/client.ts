import pg from 'pg'

type Answer = (error: Error | undefined, result: pg.QueryResult) => void
type Query = string | pg.QueryConfig

/** What a connection writes to; pg does not declare that it has one. */
export const streamOf = (client: pg.ClientBase): pg.Connection['stream'] =>
  (client as pg.ClientBase & { readonly connection: pg.Connection }).connection.stream

/**
 * A connection whose queries are garbage as soon as they are answered. V8 allocates a function that is written as the value
 * of a property (`query.callback = () => …`) among its old objects, where it stays, with all that it knows, until all of memory is
 * looked through. pg writes two of those for each query, one of them for `query_timeout`; so this hands it queries that have
 * their callback, and sees to the time-out itself.
 */
export class Client extends pg.Client {
  readonly #patience_ms: number

  constructor(config: pg.ClientConfig = {}) {
    const { query_timeout = 0, ...others } = config
    super(others)
    this.#patience_ms = query_timeout
  }

  /** The pool asks with a callback, everybody else for a promise. */
  // oxlint-disable-next-line typescript/no-explicit-any -- No other type fits all the ways in which pg declares it.
  override query(...asked: unknown[]): any {
    const [query, values, callback] = asked as [Query, unknown[] | undefined, Answer | undefined]
    if (callback) return this.#ask(query, values, callback)
    return new Promise<pg.QueryResult>((resolve, reject) => {
      this.#ask(query, values, (error, result) => (error ? reject(error) : resolve(result)))
    })
  }

  /** A connection that does not answer in time is given up, with whatever else was asked on it. */
  #ask(query: Query, values: unknown[] | undefined, answer: Answer): void {
    const late = this.#patience_ms ? setTimeout(() => this.#giveUp(), this.#patience_ms) : undefined
    const settle = (error: Error | undefined, result: unknown): void => {
      clearTimeout(late)
      answer(error, result as pg.QueryResult)
    }
    super.query(new pg.Query(query, values, settle))
  }

  #giveUp(): void {
    streamOf(this).destroy(new Error(`no reply from PostgreSQL within ${this.#patience_ms} ms`))
  }
}
