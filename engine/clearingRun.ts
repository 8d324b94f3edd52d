import type { Division } from './claim.ts'
import type {
  Clearable,
  ClearedAmounts,
  ClearingCategory,
  ClearingPosting,
  ClearingTotal,
} from './clearing.ts'
import type { Dispute } from './clearingStatement.ts'
import type { Day, Instant } from './day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import type { PaymentOrder } from './netting.ts'
import type { Found } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'

/**
 * What a run (清算批次) is of: rows of a pair of regions, rows of an institution, runs of pairs that are netted together
 * (轧差), or an institution's runs of a year (年终清算).
 */
export const runKinds = ['pair', 'institution', 'netting', 'final'] as const
export type RunKind = (typeof runKinds)[number]

/** Which side of what was settled away from home a region is (参保地, 就医地). */
export type PairSide = 'home' | 'care'

/** One closed window. Nothing of it ever changes; what becomes of it stands in the entries of its own subject. */
export interface ClearingRun extends Pick<ClearedAmounts, 'due'> {
  readonly id: string
  readonly owner: string
  readonly kind: RunKind
  /** The runs of which this is the next, by the name of their subject. */
  readonly chain: string
  readonly sequence: number
  readonly window: string
  readonly until: Day
  /** The region whose agency closed it. */
  readonly region: Division
  readonly side?: PairSide | undefined
  readonly partner?: Division | undefined
  readonly institution?: string | undefined
  readonly category?: ClearingCategory | undefined
  readonly closedAt: Instant
  readonly rows: number
  readonly totals: readonly ClearingTotal[]
}

/** A run that is in a later one: netted, or closed with its year. */
export interface TakenRun {
  readonly owner: string
  readonly run: string
  readonly by: string
  readonly due: bigint
  /** What of it a prepaid fund has paid, of how much there was in it. */
  readonly drawn: bigint
  readonly available: bigint
}

/** A payment that a netting ordered, with the number it is known by. */
export interface NumberedOrder extends PaymentOrder {
  readonly id: string
  readonly netting: string
}

/** What a step of clearing writes beside its entries. */
export interface ClearingWriting {
  readonly posting?: ClearingPosting | undefined
  readonly run?: ClearingRun | undefined
  readonly rows?: readonly Clearable[] | undefined
  readonly disputes?: readonly Dispute[] | undefined
  readonly taken?: readonly TakenRun[] | undefined
  readonly orders?: readonly NumberedOrder[] | undefined
}

/** The runs of one kind, one after the other: what is kept of them under one subject. */
export interface Chain {
  /** How many entries it has: whoever closes the next window says which they saw. */
  readonly version: number
  readonly last?: { readonly run: string; readonly window: string; readonly until: Day } | undefined
  readonly runs: readonly { readonly run: string; readonly window: string }[]
}

export function chainOf(kept: readonly Kept[]): Chain {
  const runs = kept
    .filter(({ kind }) => kind === 'closed')
    .map(({ body }) => body as unknown as NonNullable<Chain['last']>)
  return { version: kept.at(-1)?.version ?? 0, last: runs.at(-1), runs }
}

/** What is asked of every run: the next of its chain, over a window that is over. */
export interface NextRun {
  readonly chain: Subject
  /** How many entries the chain had when its rows were read. */
  readonly seen: number
  readonly window: { readonly name: string; readonly until: Day }
}

/** Whether the chain may go on with this window, which ends after all before it. */
export function refuseNext(found: Found, asked: NextRun): Refusal | undefined {
  const { last } = chainOf(keptOf(found.dossiers, asked.chain))
  const { name: window, until } = asked.window
  return last && last.until >= until
    ? refuse('window-closed', { window, run: last.run })
    : refuseOvertaken(found, asked)
}

/** Where the chain went on since its rows were read, they may be in a run already: they are read again. */
export function refuseOvertaken(
  { dossiers, today }: Found,
  { chain, seen, window: { name: window, until } }: NextRun,
): Refusal | undefined {
  if (until >= today) return refuse('period-not-over', { until })
  const { version } = chainOf(keptOf(dossiers, chain))
  return version === seen ? undefined : refuse('window-overtaken', { window })
}

/** The entry that ends a window; `due` is when the next one is. */
export const closedEntry = ({ chain, window }: NextRun, run: string, due?: Instant): Entry => ({
  subject: chain,
  kind: 'closed',
  body: { run, window: window.name, until: window.until },
  due,
})

/** A run as whoever asked for it is told. */
export const runTold = ({
  id,
  window,
  rows,
  due,
}: ClearingRun): { readonly [name: string]: Json } => ({
  run: id,
  window,
  rows,
  due: String(due),
})
