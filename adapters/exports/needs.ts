import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'

/** A settlement as it stands in a list. */
export interface SettlementLine {
  readonly id: string
  readonly state: string
  readonly person: string
  readonly institution: string
  readonly day: Day
  readonly careRegion: Division
  readonly homeRegion: Division
  readonly route: string
  readonly scheme: Scheme
  readonly care: CareKind
  readonly total: Fen
  readonly fundTotal: Fen
  readonly personTotal: Fen
  readonly account: Fen
  readonly cash: Fen
  readonly postedAt: Instant
}

export interface TransferLine {
  readonly position?: bigint | undefined
  readonly row: string
  readonly settlement: string
  readonly owner: string
  readonly leg: number
  readonly kind: string
  readonly debit: string
  readonly credit: string
  readonly amount: Fen
  readonly postedAt: Instant
}

export interface TotalsLine {
  readonly values: readonly string[]
  readonly amount: Fen
  readonly settlements: bigint
}

/** Whoever signs what left the house (签名), over a text; undefined where no key is good just then. */
export interface Signer {
  sign(text: string): string | undefined
}
