import type pg from 'pg'
import type { Day } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Readers } from './readers.ts'
import { besideSums, type Reach, type Read } from './snapshot.ts'
import { type TotalsDimension, type TotalsFilter, totalsOf } from './sql/totals.ts'

export interface TotalsAsked {
  /** One or two. */
  readonly by: readonly TotalsDimension[]
  readonly basis: 'treated' | 'posted'
  readonly payers: 'funds' | 'all'
  /** Days of the basis, both included. */
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  readonly filter: TotalsFilter
}

export interface TotalsItem {
  /** In the order of `by`. */
  readonly values: readonly string[]
  readonly amount: Fen
  /** Those that were undone taken off. */
  readonly settlements: bigint
}

/** What bills cost whom (费用汇总). */
export interface Totals {
  readonly items: readonly TotalsItem[]
  readonly amount: Fen
  readonly settlements: bigint
  /** The last place in the journal that is in them; what waits for one is as well. */
  readonly position: bigint
}

export interface TotalsQueries {
  totals(asked: TotalsAsked): Promise<Totals>
}

export const createTotals = (pool: pg.Pool, readers?: Readers): TotalsQueries => ({
  totals: async (asked) =>
    besideSums(pool, readers, async (read, reach) => readTotals(read, reach, asked)),
})

type Row = {
  readonly d1: string
  readonly d2?: string
  readonly amount: Fen
  readonly settlements: bigint
}

export async function readTotals(
  read: Read,
  { summed, placed }: Reach,
  asked: TotalsAsked,
): Promise<Totals> {
  const { text, values } = totalsOf({ ...asked, summed })
  const rows = (await read(text, values)) as readonly Row[]
  const at = asked.by.indexOf('fund')
  const told = rows
    .map(({ d1, d2, amount, settlements }) => ({
      values: d2 === undefined ? [d1] : [d1, d2],
      amount,
      settlements,
    }))
    .toSorted((a, b) => inOrder(a.values, b.values))
  const isWhole = ({ values: [d1, d2] }: TotalsItem): boolean => (at === 0 ? d1 : d2) === '*'
  const items = at < 0 ? told : told.filter((one) => !isWhole(one))
  const counting = at < 0 || asked.filter.fund !== undefined ? items : told.filter(isWhole)
  return {
    items,
    amount: items.reduce((all, { amount }) => all + amount, 0n) as Fen,
    settlements: counting.reduce((all, { settlements }) => all + settlements, 0n),
    position: placed,
  }
}

function inOrder(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1
}
