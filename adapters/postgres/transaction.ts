import { setImmediate as nextTurn } from 'node:timers/promises'
import type pg from 'pg'
import { Fault } from '../../engine/ports.ts'
import { streamOf } from './client.ts'
import { faultAfter, faultBefore, isLostRace } from './fault.ts'

/** A named statement: the server plans it once a connection. */
export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

export type Result = pg.QueryResult

/** A commit that waits longer is of unknown outcome: no setting of the server bounds it. */
const commitTimeout_ms = 5_000

export async function begin(pool: pg.Pool): Promise<Transaction> {
  try {
    return new Transaction(await pool.connect())
  } catch (error) {
    throw faultBefore(error)
  }
}

/** One transaction on one connection. It ends exactly once, and a connection that failed is not used again. */
export class Transaction {
  readonly #client: pg.PoolClient
  #open = true
  #broken: Error | undefined
  #warned = false
  readonly #onError = (error: Error): void => {
    this.#broken = error
  }
  readonly #onNotice = (notice: { code?: string | undefined }): void => {
    // A wait for a standby that was cancelled is told as a warning, and COMMIT still says yes.
    if (notice.code === '01000') this.#warned = true
  }

  constructor(client: pg.PoolClient) {
    this.#client = client
    client.on('error', this.#onError)
    client.on('notice', this.#onNotice)
  }

  /** Sends statements in one go and gives their results in order; the first failure is thrown. */
  async send(statements: readonly (Statement | string)[]): Promise<Result[]> {
    try {
      return await inOrder(this.#start(statements))
    } catch (error) {
      await this.#endAfter(error)
      throw faultBefore(error)
    }
  }

  /**
   * Sends the last statements and COMMIT without waiting for replies between. A statement that cannot be written, say
   * because it is too long, never reaches the server, which would commit the others: that is known before COMMIT is sent.
   */
  async commit(statements: readonly Statement[]): Promise<void> {
    if (this.#broken) {
      this.#end(this.#broken)
      throw new Fault('unavailable', 'the connection broke before COMMIT', this.#broken)
    }
    let asked = false
    try {
      const replies = this.#start(statements)
      await Promise.race([Promise.all(replies), nextTurn()])
      asked = true
      const sent = inOrder([...replies, ...this.#start(['commit'])])
      const results = await within(sent, commitTimeout_ms)
      // A transaction that had failed answers COMMIT with ROLLBACK and no error.
      if (results.at(-1)?.command !== 'COMMIT') throw new Fault('conflict', 'rolled back')
      if (this.#warned) throw new Fault('unknown', 'a warning came with COMMIT')
      this.#end()
    } catch (error) {
      await this.#endAfter(error)
      throw asked ? faultAfter(error) : faultBefore(error)
    }
  }

  /** Does nothing where the transaction has ended. */
  async rollback(): Promise<void> {
    if (!this.#open) return
    try {
      await this.#client.query('rollback')
      this.#end()
    } catch (error) {
      this.#end(error)
    }
  }

  /** What goes out in one go leaves in one write: each by itself would wake the server, and cost as much as what it says. */
  #start(statements: readonly (Statement | string)[]): Promise<Result>[] {
    const stream = streamOf(this.#client)
    stream.cork()
    try {
      return statements.map((each) => this.#client.query(asQuery(each)))
    } finally {
      stream.uncork()
    }
  }

  /** A lost race leaves a sound connection, whose transaction a COMMIT behind it may have ended already. */
  async #endAfter(error: unknown): Promise<void> {
    if (isLostRace(error)) await this.rollback()
    else this.#end(error)
  }

  #end(error?: unknown): void {
    if (!this.#open) return
    this.#open = false
    this.#client.off('error', this.#onError)
    this.#client.off('notice', this.#onNotice)
    this.#client.release(error !== undefined)
  }
}

/** The results of statements that were sent in one go, or the first failure. */
async function inOrder(replies: readonly Promise<Result>[]): Promise<Result[]> {
  const results: Result[] = []
  for (const reply of await Promise.allSettled(replies)) {
    // The first failure is the cause; those after it only say that the transaction is aborted.
    if (reply.status === 'rejected') throw reply.reason
    results.push(reply.value)
  }
  return results
}

const asQuery = (statement: Statement | string): pg.QueryConfig =>
  typeof statement === 'string'
    ? { text: statement }
    : { ...statement, values: [...statement.values] }

async function within<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('unknown', 'no reply to COMMIT in time')), limit_ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
