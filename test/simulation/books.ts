import { checkBooks } from '../../adapters/postgres/checks.ts'
import { decodeRow } from '../../adapters/postgres/document.ts'
import type { Row } from '../../engine/ports.ts'
import { isEffective } from '../../engine/undo.ts'
import type { Region } from './region.ts'

/** All rows of one settlement, in their order. */
export type Chain = readonly Row[]

/** What the books of a region hold at the end. */
export interface Held {
  readonly chains: ReadonlyMap<string, Chain>
  readonly problems: readonly string[]
  /** Debits less credits, by account. */
  readonly sums: ReadonlyMap<string, bigint>
  readonly balances: ReadonlyMap<string, bigint>
}

export async function readBooks({ pool, name }: Region): Promise<Held> {
  const problems = (await checkBooks(pool)).map(
    ({ check, subject, problem }) => `${name}: ${check} ${subject}: ${problem}`,
  )
  const open = await pool.query<{ subject: string; kind: string }>(`
    select subject, kind from (
      select distinct on (owner_id, subject) owner_id, subject, kind from dossier_entry
      where starts_with(subject, 'crossing ') order by owner_id, subject, version desc) last
    where kind in ('asked', 'unknown', 'reversing')`)
  for (const { subject, kind } of open.rows) problems.push(`${name}: ${subject} is ${kind} still`)
  const due = await pool.query<{ subject: string }>(
    `select subject from due where starts_with(subject, 'crossing ')`,
  )
  for (const { subject } of due.rows) problems.push(`${name}: ${subject} is due still`)
  return {
    chains: await readChains(pool),
    problems,
    sums: await readSums(pool),
    balances: await readBalances(pool),
  }
}

async function readChains(pool: Region['pool']): Promise<Map<string, Row[]>> {
  const { rows } = await pool.query<{ canonical: Buffer }>(
    'select canonical from settlement order by settlement_id, sequence',
  )
  const chains = new Map<string, Row[]>()
  for (const { canonical } of rows) {
    const row = decodeRow(canonical)
    chains.set(row.settlement, [...(chains.get(row.settlement) ?? []), row])
  }
  return chains
}

async function readSums(pool: Region['pool']): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ account: string; fen: bigint }>(
    'select account, sum(debit_fen - credit_fen)::bigint as fen from entry group by 1',
  )
  return new Map(rows.map(({ account, fen }) => [account, fen]))
}

async function readBalances(pool: Region['pool']): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ owner_id: string; balance_fen: bigint }>(`
    select distinct on (owner_id) owner_id, balance_fen from account_version
    where account = 'personal:' || owner_id order by owner_id, version desc`)
  return new Map(rows.map(({ owner_id, balance_fen }) => [owner_id, balance_fen]))
}

export const headOf = (chain: Chain): Row => chain.at(-1) as Row

export const stands = (chain: Chain): boolean => isEffective(headOf(chain))
