// The picture of the states of a card: drawn from the table that the engine reads, laid out here.
import {
  type CardPart,
  type CardService,
  cardServiceNames,
  serviceRow,
  stateWords,
} from '../../engine/cardLife.ts'
import { partWords, sayState, serviceWords } from '../../adapters/http/cardWords.ts'
import {
  arrow,
  box,
  type Box,
  bottomOf,
  curve,
  frame,
  label,
  loop,
  panel,
  type Point,
  text,
} from './drawing.ts'

/** Where the states of a part stand, and how far the arrow from one to another bends; up or left is negative. */
interface Layout {
  readonly at: Readonly<Record<string, Point>>
  /** Where a card comes in. */
  readonly begin: Point
  readonly bends?: Readonly<Record<string, number>>
  /** How far a label stands from the middle of its arrow. */
  readonly labels?: Readonly<Record<string, Point>>
}

const layouts: Readonly<Record<CardPart, Layout>> = {
  life: {
    at: {
      requested: [190, 130],
      made: [450, 130],
      issued: [710, 130],
      active: [970, 130],
      superseded: [350, 290],
      cancelled: [810, 290],
    },
    begin: [58, 130],
    labels: { '->requested': [0, -22] },
  },
  loss: {
    at: { none: [225, 480], temporary: [115, 670], formal: [335, 670] },
    begin: [58, 480],
    bends: {
      'none>temporary': 24,
      'temporary>none': 24,
      'none>formal': 24,
      'formal>none': 24,
    },
    labels: {
      '->none': [0, -22],
      'none>temporary': [-62, -14],
      'temporary>none': [22, 10],
      'none>formal': [66, -14],
      'formal>none': [-8, -48],
      'temporary>formal': [0, 26],
    },
  },
  pin: {
    at: { initial: [530, 480], set: [740, 480], locked: [635, 670] },
    begin: [530, 422],
    bends: { 'set>locked': 24, 'locked>set': 24, 'initial>locked': -10 },
    labels: {
      '->initial': [56, 0],
      'initial>set': [0, -30],
      'initial>locked': [-64, 20],
      'set>locked': [70, 26],
      'locked>set': [-14, -34],
      'set>set': [0, -24],
    },
  },
  dates: {
    at: { early: [985, 480], valid: [985, 575], expired: [985, 670] },
    begin: [878, 575],
    labels: {
      '->valid': [0, -22],
      'early>valid': [58, 0],
      'valid>expired': [70, 0],
    },
  },
}

/** The services of every arrow of a part, by where it comes from and goes to; `-` is where a card begins. */
function arrowsOf(part: CardPart): Map<string, CardService[]> {
  const arrows = new Map<string, CardService[]>()
  for (const service of cardServiceNames) {
    const { from, to } = serviceRow(service)
    const target = to[part]
    if (target === undefined) continue
    const sources = from ? (from[part] ?? Object.keys(stateWords[part])) : ['-']
    const names =
      sources.length > 2 ? [`${sources.join('+')}>${target}`] : sources.map((s) => `${s}>${target}`)
    for (const name of names) arrows.set(name, [...(arrows.get(name) ?? []), service])
  }
  return arrows
}

const said = (services: readonly CardService[]): string[] =>
  services.flatMap((service) => [serviceWords[service].zh, serviceWords[service].en])

const isEnded = (state: string): boolean => state === 'superseded' || state === 'cancelled'
const isUsable = (part: CardPart, state: string): boolean =>
  ({ life: 'active', loss: 'none', pin: 'set', dates: 'valid' })[part] === state

function drawArrow(part: CardPart, name: string, services: readonly CardService[]): string {
  const { at, begin, bends = {}, labels = {} } = layouts[part]
  const [from = '', to = ''] = name.split('>')
  const target: Box = { at: at[to] as Point }
  const shift = labels[name === `->${to}` ? name : `${from}>${to}`] ?? [0, 0]
  if (from === '-') return arrow(begin, target) + label(begin, target.at, shift, said(services))
  if (from.includes('+'))
    return drawFromAll(
      from.split('+').map((s) => at[s] as Point),
      target,
      services,
    )
  if (from === to)
    return loop(target) + label(target.at, target.at, [shift[0], shift[1] - 58], said(services))
  const own: Box = { at: at[from] as Point }
  const { path, middle } = curve(own, target, bends[name] ?? 0)
  const above: Point = labels[name] ?? [0, -30]
  return path + label(middle, middle, above, said(services))
}

/** An arrow that leaves every one of many states leaves the frame around them. */
function drawFromAll(
  points: readonly Point[],
  target: Box,
  services: readonly CardService[],
): string {
  const start: Point = [target.at[0], bottomOf(points)]
  return arrow(start, target) + label(start, target.at, [70, -4], said(services))
}

function drawPart(part: CardPart): string {
  const { at, begin } = layouts[part]
  const arrows = [...arrowsOf(part)]
  const shared = new Set(
    arrows.map(([name]) => name.split('>')[0] ?? '').filter((from) => from.includes('+')),
  )
  return [
    ...[...shared].map((from) => frame(from.split('+').map((s) => at[s] as Point))),
    ...arrows.map(([name, services]) => drawArrow(part, name, services)),
    `<circle cx="${begin[0]}" cy="${begin[1]}" r="6" fill="#1f2933"/>`,
    ...Object.entries(at).map(([state, point]) => {
      const { zh, en } = sayState(part, state)
      return box(
        point,
        [zh, en],
        isEnded(state) ? 'ended' : isUsable(part, state) ? 'usable' : 'plain',
      )
    }),
  ].join('\n')
}

const panels: readonly (readonly [CardPart, number, number, number, number])[] = [
  ['life', 20, 60, 1100, 285],
  ['loss', 20, 365, 420, 365],
  ['pin', 460, 365, 370, 365],
  ['dates', 850, 365, 270, 365],
]

/** The picture, as SVG, in both languages at once. */
export function cardPicture(): string {
  const width = 1140
  const height = 750
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="'Noto Sans','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif">`,
    '<title>社会保障卡的状态 The states of a social security card</title>',
    '<!-- Generated from engine/cardLife.ts by npm run docs; do not edit. -->',
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#1f2933"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text([20, 38], '社会保障卡的状态 · The states of a social security card', 22, 'bold'),
    ...panels.map(([part, ...area]) => panel(area, `${partWords[part].zh} ${partWords[part].en}`)),
    ...panels.map(([part]) => drawPart(part)),
    '</svg>',
  ].join('\n')}\n`
}
