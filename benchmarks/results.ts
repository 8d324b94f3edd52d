import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  faultsOf,
  type Figure,
  type Outcome,
  type Session,
  type Standing,
  standingOf,
} from './figure.ts'
import type { Machine } from './machine.ts'
import { drawChart } from './report/chart.ts'
import { writePage } from './report/page.ts'
import { median, spreadOf } from './statistics.ts'

/** One run of one figure, as it is kept. */
export interface Result {
  readonly figure: Pick<Figure, 'id' | 'title' | 'against'>
  readonly begun: string
  readonly took_s: number
  readonly commit: string
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
  /** Processes of each server. */
  readonly workers?: string
  readonly session: Pick<Session, 'quick' | 'rounds' | 'seconds' | 'seed'>
  readonly outcome: Outcome
  readonly summary: readonly Summary[]
}

/** A mark in brief, so that nobody need compute it from its rounds. */
interface Summary {
  readonly name: string
  readonly unit: string
  readonly median: number
  readonly spread: readonly [low: number, high: number]
  /** Where something is aimed at. */
  readonly standing: Standing | undefined
}

export const summaryOf = ({ marks }: Outcome): Summary[] =>
  marks.map((mark) => ({
    name: mark.name,
    unit: mark.unit,
    median: median(mark.rounds),
    spread: spreadOf(mark.rounds),
    standing: standingOf(mark),
  }))

/**
 * Keeps a result in a folder with its charts, in place of the figure's last one, and gives the report that it stands in now. One that does not
 * count replaces none that does: it goes to a folder of its own.
 */
export function keepResult(results: string, result: Result): string {
  const counts = faultsOf(result.outcome).length === 0
  const folder = counts ? results : path.join(results, 'uncounted')
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text)
  mkdirSync(folder, { recursive: true })
  write(`${result.figure.id}.json`, `${JSON.stringify(result, undefined, 2)}\n`)
  for (const chart of result.outcome.charts)
    write(`${result.figure.id}-${chart.name}.svg`, drawChart(chart))
  write('report.html', writePage(resultsIn(folder)))
  return path.join(folder, 'report.html')
}

/** All results there are, by figure. */
function resultsIn(folder: string): Result[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Result)
    .toSorted((a, b) => a.figure.id.localeCompare(b.figure.id, 'en', { numeric: true }))
}

/** A line of the history: the figure itself, without the rest. */
export function addToHistory(
  file: string,
  { figure, begun, commit, machine, workers, outcome }: Result,
): void {
  const [mark] = summaryOf(outcome)
  if (!mark) return
  const [low, high] = mark.spread
  const line = {
    figure: figure.id,
    begun,
    commit,
    name: mark.name,
    unit: mark.unit,
    value: mark.median,
    low,
    high,
    standing: mark.standing,
    faults: faultsOf(outcome).length,
    processor: machine.processor,
    cores: machine.cores,
    load: machine.load,
    bills_per_second: machine.bills_per_second,
    workers,
  }
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}
