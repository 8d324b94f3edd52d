import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Strike } from './timeline.ts'

/** So many turns of the event loop pass between a step and what it leads to, at most: a batch waits for one. */
const turns = 3

/**
 * All that the database is asked for, by everybody. Whoever leads the simulation waits here until nothing goes on any more;
 * what happens alone takes its steps one after the other, so that the n-th is the same in every run.
 */
export class Work {
  #busy = 0
  #wake: (() => void) | undefined
  #last: Promise<void> = Promise.resolve()
  #strike: Strike | undefined
  #steps = 0

  /** From now on steps are taken in turn, or side by side. */
  begin(strike: Strike | undefined): void {
    this.#strike = strike
    this.#steps = 0
  }

  /** What goes wrong in the step that is about to be taken. */
  strike(): Strike['kind'] {
    this.#steps += 1
    return this.#strike?.step === this.#steps ? this.#strike.kind : 'none'
  }

  async count<T>(step: () => Promise<T>): Promise<T> {
    this.#busy += 1
    try {
      return await step()
    } finally {
      this.#busy -= 1
      if (this.#busy === 0) this.#wake?.()
    }
  }

  /** Waits for the steps before; the next one waits until what is given back is called, and all that follows from it has begun. */
  async turn(): Promise<() => Promise<void>> {
    if (!this.#strike) return async () => {}
    const before = this.#last
    let release = (): void => {}
    this.#last = new Promise((resolve) => (release = resolve))
    await before
    return async () => {
      await idleTurns()
      release()
    }
  }

  async idle(): Promise<void> {
    for (let quiet = 0; quiet < turns; quiet++) {
      if (this.#busy > 0) {
        await new Promise<void>((resolve) => (this.#wake = resolve))
        this.#wake = undefined
        quiet = -1
      }
      await nextTurn()
    }
  }
}

async function idleTurns(): Promise<void> {
  for (let i = 0; i < turns; i++) await nextTurn()
}
