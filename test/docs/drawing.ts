// Boxes, arrows and words as SVG.
export type Point = readonly [x: number, y: number]

/** A box by its middle. */
export interface Box {
  readonly at: Point
}

const half: Point = [64, 25]
const ink = '#1f2933'
const round = (n: number): number => Math.round(n * 10) / 10

type Look = 'plain' | 'usable' | 'ended'

const looks: Readonly<Record<Look, string>> = {
  plain: `fill="#f2f5f9" stroke="${ink}" stroke-width="1.2"`,
  usable: 'fill="#d8efdf" stroke="#1b6b3a" stroke-width="2"',
  ended: `fill="#e3e5e8" stroke="#5f6b78" stroke-width="1.2" stroke-dasharray="5 3"`,
}

export const text = ([x, y]: Point, words: string, size: number, weight = 'normal'): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${ink}">${words}</text>`

const centred = ([x, y]: Point, words: string, size: number, more = ''): string =>
  `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="middle" fill="${ink}" ${more}>${words}</text>`

export function box([x, y]: Point, [zh, en]: readonly [string, string], look: Look): string {
  const [w, h] = half
  return [
    `<rect x="${x - w}" y="${y - h}" width="${2 * w}" height="${2 * h}" rx="8" ${looks[look]}/>`,
    centred([x, y - 3], zh, 15, 'font-weight="bold"'),
    centred([x, y + 15], en, 12),
  ].join('')
}

export function panel(
  [x, y, width, height]: readonly [number, number, number, number],
  title: string,
): string {
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="12" fill="none" stroke="#b6c0cc"/>`,
    text([x + 14, y + 24], title, 15, 'bold'),
  ].join('')
}

const margin: Point = [22, 24]
export const bottomOf = (points: readonly Point[]): number =>
  Math.max(...points.map(([, y]) => y)) + half[1] + margin[1]

export function frame(points: readonly Point[]): string {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [left, top] = [Math.min(...xs) - half[0] - margin[0], Math.min(...ys) - half[1] - margin[1]]
  const width = Math.max(...xs) + half[0] + margin[0] - left
  return `<rect x="${left}" y="${top}" width="${width}" height="${bottomOf(points) - top}" rx="12" fill="none" stroke="#5f6b78" stroke-dasharray="3 4"/>`
}

const line = `fill="none" stroke="${ink}" stroke-width="1.4" marker-end="url(#tip)"`

/** Where the way from the middle of a box to a point leaves the box. */
function edge({ at: [x, y] }: Box, [toX, toY]: Point): Point {
  const [dx, dy] = [toX - x, toY - y]
  const [w, h] = [half[0] + 3, half[1] + 3]
  const scale = Math.min(
    dx === 0 ? Infinity : w / Math.abs(dx),
    dy === 0 ? Infinity : h / Math.abs(dy),
  )
  return [round(x + dx * scale), round(y + dy * scale)]
}

export function arrow(from: Point, to: Box): string {
  const [x, y] = edge(to, from)
  return `<path d="M${from[0]} ${from[1]}L${x} ${y}" ${line}/>`
}

/** An arrow that bends to the right of its way by so much, and the middle of it. */
export function curve(from: Box, to: Box, bend: number): { path: string; middle: Point } {
  const [dx, dy] = [to.at[0] - from.at[0], to.at[1] - from.at[1]]
  const length = Math.hypot(dx, dy)
  const control: Point = [
    round((from.at[0] + to.at[0]) / 2 - (dy / length) * bend * 2),
    round((from.at[1] + to.at[1]) / 2 + (dx / length) * bend * 2),
  ]
  const [start, end] = [edge(from, control), edge(to, control)]
  const middle: Point = [
    (start[0] + 2 * control[0] + end[0]) / 4,
    (start[1] + 2 * control[1] + end[1]) / 4,
  ]
  return {
    path: `<path d="M${start.join(' ')}Q${control.join(' ')} ${end.join(' ')}" ${line}/>`,
    middle,
  }
}

/** An arrow from a box to itself, beside its right edge. */
export function loop({ at: [x, y] }: Box): string {
  const right = x + half[0]
  return `<path d="M${right + 1} ${y - 13}C${right + 42} ${y - 24} ${right + 42} ${y + 24} ${right + 3} ${y + 13}" ${line}/>`
}

/** Words beside the middle of an arrow, with white behind them: Chinese and English by turns. */
export function label(from: Point, to: Point, [dx, dy]: Point, words: readonly string[]): string {
  const [x, y] = [(from[0] + to[0]) / 2 + dx, (from[1] + to[1]) / 2 + dy]
  const halo = 'stroke="#ffffff" stroke-width="4" paint-order="stroke"'
  return words
    .map((word, i) => centred([x, y + i * 14], word, i % 2 === 0 ? 12 : 10.5, halo))
    .join('')
}
