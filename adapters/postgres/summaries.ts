import type pg from 'pg'
import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { Row } from '../../engine/ports.ts'
import type { Place } from '../../engine/route.ts'
import { cardHash, type maskedNameHash } from './hashes.ts'
import { firstIdAt } from './ids.ts'
import type { Page, PageAsked } from './ledger.ts'
import type { Crypto } from './needs.ts'
import { cardsBetween } from './cardDesks.ts'
import { type ChainsAsked, chainsCalled, chainsNewestFirst } from './sql/summaries.ts'

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
  /** The card that was shown, by what it is called or by its number. */
  readonly card?: string | undefined
  /** A fund that pays a part of it. */
  readonly fund?: string | undefined
  readonly rulePack?: string | undefined
  /** Both included. */
  readonly totalFrom?: Fen | undefined
  readonly totalUntil?: Fen | undefined
  readonly route?: Place | undefined
  readonly careRegion?: Division | undefined
  readonly homeRegion?: Division | undefined
  readonly postedFrom?: Instant | undefined
  readonly postedUntil?: Instant | undefined
  /** Of people whose names are masked alike. */
  readonly name?: NonNullable<ReturnType<typeof maskedNameHash>> | undefined
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

/** So many chains one page looks through, at most; it may then be short, or empty, and still have a next one. */
const mostLooked = 20_000

/** Chains, the newest first; those of some days by day, the newest day first. */
export async function listChains(
  { pool, crypto, most = mostLooked }: ChainsFrom,
  filter: SettlementFilter,
): Promise<Page<SettlementSummary>> {
  const asked = await asksFor({ pool, crypto }, filter)
  if (!asked) return { items: [] }
  const { text, values } = chainsNewestFirst({ ...asked, most })
  const { rows } = await pool.query<ChainRow | Looked>(text, [...values])
  const chains = rows.filter((row): row is ChainRow => row.settlement_id !== null)
  const items = chains.slice(0, filter.limit).map(readSummary)
  const [looked] = rows
  const next =
    chains.length > filter.limit
      ? placeAfter(items.at(-1) as SettlementSummary)
      : looked && placeLooked(looked)
  return next === undefined ? { items } : { items, next }
}

interface ChainsFrom {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  readonly most?: number
}

/** Chains by their ids, the newest first. */
export async function findChains(
  pool: pg.Pool,
  ids: readonly string[],
): Promise<readonly SettlementSummary[]> {
  if (ids.length === 0) return []
  return (await pool.query<ChainRow>(chainsCalled, [ids])).rows.map(readSummary)
}

/** Where a list goes on after a chain, whatever order it has. */
export const placeAfter = ({ id, postedAt, day }: SettlementSummary): string =>
  `${id}@${postedAt}@${day}`

const placeLooked = ({ looked_id, looked_at_ms, looked_on }: Looked): string | undefined =>
  looked_id === null ? undefined : `${looked_id}@${looked_at_ms}@${looked_on}`

/** An id is made a moment before its row is posted, by a clock that may have been set meanwhile. */
const clockMayDiffer_ms = 10 * 60_000

/** What is asked in the words of the rows; undefined where nothing can fit. */
async function asksFor(
  { pool, crypto }: ChainsFrom,
  { limit, after, state, card, name, totalFrom, totalUntil, ...filter }: SettlementFilter,
): Promise<Omit<ChainsAsked, 'most'> | undefined> {
  const [afterId, afterMoment_ms, afterDay] = after?.split('@') ?? []
  const { postedFrom, postedUntil } = filter
  const asked = {
    ...filter,
    heads: state && statesOfHead[state],
    totalFrom_fen: totalFrom,
    totalUntil_fen: totalUntil,
    postedFrom_ms: postedFrom,
    postedUntil_ms: postedUntil,
    idFrom: postedFrom === undefined ? undefined : firstIdAt(postedFrom - clockMayDiffer_ms),
    idBefore: postedUntil === undefined ? undefined : firstIdAt(postedUntil + clockMayDiffer_ms),
    familyHash: name?.form === 'family' ? name.hash : undefined,
    nameHash: name?.form === 'whole' ? name.hash : undefined,
    limit: limit + 1,
    after: afterId,
    afterMoment_ms,
    afterDay,
  }
  if (card === undefined) return asked
  const shown = await cardShown(pool, crypto, card)
  if (!shown || (filter.person ?? shown.owner_id) !== shown.owner_id) return undefined
  return { ...asked, person: shown.owner_id, card: shown.card_hash.subarray(0, 16) }
}

async function cardShown(
  pool: pg.Pool,
  crypto: Crypto,
  reference: string,
): Promise<{ readonly owner_id: string; readonly card_hash: Buffer } | undefined> {
  const between = cardsBetween(reference) ?? [cardHash(crypto, reference)]
  const text = 'select owner_id, card_hash from card where card_hash between $1 and $2 limit 1'
  return (await pool.query(text, [between[0], between.at(-1)])).rows[0]
}

/** How far a page has looked, where it did not come to the end and did not find enough. */
interface Looked {
  readonly settlement_id: string | null
  readonly looked_id: string | null
  readonly looked_at_ms: bigint | null
  readonly looked_on: Day | null
}

interface ChainRow extends Looked {
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
