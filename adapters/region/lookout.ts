import { Fault } from '../../engine/ports.ts'

export interface LookoutOptions {
  readonly atOnce: number
  /** Whoever has waited so long is told to come again: by then nobody waits for the answer. */
  readonly longest_ms: number
}

/**
 * What other regions only look at is looked at a few at a time. Each takes a connection of the pool, for which claims of our
 * own wait half a second at most.
 */
export class Lookout {
  readonly #options: LookoutOptions
  #inside = 0
  readonly #queue: (() => void)[] = []

  constructor(options: LookoutOptions) {
    this.#options = options
  }

  async look<T>(work: () => Promise<T>): Promise<T> {
    const { atOnce, longest_ms } = this.#options
    const began = performance.now()
    if (this.#inside < atOnce) this.#inside++
    else await new Promise<void>((enter) => this.#queue.push(enter))
    try {
      if (performance.now() - began > longest_ms)
        throw new Fault('unavailable', 'too much is looked at for other regions')
      return await work()
    } finally {
      this.#leave()
    }
  }

  /** Whoever waits longest takes over the place. */
  #leave(): void {
    const next = this.#queue.shift()
    if (next) next()
    else this.#inside--
  }
}
