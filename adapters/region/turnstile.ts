import { RegionFault } from '../../engine/awayClaim.ts'

interface Waiting {
  readonly enter: () => void
}

/** So many at a time; a few wait; more are told at once that it is full (舱壁隔离). */
export class Turnstile {
  readonly #atOnce: number
  readonly #waiting: number
  #inside = 0
  readonly #queue: Waiting[] = []

  constructor({ atOnce, waiting }: { readonly atOnce: number; readonly waiting: number }) {
    this.#atOnce = atOnce
    this.#waiting = waiting
  }

  get isFull(): boolean {
    return this.#inside >= this.#atOnce && this.#queue.length >= this.#waiting
  }

  /** Waits for a place, at most so long; whoever came in must leave. */
  async enter(time_ms: number): Promise<void> {
    if (this.#inside < this.#atOnce) {
      this.#inside++
      return
    }
    if (this.isFull) throw new RegionFault('unsent', 'too many wait for this region already')
    await new Promise<void>((resolve, reject) => {
      const one: Waiting = {
        enter: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(one), 1)
        reject(new RegionFault('unsent', 'no place was free in time'))
      }, time_ms)
      this.#queue.push(one)
    })
  }

  /** The place goes to whoever waits longest. */
  leave(): void {
    const next = this.#queue.shift()
    if (next) next.enter()
    else this.#inside--
  }
}
