import type pg from 'pg'
import { Fault } from '../../engine/ports.ts'
import { assert } from '../../engine/refusal.ts'
import { Client } from './client.ts'
import { faultAfter, faultBefore, isLostRace, isRefusal } from './fault.ts'
import type { Result, Statement } from './roundTrip.ts'

export type { Result, Statement } from './roundTrip.ts'

const bare = (text: string): Statement => ({ name: text, text, values: [] })

/** What begins a transaction is sent with its first statements. */
export const beginning = bare('begin')
export const beginningToRead = bare('begin isolation level repeatable read read only')
const ending = bare('commit')

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
  readonly #client: pg.PoolClient & Client
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
    if (!(client instanceof Client)) client.release()
    assert(client instanceof Client, 'the pool opens connections of ours')
    this.#client = client
    client.on('error', this.#onError)
    client.on('notice', this.#onNotice)
  }

  /** Sends statements in one go and gives their results in order; the first failure is thrown. */
  async send(statements: readonly Statement[]): Promise<readonly Result[]> {
    assert(this.#open, 'a transaction is over once it ended')
    try {
      return await this.#client.send(statements).results
    } catch (error) {
      if (isLostRace(error)) await this.rollback()
      else this.#end(error)
      throw faultBefore(error)
    }
  }

  /**
   * Sends the last statements and COMMIT in one go. What fails has the server pass over all that is behind it, COMMIT as well; and where
   * a statement cannot be written, say because it is too long, nothing of them is sent.
   */
  async commit(statements: readonly Statement[]): Promise<void> {
    assert(this.#open, 'a transaction is over once it ended')
    if (this.#broken) {
      this.#end(this.#broken)
      throw new Fault('unavailable', 'the connection broke before COMMIT', this.#broken)
    }
    const sending = this.#client.send([...statements, ending])
    try {
      const results = await within(sending.results, commitTimeout_ms)
      // A transaction that had failed answers COMMIT with ROLLBACK and no error.
      if (results.at(-1)?.command !== 'COMMIT') throw new Fault('conflict', 'rolled back')
      if (this.#warned) throw new Fault('unknown', 'a warning came with COMMIT')
      this.#end()
    } catch (error) {
      const goesOn = isRefusal(error) && (await this.#rollBackAfter(error))
      this.#end(error)
      throw sending.sent() ? faultAfter(error, goesOn) : faultBefore(error)
    }
  }

  /** Does nothing where the transaction has ended. */
  async rollback(): Promise<void> {
    if (this.#open) await this.#rollBackAfter()
  }

  /** Whether the server answered, and so goes on. After a lost race, or none, the connection is sound. */
  async #rollBackAfter(failure?: unknown): Promise<boolean> {
    try {
      await this.#client.query('rollback')
      this.#end(failure === undefined || isLostRace(failure) ? undefined : failure)
      return true
    } catch (error) {
      this.#end(error)
      return false
    }
  }

  #end(error?: unknown): void {
    if (!this.#open) return
    this.#open = false
    this.#client.off('error', this.#onError)
    this.#client.off('notice', this.#onNotice)
    this.#client.release(error !== undefined)
  }
}

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
