// The picture of the states of a card: drawn from the table that the engine reads, laid out here.
import { type CardService, cardServiceNames, serviceRow } from '../../engine/cardLife.ts'
import { type CardPart, stateWords } from '../../engine/cardState.ts'
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
      requested: [230, 135],
      made: [485, 135],
      issued: [740, 135],
      active: [995, 135],
      superseded: [400, 290],
      cancelled: [825, 290],
    },
    begin: [50, 135],
    labels: { '->requested': [-42, -24] },
  },
  loss: {
    at: { none: [290, 440], temporary: [120, 640], formal: [460, 640] },
    begin: [130, 440],
    bends: {
      'none>temporary': 20,
      'temporary>none': 20,
      'none>formal': -20,
      'formal>none': -20,
    },
    labels: {
      '->none': [-30, -24],
      'none>temporary': [-48, -18],
      'temporary>none': [28, 14],
      'none>formal': [48, -18],
      'formal>none': [-12, 28],
      'temporary>formal': [0, 18],
    },
  },
  pin: {
    at: { initial: [670, 470], set: [930, 470], locked: [800, 640] },
    begin: [670, 408],
    bends: { 'set>locked': 20, 'locked>set': 20 },
    labels: {
      '->initial': [46, -32],
      'initial>set': [0, -56],
      'initial>locked': [-64, 12],
      'set>locked': [-58, -22],
      'locked>set': [54, 12],
      'set>set': [146, -18],
    },
  },
  dates: {
    at: { early: [300, 810], valid: [570, 810], expired: [840, 810] },
    begin: [570, 750],
    labels: { '->valid': [40, -30], 'early>valid': [0, -22], 'valid>expired': [0, -22] },
  },
}

/** What ends a life whatever it was is one arrow and not four. */
const isFromAll = (part: CardPart, sources: readonly string[]): boolean =>
  part === 'life' && sources.length > 2

/** The services of every arrow of a part, by where it comes from and goes to; `-` is where a card begins. */
function arrowsOf(part: CardPart): Map<string, CardService[]> {
  const arrows = new Map<string, CardService[]>()
  for (const service of cardServiceNames) {
    const { from, to } = serviceRow(service)
    const target = to[part]
    if (target === undefined) continue
    const sources = from ? (from[part] ?? Object.keys(stateWords[part])) : ['-']
    const names = isFromAll(part, sources)
      ? [`${sources.join('+')}>${target}`]
      : sources.map((s) => `${s}>${target}`)
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
  const shift = labels[name] ?? [0, 0]
  if (from === '-') return arrow(begin, target) + label(begin, target.at, shift, said(services))
  if (from.includes('+'))
    return drawFromAll(
      from.split('+').map((s) => at[s] as Point),
      target,
      services,
    )
  if (from === to) return loop(target) + label(target.at, target.at, shift, said(services))
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
  ['life', 20, 60, 1100, 280],
  ['loss', 20, 360, 540, 330],
  ['pin', 580, 360, 540, 330],
  ['dates', 20, 710, 1100, 150],
]

/** The picture, as SVG, in both languages at once. */
export function cardPicture(): string {
  const width = 1140
  const height = 880
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
