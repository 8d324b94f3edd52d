import pg from 'pg'
import { type Result, RoundTrip, type Statement, type ConnectionState } from './roundTrip.ts'

type Answer = (error: Error | undefined, result: pg.QueryResult) => void
type Query = string | pg.QueryConfig
/** For how many milliseconds pg waits for an answer: what its types leave out of a connection. */
type Patience = { query_timeout: number | string | false }

/**
 * A connection whose queries are garbage as soon as they are answered. V8 allocates a function that is written as the value
 * of a property (`query.callback = () => …`) among its old objects, where it stays, with all that it knows, until all of memory is
 * looked through. pg writes two of those for each query, one of them for `query_timeout`; so this hands it queries that have
 * their callback, and sees to the time-out itself.
 */
export class Client extends pg.Client {
  readonly #patience_ms: number
  readonly #state: ConnectionState

  constructor(config: pg.ClientConfig = {}) {
    super(config)
    // An address may have one as well, and pg would keep it by itself.
    const { connectionParameters } = this as unknown as { connectionParameters: Patience }
    this.#patience_ms = Number(connectionParameters.query_timeout)
    connectionParameters.query_timeout = 0
    // Made once: such a function would be old from its beginning, as above.
    const parserOf = (type: number) => this.getTypeParser(type, 'text')
    this.#state = { connection: this.connection, readers: new Map(), parserOf }
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

  /**
   * Sends statements in one go: their results in order, or the first failure. `sent` says whether anything of them may have reached
   * the server; where one cannot be written, nothing has.
   */
  send(statements: readonly Statement[]): Sending {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Result[]>()
    const late = this.#watch()
    const trip = new RoundTrip(statements, this.#state, (error, results) => {
      clearTimeout(late)
      if (error) reject(error)
      else resolve(results)
    })
    super.query(trip)
    return { results: promise, sent: () => trip.sent }
  }

  #ask(query: Query, values: unknown[] | undefined, answer: Answer): void {
    const late = this.#watch()
    const settle = (error: Error | undefined, result: unknown): void => {
      clearTimeout(late)
      answer(error, result as pg.QueryResult)
    }
    super.query(new pg.Query(query, values, settle))
  }

  /** A connection that does not answer in time is given up, with whatever else was asked on it. */
  #watch(): NodeJS.Timeout | undefined {
    return this.#patience_ms ? setTimeout(() => this.#giveUp(), this.#patience_ms) : undefined
  }

  #giveUp(): void {
    this.connection.stream.destroy(
      new Error(`no reply from PostgreSQL within ${this.#patience_ms} ms`),
    )
  }
}

export interface Sending {
  readonly results: Promise<readonly Result[]>
  readonly sent: () => boolean
}
