import type { Chart } from './report/chart.ts'
import type { Driver } from './driver.ts'
import type { Manner } from './highest.ts'
import type { K6Result } from './k6.ts'
import { median } from './statistics.ts'

/** One figure of the method: what is measured against what, and how. */
export interface Figure {
  /** B1 to B10, or a name. */
  readonly id: string
  readonly title: string
  readonly against: string
  /** Whether it is k6 that sends. */
  readonly driven: boolean
  /** Whether it is too long to be run where nobody asked for it. */
  readonly onlyByName?: boolean
  /** About how many seconds it takes, for whoever waits. */
  seconds(session: Pick<Session, 'quick' | 'rounds' | 'seconds' | 'minutes'>): number
  run(session: Session): Promise<Outcome>
}

/** What a figure is run with. */
export interface Session {
  /** For a look of some minutes: what it gives is kept apart. */
  readonly quick: boolean
  readonly rounds: number
  /** How long one load lasts. */
  readonly seconds: number
  /** How long the soak lasts. */
  readonly minutes: number
  readonly seed: string
  /** How the highest rate is looked for. */
  readonly manner: Manner
  readonly drive: Driver
  /** Tells whoever waits how far it is. */
  readonly say: (line: string) => void
}

/** What is counted for one thing; of its rounds' figures the middle one counts. */
export interface Mark {
  readonly name: string
  readonly unit: string
  readonly rounds: readonly number[]
  readonly target?: Target
}

export type Target = { readonly atLeast: number } | { readonly atMost: number }

export interface Outcome {
  /** The first is the figure itself. */
  readonly marks: readonly Mark[]
  /** Of the loads that the marks are taken from. */
  readonly load: LoadCount
  readonly books: BooksFound
  readonly settings: Readonly<Record<string, string | number>>
  readonly charts: readonly Chart[]
  /** Every load there was, those of a search that failed among them. */
  readonly loads?: readonly Loaded[]
}

/** One load as it was asked for and seen. */
export interface Loaded {
  readonly arm: string
  readonly rate: number
  readonly seconds: number
  readonly seen: K6Result
}

export interface LoadCount {
  readonly sent: number
  /** Requests that were due while no connection was free for them. */
  readonly dropped: number
  /** Requests that were due and not done, dropped ones among them. */
  readonly failed: number
}

export interface BooksFound {
  /** Settlements that were answered, and that stand in the books. */
  readonly answered: number
  readonly stored: number
  /** What does not hold, in sentences. */
  readonly wrong: readonly string[]
}

export type Standing = 'met' | 'missed' | 'far'

/** Twice as bad as aimed at is no noise of a shared machine. */
const far = 2
/** A run counts where no more than this was not done. */
export const mostFailed = 0.001

/** Nothing where nothing is aimed at. */
export function standingOf({ rounds, target }: Mark): Standing | undefined {
  if (!target) return undefined
  const value = median(rounds)
  const share = 'atLeast' in target ? value / target.atLeast : target.atMost / value
  if (share >= 1) return 'met'
  return share * far >= 1 ? 'missed' : 'far'
}

export const failedShareOf = ({ sent, dropped, failed }: LoadCount): number =>
  sent + dropped === 0 ? 0 : failed / (sent + dropped)

/** Why a run is no good, whatever its figures are. */
export function faultsOf({ load, books }: Outcome): string[] {
  const faults = [...books.wrong]
  const share = failedShareOf(load)
  if (share > mostFailed) faults.push(`${(100 * share).toFixed(2)} % of the requests failed`)
  return faults
}

/** A look is forgiven what a shared machine does to it, though not what is wrong. */
export function isGood(outcome: Outcome, quick: boolean): boolean {
  const standings = outcome.marks.map(standingOf)
  return (
    faultsOf(outcome).length === 0 &&
    standings.every((one) => one === undefined || one === 'met' || (quick && one === 'missed'))
  )
}
