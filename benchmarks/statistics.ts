/** The machine is shared and noisy: of the rounds' figures the one in the middle counts. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

/** How far the rounds' figures lie apart. */
export const spreadOf = (values: readonly number[]): readonly [low: number, high: number] =>
  values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)]

/** Of each round its own: the machine is not the same from one minute to the next. */
export const ratios = (ours: readonly number[], theirs: readonly number[]): number[] =>
  ours.map((each, i) => each / (theirs[i] ?? Number.NaN))
/** The value below which a share of them lies. */
export function percentileOf(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
}

export const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0)
