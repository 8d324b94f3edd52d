import type { Ask, Key } from '../../engine/ports.ts'
import type { Taken } from '../../engine/process.ts'
import { type Lane, LaneQueue, type Waiting } from './lane.ts'

export interface BatcherOptions {
  readonly settleBatch: (asks: readonly Ask[]) => Promise<readonly Taken[]>
  /** Asks in one transaction, at most. */
  readonly largest?: number
  /** Fee lines in one transaction, at most, unless one claim alone has more: its memory and its time go by them. */
  readonly mostLines?: number
  /** Transactions of all but taps at one time. */
  readonly inFlight: number
  /** Transactions of taps beside those; together no more than the pool has connections. */
  readonly tapsInFlight?: number
  /** While somebody stands at a till or a window, uploads have one transaction of so many asks at a time. */
  readonly bulkBeside?: number
  /** While somebody is served at a window, what crosses regions has so many in a transaction: what came in one envelope is computed in pieces. */
  readonly awayBeside?: number
  /** How many times as long as it took they rest after each. */
  readonly rest?: number
  /** How much longer they wait, in milliseconds, until nobody is being served. */
  readonly patience_ms?: number
  /** For how long after the last of them, in milliseconds, somebody is thought to stand there. */
  readonly beside_ms?: number
  /** Asks of a lane that may wait for a transaction; one more is told that we are busy. */
  readonly queue?: number
  /** Fee lines of a lane that may wait, for they are what fills the memory. */
  readonly queueLines?: number
  readonly now?: () => number
  readonly onBatch?: (size: number) => void
  /** Told of everybody who stands at a till or a window. */
  readonly onBeside?: () => void
}

export interface Batcher {
  submit(ask: Ask, lane?: Lane): Promise<Taken>
  /** Asks that wait for a transaction. */
  waiting(): number
  /** Whether somebody stands at a till or a window now. */
  isBeside(): boolean
  /** Somebody stands at a till or a window of another process. */
  noteBeside(): void
  /** Resolves once nothing waits and nothing runs. */
  drained(): Promise<void>
}

export const createBatcher = (options: BatcherOptions): Batcher => new Batches(options)

const defaults = {
  largest: 100,
  mostLines: 5_000,
  tapsInFlight: 2,
  bulkBeside: 5,
  awayBeside: 8,
  beside_ms: 500,
  rest: 3,
  patience_ms: 250,
  queue: 2_000,
  queueLines: 100_000,
  now: () => performance.now(),
}

/**
 * Puts asks that wait together into one transaction. A lone ask waits for nobody: batches form only while every slot is
 * taken, so they grow with the load and vanish without it. Taps have slots of their own, windows go before uploads, and
 * uploads make room while anybody stands there: who waits at a till must not feel that a hospital sends its month. What is
 * asked of other regions, or by them, has a queue of its own and leaves half of the slots, whatever becomes of a region.
 */
