import type { Day } from '../../engine/day.ts'
import { firstIdAt } from './ids.ts'
import { type LedgerTransfer, type Page, readTransfer, type TransferRow } from './ledger.ts'
import type { Reader } from './readers.ts'
import { transfersInOrder } from './sql/exportRows.ts'

export interface TransfersExported {
  readonly account?: string | undefined
  readonly settlement?: string | undefined
  readonly owner?: string | undefined
  /** Days of posting, both included. */
  readonly postedFrom?: Day | undefined
  readonly postedUntil?: Day | undefined
}

/** Transfers in the order of their rows' ids, which is that of time; what has no place in the journal yet is among them. */
export async function* streamTransfers(
  reader: Reader,
  { postedFrom, postedUntil, ...filter }: TransfersExported,
): AsyncGenerator<readonly LedgerTransfer[], void, void> {
  const { text, values } = transfersInOrder({
    ...filter,
    from: postedFrom && firstIdAt(startOf(postedFrom)),
    before: postedUntil && firstIdAt(startOf(postedUntil) + day_ms),
  })
  for await (const rows of reader.stream<TransferRow>(text, values)) yield rows.map(readTransfer)
}

const day_ms = 86_400_000
const startOf = (day: Day): number => Date.parse(`${day}T00:00:00+08:00`)

/** Rows of one page, which are read and written in one go. */
const rowsAPage = 500

/** Every page of a list that is asked within one snapshot, one after the other: by the very conditions and indexes of the list. */
export async function* pagesOf<T>(
  list: (page: { readonly limit: number; readonly after?: string }) => Promise<Page<T>>,
): AsyncGenerator<readonly T[], void, void> {
  let page = await list({ limit: rowsAPage })
  for (;;) {
    const { items, next } = page
    const following = next === undefined ? undefined : list({ limit: rowsAPage, after: next })
    // Whoever waits for it hears of it; while these are written nobody does.
    following?.catch(() => {})
    if (items.length > 0) yield items
    if (!following) return
    page = await following
  }
}
