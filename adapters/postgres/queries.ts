import type pg from 'pg'
import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { MovementRow } from '../../engine/movement.ts'
import { outcomeOf } from '../../engine/outcome.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Counters, Row } from '../../engine/ports.ts'
import type { Place } from '../../engine/route.ts'
import { readBinding } from './bind.ts'
import { decodeMovement, decodeRow } from './document.ts'
import { readCounts } from './facts.ts'
import { keyHash } from './hashes.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import type { Crypto } from './needs.ts'
import { readBalances, readCounters, type StoredBalance, type StoredYear } from './sql/facts.ts'
import { readBindings } from './sql/resolve.ts'
import type { Statement } from './transaction.ts'

export type SettlementState = 'settled' | 'cancelled' | 'reversed'

export interface SettlementFilter extends PageAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  /** Days of treatment, both included. */
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  readonly scheme?: Scheme | undefined
  readonly care?: CareKind | undefined
  readonly state?: SettlementState | undefined
}

/** One line of a list: a chain with the state of its head. */
export interface SettlementSummary {
  readonly id: string
  readonly state: SettlementState
  readonly person: string
  readonly institution: string
  readonly day: Day
  readonly careRegion: Division
  readonly homeRegion: Division
  readonly route: Place
  readonly scheme: Scheme
  readonly care: CareKind
  readonly total: Fen
  readonly fundTotal: Fen
  readonly personTotal: Fen
  readonly account: Fen
  readonly cash: Fen
  readonly postedAt: Instant
}

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
    list: async (filter) => listChains(pool, filter),
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

/** The kinds of a head, by what they make of its chain. */
const statesOfHead: Record<SettlementState, readonly Row['kind'][]> = {
  settled: ['settlement', 'restoration'],
  cancelled: ['cancellation'],
  reversed: ['reversal'],
}

async function listChains(
  pool: pg.Pool,
  filter: SettlementFilter,
): Promise<Page<SettlementSummary>> {
  const values: unknown[] = []
  const given = (condition: string, value: unknown): string[] =>
    value === undefined ? [] : [condition.replace('?', `$${values.push(value)}`)]
  const conditions = [
    's.sequence = 1',
    ...given('s.owner_id = ?', filter.person),
    ...given('s.institution = ?', filter.institution),
    ...given('s.treated_on >= ?::date', filter.from),
    ...given('s.treated_on <= ?::date', filter.until),
    ...given('s.scheme = ?', filter.scheme),
    ...given('s.care = ?', filter.care),
    ...given('head.kind = any (?::text[])', filter.state && statesOfHead[filter.state]),
    ...given('s.settlement_id < ?', filter.after),
  ]
  const { rows } = await pool.query<ChainRow>(
    `select s.settlement_id, head.kind, s.owner_id, s.institution, s.treated_on, s.care_region, s.home_region,
            s.route, s.scheme, s.care, s.total_fen, s.fund_total_fen, s.person_total_fen, s.account_fen, s.cash_fen,
            (extract(epoch from s.posted_at) * 1000)::bigint as posted_at_ms
     from settlement s
     cross join lateral (
       select kind from settlement h where h.owner_id = s.owner_id and h.settlement_id = s.settlement_id
       order by sequence desc limit 1
     ) head
     where ${conditions.join(' and ')}
     order by s.settlement_id desc limit ${filter.limit + 1}`,
    values,
  )
  return pageOf(rows.map(readSummary), filter.limit, (last) => last.id)
}

interface ChainRow {
  readonly settlement_id: string
  readonly kind: Row['kind']
  readonly owner_id: string
  readonly institution: string
  readonly treated_on: Day
  readonly care_region: Division
  readonly home_region: Division
  readonly route: Place
  readonly scheme: Scheme
  readonly care: CareKind
  readonly total_fen: Fen
  readonly fund_total_fen: Fen
  readonly person_total_fen: Fen
  readonly account_fen: Fen
  readonly cash_fen: Fen
  readonly posted_at_ms: bigint
}

function readSummary(row: ChainRow): SettlementSummary {
  const states = Object.keys(statesOfHead) as SettlementState[]
  return {
    id: row.settlement_id,
    state: states.find((state) => statesOfHead[state].includes(row.kind)) as SettlementState,
    person: row.owner_id,
    institution: row.institution,
    day: row.treated_on,
    careRegion: row.care_region,
    homeRegion: row.home_region,
    route: row.route,
    scheme: row.scheme,
    care: row.care,
    total: row.total_fen,
    fundTotal: row.fund_total_fen,
    personTotal: row.person_total_fen,
    account: row.account_fen,
    cash: row.cash_fen,
    postedAt: Number(row.posted_at_ms),
  }
}