class Batches implements Batcher {
  readonly #options: typeof defaults & BatcherOptions
  readonly #lanes: Readonly<Record<Lane, LaneQueue>> = {
    tap: new LaneQueue(),
    window: new LaneQueue(),
    away: new LaneQueue(),
    bulk: new LaneQueue(),
  }
  readonly #keys = new Set<string>()
  readonly #idle: (() => void)[] = []
  #scheduled = false
  #lastAtDoor = Number.NEGATIVE_INFINITY
  /** Not before this moment does an upload go on while somebody stands at a till or a window. */
  #bulkFrom = Number.NEGATIVE_INFINITY
  #resting = false

  constructor(options: BatcherOptions) {
    this.#options = { ...defaults, ...options }
  }

  async submit(ask: Ask, lane: Lane = 'window'): Promise<Taken> {
    const key = nameOf(ask.key)
    const queue = this.#lanes[lane]
    if (this.#keys.has(key)) return { kind: 'inProgress' }
    if (this.#isFull(queue)) return { kind: 'busy' }
    this.#keys.add(key)
    if (lane !== 'bulk') {
      this.noteBeside()
      this.#options.onBeside?.()
    }
    return new Promise((answer, fail) => {
      queue.add({ ask, key, answer, fail })
      this.#schedule()
    })
  }

  waiting(): number {
    return sum(this.#each((lane) => lane.length))
  }

  async drained(): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #each<T>(of: (lane: LaneQueue) => T): T[] {
    return Object.values(this.#lanes).map(of)
  }

  #isIdle(): boolean {
    return sum(this.#each((lane) => lane.length + lane.running)) === 0
  }

  #isFull({ length, lines }: LaneQueue): boolean {
    const { queue, queueLines } = this.#options
    return length >= queue || lines >= queueLines
  }

  /** Asks of one turn of the event loop go together, as those of one request with many lines do. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#start()
    })
  }

  /** What waits is spread over the free slots instead of filling the first. */
  #start(): void {
    for (const [name, queue] of Object.entries(this.#lanes) as [Lane, LaneQueue][]) {
      const most = this.#mostOf(name)
      for (let free = this.#free(name); free > 0 && queue.length > 0; free = this.#free(name)) {
        const share = Math.ceil(queue.length / free)
        void this.#run(queue, queue.take(Math.min(most, share), this.#options.mostLines))
      }
    }
  }

  /** Asks that one transaction of a lane takes now, at most. */
  #mostOf(lane: Lane): number {
    const { largest, bulkBeside, awayBeside } = this.#options
    const { window } = this.#lanes
    if (lane === 'away' && window.length + window.running > 0) return Math.min(largest, awayBeside)
    if (lane === 'bulk' && this.isBeside()) return Math.min(largest, bulkBeside)
    return largest
  }

  noteBeside(): void {
    this.#lastAtDoor = this.#options.now()
  }

  isBeside(): boolean {
    const { now, beside_ms } = this.#options
    return now() - this.#lastAtDoor < beside_ms
  }

  /** Slots that a lane may still take. */
  #free(lane: Lane): number {
    const { inFlight, tapsInFlight } = this.#options
    const { tap, window, away, bulk } = this.#lanes
    if (lane === 'tap') return tapsInFlight - tap.running
    const free = inFlight - window.running - away.running - bulk.running
    if (lane === 'away') return Math.min(free, Math.ceil(inFlight / 2) - away.running)
    // However many stand at windows, what crosses regions has its turn.
    const kept = away.length > 0 && away.running === 0 && window.running > 0 ? 1 : 0
    if (lane === 'window') return free - kept
    if (!this.isBeside()) return free
    return this.#rests() ? 0 : Math.min(free, 1 - bulk.running)
  }

  /**
   * Beside whoever waits an upload rests for a while after each transaction, and then until nobody is being served; but not
   * longer than its patience, for it is to end some day.
   */
  #rests(): boolean {
    const { now, patience_ms } = this.#options
    const left = this.#bulkFrom - now()
    if (left <= 0) {
      const { tap, window, away } = this.#lanes
      return tap.running + window.running + away.running > 0 && left > -patience_ms
    }
    if (!this.#resting && this.#lanes.bulk.length > 0) {
      this.#resting = true
      setTimeout(() => {
        this.#resting = false
        this.#schedule()
      }, left)
    }
    return true
  }

  async #run(queue: LaneQueue, batch: readonly Waiting[]): Promise<void> {
    queue.running += 1
    const begun = this.#options.now()
    this.#options.onBatch?.(batch.length)
    try {
      const outcomes = await this.#options.settleBatch(batch.map((one) => one.ask))
      for (const [i, one] of batch.entries()) one.answer(outcomes[i] as Taken)
    } catch (error) {
      for (const one of batch) one.fail(error)
    }
    for (const one of batch) this.#keys.delete(one.key)
    queue.running -= 1
    const ended = this.#options.now()
    if (queue === this.#lanes.bulk) this.#bulkFrom = ended + this.#options.rest * (ended - begun)
    if (this.waiting() > 0) this.#schedule()
    else if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve()
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const nameOf = ({ institution, key }: Key): string => `${institution}\0${key}`
