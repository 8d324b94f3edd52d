/** Whether a region is asked: yes; with this very question as the try; once a try has been answered; or not now. */
type Passage = 'open' | 'as-try' | 'after-try' | 'closed'

export interface BreakerOptions {
  /** So many failures in a row, and the region is left alone. */
  readonly failures?: number
  /** For so long at first, twice as long after each try that failed, and never longer than `longest_ms`. */
  readonly cool_ms?: number
  readonly longest_ms?: number
  /** A try that has said nothing for so long has failed. */
  readonly longestTry_ms?: number
  /** Told of every change: 0 asked, 1 tried, 2 left alone, and of the last fault where it is left alone. */
  readonly onChange?: (state: 0 | 1 | 2, fault?: unknown) => void
  /** Milliseconds that never run backwards. */
  readonly now?: () => number
}

/**
 * Leaves a region alone that does not answer (熔断): whoever asks is told at once instead of waiting. After a while one
 * question tries whether it is back, and that is never one that moves money: only a query, which changes nothing.
 */
export class Breaker {
  readonly #options: Required<BreakerOptions>
  #state: 'asked' | 'alone' | 'tried' = 'asked'
  #failed = 0
  #cool_ms: number
  /** When a region that is left alone may be tried, and when a try has taken too long. */
  #until = 0

  constructor(options: BreakerOptions = {}) {
    const usual = { failures: 5, cool_ms: 5_000, longest_ms: 60_000, longestTry_ms: 60_000 }
    const quiet = { onChange: () => undefined, now: () => performance.now() }
    this.#options = { ...usual, ...quiet, ...options }
    this.#cool_ms = this.#options.cool_ms
  }

  /** Whether nobody would be let through now. */
  get isClosed(): boolean {
    return this.#state !== 'asked' && this.#options.now() < this.#until
  }

  /** Whoever passes as a try, or makes one, must say how it went. */
  pass(isQuery: boolean): Passage {
    if (this.isClosed) return 'closed'
    if (this.#state === 'tried') this.failed(true, new Error('the try has not ended'))
    if (this.#state === 'asked') return 'open'
    if (this.isClosed) return 'closed'
    this.#until = this.#options.now() + this.#options.longestTry_ms
    this.#become('tried')
    return isQuery ? 'as-try' : 'after-try'
  }

  succeeded(): void {
    this.#failed = 0
    this.#cool_ms = this.#options.cool_ms
    if (this.#state !== 'asked') this.#become('asked')
  }

  /** What was asked before the region was left alone says nothing of how the try went. */
  failed(isTry: boolean, fault: unknown): void {
    if (this.#state === 'alone' || (this.#state === 'tried' && !isTry)) return
    this.#failed++
    if (this.#state === 'asked' && this.#failed < this.#options.failures) return
    if (this.#state === 'tried')
      this.#cool_ms = Math.min(2 * this.#cool_ms, this.#options.longest_ms)
    this.#leaveAlone(fault)
  }

  /** A region that says that it is busy is there, and has done nothing: that is neither good nor bad, and it is given time. */
  busy(isTry: boolean, fault: unknown): void {
    if (this.#state === 'tried' && isTry) this.#leaveAlone(fault)
  }

  #leaveAlone(fault: unknown): void {
    this.#until = this.#options.now() + this.#cool_ms
    this.#become('alone', fault)
  }

  #become(state: 'asked' | 'alone' | 'tried', fault?: unknown): void {
    this.#state = state
    this.#options.onChange(({ asked: 0, tried: 1, alone: 2 } as const)[state], fault)
  }
}
