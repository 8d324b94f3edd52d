import type { Figure, Session } from './figure.ts'
import { clock } from './report/words.ts'

/** Tells how long a run has been under way, and about how long it will go on. */
export class Progress {
  readonly #estimates: Map<Figure, number>
  #begun = 0
  #figure: Figure | undefined

  constructor(
    figures: readonly Figure[],
    session: Pick<Session, 'quick' | 'rounds' | 'seconds' | 'minutes'>,
  ) {
    this.#estimates = new Map(figures.map((figure) => [figure, figure.seconds(session)]))
  }

  begin(figure: Figure): void {
    this.#figure = figure
    this.#begun = performance.now()
  }

  say(line: string): void {
    const figure = this.#figure
    if (!figure) return
    const passed = (performance.now() - this.#begun) / 1000
    const now = this.#estimates.get(figure) ?? 0
    const all = [...this.#estimates.values()].reduce((sum, each) => sum + each, 0)
    const left = all - now + Math.max(0, now - passed)
    console.log(`[${figure.id} ${clock(passed)}, about ${clock(left)} left] ${line}`)
  }

  end(): void {
    if (this.#figure) this.#estimates.delete(this.#figure)
  }
}
