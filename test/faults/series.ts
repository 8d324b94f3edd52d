import { type Bench, openBench, type Place } from './bench.ts'
import { isClean, type Verdict } from './checker.ts'
import { type Fault, killAtMessage, type Struck } from './faults.ts'
import type { Random } from './random.ts'
import { killAtStep } from './steps.ts'

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

export interface Series {
  readonly place: Place
  readonly random: Random
  readonly print: (line: string) => void
  /** Runs on one database before the next begins on a fresh one; the checks read every row there is. */
  readonly runsOfOne?: number
}

const mostMessages = 400

/** Runs many faults one after the other, each run with a source of choices that only seed, name and number decide. */
export class Runner {
  readonly tallies: Tally[] = []
  /** Everything that was found wrong, by run. */
  readonly violations: string[] = []
  slowest_ms = 0
  readonly #series: Series
  #bench: Bench | undefined
  #runs = 0
  #databases = 0

  constructor(series: Series) {
    this.#series = series
  }

  async repeat(fault: Fault, times: number): Promise<void> {
    for (let i = 1; i <= times; i++) await this.#run(fault, i)
  }

  /** n = first, first + stride, … until the claim finishes without its n-th message being hit. */
  async everyMessage(kind: 'settle' | 'cancel', first = 1, stride = 1): Promise<void> {
    for (let n = first; n <= mostMessages; n += stride) {
      const { struck } = await this.#run(killAtMessage(kind, n), n)
      if (struck === 0) return
    }
  }

  /** The same around every COMMIT of somebody's movements, card services, bill and collection. */
  async everyStep(first = 1, stride = 1): Promise<void> {
    for (let n = first; n <= mostMessages; n += stride) {
      const { struck } = await this.#run(killAtStep(n), n)
      if (struck === 0) return
    }
  }

  async end(): Promise<void> {
    this.slowest_ms = Math.max(this.slowest_ms, this.#bench?.engine.slowest_ms ?? 0)
    await this.#bench?.end()
    this.#bench = undefined
  }

  async #run(fault: Fault, number: number): Promise<Struck> {
    const { random, print, runsOfOne = 8 } = this.#series
    if (this.#runs++ % runsOfOne === 0) await this.end()
    this.#bench ??= await openBench(this.#series.place, `faults_${++this.#databases}`)
    const tag = `${fault.name.replace(/\W/g, '')}.${number}.`
    const started = performance.now()
    const result = await fault.run(this.#bench, random.fork(`${fault.name} ${number}`), tag)
    this.#count(fault, result)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const { claims, unanswered, undecided, struck } = result
    print(
      `${isClean(result.verdict) ? 'ok  ' : 'FAIL'} ${fault.name} ${number}: struck ${struck}, ${claims} claims, ` +
        `${unanswered} unanswered, ${undecided} undecided, ready in ${this.#bench.engine.ready_ms} ms, ${seconds} s`,
    )
    if (!isClean(result.verdict)) await this.#tell(`${fault.name} ${number}`, result.verdict)
    return result
  }

  #count(fault: Fault, { verdict, ...result }: Struck): void {
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
    const said = this.#bench?.engine.tail(8)
    if (said) this.#series.print(`     the engine said last:\n${said}`)
    await this.end()
  }
}

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
