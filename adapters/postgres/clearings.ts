import type pg from 'pg'
import type { Division, Scheme } from '../../engine/claim.ts'
import type { ClearedAmounts, ClearedBy, ClearingTotal } from '../../engine/clearing.ts'
import type { ClearingRun, NumberedOrder, PairSide, RunKind } from '../../engine/clearingRun.ts'
import type { Dispute } from '../../engine/clearingStatement.ts'
import { type Day, dayAfter } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import {
  listDisputes,
  listOrders,
  listRows,
  listRuns,
  readOldestDispute,
  readOpenRuns,
  readOrder,
  readRun,
  readTotals,
  type StoredOrder,
  type StoredRun,
  sumBenefits,
  sumCash,
} from './sql/clearing.ts'
import type { Statement } from './transaction.ts'

/** A run as it stands in its table, and the later run that it is in. */
export interface StandingRun extends Omit<ClearingRun, 'totals'> {
  readonly takenBy?: string | undefined
}

/** A row of a run. */
export interface RunRow extends ClearedBy, ClearedAmounts {
  readonly row: string
  readonly reference: string
  readonly undo: boolean
}

/** What is cleared, for whoever asks about it. */
export interface ClearingQueries {
  run(id: string): Promise<StandingRun | undefined>
  runs(
    asked: PageAsked & { readonly owner?: string | undefined; readonly kind?: string | undefined },
  ): Promise<Page<StandingRun>>
  /** Runs of a kind until a day that are in no later run yet. */
  openRuns(kind: RunKind, owners: readonly string[], until: Day): Promise<readonly StandingRun[]>
  totals(run: Named): Promise<readonly ClearingTotal[]>
  rows(run: Named, asked: PageAsked): Promise<Page<RunRow>>
  disputes(run: Named, asked: PageAsked): Promise<Page<Dispute>>
  /** The first day of a row that the newest run of a chain held out. */
  oldestDispute(owner: string, chain: string): Promise<Day | undefined>
  order(id: string): Promise<NumberedOrder | undefined>
  orders(
    asked: PageAsked & {
      readonly region?: Division | undefined
      readonly netting?: string | undefined
    },
  ): Promise<Page<NumberedOrder>>
  reports(region: Division, days: { readonly from: Day; readonly until: Day }): Promise<Reports>
}

type Named = Pick<ClearingRun, 'owner' | 'id'>

/** The two books of a region (decision 24): what its funds took on, and what its bank paid and got. */
export interface Reports {
  readonly benefits: readonly {
    readonly scheme: string
    readonly account: string
    readonly amount: bigint
  }[]
  readonly cash: readonly {
    readonly account: string
    readonly for: string
    readonly received: bigint
    readonly paid: bigint
  }[]
}

export function createClearings(pool: pg.Pool): ClearingQueries {
  const ask = async <T extends pg.QueryResultRow>(statement: Statement): Promise<T[]> =>
    (await pool.query<T>({ ...statement, values: [...statement.values] })).rows
  return {
    run: async (id) => (await ask<StoredRun>(readRun(id))).map(readStored)[0],
    async runs({ owner, kind, after: before, limit }) {
      const rows = await ask<StoredRun>(listRuns({ owner, kind, before, limit: limit + 1 }))
      return pageOf(rows.map(readStored), limit, ({ id }) => id)
    },
    openRuns: async (kind, owners, until) =>
      (await ask<StoredRun>(readOpenRuns(kind, owners, until))).map(readStored),
    totals: async ({ owner, id }) =>
      (await ask<StoredTotal>(readTotals(owner, id))).map((row) => ({
        ...amountsOf(row),
        rows: row.row_count,
      })),
    async rows({ owner, id }, { after = '', limit }) {
      const rows = await ask<StoredRunRow>(listRows(owner, id, after, limit + 1))
      const read = rows.map((row): RunRow => {
        const { row_id, reference, undo } = row
        return { ...amountsOf(row), row: row_id, reference, undo }
      })
      return pageOf(read, limit, ({ row }) => row)
    },
    async disputes({ owner, id }, { after = '0', limit }) {
      const rows = await ask<StoredDispute>(listDisputes(owner, id, Number(after), limit + 1))
      const { items } = pageOf(rows, limit, String)
      const read = items.map(readDispute)
      return rows.length > limit
        ? { items: read, next: String(items.at(-1)?.number) }
        : { items: read }
    },
    oldestDispute: async (owner, chain) =>
      (await ask<{ day: Day | null }>(readOldestDispute(owner, chain)))[0]?.day ?? undefined,
    order: async (id) => (await ask<StoredOrder>(readOrder(id))).map(readStoredOrder)[0],
    async orders({ region, netting, after = '', limit }) {
      const rows = await ask<StoredOrder>(listOrders({ region, netting, after, limit: limit + 1 }))
      return pageOf(rows.map(readStoredOrder), limit, ({ id }) => id)
    },
    reports: async (region, days) => report(ask, region, days),
  }
}

