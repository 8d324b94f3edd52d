import type { Ask, Key, Outcome } from '../../engine/ports.ts'

export interface BatcherOptions {
  readonly settleBatch: (asks: readonly Ask[]) => Promise<readonly Outcome[]>
  /** Asks in one transaction, at most. */
  readonly largest?: number
  /** Fee lines in one transaction, at most, unless one claim alone has more: its memory and its time go by them. */
  readonly mostLines?: number
  /** Transactions at one time: no more than the pool has connections. */
  readonly inFlight: number
  /** Asks that may wait for a transaction; one more is told that we are busy. */
  readonly queue?: number
  /** Fee lines that may wait, for they are what fills the memory. */
  readonly queueLines?: number
  readonly onBatch?: (size: number) => void
}

export interface Batcher {
  submit(ask: Ask): Promise<Outcome>
  /** Asks that wait for a transaction. */
  waiting(): number
  /** Resolves once nothing waits and nothing runs. */
  drained(): Promise<void>
}

interface Waiting {
  readonly ask: Ask
  readonly key: string
  readonly answer: (outcome: Outcome) => void
  readonly fail: (error: unknown) => void
}

export const createBatcher = (options: BatcherOptions): Batcher => new Batches(options)

/**
 * Puts asks that wait together into one transaction. A lone ask waits for nobody: batches form only while every slot is
 * taken, so they grow with the load and vanish without it.
 */
class Batches implements Batcher {
  readonly #options: Required<Omit<BatcherOptions, 'onBatch'>> & Pick<BatcherOptions, 'onBatch'>
  readonly #waiting: Waiting[] = []
  readonly #keys = new Set<string>()
  readonly #idle: (() => void)[] = []
  #running = 0
  #waitingLines = 0
  #scheduled = false

  constructor(options: BatcherOptions) {
    const defaults = { largest: 100, mostLines: 5_000, queue: 2_000, queueLines: 100_000 }
    this.#options = { ...defaults, ...options }
  }

  async submit(ask: Ask): Promise<Outcome> {
    const key = nameOf(ask.key)
    if (this.#keys.has(key)) return { kind: 'inProgress' }
    if (this.#isFull()) return { kind: 'busy' }
    this.#keys.add(key)
    this.#waitingLines += linesOf(ask)
    return new Promise((answer, fail) => {
      this.#waiting.push({ ask, key, answer, fail })
      this.#schedule()
    })
  }

  waiting(): number {
    return this.#waiting.length
  }

  async drained(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Asks of one turn of the event loop go together, as those of one request with many lines do. */
  #schedule(): void {
    if (this.#scheduled || this.#running >= this.#options.inFlight) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#start()
    })
  }

  /** What waits is spread over the free slots instead of filling the first. */
  #start(): void {
    const { inFlight, largest } = this.#options
    while (this.#running < inFlight && this.#waiting.length > 0) {
      const share = Math.ceil(this.#waiting.length / (inFlight - this.#running))
      this.#running += 1
      void this.#run(this.#take(Math.min(largest, share)))
    }
  }

  #isFull(): boolean {
    const { queue, queueLines } = this.#options
    return this.#waiting.length >= queue || this.#waitingLines >= queueLines
  }

  /** The next asks of those that wait: as many as a transaction may hold, and one at least. */
  #take(most: number): readonly Waiting[] {
    let lines = 0
    const over = this.#waiting.findIndex(
      ({ ask }) => (lines += linesOf(ask)) > this.#options.mostLines,
    )
    const taken = this.#waiting.splice(0, over < 0 ? most : Math.min(most, Math.max(over, 1)))
    for (const { ask } of taken) this.#waitingLines -= linesOf(ask)
    return taken
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    this.#options.onBatch?.(batch.length)
    try {
      const outcomes = await this.#options.settleBatch(batch.map((one) => one.ask))
      for (const [i, one] of batch.entries()) one.answer(outcomes[i] as Outcome)
    } catch (error) {
      for (const one of batch) one.fail(error)
    }
    for (const one of batch) this.#keys.delete(one.key)
    this.#running -= 1
    if (this.#waiting.length > 0) this.#schedule()
    else if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }
}

/** A bill's lines are known only once its visit is read; an ordinary one has no more. */
const linesOfBill = 50

const linesOf = (ask: Ask): number =>
  ask.kind === 'settle' ? ask.claim.lines.length : ask.kind === 'bill' ? linesOfBill : 1

const nameOf = ({ institution, key }: Key): string => `${institution}\0${key}`
