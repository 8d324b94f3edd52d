import type { Ask } from '../../engine/ports.ts'
import type { Taken } from '../../engine/process.ts'

/** How long an asker can wait (优先级): somebody stands at a till, at a window, is insured elsewhere, or nobody waits at all. */
export type Lane = 'tap' | 'window' | 'away' | 'bulk'

/** An ask that waits for a transaction. */
export interface Waiting {
  readonly ask: Ask
  readonly key: string
  readonly answer: (taken: Taken) => void
  readonly fail: (error: unknown) => void
}

/** Asks of one lane in the order in which they came, and the fee lines that they hold. */
export class LaneQueue {
  readonly #waiting: Waiting[] = []
  #lines = 0
  running = 0

  get length(): number {
    return this.#waiting.length
  }

  get lines(): number {
    return this.#lines
  }

  add(one: Waiting): void {
    this.#waiting.push(one)
    this.#lines += linesOf(one.ask)
  }

  /** The next asks: as many as a transaction may hold, and one at least. */
  take(most: number, mostLines: number): readonly Waiting[] {
    let lines = 0
    const over = this.#waiting.findIndex(({ ask }) => (lines += linesOf(ask)) > mostLines)
    const taken = this.#waiting.splice(0, over < 0 ? most : Math.min(most, Math.max(over, 1)))
    for (const { ask } of taken) this.#lines -= linesOf(ask)
    return taken
  }
}

/** A bill's lines are known only once its visit is read; an ordinary one has no more. */
const linesOfBill = 50

const linesOf = (ask: Ask): number =>
  ask.kind === 'settle' ? ask.claim.lines.length : ask.kind === 'bill' ? linesOfBill : 1
