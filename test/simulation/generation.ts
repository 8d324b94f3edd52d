import type pg from 'pg'
import type { Books, Session, Writing } from '../../engine/books.ts'
import { Fault } from '../../engine/ports.ts'
import type { Strike } from './timeline.ts'
import type { Work } from './work.ts'

/** What a run plants to see that it is found: changes what a transaction writes. */
export type Plant = (writing: Writing) => Writing

export interface GenerationOptions {
  readonly work: Work
  readonly plant: Plant | undefined
  /** Told once, when a step killed it. */
  readonly onKilled: () => void
  readonly onStrike: (kind: Strike['kind']) => void
}

const never = <T>(): Promise<T> => new Promise(() => {})

type Stepped<T> = { readonly value: T } | 'dead'

/**
 * One life of a process: everything that it asks of its database goes through here. Once it is killed none of its promises
 * ever goes on, and what it had not committed is rolled back.
 */
export class Generation {
  alive = true
  readonly #options: GenerationOptions
  readonly #sessions = new Set<Session>()
  readonly #clients = new Set<pg.PoolClient>()
  #release: (() => Promise<void>) | undefined

  constructor(options: GenerationOptions) {
    this.#options = options
  }

  async kill(): Promise<void> {
    if (!this.alive) return
    this.alive = false
    for (const client of this.#clients) client.release(true)
    for (const session of this.#sessions) await session.abandon()
    await this.#release?.()
    this.#options.onKilled()
  }

  /** One step of the database; the process may be killed right before it, or right after. */
  async step<T>(work: (strike: Strike['kind']) => Promise<T>): Promise<T> {
    if (!this.alive) return never()
    const stepped = await this.#options.work.count(async () => {
      const release = await this.#options.work.turn()
      try {
        return await this.#struck(work)
      } finally {
        await release()
      }
    })
    return stepped === 'dead' ? never() : stepped.value
  }

  async #struck<T>(work: (strike: Strike['kind']) => Promise<T>): Promise<Stepped<T>> {
    if (!this.alive) return 'dead'
    const { work: steps, onStrike } = this.#options
    const strike = steps.strike()
    if (strike.startsWith('kill')) onStrike(strike)
    if (strike === 'kill-before') {
      await this.kill()
      return 'dead'
    }
    const value = await work(strike)
    if (strike === 'kill-after') await this.kill()
    return this.alive ? { value } : 'dead'
  }

  /** A transaction has its turn from its first statement to its last. */
  books(books: Books): Books {
    return {
      open: async (asks) => {
        if (!this.alive) return never()
        const stepped = await this.#options.work.count(async (): Promise<Stepped<Session>> => {
          const release = await this.#options.work.turn()
          this.#release = release
          try {
            return await this.#struck(async (strike) => {
              if (strike === 'unavailable') throw this.#fault('unavailable', strike)
              const session = await books.open(asks)
              this.#sessions.add(session)
              return session
            })
          } catch (error) {
            await release()
            throw error
          }
        })
        return stepped === 'dead' ? never() : this.#session(stepped.value)
      },
      look: async (asked) => this.step(async () => books.look(asked)),
      lookUp: async (keys) => this.step(async () => books.lookUp(keys)),
    }
  }

  #session(session: Session): Session {
    const release = this.#release ?? (async () => {})
    const end = async (last: () => Promise<void>): Promise<void> => {
      if (!this.alive) return never()
      const stepped = await this.#options.work.count(async () => {
        try {
          return await last().then((value): Stepped<void> => ({ value }))
        } finally {
          this.#sessions.delete(session)
          await release()
        }
      })
      return this.alive && stepped !== 'dead' ? undefined : never()
    }
    const { plant } = this.#options
    return {
      loaded: session.loaded,
      commit: (writings) =>
        end(() => this.#commit(session, plant ? writings.map(plant) : writings)),
      abandon: () => end(() => session.abandon()),
    }
  }

  async #commit(session: Session, writings: readonly Writing[]): Promise<void> {
    await this.#struck(async (strike) => {
      if (strike === 'unsent') {
        await session.abandon()
        throw this.#fault('unknown', strike)
      }
      await session.commit(writings)
      this.#sessions.delete(session)
      if (strike === 'reply-lost') throw this.#fault('unknown', strike)
    })
  }

  #fault(kind: Fault['kind'], strike: Strike['kind']): Fault {
    this.#options.onStrike(strike)
    return new Fault(kind, `simulated: ${strike}`)
  }

  /** The pool as all that reads or writes beside the books sees it. */
  pool(pool: pg.Pool): pg.Pool {
    return new Proxy(pool, {
      get: (target, name) => {
        if (name === 'query')
          return (...asked: unknown[]) => this.step<unknown>(() => ask(pool, asked))
        if (name === 'connect')
          return () => this.step(async () => this.#client(await pool.connect()))
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  #client(client: pg.PoolClient): pg.PoolClient {
    this.#clients.add(client)
    return new Proxy(client, {
      get: (target, name) => {
        if (name === 'query')
          return (...asked: unknown[]) => this.step<unknown>(() => ask(client, asked))
        if (name === 'release')
          return (broken?: boolean) => {
            if (this.#clients.delete(client)) client.release(broken)
          }
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

/** pg's query has more forms than its types can be passed through. */
const ask = (on: pg.Pool | pg.PoolClient, asked: readonly unknown[]): Promise<unknown> =>
  (on as unknown as { query(...asked: readonly unknown[]): Promise<unknown> }).query(...asked)
