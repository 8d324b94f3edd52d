import { type Axis, type Scale, scaleOf, shortly } from './axis.ts'

export type Point = readonly [x: number, y: number]

export interface Series {
  readonly name: string
  readonly line: readonly Point[]
  /** What the line is the middle of. */
  readonly dots?: readonly Point[]
}

/** Values over something that grows. */
export interface Chart {
  /** What its file is called, after the figure's id. */
  readonly name: string
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
}

const [width, height] = [680, 380]
const [left, right, top, bottom] = [64, 20, 64, 48]
/** Told apart by those who see few colours as well (Okabe and Ito). */
const colours = ['#0072b2', '#e69f00', '#d55e00', '#cc79a7', '#009e73', '#56b4e9']

const style =
  'svg.chart{font:12px system-ui,sans-serif;background:#fff;color:#222}' +
  'svg.chart text{fill:currentColor}svg.chart .grid{stroke:#8884}' +
  '@media(prefers-color-scheme:dark){svg.chart{background:#1b1b1b;color:#ddd}}'

/** Without a browser or a library: it is lines, dots and words at computed places. */
export function drawChart(chart: Chart): string {
  const points = chart.series.flatMap(({ line, dots = [] }) => [...line, ...dots])
  const x = scaleOf(
    chart.x,
    points.map(([value]) => value),
    [left, width - right],
  )
  const y = scaleOf(
    chart.y,
    points.map(([, value]) => value),
    [height - bottom, top],
  )
  return [
    `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${escape(chart.title)}">`,
    `<style>${style}</style>`,
    text(chart.title, left, 22, 'font-size="15" font-weight="600"'),
    ...grid(chart, x, y),
    ...legend(chart.series),
    ...chart.series.flatMap((series, i) => draw(series, colourOf(i), x, y)),
    '</svg>',
    '',
  ].join('\n')
}

const colourOf = (i: number): string => colours[i % colours.length] as string

function grid(chart: Chart, x: Scale, y: Scale): string[] {
  const rows = y.ticks.flatMap((tick) => [
    line(left, y.at(tick), width - right, y.at(tick)),
    text(shortly(tick), left - 8, y.at(tick) + 4, 'text-anchor="end"'),
  ])
  const columns = x.ticks.flatMap((tick) => [
    line(x.at(tick), height - bottom, x.at(tick), height - bottom + 5),
    text(shortly(tick), x.at(tick), height - bottom + 19, 'text-anchor="middle"'),
  ])
  return [
    ...rows,
    ...columns,
    text(chart.x.label, (left + width - right) / 2, height - 10, 'text-anchor="middle"'),
    text(chart.y.label, 8, top - 12, ''),
  ]
}

function legend(series: readonly Series[]): string[] {
  let at = left + 80
  return series.flatMap(({ name }, i) => {
    const from = at
    at += 34 + 7 * name.length
    return [
      `<rect x="${from}" y="${top - 21}" width="12" height="10" fill="${colourOf(i)}"/>`,
      text(name, from + 17, top - 12, ''),
    ]
  })
}

function draw(
  { name, line: points, dots = [] }: Series,
  colour: string,
  x: Scale,
  y: Scale,
): string[] {
  const place = ([across, up]: Point): string => `${round(x.at(across))},${round(y.at(up))}`
  const circle = (radius: number, opacity: number) => (point: Point) => {
    const [cx, cy] = place(point).split(',')
    return `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="${colour}" opacity="${opacity}"><title>${escape(name)}: ${shortly(point[0])}, ${shortly(point[1])}</title></circle>`
  }
  return [
    ...dots.map(circle(2, 0.4)),
    `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(circle(3.5, 1)),
  ]
}

const round = (value: number): number => Number(value.toFixed(1))

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line class="grid" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`

const text = (words: string, x: number, y: number, how: string): string =>
  `<text x="${round(x)}" y="${round(y)}" ${how}>${escape(words)}</text>`

export const escape = (words: string): string =>
  words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