const startOf = (day: Day): number => Date.parse(`${day}T00:00:00+08:00`)

async function report(
  ask: <T extends pg.QueryResultRow>(statement: Statement) => Promise<T[]>,
  region: Division,
  { from, until }: { readonly from: Day; readonly until: Day },
): Promise<Reports> {
  const days = [startOf(from), startOf(dayAfter(until))] as const
  const [benefits, cash] = await Promise.all([
    ask<{ scheme: string; account: string; fen: bigint }>(sumBenefits(region, ...days)),
    ask<{ kind: string; account: string; received_fen: bigint; paid_fen: bigint }>(
      sumCash(region, ...days),
    ),
  ])
  return {
    benefits: benefits.map(({ scheme, account, fen: amount }) => ({ scheme, account, amount })),
    cash: cash.map(({ account, kind, received_fen: received, paid_fen: paid }) => ({
      account,
      for: kind,
      received,
      paid,
    })),
  }
}

const readStored = (row: StoredRun): StandingRun => ({
  id: row.id,
  owner: row.owner_id,
  kind: row.kind as ClearingRun['kind'],
  chain: row.chain,
  sequence: row.sequence,
  window: row.period,
  until: row.until_day as Day,
  region: row.region,
  side: (row.side ?? undefined) as PairSide | undefined,
  partner: row.partner ?? undefined,
  institution: row.institution ?? undefined,
  category: (row.category ?? undefined) as ClearingRun['category'],
  closedAt: Number(row.closed_at_ms),
  rows: row.row_count,
  due: row.due_fen,
  takenBy: row.taken_by ?? undefined,
})

interface StoredAmounts {
  readonly category: string
  readonly way: string
  readonly scheme: string
  readonly month: string
  readonly total_fen: bigint
  readonly fund_total_fen: bigint
  readonly account_fen: bigint
  readonly due_fen: bigint
}
type StoredTotal = StoredAmounts & { readonly row_count: number }
type StoredRunRow = StoredAmounts & {
  readonly row_id: string
  readonly reference: string
  readonly undo: boolean
}

const amountsOf = (row: StoredAmounts): ClearedBy & ClearedAmounts => ({
  category: row.category as ClearedBy['category'],
  way: row.way as ClearedBy['way'],
  scheme: row.scheme as Scheme,
  month: row.month,
  total: row.total_fen,
  fundTotal: row.fund_total_fen,
  account: row.account_fen,
  due: row.due_fen,
})

interface StoredDispute {
  readonly number: number
  readonly reference: string
  readonly undo: boolean
  readonly kind: string
  readonly posted_on: string
  readonly amounts: readonly string[]
  readonly ours_fen: readonly bigint[]
  readonly theirs_fen: readonly bigint[]
}

const readDispute = (row: StoredDispute): Dispute => ({
  reference: row.reference,
  undo: row.undo,
  kind: row.kind as Dispute['kind'],
  postedOn: row.posted_on as Day,
  amounts: row.amounts.map((of, i) => {
    const [ours, theirs] = [row.ours_fen[i] as Fen, row.theirs_fen[i] as Fen]
    return { of, ours, theirs, by: (ours - theirs) as Fen } as Dispute['amounts'][number]
  }),
})

const readStoredOrder = (row: StoredOrder): NumberedOrder => ({
  id: row.id,
  netting: row.netting_id,
  debtor: row.debtor,
  creditor: row.creditor,
  amount: row.amount_fen,
})
