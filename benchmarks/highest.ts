import { mostFailed } from './figure.ts'
import type { K6Result } from './k6.ts'

/** A rate that was tried, and what came of it. */
export interface Attempt {
  readonly rate: number
  readonly seen: K6Result
}

type Ask = (rate: number) => Promise<K6Result>

/** The slowest hundredth may wait so long; `k6/arriving.ts` has the same for whoever runs k6 alone. */
const longest_ms = 1_000
const lowest = 10

/** How a rate is looked for. */
export interface Manner {
  /** From one rate to the next. */
  readonly growth: number
  /** Rates closer than this are one rate on a noisy machine. */
  readonly closest: number
  /** How often a rate is tried before it counts as failed: others may have had the machine at that moment. */
  readonly tries: number
}

export const thorough: Manner = { growth: 1.15, closest: 1.08, tries: 2 }
/** For a look. */
export const hasty: Manner = { growth: 1.3, closest: 1.2, tries: 1 }
/** To within a half, for what is beside the figure. */
export const rough: Manner = { growth: 1.5, closest: 1.5, tries: 1 }

export const passes = ({ failedShare, sinceDue }: K6Result): boolean =>
  failedShare <= mostFailed && sinceDue.p99 <= longest_ms

/** About what a server bears that nobody has measured yet: twice as much each time, until it does not. It is warm then. */
export async function ramp(ask: Ask, from: number): Promise<number> {
  let rate = from
  while (passes(await ask(rate))) rate *= 2
  return Math.round(rate / Math.SQRT2)
}

/**
 * Looks for the highest rate at which what is due is done: up by steps until one fails (or down until one passes), then the
 * gap between the two is halved until it is narrow.
 */
export class RateSearch {
  readonly attempts: Attempt[] = []
  readonly #manner: Manner
  #rate: number | undefined
  #best: Attempt | undefined
  #failed: number | undefined
  #tries = 0

  constructor(from: number, manner: Manner) {
    this.#rate = from
    this.#manner = manner
  }

  /** What to try next; nothing once it is found. */
  get rate(): number | undefined {
    return this.#rate
  }

  /** The highest rate that passed. */
  get best(): Attempt {
    if (!this.#best) throw new Error(`not even ${lowest} requests a second are done in time`)
    return this.#best
  }

  /** Takes what came of the rate that was to be tried. */
  tell(seen: K6Result): void {
    const rate = this.#rate ?? 0
    const attempt = { rate, seen }
    this.attempts.push(attempt)
    this.#tries++
    if (passes(seen)) this.#best = attempt
    else if (this.#tries < this.#manner.tries) return
    else this.#failed = rate
    this.#tries = 0
    this.#rate = nextRate(this.#manner, this.#best?.rate, this.#failed)
  }
}

export async function findHighest(ask: Ask, from: number, manner: Manner): Promise<RateSearch> {
  const search = new RateSearch(from, manner)
  await searchInTurns([[search, ask]])
  return search
}

/** Several searches, a load of each in turn: what the machine is like at a time is the same for all. */
export async function searchInTurns(
  searches: readonly (readonly [RateSearch, Ask])[],
): Promise<void> {
  while (searches.some(([{ rate }]) => rate !== undefined))
    for (const [search, ask] of searches)
      if (search.rate !== undefined) search.tell(await ask(search.rate))
}

/** The rate to try next, where these are the highest that passed and the lowest that failed; nothing once they are close. */
export function nextRate(
  { growth, closest }: Manner,
  passed?: number,
  failed?: number,
): number | undefined {
  if (failed === undefined) return Math.round((passed ?? lowest) * growth)
  if (passed === undefined) return failed > lowest ? Math.round(failed / growth) : undefined
  return failed / passed > closest ? Math.round(Math.sqrt(passed * failed)) : undefined
}
