import type { Ask, Key, Outcome } from '../../engine/ports.ts'

export interface BatcherOptions {
  readonly settleBatch: (asks: readonly Ask[]) => Promise<readonly Outcome[]>
  /** Asks in one transaction, at most. */
  readonly largest?: number
  /** Transactions at one time: no more than the pool has connections. */
  readonly inFlight: number
  /** Asks that may wait for a transaction; one more is told that we are busy. */
  readonly queue?: number
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

const nameOf = ({ institution, key }: Key): string => `${institution}\0${key}`

/**
 * Puts asks that wait together into one transaction. A lone ask waits for nobody: batches form only while every slot is
 * taken, so they grow with the load and vanish without it.
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const { settleBatch, largest = 100, inFlight, queue = 2_000, onBatch } = options
  const waiting: Waiting[] = []
  const keys = new Set<string>()
  const idle: (() => void)[] = []
  let running = 0
  let scheduled = false

  /** Asks of one turn of the event loop go together, as those of one request with many lines do. */
  function schedule(): void {
    if (scheduled || running >= inFlight || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      start()
    })
  }

  function start(): void {
    while (running < inFlight && waiting.length > 0) {
      const free = inFlight - running
      // What waits is spread over the free slots instead of filling the first.
      const batch = waiting.splice(0, Math.min(largest, Math.ceil(waiting.length / free)))
      running += 1
      void run(batch)
    }
  }

  async function run(batch: readonly Waiting[]): Promise<void> {
    onBatch?.(batch.length)
    try {
      const outcomes = await settleBatch(batch.map((one) => one.ask))
      for (const [i, one] of batch.entries()) one.answer(outcomes[i] as Outcome)
    } catch (error) {
      for (const one of batch) one.fail(error)
    } finally {
      for (const one of batch) keys.delete(one.key)
      running -= 1
      schedule()
      if (running === 0 && waiting.length === 0) for (const resolve of idle.splice(0)) resolve()
    }
  }

  return {
    submit(ask) {
      const key = nameOf(ask.key)
      if (keys.has(key)) return Promise.resolve({ kind: 'inProgress' })
      if (waiting.length >= queue) return Promise.resolve({ kind: 'busy' })
      keys.add(key)
      return new Promise((answer, fail) => {
        waiting.push({ ask, key, answer, fail })
        schedule()
      })
    },
    waiting: () => waiting.length,
    drained() {
      if (running === 0 && waiting.length === 0) return Promise.resolve()
      return new Promise((resolve) => idle.push(resolve))
    },
  }
}
