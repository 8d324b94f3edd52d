import { RegionFault } from '../../engine/awayClaim.ts'
import type { Partner } from './directory.ts'

/** What wants to go out. */
export interface Outgoing {
  /** Those of one name may go in one envelope; without a name each goes alone. */
  readonly company: string | undefined
  readonly bytes: number
  /** It has a place also where many wait: whoever asks does so a few at a time. */
  readonly patient: boolean
}

interface Waiting<M> {
  readonly message: M
  readonly enter: () => void
}

/** So many bytes of several messages: a quarter of what a region takes. */
const mostBytes = 1_048_576

/**
 * So many envelopes at a time; a few messages wait; more are told at once that it is full (舱壁隔离). Those that wait go in one
 * envelope once there is a place, as far as the region takes them so, and so do those of one turn of the event loop. Nobody
 * waits for company.
 */
export class Turnstile<M extends Outgoing> {
  readonly #limits: Pick<Partner, 'atOnce' | 'waiting' | 'together'>
  readonly #send: (together: readonly [M, ...M[]]) => Promise<void>
  #inside = 0
  #queue: Waiting<M>[] = []
  #scheduled = false

  /** `send` must not fail: whatever becomes of an envelope is told to its messages. */
  constructor(
    limits: Pick<Partner, 'atOnce' | 'waiting' | 'together'>,
    send: (together: readonly [M, ...M[]]) => Promise<void>,
  ) {
    this.#limits = limits
    this.#send = send
  }

  /** Those of this turn that will find a place do not wait. */
  get isFull(): boolean {
    const { atOnce, waiting, together } = this.#limits
    const places = Math.max(0, atOnce - this.#inside)
    return this.#queue.length >= waiting + places * together
  }

  /** Waits for a place, at most so long. */
  async enter(message: M, time_ms: number): Promise<void> {
    if (this.isFull && !message.patient)
      throw new RegionFault('unsent', 'too many wait for this region already')
    await new Promise<void>((resolve, reject) => {
      const one: Waiting<M> = {
        message,
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
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#limits.together === 1) return this.#open()
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#open()
    })
  }

  #open(): void {
    while (this.#inside < this.#limits.atOnce && this.#queue.length > 0) {
      const next = this.#take()
      this.#inside++
      for (const { enter } of next) enter()
      const [first, ...others] = next.map(({ message }) => message) as [M, ...M[]]
      void this.#send([first, ...others]).then(() => {
        this.#inside--
        this.#open()
      })
    }
  }

  /** Whoever waits longest, and those behind who may go with it. */
  #take(): readonly Waiting<M>[] {
    const [first, ...others] = this.#queue as [Waiting<M>, ...Waiting<M>[]]
    const next = [first]
    let { bytes } = first.message
    for (const one of others) {
      if (next.length === this.#limits.together || bytes + one.message.bytes > mostBytes) break
      const { company } = one.message
      if (company === undefined || company !== first.message.company) continue
      next.push(one)
      bytes += one.message.bytes
    }
    this.#queue = this.#queue.filter((one) => !next.includes(one))
    return next
  }
}
