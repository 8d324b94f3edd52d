import { isClean, type Verdict } from './checker.ts'
import type { Engine } from './engine.ts'
import type { Random } from './random.ts'

/** What faults are run on: one engine or several. */
export interface Runnable {
  readonly engines: readonly Engine[]
  end(): Promise<void>
}

/** One kind of fault: a run strikes once or more, and says how often it did. */
export interface Fault<B extends Runnable> {
  readonly name: string
  readonly says: string
  run(bench: B, random: Random, tag: string): Promise<Struck>
}

/** What a run came to. */
export interface Report {
  readonly verdict: Verdict
  readonly claims: number
  /** Sendings that got no answer at all, and those that got no final one. */
  readonly unanswered: number
  readonly undecided: number
}

export interface Struck extends Report {
  /** Faults that really fell: a planned one may find nothing to strike. */
  readonly struck: number
}

/** The line of the table for one kind of fault. */
export interface Tally {
  readonly name: string
  readonly says: string
  runs: number
  struck: number
  claims: number
  unanswered: number
  undecided: number
  lost: number
  doubled: number
  unexplained: number
}

export interface Series<B extends Runnable> {
  /** Opens a bench on a fresh database of this name. */
  open(name: string): Promise<B>
  readonly random: Random
  readonly print: (line: string) => void
  /** Runs on one database before the next begins on a fresh one; the checks read every row there is. */
  readonly runsOfOne?: number
}

const longestWalk = 400

/** Runs many faults one after the other, each run with a source of choices that only seed, name and number decide. */
export class Runner<B extends Runnable> {
  readonly tallies: Tally[] = []
  /** Everything that was found wrong, by run. */
  readonly violations: string[] = []
  slowest_ms = 0
  readonly #series: Series<B>
  #bench: B | undefined
  #runs = 0
  #databases = 0

  constructor(series: Series<B>) {
    this.#series = series
  }

  async repeat(fault: Fault<B>, times: number): Promise<void> {
    for (let i = 1; i <= times; i++) await this.#run(fault, i)
  }

  /** n = first, first + stride, … until the n-th of something is not there any more, so that nothing was struck. */
  async walk(fault: (n: number) => Fault<B>, first = 1, stride = 1): Promise<void> {
    for (let n = first; n <= longestWalk; n += stride) {
      const { struck } = await this.#run(fault(n), n)
      if (struck === 0) return
    }
  }

  async end(): Promise<void> {
    for (const { slowest_ms } of this.#bench?.engines ?? [])
      this.slowest_ms = Math.max(this.slowest_ms, slowest_ms)
    await this.#bench?.end()
    this.#bench = undefined
  }

  async #run(fault: Fault<B>, number: number): Promise<Struck> {
    const { random, print, runsOfOne = 8 } = this.#series
    if (this.#runs++ % runsOfOne === 0) await this.end()
    this.#bench ??= await this.#series.open(`faults_${++this.#databases}`)
    const tag = `${fault.name.replace(/\W/g, '')}.${number}.`
    const started = performance.now()
    const result = await fault.run(this.#bench, random.fork(`${fault.name} ${number}`), tag)
    this.#count(fault, result)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const { claims, unanswered, undecided, struck } = result
    print(
      `${isClean(result.verdict) ? 'ok  ' : 'FAIL'} ${fault.name} ${number}: struck ${struck}, ${claims} claims, ` +
        `${unanswered} unanswered, ${undecided} undecided, ready in ${readyIn(this.#bench)} ms, ${seconds} s`,
    )
    if (!isClean(result.verdict)) await this.#tell(`${fault.name} ${number}`, result.verdict)
    return result
  }

  #count(fault: Fault<B>, { verdict, ...result }: Struck): void {
    let tally = this.tallies.find(({ name }) => name === fault.name)
    if (!tally) {
      const { name, says } = fault
      const nothing = { unanswered: 0, undecided: 0, lost: 0, doubled: 0, unexplained: 0 }
      tally = { name, says, runs: 0, struck: 0, claims: 0, ...nothing }
      this.tallies.push(tally)
    }
    tally.runs++
    tally.struck += result.struck
    tally.claims += result.claims
    tally.unanswered += result.unanswered
    tally.undecided += result.undecided
    tally.lost += verdict.lost.length
    tally.doubled += verdict.doubled.length
    tally.unexplained += verdict.unexplained.length
  }

  /** A database with a violation would tell it again after every run, so the next run gets a new one. */
  async #tell(run: string, { lost, doubled, unexplained }: Verdict): Promise<void> {
    const found = [
      ...lost.map((text) => `lost: ${text}`),
      ...doubled.map((text) => `doubled: ${text}`),
      ...unexplained.map((text) => `unexplained: ${text}`),
    ]
    for (const text of found.slice(0, 20)) this.#series.print(`     ${text}`)
    if (found.length > 20) this.#series.print(`     and ${found.length - 20} more`)
    this.violations.push(...found.map((text) => `${run}: ${text}`))
    for (const engine of this.#bench?.engines ?? []) {
      const said = engine.tail(8)
      if (said) this.#series.print(`     the engine said last:\n${said}`)
    }
    await this.end()
  }
}

const readyIn = ({ engines }: Runnable): number => Math.max(...engines.map((one) => one.ready_ms))

export function table(tallies: readonly Tally[]): string {
  const heads = [
    'fault',
    'runs',
    'struck',
    'claims',
    'unanswered',
    'undecided',
    'lost',
    'doubled',
    'unexplained',
  ]
  const rows = tallies.map((t) =>
    [
      t.name,
      t.runs,
      t.struck,
      t.claims,
      t.unanswered,
      t.undecided,
      t.lost,
      t.doubled,
      t.unexplained,
    ].map(String),
  )
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => (row[i] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
  return [line(heads), ...rows.map((row) => line(row))].join('\n')
}
