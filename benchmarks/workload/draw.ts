import type { Random } from '../../test/faults/random.ts'

/** Picks one of many by weight. */
export type Picker<T> = (random: Random) => T

export function pickerOf<T>(
  from: readonly T[],
  weightOf: (one: T, at: number) => number,
): Picker<T> {
  const sums = new Float64Array(from.length)
  let all = 0
  for (const [i, one] of from.entries()) sums[i] = all += weightOf(one, i)
  return (random) => from[firstAbove(sums, random.next() * all)] as T
}

/** The second has half the share of the first, the third a third (Zipf): so it is with hospitals of a city. */
export const zipf = (_: unknown, at: number): number => 1 / (at + 1)

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] as number) > value) high = middle
    else low = middle + 1
  }
  return low
}

/** A value around a middle that may be several times as large, as prices, balances and stays are (log-normal). */
export function around(random: Random, middle: number, spread: number): number {
  // Twelve even draws are near enough to a normal one, and are the same on every machine.
  let normal = -6
  for (let i = 0; i < 12; i++) normal += random.next()
  return middle * Math.exp(spread * normal)
}

export const whole = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, Math.round(value)))
