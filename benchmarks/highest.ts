import { mostFailed } from './figure.ts'
import type { K6Result } from './k6.ts'

/** A rate that was tried, and what came of it. */
export interface Attempt {
  readonly rate: number
  readonly seen: K6Result
}

export interface Search {
  /** The highest rate that passed. */
  readonly best: Attempt
  readonly attempts: readonly Attempt[]
}

type Ask = (rate: number) => Promise<K6Result>

/** The slowest hundredth may wait so long. */
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
export const hasty: Manner = { growth: 1.25, closest: 1.15, tries: 1 }

export const passes = ({ failedShare, sinceDue }: K6Result): boolean =>
  failedShare <= mostFailed && sinceDue.p99 <= longest_ms

/** About what a server bears that nobody has measured yet: twice as much each time, until it does not. It is warm then. */
export async function ramp(ask: Ask, from: number): Promise<number> {
  let rate = from
  while (passes(await ask(rate))) rate *= 2
  return Math.round(rate / Math.SQRT2)
}

/**
 * The highest rate at which what is due is done: up by steps until one fails (or down until one passes), then the gap between
 * the two is halved until it is narrow.
 */
export async function findHighest(ask: Ask, from: number, manner: Manner): Promise<Search> {
  const attempts: Attempt[] = []
  let best: Attempt | undefined
  let failed: number | undefined
  for (
    let rate: number | undefined = from;
    rate !== undefined;
    rate = nextRate(manner, best?.rate, failed)
  ) {
    let passed: Attempt | undefined
    for (let tries = 0; tries < manner.tries && !passed; tries++) {
      const one: Attempt = { rate, seen: await ask(rate) }
      attempts.push(one)
      if (passes(one.seen)) passed = one
    }
    if (passed) best = passed
    else failed = rate
  }
  if (!best) throw new Error(`not even ${lowest} requests a second are done in time`)
  return { best, attempts }
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
