import type pg from 'pg'
import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import {
  type Clearable,
  type ClearingKinds,
  institutionOwner,
  payableStage,
  regionOwner,
} from '../../engine/clearing.ts'
import { statementRowOf } from '../../engine/clearingStatement.ts'
import { type Day, dayAfter, type Instant, monthOf } from '../../engine/day.ts'
import { dueFromPair, dueToPair } from '../../engine/ledger.ts'
import type { Pair } from '../../engine/pairRun.ts'
import type { StatementRow } from '../../engine/awayClaim.ts'
import {
  readCleared,
  readInstitutionRows,
  readPairRows,
  readPairs,
  type StoredClearable,
} from './sql/clearing.ts'
import type { Statement } from './transaction.ts'

/** Rows of the books as clearing reads them. */
export interface ClearingRows {
  /** Rows of one side until a day that are in no run of it. */
  open(pair: Pair, until: Day): Promise<readonly Clearable[]>
  openOf(institution: string, cares: readonly CareKind[], until: Day): Promise<readonly Clearable[]>
  /** All rows of one side that were posted over some days, cleared or not. */
  statement(pair: Pair, days: { from: Day; until: Day }): Promise<readonly StatementRow[]>
  /** Which of some references are in a run of a region: how often, and their undos how often. */
  cleared(
    region: Division,
    references: readonly string[],
  ): Promise<readonly { readonly reference: string; readonly undo: boolean }[]>
  pairs(): Promise<
    readonly { readonly home: Division; readonly care: Division; readonly first: Instant }[]
  >
}

const startOf = (day: Day): number => Date.parse(`${day}T00:00:00+08:00`)
const dayOf = (at_ms: bigint): Day =>
  new Date(Number(at_ms) + 8 * 3_600_000).toISOString().slice(0, 10) as Day

/** So many are read at once. */
const page = 20_000
const ever = '1970-01-01' as Day

export function createClearingRows(pool: pg.Pool, kinds: ClearingKinds): ClearingRows {
  const ask = async <T extends pg.QueryResultRow>(statement: Statement): Promise<T[]> =>
    (await pool.query<T>({ ...statement, values: [...statement.values] })).rows
  const read = async (reading: Reading): Promise<StoredClearable[]> => {
    const all: StoredClearable[] = []
    for (;;) {
      const last = all.at(-1)
      const after = [last?.posted_at_ms ?? 0n, last?.id ?? ''] as const
      const rows = await ask<StoredClearable>(reading.statement({ ...bounds(reading), after }))
      all.push(...rows)
      if (rows.length < page) return all
    }
  }
  const clearable = async (reading: Reading): Promise<Clearable[]> =>
    (await read(reading)).flatMap((row) => clearableOf(row, reading, kinds) ?? [])
  return {
    open: async (pair, until) => clearable({ ...ofPair(pair), open: true, from: ever, until }),
    openOf: async (institution, cares, until) =>
      clearable({ ...ofInstitution(institution, cares), open: true, from: ever, until }),
    async statement(pair, days) {
      const reading = { ...ofPair(pair), open: false, ...days }
      return (await read(reading)).flatMap((row) => {
        const one = clearableOf(row, reading, kinds)
        const kind = row.kind as StatementRow['kind']
        return one ? statementRowOf(one, { kind, sequence: row.sequence }) : []
      })
    },
    cleared: async (region, references) => ask(readCleared(regionOwner(region), references)),
    async pairs() {
      const rows = await ask<{ home_region: string; care_region: string; first_ms: bigint }>(
        readPairs(),
      )
      return rows.map(({ home_region: home, care_region: care, first_ms }) => ({
        home,
        care,
        first: Number(first_ms),
      }))
    },
  }
}

type Asked = Parameters<typeof readPairRows>[2]

interface Reading extends Pick<Asked, 'account' | 'owner' | 'open'> {
  readonly from: Day
  readonly until: Day
  /** What is owed to a side stands on the other side of its account. */
  readonly sign: bigint
  readonly statement: (asked: Asked) => Statement
}

const bounds = ({ account, owner, open, from, until }: Reading): Omit<Asked, 'after'> => ({
  account,
  owner,
  open,
  from_ms: startOf(from),
  before_ms: startOf(dayAfter(until)),
  limit: page,
})

function ofPair({
  region,
  side,
  partner,
}: Pair): Pick<Reading, 'account' | 'owner' | 'sign' | 'statement'> {
  const isHome = side === 'home'
  const [home, care] = isHome ? [region, partner] : [partner, region]
  return {
    account: isHome ? dueToPair(home, care) : dueFromPair(care, home),
    owner: regionOwner(region),
    sign: isHome ? 1n : -1n,
    statement: (asked) => readPairRows(home, care, asked),
  }
}

const ofInstitution = (
  institution: string,
  cares: readonly CareKind[],
): Pick<Reading, 'account' | 'owner' | 'sign' | 'statement'> => ({
  account: payableStage(institution, 'settled'),
  owner: institutionOwner(institution),
  sign: 1n,
  statement: (asked) => readInstitutionRows(institution, cares, asked),
})

/** Undefined for a row that nothing is due for. */
function clearableOf(
  row: StoredClearable,
  { sign }: Reading,
  kinds: ClearingKinds,
): Clearable | undefined {
  const { account, due_fen: due } = row
  if (account === null || due === null) return undefined
  const undo = row.kind === 'cancellation' || row.kind === 'reversal'
  const signed = (amount: bigint): bigint => (undo ? -amount : amount)
  return {
    ...kinds(row.care_region, row.care as CareKind),
    id: row.id,
    owner: row.owner_id,
    reference: row.reference,
    undo,
    scheme: row.scheme as Scheme,
    month: monthOf(row.treated_on as Day),
    postedOn: dayOf(row.posted_at_ms),
    in: account,
    total: signed(row.total_fen),
    fundTotal: signed(row.fund_total_fen),
    account: signed(row.account_fen),
    due: sign * due,
  }
}
