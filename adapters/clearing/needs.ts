import type { StatementRow } from '../../engine/awayClaim.ts'
import type { CareKind, Division } from '../../engine/claim.ts'
import type { Clearable, ClearingCategory } from '../../engine/clearing.ts'
import type { ClearingPolicy } from '../../engine/clearingPolicy.ts'
import type { ClearingRun, NumberedOrder, PairSide, RunKind } from '../../engine/clearingRun.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Entry, Kept, Subject } from '../../engine/dossier.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Pair } from '../../engine/pairRun.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Found } from '../../engine/ports.ts'
import type { Refusal } from '../../engine/refusal.ts'

/** What clearing asks of the rest of the world. */
export interface World {
  /** In a transaction of its own: a window may hold a hundred thousand rows, and nobody at a till waits for them. */
  submit(ask: Ask): Promise<Outcome>
  newId(owner: string): string
  /** SM3 of a canonical input, in hexadecimal. */
  fingerprint(input: string): string
  now(): Instant
  today(): Day
  /** The day in China of a moment, and the moment at which a day begins. */
  dayOf(at: Instant): Day
  startOf(day: Day): Instant
  /** The regions whose books are kept here; the first nets for all of them. */
  readonly served: readonly Division[]
  regionOf(division: Division): Division | undefined
  policyOf(region: Division): ClearingPolicy
  institution(code: string): Promise<Institution | undefined>
  kept(subject: Subject): Promise<readonly Kept[]>
  readonly rows: Rows
  readonly runs: Runs
  readonly due: Due
  readonly applications: Applications
  readonly statements: Statements
}

/** A statement that one region asks of another (对账单): rows of theirs with the asker, by the days on which they were posted. */
export interface StatementAsked {
  /** Whose rows, and which side they had. */
  readonly of: Division
  readonly side: PairSide
  /** Who asks. */
  readonly by: Division
  readonly from: Day
  readonly until: Day
}

/**
 * Statements of other regions, whole; throws where the region is not heard, and the window stays open until it is. A
 * region whose books are kept here as well answers from the other side of the same rows.
 */
export interface Statements {
  statementOf(asked: StatementAsked): Promise<readonly StatementRow[]>
}

export interface Rows {
  open(pair: Pair, until: Day): Promise<readonly Clearable[]>
  openOf(institution: string, cares: readonly CareKind[], until: Day): Promise<readonly Clearable[]>
  cleared(
    region: Division,
    references: readonly string[],
  ): Promise<readonly { readonly reference: string; readonly undo: boolean }[]>
  pairs(): Promise<
    readonly { readonly home: Division; readonly care: Division; readonly first: Instant }[]
  >
}

export type StoredRun = Omit<ClearingRun, 'totals'>

export interface Runs {
  run(id: string): Promise<StoredRun | undefined>
  /** Runs of a kind until a day that are in no later run yet. */
  openRuns(kind: RunKind, owners: readonly string[], until: Day): Promise<readonly StoredRun[]>
  oldestDispute(owner: string, chain: string): Promise<Day | undefined>
  order(id: string): Promise<NumberedOrder | undefined>
}

export interface DueSubject {
  readonly subject: Subject
  readonly attempts: number
}

export interface Due {
  list(now: Instant, limit: number): Promise<readonly DueSubject[]>
  /** Of all who want to look at one now, one is told true. */
  claim(due: DueSubject, now: Instant, until: Instant): Promise<boolean>
}

/** Applications for clearing (清算申请) as the national interface takes them. */
export interface Applications {
  find(institution: Institution, event: string): Promise<Application | undefined>
}

export interface Application {
  readonly subject: Subject
  readonly month: string
  readonly until: Day
  readonly category: ClearingCategory
  /** What of the category is applied for by itself, as the region divides it. */
  readonly part: string
  readonly cares: readonly CareKind[]
  /** The entry that ends it as an application, where it is still one. */
  decide(
    found: Found,
    as: { readonly run: string } | { readonly rejected: string },
  ): Entry | Refusal
}
