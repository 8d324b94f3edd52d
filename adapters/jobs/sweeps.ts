import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { runFenced, type Sweep, type SweepOutcome } from './sweep.ts'
import { startWaker, type Waker } from './waker.ts'

export interface SweepsOptions {
  /** Where sweeps are fenced. Its address serves pg-boss too, over connections of its own. */
  readonly pool: pg.Pool
  readonly sweeps: readonly Sweep[]
  readonly onRun: (name: string, outcome: SweepOutcome, count: number) => void
  /** Hears why a sweep failed, or why pg-boss could not wake any; both are tried again. */
  readonly onError: (name: string, error: unknown) => void
  /** How long after a failed start pg-boss is tried again. */
  readonly retry_ms?: number
}

export interface Sweeps {
  /** Ends what runs, and waits for it no longer than a moment. */
  stop(): Promise<void>
}

/** Longer than a sweep is waited for: what has not ended then hangs on a database that does not answer. */
const patience_ms = 1_800

/**
 * Runs sweeps for as long as the process lives. pg-boss wakes them, one process at a time; where it is broken, its rows
 * deleted or its schema gone, a plain timer does, and mends the chain of wake-ups if that can be.
 */
export const startSweeps = (options: SweepsOptions): Sweeps => new Running(options)

class Running implements Sweeps {
  readonly #options: SweepsOptions
  readonly #ending = new AbortController()
  readonly #timers: NodeJS.Timeout[] = []
  readonly #runs = new Map<string, Promise<void>>()
  readonly #ran = new Map<string, number>()
  #waker: Waker | undefined
  readonly #waking: Promise<void>

  constructor(options: SweepsOptions) {
    this.#options = options
    for (const sweep of options.sweeps) {
      this.#ran.set(sweep.name, performance.now())
      this.#timers.push(setInterval(() => void this.#lookAfter(sweep), sweep.every_ms))
    }
    this.#waking = this.#keepWaking()
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    for (const timer of this.#timers) clearInterval(timer)
    const ended = Promise.all([this.#stopWaking(), ...this.#runs.values()])
    await Promise.race([ended, sleep(patience_ms)])
  }

  async #stopWaking(): Promise<void> {
    await this.#waking
    await this.#waker?.stop().catch((error: unknown) => this.#options.onError('pg-boss', error))
  }

  async #keepWaking(): Promise<void> {
    const { pool, sweeps, onError, retry_ms = 30_000 } = this.#options
    const { signal } = this.#ending
    const url = pool.options.connectionString as string
    const wake = async (sweep: Sweep): Promise<void> => this.#run(sweep)
    while (!signal.aborted && !this.#waker) {
      try {
        const tell = (error: unknown): void => onError('pg-boss', error)
        this.#waker = await startWaker({ url, sweeps, wake, onError: tell })
      } catch (error) {
        onError('pg-boss', error)
        await sleep(retry_ms, undefined, { signal }).catch(() => {})
      }
    }
  }

  /** What nobody has woken for twice its time is woken here, and its chain of wake-ups mended. */
  async #lookAfter(sweep: Sweep): Promise<void> {
    const since = performance.now() - (this.#ran.get(sweep.name) ?? 0)
    if (since < 2 * sweep.every_ms) return
    const mended = this.#waker?.revive(sweep)
    await mended?.catch((error: unknown) => this.#options.onError('pg-boss', error))
    await this.#run(sweep)
  }

  async #run(sweep: Sweep): Promise<void> {
    const { name } = sweep
    if (this.#ending.signal.aborted || this.#runs.has(name)) return
    this.#ran.set(name, performance.now())
    const run = this.#runOnce(sweep)
    this.#runs.set(name, run)
    await run
    this.#runs.delete(name)
  }

  async #runOnce(sweep: Sweep): Promise<void> {
    const { pool, onRun, onError } = this.#options
    try {
      const { outcome, count } = await runFenced(pool, sweep, this.#ending.signal)
      onRun(sweep.name, outcome, count)
    } catch (error) {
      onRun(sweep.name, 'failed', 0)
      onError(sweep.name, error)
    }
  }
}
