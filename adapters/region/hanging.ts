/** Who waits for longer than so hangs; by then whoever is answered as usual has been answered. */
const long_ms = 2_000
/** So many at a time find out whether a region that was slow still is. */
const few = 4

export interface HangingOptions {
  /** So many may hang. */
  readonly most: number
  /** A region that took longer than so for its last answer is slow. */
  readonly slow_ms: number
  readonly now?: () => number
}

/**
 * Counts those that hang on a region that is slow, not dead (悬挂请求). However many one envelope takes, only so many bills are to
 * wait ten seconds for what may not come: each of them is work afterwards, of which those who are treated at home feel something.
 */
export class Hanging {
  readonly #most: number
  readonly #slow_ms: number
  readonly #now: () => number
  readonly #waiting = new Set<{ readonly since: number }>()
  #isSlow = false

  constructor({ most, slow_ms, now = () => performance.now() }: HangingOptions) {
    this.#most = most
    this.#slow_ms = slow_ms
    this.#now = now
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const one = { since: this.#now() }
    const isLate = (): boolean => this.#now() - one.since > this.#slow_ms
    this.#waiting.add(one)
    try {
      const answer = await work()
      this.#isSlow = isLate()
      return answer
    } catch (error) {
      // A failure may come at once, which says nothing of how long answers take.
      this.#isSlow ||= isLate()
      throw error
    } finally {
      this.#waiting.delete(one)
    }
  }

  /** Whether as many hang as may. A set keeps the order in which they came, so that the last of so many tells. */
  get isFull(): boolean {
    const { size } = this.#waiting
    if (this.#isSlow) return size >= Math.min(few, this.#most)
    if (size < this.#most) return false
    const last = this.#waiting
      .values()
      .drop(this.#most - 1)
      .next().value
    return last !== undefined && this.#now() - last.since > long_ms
  }
}
