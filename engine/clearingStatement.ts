import type { Clearable } from './clearing.ts'
import type { Day } from './day.ts'
import type { Fen } from './money.ts'
import type { StatementRow } from './awayClaim.ts'
import { type AmountDifference, reconcileBy } from './reconcile.ts'

const stated = ['total', 'fundTotal', 'account', 'due'] as const
type StatedAmount = (typeof stated)[number]

/** A row on which two regions do not agree (争议明细): it is held out of the window, and looked at again in the next. */
export interface Dispute {
  readonly reference: string
  readonly undo: boolean
  readonly kind: 'missingThere' | 'missingHere' | 'amounts'
  /** The day on which it was posted here, or there where it is not here. */
  readonly postedOn: Day
  readonly amounts: readonly AmountDifference<StatedAmount>[]
}

/** What two statements come to: rows that both have alike, and those that they do not. */
export interface Compared {
  readonly agreed: readonly Clearable[]
  readonly disputes: readonly Dispute[]
}

interface Side extends Readonly<Record<StatedAmount, Fen>> {
  readonly settlement: string
  readonly undo: boolean
  readonly postedOn: Day
}

type Ours = Side & { readonly row: Clearable }

/** Rows that nobody owes anything for are in no window. */
export function compareStatements(
  open: readonly Clearable[],
  theirs: readonly StatementRow[],
): Compared {
  const ours = open.map((row): Ours => ({ ...sideOf(row), row }))
  const others = theirs.filter(({ due }) => due !== 0n).map(sideOfStated)
  const nowhere = annulled(open, others)
  const differences = reconcileBy(
    stated,
    ours.filter(({ row }) => !nowhere.has(row)),
    others,
  )
  const disputed = new Set<Clearable>()
  const disputes = differences.map((difference): Dispute => {
    if (difference.kind !== 'missingHere') disputed.add(difference.ours.row)
    const side = difference.kind === 'missingHere' ? difference.theirs : difference.ours
    return {
      reference: side.settlement,
      undo: side.undo,
      kind: difference.kind,
      postedOn: side.postedOn,
      amounts:
        difference.kind === 'amounts' ? difference.amounts : amountsOf(difference.kind, side),
    }
  })
  return { agreed: open.filter((row) => !disputed.has(row)), disputes }
}

/**
 * Rows that come to nothing here and have no match there: a settlement that the other side never heard of, and what took it
 * back. Nobody owes anything for them, so they are held out no longer than the settlement stood.
 */
function annulled(open: readonly Clearable[], others: readonly Side[]): ReadonlySet<Clearable> {
  const there = new Set(others.map(({ settlement }) => settlement))
  const groups = Map.groupBy(open, ({ reference }) => reference)
  return new Set(
    [...groups].flatMap(([reference, rows]) =>
      !there.has(reference) && rows.reduce((sum, { due }) => sum + due, 0n) === 0n ? rows : [],
    ),
  )
}

const amountsOf = (
  kind: 'missingThere' | 'missingHere',
  side: Side,
): AmountDifference<StatedAmount>[] =>
  stated.map((of) => {
    const here = kind === 'missingThere'
    const none = 0n as Fen
    const [ours, theirs] = here ? [side[of], none] : [none, side[of]]
    return { of, ours, theirs, by: (ours - theirs) as Fen }
  })

const sideOf = ({ reference, undo, postedOn, ...row }: Clearable): Side => ({
  settlement: reference,
  undo,
  postedOn,
  total: row.total as Fen,
  fundTotal: row.fundTotal as Fen,
  account: row.account as Fen,
  due: row.due as Fen,
})

/** Amounts of a statement are positive; the kind of its row tells the sign. */
function sideOfStated({ reference, kind, postedOn, ...row }: StatementRow): Side {
  const undo = kind === 'cancellation' || kind === 'reversal'
  const signed = (amount: Fen): Fen => (undo ? -amount : amount) as Fen
  return {
    settlement: reference,
    undo,
    postedOn,
    total: signed(row.total),
    fundTotal: signed(row.fundTotal),
    account: signed(row.account),
    due: signed(row.due),
  }
}

/** A row as the other side is told it. */
export const statementRowOf = (
  row: Clearable,
  { kind, sequence }: Pick<StatementRow, 'kind' | 'sequence'>,
): StatementRow => {
  const sign = row.undo ? -1n : 1n
  const positive = (amount: bigint): Fen => (sign * amount) as Fen
  return {
    reference: row.reference,
    kind,
    sequence,
    scheme: row.scheme,
    postedOn: row.postedOn,
    total: positive(row.total),
    fundTotal: positive(row.fundTotal),
    account: positive(row.account),
    due: positive(row.due),
  }
}
