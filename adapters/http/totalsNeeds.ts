import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Page, PageAsked, SettlementFilter } from './needs.ts'

/** What totals may be told by. */
export const dimensions = [
  'fund',
  'region',
  'careRegion',
  'institution',
  'scheme',
  'care',
  'month',
] as const
export type Dimension = (typeof dimensions)[number]

export interface TotalsAsked {
  /** One or two. */
  readonly by: readonly Dimension[]
  /** Which day counts: that of treatment or that of posting. */
  readonly basis: 'treated' | 'posted'
  /** Only what funds paid, or what everybody bore. */
  readonly payers: 'funds' | 'all'
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  readonly filter: Readonly<Partial<Record<Exclude<Dimension, 'month'>, string | undefined>>>
}

export interface Totals {
  readonly items: readonly {
    /** In the order of `by`. */
    readonly values: readonly string[]
    readonly amount: Fen
    readonly settlements: bigint
  }[]
  readonly amount: Fen
  readonly settlements: bigint
  /** The last place in the journal that is in them. */
  readonly position: bigint
}

/** One entry of a ledger account (明细账), with the balance that it left. */
export interface LedgerEntry {
  readonly position: bigint
  readonly row: string
  readonly settlement: string
  readonly leg: number
  readonly kind: string
  readonly side: 'debit' | 'credit'
  readonly counterAccount: string
  readonly amount: Fen
  readonly balance: Fen
  readonly postedAt: Instant
  readonly treatedOn?: Day | undefined
}

export type EntriesOf = (
  asked: PageAsked & { readonly account: string; readonly order: 'oldest' | 'newest' },
) => Promise<Page<LedgerEntry>>

export const exportFormats = ['csv', 'xlsx', 'jsonl', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

interface Exported {
  readonly format: ExportFormat
  /** What was asked for, as it is told in the manifest. */
  readonly filters: Readonly<Record<string, string>>
  readonly caller: string
}

/** Which rows are exported. */
export type ExportAsked = Exported &
  (
    | { readonly name: 'settlements'; readonly filter: Omit<SettlementFilter, keyof PageAsked> }
    | {
        readonly name: 'transfers'
        readonly filter: {
          readonly account?: string | undefined
          readonly settlement?: string | undefined
          readonly owner?: string | undefined
          readonly postedFrom?: Day | undefined
          readonly postedUntil?: Day | undefined
        }
      }
    | { readonly name: 'totals'; readonly filter: TotalsAsked }
  )

/** An export that was begun. */
export interface OpenExport {
  readonly id: string
  readonly type: string
  readonly body: AsyncIterable<Uint8Array>
}

/** What leaves the house as a file (导出). */
export interface ExportDesk {
  /** Undefined where as many are under way as may. It ends with the signal, wherever it is. */
  open(asked: ExportAsked, over: AbortSignal): Promise<OpenExport | undefined>
  /** The manifest of one that went out whole, as it was signed. */
  manifest(
    id: string,
  ): Promise<{ readonly canonical: string; readonly signature?: string | undefined } | undefined>
}
