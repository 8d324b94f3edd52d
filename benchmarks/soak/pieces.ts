import type { Mark } from '../figure.ts'
import type { K6Result } from '../k6.ts'
import type { Chart, Point } from '../report/chart.ts'
import { latencyOver } from '../report/charts.ts'
import { median, ratios } from '../statistics.ts'
import type { ProcessorTime } from './processorTime.ts'
import type { Stock } from './stock.ts'

/** A load that lasted a minute, and what was taken before and after it. */
export interface Piece {
  readonly seen: K6Result
  readonly before: Stock
  readonly after: Stock
  /** Since the first began. */
  readonly ended_s: number
}

/** What a settlement takes on disk with its part of all tables and indexes, as ARCHITECTURE.md says. */
const predictedDisk = 5_500

/**
 * Whether what should be flat is flat, and what grows grows as predicted: the last third is held against the middle one. In the first a
 * process takes what it needs for its caches and pools, and pages of indexes go to the log whole.
 */
export function marksOf(pieces: readonly Piece[]): Mark[] {
  const third = Math.max(1, Math.floor(pieces.length / 3))
  // Of few there is no middle.
  const middle = pieces.length < 3 ? pieces : pieces.slice(third, -third)
  const last = pieces.slice(-third)
  // Not every system tells.
  const timed = times.filter(({ timeEach }) => pieces.every((one) => !Number.isNaN(timeEach(one))))
  /** Each piece of the last third against the median of the middle third. */
  const against = (of: (piece: Piece) => number): number[] => {
    const usual = median(middle.map(of))
    return ratios(
      last.map(of),
      last.map(() => usual),
    )
  }
  return [
    {
      name: 'p99, last third / middle',
      unit: '',
      rounds: against(({ seen }) => seen.sinceDue.p99),
      target: { atMost: 1.25 },
    },
    {
      name: 'p50, last third / middle',
      unit: '',
      rounds: against(({ seen }) => seen.sinceDue.p50),
      target: { atMost: 1.25 },
    },
    {
      name: 'memory, last third / middle',
      unit: '',
      rounds: against(({ after }) => after.memory),
      target: { atMost: 1.1 },
    },
    {
      name: 'WAL a settlement, last third / middle',
      unit: '',
      rounds: against(walEach),
      target: { atMost: 1.25 },
    },
    ...timed.map(({ whose, timeEach }) => ({
      name: `processor time a settlement, ${whose}, last third / middle`,
      unit: '',
      rounds: against(timeEach),
      target: { atMost: 1.1 },
    })),
    {
      name: 'disk a settlement',
      unit: 'bytes',
      rounds: pieces.map(diskEach),
      target: { atMost: 1.1 * predictedDisk },
    },
    { name: 'WAL a settlement', unit: 'bytes', rounds: pieces.map(walEach) },
    ...timed.map(({ whose, timeEach }) => ({
      name: `processor time a settlement, ${whose}`,
      unit: 'ms',
      rounds: pieces.map(timeEach),
    })),
    { name: 'checkpoints', unit: '', rounds: [checkpointsIn(pieces)] },
    { name: 'p99', unit: 'ms', rounds: pieces.map(({ seen }) => seen.sinceDue.p99) },
    { name: 'p50', unit: 'ms', rounds: pieces.map(({ seen }) => seen.sinceDue.p50) },
    { name: 'settled', unit: '/s', rounds: pieces.map(({ seen }) => seen.settledPerSecond) },
  ]
}

const settledIn = ({ seen }: Piece): number => seen.byStatus['201'] ?? 0

const walEach = (piece: Piece): number => (piece.after.wal - piece.before.wal) / settledIn(piece)

/** Waits tell how near the processors are to their end, this tells whether a settlement costs more than it did. */
const times = [
  { whose: 'the server’s', timeEach: timeEachOf('server_ms') },
  { whose: 'PostgreSQL’s', timeEach: timeEachOf('database_ms') },
]

function timeEachOf(name: keyof ProcessorTime): (piece: Piece) => number {
  return (piece) => (piece.after[name] - piece.before[name]) / settledIn(piece)
}

const checkpointsIn = (pieces: readonly Piece[]): number =>
  (pieces.at(-1)?.after.checkpoints ?? 0) - (pieces[0]?.before.checkpoints ?? 0)

const diskEach = (piece: Piece): number =>
  (piece.after.database - piece.before.database) / settledIn(piece)

const minutes = { label: 'minutes', scale: 'linear' } as const

const over = (pieces: readonly Piece[], of: (piece: Piece) => number): Point[] =>
  pieces.map((piece) => [piece.ended_s / 60, of(piece)])

export const waitsOf = (pieces: readonly Piece[]): Chart =>
  latencyOver(
    minutes,
    pieces.map(({ ended_s, seen }) => [ended_s / 60, seen.sinceDue]),
    'Latency over time',
  )

export const memoryOf = (pieces: readonly Piece[]): Chart => ({
  name: 'memory',
  title: 'Memory of the server’s processes over time',
  x: minutes,
  y: { label: 'MB', scale: 'linear' },
  series: [{ name: 'resident', line: over(pieces, ({ after }) => after.memory / 1e6) }],
})

/** Tables and indexes as they grew, beside what was predicted of them. */
export function disksOf(pieces: readonly Piece[]): Chart {
  const start = pieces[0]?.before.database ?? 0
  let settled = 0
  const line = pieces.map((piece) => {
    settled += settledIn(piece)
    return [settled, (piece.after.database - start) / 1e6] as const
  })
  return {
    name: 'disk',
    title: 'Tables and indexes over settlements',
    x: { label: 'settlements', scale: 'linear' },
    y: { label: 'MB', scale: 'linear' },
    series: [
      { name: 'measured', line },
      { name: 'predicted', line: line.map(([count]) => [count, (count * predictedDisk) / 1e6]) },
    ],
  }
}
