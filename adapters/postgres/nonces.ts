import type pg from 'pg'

export interface NoncesOptions {
  readonly pool: pg.Pool
  /** At most so many in one statement. */
  readonly largest?: number
}

/** Nonces of signed requests (x-tif-nonce): each is good once in all processes of one database. */
export interface Nonces {
  /** The running number of the request, or undefined where the nonce was used before. */
  take(client: string, nonce: string, at: number): Promise<bigint | undefined>
}

interface Waiting {
  readonly client: string
  readonly nonce: string
  readonly at: number
  readonly answer: (serial: bigint | undefined) => void
  readonly fail: (error: unknown) => void
}

/** By so many the sequence goes on; a batch is never larger. */
const numbersAtOnce = 1_000n

export const createNonces = (options: NoncesOptions): Nonces => new Batches(options)

/**
 * Forgets nonces that are older than this: a request with one of them would be refused by its time alone. Gives the
 * number forgotten.
 */
export async function forgetNonces(pool: pg.Pool, kept_ms: number): Promise<number> {
  const before = (Date.now() - kept_ms) / 1000
  const sql = 'delete from nonce where seen_at < to_timestamp($1)'
  return (await pool.query(sql, [before])).rowCount ?? 0
}

/**
 * Requests that come while one statement is under way go together in the next. The oldest of two equal ones is taken,
 * and `on conflict do nothing` waits for whoever else is writing the same nonce.
 */
class Batches implements Nonces {
  readonly #pool: pg.Pool
  readonly #largest: number
  #waiting: Waiting[] = []
  #running = false
  #next = 0n
  #end = 0n

  constructor({ pool, largest = 500 }: NoncesOptions) {
    this.#pool = pool
    this.#largest = largest
  }

  async take(client: string, nonce: string, at: number): Promise<bigint | undefined> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ client, nonce, at, answer, fail })
      if (this.#running) return
      this.#running = true
      setImmediate(() => void this.#run())
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#largest)
      try {
        const fresh = await this.#insert(batch)
        const serials = await this.#numbers(batch.length)
        // Of two equal ones in the same statement the first has it.
        for (const [i, one] of batch.entries())
          one.answer(fresh.delete(nameOf(one)) ? serials + BigInt(i) : undefined)
      } catch (error) {
        for (const one of batch) one.fail(error)
      }
    }
    this.#running = false
  }

  /** The first of so many numbers that no process has had: they come a thousand at a time. */
  async #numbers(count: number): Promise<bigint> {
    if (this.#next + BigInt(count) > this.#end) {
      const { rows } = await this.#pool.query<{ first: bigint }>({
        name: 'next_receipts',
        text: `select nextval('receipt_number') as first`,
      })
      this.#next = (rows[0] as { first: bigint }).first
      this.#end = this.#next + numbersAtOnce
    }
    const first = this.#next
    this.#next += BigInt(count)
    return first
  }

  async #insert(batch: readonly Waiting[]): Promise<Set<string>> {
    const { rows } = await this.#pool.query<{ client: string; nonce: string }>({
      name: 'take_nonces',
      text: `insert into nonce (client, nonce, seen_at)
             select client, nonce, to_timestamp(at_ms / 1000.0)
             from unnest($1::text[], $2::text[], $3::float8[]) as asked (client, nonce, at_ms)
             order by client, nonce
             on conflict do nothing
             returning client, nonce`,
      values: [
        batch.map(({ client }) => client),
        batch.map(({ nonce }) => nonce),
        batch.map(({ at }) => at),
      ],
    })
    return new Set(rows.map(nameOf))
  }
}

const nameOf = ({ client, nonce }: Pick<Waiting, 'client' | 'nonce'>): string =>
  `${client}\0${nonce}`
