import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import { Fault } from '../../engine/ports.ts'
import { canonicalJson } from './document.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import {
  type AccessAsked,
  appendAccesses,
  listAccesses,
  lockLog,
  readHead,
} from './sql/accessLog.ts'
import { begin, beginning } from './transaction.ts'

/** That somebody was told of a person, or was refused. */
interface Access {
  readonly caller: string
  readonly role: string
  readonly action: string
  readonly person?: string | undefined
  readonly subject?: string | undefined
  readonly reason?: string | undefined
}

interface AccessRow<Action extends string> extends Access {
  readonly action: Action
  readonly position: bigint
  readonly at: Instant
}

export interface AccessLogOptions {
  readonly pool: pg.Pool
  readonly now: () => Instant
  /** At most so many entries in one transaction. */
  readonly largest?: number
}

/** The access log (访问日志): entries in an order of their own, dense from 1, which nobody changes. */
export interface AccessLog<Action extends string> {
  /** Resolves once all of them are committed. */
  record(accesses: readonly Access[]): Promise<void>
  /** The newest first. */
  list(filter: PageAsked & Omit<AccessAsked, 'limit' | 'after'>): Promise<Page<AccessRow<Action>>>
}

export const createAccessLog = <Action extends string>(
  options: AccessLogOptions,
): AccessLog<Action> => new Batches<Action>(options)

interface Waiting {
  readonly accesses: readonly Access[]
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

/** More would only wait until nobody listens any more. */
const mostWaiting = 2_000

/** What comes while one transaction is under way goes together in the next. */
class Batches<Action extends string> implements AccessLog<Action> {
  readonly #pool: pg.Pool
  readonly #now: () => Instant
  readonly #largest: number
  #waiting: Waiting[] = []
  #running = false

  constructor({ pool, now, largest = 500 }: AccessLogOptions) {
    this.#pool = pool
    this.#now = now
    this.#largest = largest
  }

  async record(accesses: readonly Access[]): Promise<void> {
    if (accesses.length === 0) return
    if (this.#waiting.length >= mostWaiting)
      throw new Fault('unavailable', 'the access log is behind')
    return new Promise((done, fail) => {
      this.#waiting.push({ accesses, done, fail })
      if (this.#running) return
      this.#running = true
      setImmediate(() => void this.#run())
    })
  }

  async list({
    limit,
    after,
    ...asked
  }: PageAsked & Omit<AccessAsked, 'limit' | 'after'>): Promise<Page<AccessRow<Action>>> {
    const before = after === undefined ? undefined : BigInt(after)
    const { text, values } = listAccesses({ ...asked, limit: limit + 1, after: before })
    const { rows } = await this.#pool.query<StoredAccess<Action>>(text, [...values])
    return pageOf(rows.map(readAccess), limit, ({ position }) => String(position))
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#take()
      try {
        await this.#append(batch.flatMap(({ accesses }) => accesses))
        for (const { done } of batch) done()
      } catch (error) {
        // Whatever it was, and be it a commit without a reply: nobody is told anything, so that nothing happened.
        const fault = new Fault('unavailable', 'the access log cannot be written', error)
        for (const { fail } of batch) fail(fault)
      }
    }
    this.#running = false
  }

  /** Those of one answer stay together, however many they are. */
  #take(): readonly Waiting[] {
    let count = 0
    const end = this.#waiting.findIndex(
      ({ accesses }) => (count += accesses.length) > this.#largest,
    )
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : Math.max(1, end))
  }

  /**
   * The head is read once the lock is held, which every process waits for and which ends with the transaction: so positions
   * are dense, and their order is that of the moments.
   */
  async #append(accesses: readonly Access[]): Promise<void> {
    const transaction = await begin(this.#pool)
    try {
      const results = await transaction.send([beginning, lockLog, readHead])
      const head = results[2]?.rows[0] as { position: bigint; at_ms: bigint } | undefined
      const first = (head?.position ?? 0n) + 1n
      const at = Math.max(this.#now(), Number(head?.at_ms ?? 0n))
      const rows = accesses.map((access, i) => {
        const row = { ...access, position: first + BigInt(i), at }
        return { ...row, canonical: Buffer.from(canonicalJson(row)) }
      })
      await transaction.commit([appendAccesses(rows)])
    } finally {
      await transaction.rollback()
    }
  }
}

interface StoredAccess<Action extends string> {
  readonly position: bigint
  readonly at_ms: bigint
  readonly caller: string
  readonly role: string
  readonly action: Action
  readonly person: string | null
  readonly subject: string | null
  readonly reason: string | null
}

const readAccess = <Action extends string>({
  at_ms,
  person,
  subject,
  reason,
  ...row
}: StoredAccess<Action>): AccessRow<Action> => ({
  ...row,
  at: Number(at_ms),
  ...(person !== null && { person }),
  ...(subject !== null && { subject }),
  ...(reason !== null && { reason }),
})
