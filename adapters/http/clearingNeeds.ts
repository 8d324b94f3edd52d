import type { StatementRow } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { ClearedAmounts, ClearedBy, ClearingTotal } from '../../engine/clearing.ts'
import type { ClearingRun, NumberedOrder } from '../../engine/clearingRun.ts'
import type { Compared, Dispute } from '../../engine/clearingStatement.ts'
import type { Window } from '../../engine/clearingWindow.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { DeductionKind } from '../../engine/institutionSteps.ts'
import type { OrderState } from '../../engine/orderPayment.ts'
import type { Pair } from '../../engine/pairRun.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Key } from '../../engine/ports.ts'
import type { PrepaidLevel, PrepaidSide } from '../../engine/prepaid.ts'
import type { RunProgress, RunStep } from '../../engine/runStages.ts'
import type { Page, PageAsked } from './needs.ts'

/** Who does it at the agency (经办人). */
interface Doing {
  readonly operator: string
}

/** Clearing (清算) as agencies ask about it and do it. */
export interface ClearingDesk {
  closeWindow(key: Key, pair: Pair, window: Window): Promise<Outcome>
  compare(pair: Pair, window: Window): Promise<Compared>
  net(key: Key, until: Day): Promise<Outcome>
  stepOrder(
    key: Key,
    asked: Doing & {
      readonly order: string
      readonly step: 'payment-request' | 'payment' | 'receipt'
    },
  ): Promise<Outcome>
  stepPrepaid(
    key: Key,
    step: 'request' | 'approval' | 'receipt',
    asked: Doing & {
      readonly of: PrepaidSide
      readonly amount: bigint
      readonly size?: bigint | undefined
    },
  ): Promise<Outcome>
  stepAdvance(
    key: Key,
    step: 'request' | 'approval',
    asked: Doing & { readonly institution: string; readonly amount: bigint },
  ): Promise<Outcome>
  accept(key: Key, asked: Deciding): Promise<Outcome>
  reject(key: Key, asked: Deciding & { readonly reason: string }): Promise<Outcome>
  step(
    key: Key,
    asked: Doing & {
      readonly run: string
      readonly step: RunStep
      readonly amount?: bigint | undefined
      readonly of?: DeductionKind | undefined
      readonly reason?: string | undefined
    },
  ): Promise<Outcome>
  closeYear(
    key: Key,
    asked: Doing & { readonly institution: string; readonly year: string },
  ): Promise<Outcome>

  run(id: string): Promise<FoundRun | undefined>
  runs(asked: PageAsked & RunFilter): Promise<Page<StoredRun>>
  rows(run: StoredRun, asked: PageAsked): Promise<Page<RunRow>>
  disputes(run: StoredRun, asked: PageAsked): Promise<Page<Dispute>>
  statement(
    pair: Pair,
    days: { readonly from: Day; readonly until: Day },
  ): Promise<readonly StatementRow[]>
  orders(
    asked: PageAsked & {
      readonly region?: Division | undefined
      readonly netting?: string | undefined
    },
  ): Promise<Page<FoundOrder>>
  prepaid(region: Division): Promise<readonly FoundPrepaid[]>
  advance(institution: string): Promise<{ readonly balance: bigint; readonly waiting?: string }>
  applications(institution: string): Promise<readonly FoundApplication[]>
  reports(
    region: Division,
    days: { readonly from: Day; readonly until: Day },
  ): Promise<ClearingReports>
}

interface Deciding extends Doing {
  readonly institution: string
  readonly application: string
}

export type StoredRun = Omit<ClearingRun, 'totals'> & { readonly takenBy?: string | undefined }

export interface RunFilter {
  readonly owner?: string | undefined
  readonly kind?: string | undefined
}

/** A run with its sums and, where it is an institution's, what became of it. */
export interface FoundRun {
  readonly run: StoredRun
  readonly totals: readonly ClearingTotal[]
  readonly progress?: RunProgress | undefined
}

export interface RunRow extends ClearedBy, ClearedAmounts {
  readonly row: string
  readonly reference: string
  readonly undo: boolean
}

/** A payment order, and where it stands with those who pay and get it, as far as their books are kept here. */
export interface FoundOrder extends NumberedOrder {
  readonly payment?: OrderState | undefined
  readonly receipt?: OrderState | undefined
}

export interface FoundPrepaid extends PrepaidSide {
  readonly balance: bigint
  readonly size: bigint
  readonly level: PrepaidLevel
  /** What waits for a second person. */
  readonly waiting?: string | undefined
}

/** An application for clearing (清算申请) and what became of it. */
export interface FoundApplication {
  readonly application: string
  readonly category: string
  readonly month: string
  readonly from: Day
  readonly until: Day
  readonly state: 'applied' | 'withdrawn' | 'accepted' | 'rejected'
  readonly run?: string | undefined
  readonly reason?: string | undefined
  readonly at: Instant
}

/** The benefit ledger moves at settlement, the cash book at payment (decision 24). */
export interface ClearingReports {
  readonly benefits: readonly {
    readonly scheme: string
    readonly account: string
    readonly amount: bigint
  }[]
  readonly cash: readonly {
    readonly account: string
    readonly for: string
    readonly received: bigint
    readonly paid: bigint
  }[]
}
