import { createHash } from 'node:crypto'

/** What happened, as far as it must be the same in every run of a seed: names and amounts, but no ids. */
export class Trace {
  readonly #hash = createHash('sha256')
  readonly #print: ((line: string) => void) | undefined
  #lines: string[] = []

  constructor(print?: (line: string) => void) {
    this.#print = print
  }

  add(line: string): void {
    this.#lines.push(line)
  }

  /** Ends a round: what happened side by side has no order. */
  endRound(at: number): void {
    for (const line of this.#lines.toSorted()) {
      this.#hash.update(`${at} ${line}\n`)
      this.#print?.(`${at} ${line}`)
    }
    this.#lines = []
  }

  digest(): string {
    return this.#hash.digest('hex').slice(0, 16)
  }
}
