import type { CardPolicy } from './cardPolicy.ts'
import type { ClearingPolicy } from './clearingPolicy.ts'
import type { Division, Scheme } from './claim.ts'
import type { Day } from './day.ts'
import type { DuplicateRule } from './duplicate.ts'
import type { FilingPolicy } from './filingPolicy.ts'
import type { Fen } from './money.ts'
import type { Source } from './source.ts'

/** What holds for a whole region (统筹区). */
export interface RegionPack {
  readonly file: string
  readonly division: Division
  readonly name: string
  readonly divisions: readonly Division[]
  readonly province: string
  /** The first day of the benefit year, as 01-01. */
  readonly yearStarts: string
  /** Dated amounts that rules may refer to, such as averageWage. */
  readonly parameters: Readonly<
    Record<string, readonly { readonly from: Day; readonly fen: Fen; readonly source: string }[]>
  >
  /** Do sums of another region or scheme of the same year count on? */
  readonly carryOver: { readonly regions: boolean; readonly schemes: boolean }
  readonly undo: UndoPolicy
  readonly settlesUnder: Readonly<Partial<Record<Scheme, Scheme>>>
  /** An external injury needs a declaration that no third party is liable, is refused, or is paid in advance and recovered. */
  readonly externalInjury: 'declaration' | 'refuse' | 'advance'
  readonly cards: CardPolicy
  readonly desk: DeskPolicy
  /** Absent: as is usual. */
  readonly clearing?: ClearingPolicy | undefined
  readonly filing: FilingPolicy
  /** Absent: what is the same as a bill before is suspect and no more. */
  readonly duplicates?: readonly DuplicateRule[] | undefined
  readonly sources: Readonly<Record<string, Source>>
}

/** How the agency's desk works (经办规程). */
export interface DeskPolicy {
  /** A bill above this, or a recovery, needs a second approval (复核) after its review. */
  readonly approvalAbove: Fen
  /** May what somebody owes be set off against what they are to get (抵扣)? */
  readonly setOff: boolean
}

/** Where a region says nothing of it. */
export const usualDeskPolicy: DeskPolicy = { approvalAbove: 1_000_000n as Fen, setOff: false }

/** What may be cancelled (撤销) at the window, and what is left to the agency. */
export interface UndoPolicy {
  /** May a settlement of an earlier month or benefit year be cancelled at the window? */
  readonly acrossMonths: boolean
  readonly acrossYears: boolean
  readonly laterSettlements: 'refuse' | 'list' | 'resettle'
}
