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
  readonly standing: Standing
}

export const summaryOf = ({ marks }: Outcome): Summary[] =>
  marks.map((mark) => ({
    name: mark.name,
    unit: mark.unit,
    median: median(mark.rounds),
    spread: spreadOf(mark.rounds),
    standing: standingOf(mark),
  }))

/** Where results are kept: the newest of each figure, and a line for each that there ever was. */
export class Results {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
  }

  add(result: Result): void {
    this.#write(`${result.figure.id}.json`, `${JSON.stringify(result, undefined, 2)}\n`)
    for (const chart of result.outcome.charts)
      this.#write(`${result.figure.id}-${chart.name}.svg`, drawChart(chart))
    this.#write('report.html', writePage(this.#all()))
  }

  /** All results there are, by figure. */
  #all(): Result[] {
    const files = readdirSync(this.#folder).filter((name) => name.endsWith('.json'))
    return files
      .map((name) => JSON.parse(readFileSync(path.join(this.#folder, name), 'utf8')) as Result)
      .toSorted((a, b) => a.figure.id.localeCompare(b.figure.id, 'en', { numeric: true }))
  }

  #write(name: string, text: string): void {
    writeFileSync(path.join(this.#folder, name), text)
  }
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
    workers,
  }
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}
