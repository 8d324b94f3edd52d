import type { CardLife } from '../../engine/card.ts'
import type { Division } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { ListedInstitution } from '../../engine/institution.ts'
import type { Fen } from '../../engine/money.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Place } from '../../engine/route.ts'
import type { Page, PageAsked, SettlementSummary } from './needs.ts'

/** What auditors and desks look for (检索). */
export interface FindDesk {
  search(
    asked: PageAsked & { readonly text: string; readonly on?: Day | undefined },
  ): Promise<Page<Hit>>
  refusals(filter: RefusalFilter): Promise<Page<KeptRefusal>>
  /** All that is kept of what happened to a settlement, in the order of time; undefined where there is none. */
  history(
    id: string,
  ): Promise<{ readonly person: string; readonly items: readonly Happened[] } | undefined>
  institutions(
    asked: PageAsked & { readonly codes?: readonly string[] | undefined },
  ): Promise<Page<ListedInstitution>>
  /** What happened in the minutes up to that of now, the oldest first. */
  minutes(now: Instant): Promise<readonly Minute[]>
  /** Rows that wait for their place in the journal. */
  unjournaled(): Promise<number>
}

/** What else settlements are asked by than whose and when they are. */
export interface NarrowedBy {
  /** The card that was shown, by its id or its number. */
  readonly card?: string | undefined
  /** A fund that pays a part of it. */
  readonly fund?: string | undefined
  readonly rulePack?: string | undefined
  /** Both included. */
  readonly totalFrom?: Fen | undefined
  readonly totalUntil?: Fen | undefined
  readonly route?: Place | undefined
  readonly careRegion?: Division | undefined
  readonly homeRegion?: Division | undefined
  readonly postedFrom?: Instant | undefined
  readonly postedUntil?: Instant | undefined
}

/** Something that was found (检索结果); names and numbers are masked before they come here. */
export type Hit =
  | {
      readonly kind: 'settlement'
      readonly summary: SettlementSummary
      readonly maskedName?: string | undefined
    }
  | {
      readonly kind: 'person'
      readonly id: string
      readonly maskedName: string
      readonly maskedCitizenNumber: string
    }
  | {
      readonly kind: 'card'
      readonly id: string
      readonly owner: string
      readonly maskedNumber: string
      readonly life: CardLife
    }
  | {
      readonly kind: 'institution'
      readonly code: string
      readonly name: string
    }
  | {
      readonly kind: 'message'
      readonly institution: string
      readonly key: string
      /** What it was answered with; absent while another region is asked. */
      readonly outcome?: string | undefined
      readonly code?: string | undefined
      readonly person?: string | undefined
      readonly settlement?: string | undefined
      readonly day?: string | undefined
    }

export interface RefusalFilter extends PageAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly code?: string | undefined
  /** Days on which it was refused, both included. */
  readonly from?: Day | undefined
  readonly until?: Day | undefined
}

/** What was refused (拒付记录): to whom, under which key, and why. */
export interface KeptRefusal {
  readonly at: Instant
  readonly institution: string
  readonly key: string
  readonly person?: string | undefined
  readonly refusal: Refusal
}

/** One thing that happened to a settlement (结算历程). */
export type Happened = {
  readonly at: Instant
  readonly row?: string | undefined
  readonly institution?: string | undefined
} & (
  | { readonly event: 'settled' | 'cancelled' | 'reversed' | 'restored'; readonly total: Fen }
  | { readonly event: 'asked' | 'reversal-repeated' }
  | { readonly event: 'refused'; readonly refusal: Refusal }
  | {
      readonly event: 'cross-region'
      readonly state: string
      readonly purpose: string
      readonly region: Division
    }
  | { readonly event: 'visit' | 'recovery'; readonly entry: string }
  | { readonly event: 'collection'; readonly state: string }
  | {
      readonly event: 'moved'
      readonly moves: string
      readonly takenBack: boolean
      readonly amount: Fen
    }
  | { readonly event: 'journaled'; readonly position: bigint }
  | {
      readonly event: 'cleared'
      readonly run: string
      readonly kind: string
      readonly period: string
    }
  | { readonly event: 'replaced'; readonly by: string }
)

/** What was settled, undone and refused in one minute. */
export interface Minute {
  readonly at: Instant
  readonly settled: number
  readonly undone: number
  readonly refused: number
}
