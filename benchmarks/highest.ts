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
const growth = 1.15
/** Rates closer than this are one rate on a noisy machine. */
const closest = 1.08
const lowest = 10

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
 * the two is halved until it is narrow. What fails is tried once more, since others may have had the machine at that moment.
 */
export async function findHighest(ask: Ask, from: number): Promise<Search> {
  const attempts: Attempt[] = []
  let best: Attempt | undefined
  let failed: number | undefined
  const attempt = async (rate: number): Promise<Attempt> => {
    const one = { rate, seen: await ask(rate) }
    attempts.push(one)
    return one
  }
  for (let rate: number | undefined = from; rate !== undefined; rate = nextRate(best?.rate, failed)) {
    let one = await attempt(rate)
    if (!passes(one.seen)) one = await attempt(rate)
    if (passes(one.seen)) best = one
    else failed = rate
  }
  if (!best) throw new Error(`not even ${lowest} requests a second are done in time`)
  return { best, attempts }
}

/** The rate to try next, where these are the highest that passed and the lowest that failed; nothing once they are close. */
export function nextRate(passed?: number, failed?: number): number | undefined {
  if (failed === undefined) return Math.round((passed ?? lowest) * growth)
  if (passed === undefined) return failed > lowest ? Math.round(failed / growth) : undefined
  return failed / passed > closest ? Math.round(Math.sqrt(passed * failed)) : undefined
}
