import type pg from 'pg'

export interface NoncesOptions {
  readonly pool: pg.Pool
  /** For so long a nonce must not be used again; afterwards its request would be refused by its time alone. */
  readonly kept_ms: number
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

const between_ms = 60_000

export const createNonces = (options: NoncesOptions): Nonces => new Batches(options)

/**
 * Requests that come while one statement is under way go together in the next. The oldest of two equal ones is taken,
 * and `on conflict do nothing` waits for whoever else is writing the same nonce.
 */
class Batches implements Nonces {
  readonly #pool: pg.Pool
  readonly #kept_ms: number
  readonly #largest: number
  #waiting: Waiting[] = []
  #running = false
  #cleared = performance.now()

  constructor({ pool, kept_ms, largest = 500 }: NoncesOptions) {
    this.#pool = pool
    this.#kept_ms = kept_ms
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
        const serials = await this.#insert(batch)
        for (const one of batch) {
          const name = nameOf(one)
          one.answer(serials.get(name))
          // Of two equal ones in the same statement the first has it.
          serials.delete(name)
        }
      } catch (error) {
        for (const one of batch) one.fail(error)
      }
    }
    this.#running = false
    await this.#clear()
  }

  async #insert(batch: readonly Waiting[]): Promise<Map<string, bigint>> {
    const { rows } = await this.#pool.query<{ client: string; nonce: string; serial: bigint }>({
      name: 'take_nonces',
      text: `insert into nonce (client, nonce, seen_at)
             select client, nonce, to_timestamp(at_ms / 1000.0)
             from unnest($1::text[], $2::text[], $3::float8[]) as asked (client, nonce, at_ms)
             order by client, nonce
             on conflict do nothing
             returning client, nonce, serial`,
      values: [
        batch.map(({ client }) => client),
        batch.map(({ nonce }) => nonce),
        batch.map(({ at }) => at),
      ],
    })
    return new Map(rows.map((row) => [nameOf(row), row.serial]))
  }

  /** Now and then, by whoever comes past: what is too old to be taken by its time need not be remembered. */
  async #clear(): Promise<void> {
    const now = performance.now()
    if (now - this.#cleared < between_ms) return
    this.#cleared = now
    const before = (Date.now() - this.#kept_ms) / 1000
    // What is not deleted now is deleted next time.
    await this.#pool
      .query('delete from nonce where seen_at < to_timestamp($1)', [before])
      .catch(() => {})
  }
}

const nameOf = ({ client, nonce }: Pick<Waiting, 'client' | 'nonce'>): string =>
  `${client}\0${nonce}`
