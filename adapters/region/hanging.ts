/** Who waits for longer than so hangs; by then whoever is answered as usual has been answered. */
const long_ms = 2_000

/**
 * Counts those that hang on a region that is slow, not dead (悬挂请求). However many one envelope takes, only so many bills are to
 * wait ten seconds for what may not come: each of them is work afterwards, of which those who are treated at home feel something.
 */
export class Hanging {
  readonly #most: number
  readonly #now: () => number
  readonly #waiting = new Set<{ readonly since: number }>()

  constructor(most: number, now: () => number = () => performance.now()) {
    this.#most = most
    this.#now = now
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const one = { since: this.#now() }
    this.#waiting.add(one)
    try {
      return await work()
    } finally {
      this.#waiting.delete(one)
    }
  }

  /** Whether as many hang as may. A set keeps the order in which they came, so that the last of so many tells. */
  get isFull(): boolean {
    if (this.#waiting.size < this.#most) return false
    const last = this.#waiting
      .values()
      .drop(this.#most - 1)
      .next().value
    return last !== undefined && this.#now() - last.since > long_ms
  }
}
