import type { Fen } from './money.ts'

/** The amounts that two sides compare (对账金额). */
export const comparedAmounts = ['total', 'fundTotal', 'account'] as const
export type ComparedAmount = (typeof comparedAmounts)[number]

type Amounts<Of extends string = ComparedAmount> = Readonly<Record<Of, Fen>>

/** What a row of a list is known by: its settlement, and whether it undoes it. */
interface Named {
  readonly settlement: string
  readonly undo: boolean
}

/** One row of one side's list (对账明细): a settlement, or what undid one, whose amounts are negative. */
export interface Stated extends Amounts, Named {}

/** One amount that the two sides state differently; `by` is ours less theirs. */
export interface AmountDifference<Of extends string = ComparedAmount> {
  readonly of: Of
  readonly ours: Fen
  readonly theirs: Fen
  readonly by: Fen
}

/** What two lists do not agree on: a row that one of them lacks, or one whose amounts differ. */
export type Difference<Ours, Theirs, Of extends string = ComparedAmount> =
  | { readonly kind: 'missingThere'; readonly ours: Ours }
  | { readonly kind: 'missingHere'; readonly theirs: Theirs }
  | {
      readonly kind: 'amounts'
      readonly ours: Ours
      readonly theirs: Theirs
      readonly amounts: readonly AmountDifference<Of>[]
    }

/**
 * Compares two lists row by row (对明细账). Rows belong together by their settlement and by whether they undo it; where
 * a side has several, as after a cancellation was itself reversed, equal rows are matched before differing ones.
 */
export const reconcile = <Ours extends Stated, Theirs extends Stated>(
  ours: readonly Ours[],
  theirs: readonly Theirs[],
): Difference<Ours, Theirs>[] => reconcileBy(comparedAmounts, ours, theirs)

/** The same by the amounts that these two lists state. */
export function reconcileBy<
  Of extends string,
  Ours extends Named & Amounts<Of>,
  Theirs extends Named & Amounts<Of>,
>(
  names: readonly Of[],
  ours: readonly Ours[],
  theirs: readonly Theirs[],
): Difference<Ours, Theirs, Of>[] {
  const there = Map.groupBy(theirs, keyOf)
  const here = Map.groupBy(ours, keyOf)
  const keys = [...new Set([...here.keys(), ...there.keys()])]
  return keys.flatMap((key) => compare(names, here.get(key) ?? [], there.get(key) ?? []))
}

const keyOf = ({ settlement, undo }: Named): string => `${settlement} ${undo}`

function compare<Of extends string, Ours extends Amounts<Of>, Theirs extends Amounts<Of>>(
  names: readonly Of[],
  ours: readonly Ours[],
  theirs: readonly Theirs[],
): Difference<Ours, Theirs, Of>[] {
  const amountsOf = (row: Amounts<Of>): string => names.map((of) => row[of]).join(' ')
  const unmatched = Map.groupBy(theirs, amountsOf)
  const restOfOurs = ours.filter((one) => unmatched.get(amountsOf(one))?.pop() === undefined)
  const restOfTheirs = [...unmatched.values()].flat()
  const pairs = Math.min(restOfOurs.length, restOfTheirs.length)
  return [
    ...restOfOurs.slice(0, pairs).map((one, i): Difference<Ours, Theirs, Of> => {
      const other = restOfTheirs[i] as Theirs
      return {
        kind: 'amounts',
        ours: one,
        theirs: other,
        amounts: differences(names, one, other),
      }
    }),
    ...restOfOurs.slice(pairs).map((one) => ({ kind: 'missingThere', ours: one }) as const),
    ...restOfTheirs.slice(pairs).map((one) => ({ kind: 'missingHere', theirs: one }) as const),
  ]
}

function differences<Of extends string>(
  names: readonly Of[],
  ours: Amounts<Of>,
  theirs: Amounts<Of>,
): AmountDifference<Of>[] {
  return names
    .filter((of) => ours[of] !== theirs[of])
    .map((of) => ({ of, ours: ours[of], theirs: theirs[of], by: less(ours[of], theirs[of]) }))
}

/** Unlike the money of a bill, what two statements differ by may be negative. */
const less = (a: Fen, b: Fen): Fen => (a - b) as Fen

/** The sums of a list or of one side's total (对总账): settlements less what undid them. */
export interface StatedSums extends Amounts {
  readonly rows: number
}

/** How two totals stand: level 平, more on one side, or neither (数据不一致). */
export type Standing = 'level' | 'oursMore' | 'theirsMore' | 'different'

/** Compares two totals (对总账). As many settlements with other amounts, or more of one thing and less of another, are different. */
export function compareSums(
  ours: StatedSums,
  theirs: StatedSums,
): { readonly standing: Standing; readonly rows: number; readonly amounts: AmountDifference[] } {
  const rows = ours.rows - theirs.rows
  const amounts = differences(comparedAmounts, ours, theirs)
  return { standing: standingOf(rows, amounts), rows, amounts }
}

function standingOf(rows: number, amounts: readonly AmountDifference[]): Standing {
  if (rows === 0) return amounts.length === 0 ? 'level' : 'different'
  if (rows > 0) return amounts.every(({ by }) => by >= 0n) ? 'oursMore' : 'different'
  return amounts.every(({ by }) => by <= 0n) ? 'theirsMore' : 'different'
}
