export interface Axis {
  readonly label: string
  readonly scale: 'linear' | 'log'
}

/** Where values stand between two ends of a page, and which of them are written beside it. */
export interface Scale {
  readonly ticks: readonly number[]
  readonly at: (value: number) => number
}

/** A little more than half of what a reader takes in at a glance, so that rounding up to whole steps stays readable. */
const ticksAtLeast = 4

export function scaleOf(
  { scale }: Axis,
  values: readonly number[],
  [from, to]: readonly [number, number],
): Scale {
  const ticks = scale === 'log' ? decades(values) : steps(values)
  const place = scale === 'log' ? Math.log10 : (value: number): number => value
  const [low, high] = [place(ticks[0] as number), place(ticks.at(-1) as number)]
  return { ticks, at: (value) => from + ((place(value) - low) / (high - low)) * (to - from) }
}

/** Round numbers one step apart, from zero on, of which the last is at least the largest value. */
function steps(values: readonly number[]): number[] {
  const most = Math.max(0, ...values) || 1
  const decade = 10 ** Math.floor(Math.log10(most / ticksAtLeast))
  const step =
    ([1, 2, 5, 10].find((times) => most / (times * decade) <= 2 * ticksAtLeast) ?? 10) * decade
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(12)),
  )
}

/** Powers of ten, with twos and fives between them where there would be few, around all values above zero. */
function decades(values: readonly number[]): number[] {
  const above = values.filter((value) => value > 0)
  const [low, high] = above.length === 0 ? [1, 10] : [Math.min(...above), Math.max(...above)]
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const parts = last - first > 3 ? [1] : [1, 2, 5]
  const all = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i)).flatMap(
    (decade) => parts.map((part) => Number((part * decade).toPrecision(12))),
  )
  const from = all.findLast((tick) => tick <= low) ?? all[0] ?? low
  const to = all.find((tick) => tick >= high && tick > from) ?? from * 10
  return all.filter((tick) => tick >= from && tick <= to)
}

/** 12500 is 12.5k and 3000000 is 3M: axes have little room. */
export function shortly(value: number): string {
  const [by, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, '']
  return `${Number((value / by).toPrecision(3))}${unit}`
}
