import type pg from 'pg'
import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Row } from '../../engine/ports.ts'
import type { Place } from '../../engine/route.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import { type ChainsAsked, chainsNewestFirst } from './sql/summaries.ts'

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

/** The kinds of a head, by what they make of its chain. */
const statesOfHead: Record<SettlementState, readonly Row['kind'][]> = {
  settled: ['settlement', 'restoration'],
  cancelled: ['cancellation'],
  reversed: ['reversal'],
}

/** Chains, the newest first. */
export async function listChains(
  pool: pg.Pool,
  { limit, after, state, ...filter }: SettlementFilter,
): Promise<Page<SettlementSummary>> {
  const [afterId, afterMoment] = after?.split('@') ?? []
  const asked: ChainsAsked = {
    ...filter,
    heads: state && statesOfHead[state],
    limit: limit + 1,
    after: afterId,
    afterMoment_ms: afterMoment,
  }
  const { text, values } = chainsNewestFirst(asked)
  const { rows } = await pool.query<ChainRow>(text, [...values])
  return pageOf(rows.map(readSummary), limit, ({ id, postedAt }) => `${id}@${postedAt}`)
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
