import type pg from 'pg'
import type { Fen } from '../../engine/money.ts'
import type { MovementRow } from '../../engine/movement.ts'
import { outcomeOf } from '../../engine/outcome.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Counters, Row } from '../../engine/ports.ts'
import { readBinding } from './bind.ts'
import { decodeMovement, decodeRow } from './document.ts'
import { readCounts } from './facts.ts'
import { keyHash } from './hashes.ts'
import type { Page } from './ledger.ts'
import type { Crypto } from './needs.ts'
import { readBalances, readCounters, type StoredBalance, type StoredYear } from './sql/facts.ts'
import { readBindings } from './sql/resolve.ts'
import { listChains, type SettlementFilter, type SettlementSummary } from './summaries.ts'
import type { Statement } from './transaction.ts'

/** What is asked of the books without changing them. */
export interface Queries {
  /** What was answered under a key; undefined where the key is free or nothing has been answered yet. */
  answered(institution: string, key: string): Promise<Outcome | undefined>
  /** Every row of one chain in its order; undefined where there is no such settlement. */
  chain(id: string): Promise<readonly Row[] | undefined>
  /** Both rows of a movement, or the one it has; undefined where there is no such movement. */
  movement(id: string): Promise<readonly MovementRow[] | undefined>
  /** Chains, the newest first. */
  list(filter: SettlementFilter): Promise<Page<SettlementSummary>>
  counters(person: string): Promise<Counters>
  /** The balance of a person's own account. */
  accounts(person: string): Promise<readonly { readonly owner: string; readonly balance: Fen }[]>
}

export function createQueries({ pool, crypto }: { pool: pg.Pool; crypto: Crypto }): Queries {
  // oxlint-disable-next-line typescript/no-explicit-any
  const ask = async (statement: Statement): Promise<any[]> =>
    (await pool.query({ ...statement, values: [...statement.values] })).rows
  return {
    async answered(institution, key) {
      const [stored] = await ask(readBindings([keyHash(crypto, { institution, key })]))
      if (!stored) return undefined
      const { fingerprint } = stored
      return outcomeOf(readBinding(crypto, { institution, key, fingerprint, input: '' }, stored))
    },
    async chain(id) {
      const { rows } = await pool.query<{ canonical: Buffer }>(
        'select canonical from settlement where settlement_id = $1 order by sequence',
        [id],
      )
      return rows.length === 0 ? undefined : rows.map((row) => decodeRow(row.canonical))
    },
    async movement(id) {
      const { rows } = await pool.query<{ canonical: Buffer }>(
        'select canonical from movement where movement_id = $1 order by sequence',
        [id],
      )
      return rows.length === 0 ? undefined : rows.map((row) => decodeMovement(row.canonical))
    },
    list: async (filter) => listChains({ pool, crypto }, filter),
    async counters(person) {
      const years: StoredYear[] = await ask(readCounters([person]))
      return new Map(years.map(({ year, counters }) => [year, readCounts(counters)]))
    },
    async accounts(person) {
      const balances: StoredBalance[] = await ask(readBalances([person]))
      return [{ owner: person, balance: (balances[0]?.balance_fen ?? 0n) as Fen }]
    },
  }
}
