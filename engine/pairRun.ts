import type { Division } from './claim.ts'
import {
  amountsOf,
  type Clearable,
  clearingAccounts,
  type Flow,
  postingOf,
  regionOwner,
  totalsOf,
} from './clearing.ts'
import {
  chainOf,
  type ClearingRun,
  closedEntry,
  type NextRun,
  type PairSide,
  refuseNext,
  runTold,
} from './clearingRun.ts'
import type { Dispute } from './clearingStatement.ts'
import { type Day, dayAfter, type Instant } from './day.ts'
import { keptOf, type Subject } from './dossier.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, isRefusal } from './refusal.ts'

/** One region's side of what was settled between it and another (清算对). */
export interface Pair {
  readonly region: Division
  readonly side: PairSide
  readonly partner: Division
}

/** How the names of the chains of pairs begin. */
export const pairPrefix = 'clearing-pair '

export const pairChain = ({ region, side, partner }: Pair): Subject => ({
  owner: regionOwner(region),
  name: `${pairPrefix}${side} ${partner}`,
})

/** The pair that such a chain is of. */
export function pairOf({ owner, name }: Subject): Pair {
  const [side, partner] = name.slice(pairPrefix.length).split(' ') as [PairSide, Division]
  return { region: owner.slice(regionOwner('').length), side, partner }
}

/** Notes that a pair is to be cleared, and from when on, the first time that anything was settled between the two. */
export function openPair(found: Found, pair: Pair, first: Day, due: Instant): Entered {
  const chain = pairChain(pair)
  if (keptOf(found.dossiers, chain).length > 0) return { entries: [] }
  return { entries: [{ subject: chain, kind: 'opened', body: { first }, due }] }
}

/** The first day that the next window of a pair is about. */
export function nextFrom(kept: Parameters<typeof chainOf>[0]): Day | undefined {
  const { last } = chainOf(kept)
  if (last) return dayAfter(last.until)
  const [opened] = kept
  return (opened?.body as { readonly first?: Day } | undefined)?.first
}

/** A window of a pair, with the rows on which both sides agree (清算). */
export interface PairWindow extends NextRun {
  readonly pair: Pair
  readonly run: string
  readonly agreed: readonly Clearable[]
  readonly disputes: readonly Dispute[]
  readonly nextDue: Instant
}

/** Closes a window: every row that both sides have alike, once; what is due for them moves to the account of the pair. */
export function closePair(found: Found, asked: PairWindow): Entered | Refusal {
  const { pair, run: id, agreed, disputes, window, chain } = asked
  const refusal = refuseNext(found, asked)
  if (isRefusal(refusal)) return refusal
  const owner = regionOwner(pair.region)
  const run: ClearingRun = {
    id,
    owner,
    kind: 'pair',
    chain: chain.name,
    sequence: asked.seen + 1,
    window: window.name,
    until: window.until,
    ...pair,
    closedAt: found.now,
    rows: agreed.length,
    due: amountsOf(agreed).due,
    totals: totalsOf(agreed),
  }
  const about = { id, owner, subject: chain.name, kind: 'clearing' }
  return {
    entries: [closedEntry(asked, id, asked.nextDue)],
    result: { ...runTold(run), disputes: disputes.length },
    clearing: { ...postingOf(about, flowsOf(pair, agreed)), run, rows: agreed, disputes },
  }
}

function flowsOf({ region, side, partner }: Pair, rows: readonly Clearable[]): Flow[] {
  const between = clearingAccounts.between(region, partner)
  return [...Map.groupBy(rows, (row) => row.in)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, group]) => ({
      kind: 'clearing',
      owner: regionOwner(region),
      debit: side === 'home' ? account : between,
      credit: side === 'home' ? between : account,
      amount: amountsOf(group).due,
    }))
}
