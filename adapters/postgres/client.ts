import pg from 'pg'
import { type Result, RoundTrip, type RowReader, type Statement } from './roundTrip.ts'

type Answer = (error: Error | undefined, result: pg.QueryResult) => void
type Query = string | pg.QueryConfig

/**
 * A connection whose queries are garbage as soon as they are answered. V8 allocates a function that is written as the value
 * of a property (`query.callback = () => …`) among its old objects, where it stays, with all that it knows, until all of memory is
 * looked through. pg writes two of those for each query, one of them for `query_timeout`; so this hands it queries that have
 * their callback, and sees to the time-out itself.
 */
export class Client extends pg.Client {
  readonly #patience_ms: number
  readonly #readers = new Map<string, RowReader | undefined>()

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

  /**
   * Sends statements in one go: their results in order, or the first failure. `sent` says whether anything of them may have reached
   * the server; where one cannot be written, nothing has.
   */
  send(statements: readonly Statement[]): Sending {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Result[]>()
    const late = this.#watch()
    let trip: RoundTrip | undefined
    try {
      trip = new RoundTrip(statements, this.#terms(), (error, results) => {
        clearTimeout(late)
        if (error) reject(error)
        else resolve(results)
      })
      super.query(trip)
    } catch (error) {
      clearTimeout(late)
      reject(error)
    }
    return { results: promise, sent: () => trip?.sent === true }
  }

  #terms() {
    return {
      connection: this.connection,
      readers: this.#readers,
      parserOf: (type: number) => this.getTypeParser(type, 'text'),
    }
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
