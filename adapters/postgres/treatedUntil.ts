import type pg from 'pg'
import type { Day } from '../../engine/day.ts'
import type { AccountSums } from './ledger.ts'
import type { Readers } from './readers.ts'
import { besideSums } from './snapshot.ts'
import { sumsOfOwnerTreatedUntil, sumsTreatedUntil } from './sql/sums.ts'

/** Every account as all that belongs to the days until one has left it (按就诊日), as far as it is known now. */
export async function allTreatedUntil(
  pool: pg.Pool,
  readers: Readers | undefined,
  day: Day,
): Promise<AccountSums[]> {
  const found = await besideSums(pool, readers, async (read, { summed }) =>
    read<AccountSums & pg.QueryResultRow>(sumsTreatedUntil, [summed, day]),
  )
  return found.toSorted((a, b) => (a.account < b.account ? -1 : 1))
}

/** The same of one account in the rows of its owner, with how many transfers it has altogether. */
export async function ownTreatedUntil(
  pool: pg.Pool,
  { owner, account, day }: { readonly owner: string; readonly account: string; readonly day: Day },
): Promise<AccountSums & { readonly legs: bigint }> {
  const { rows } = await pool.query(sumsOfOwnerTreatedUntil, [owner, account, day])
  return { account, ...rows[0] }
}
