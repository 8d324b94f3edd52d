import type { Clearable, ClearingPosting, ClearingTotal } from '../../../engine/clearing.ts'
import type { ClearingRun, NumberedOrder, TakenRun } from '../../../engine/clearingRun.ts'
import type { Dispute } from '../../../engine/clearingStatement.ts'
import { insertInto, moment } from './inserts.ts'
import { arrayLiteral } from './settlement.ts'

export const insertRuns = insertInto<ClearingRun>('clearing_run', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'id', type: 'text', of: (r) => r.id },
  { name: 'kind', type: 'text', of: (r) => r.kind },
  { name: 'chain', type: 'text', of: (r) => r.chain },
  { name: 'sequence', type: 'int', of: (r) => r.sequence },
  { name: 'period', type: 'text', of: (r) => r.window },
  { name: 'until_day', type: 'date', of: (r) => r.until },
  { name: 'region', type: 'text', of: (r) => r.region },
  { name: 'side', type: 'text', of: (r) => r.side ?? null },
  { name: 'partner', type: 'text', of: (r) => r.partner ?? null },
  { name: 'institution', type: 'text', of: (r) => r.institution ?? null },
  { name: 'category', type: 'text', of: (r) => r.category ?? null },
  { name: 'closed_at', type: 'float8', of: (r) => r.closedAt, as: moment('closed_at') },
  { name: 'row_count', type: 'int', of: (r) => r.rows },
  { name: 'due_fen', type: 'bigint', of: (r) => r.due },
])

export interface TotalRow extends ClearingTotal {
  readonly owner: string
  readonly run: string
}

export const insertTotals = insertInto<TotalRow>('clearing_total', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'run_id', type: 'text', of: (r) => r.run },
  { name: 'category', type: 'text', of: (r) => r.category },
  { name: 'way', type: 'text', of: (r) => r.way },
  { name: 'scheme', type: 'text', of: (r) => r.scheme },
  { name: 'month', type: 'text', of: (r) => r.month },
  { name: 'row_count', type: 'int', of: (r) => r.rows },
  { name: 'total_fen', type: 'bigint', of: (r) => r.total },
  { name: 'fund_total_fen', type: 'bigint', of: (r) => r.fundTotal },
  { name: 'account_fen', type: 'bigint', of: (r) => r.account },
  { name: 'due_fen', type: 'bigint', of: (r) => r.due },
])

export interface RunRow {
  readonly owner: string
  readonly run: string
  readonly row: Clearable
}

export const insertRows = insertInto<RunRow>('clearing_row', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'row_id', type: 'text', of: (r) => r.row.id },
  { name: 'run_id', type: 'text', of: (r) => r.run },
  { name: 'of_owner', type: 'text', of: (r) => r.row.owner },
  { name: 'reference', type: 'text', of: (r) => r.row.reference },
  { name: 'undo', type: 'boolean', of: (r) => r.row.undo },
  { name: 'category', type: 'text', of: (r) => r.row.category },
  { name: 'way', type: 'text', of: (r) => r.row.way },
  { name: 'scheme', type: 'text', of: (r) => r.row.scheme },
  { name: 'month', type: 'text', of: (r) => r.row.month },
  { name: 'account', type: 'text', of: (r) => r.row.in },
  { name: 'total_fen', type: 'bigint', of: (r) => r.row.total },
  { name: 'fund_total_fen', type: 'bigint', of: (r) => r.row.fundTotal },
  { name: 'account_fen', type: 'bigint', of: (r) => r.row.account },
  { name: 'due_fen', type: 'bigint', of: (r) => r.row.due },
])

export interface DisputeRow extends Dispute {
  readonly owner: string
  readonly run: string
  readonly number: number
}

export const insertDisputes = insertInto<DisputeRow>('clearing_dispute', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'run_id', type: 'text', of: (r) => r.run },
  { name: 'number', type: 'int', of: (r) => r.number },
  { name: 'reference', type: 'text', of: (r) => r.reference },
  { name: 'undo', type: 'boolean', of: (r) => r.undo },
  { name: 'kind', type: 'text', of: (r) => r.kind },
  { name: 'posted_on', type: 'date', of: (r) => r.postedOn },
  {
    name: 'amounts',
    type: 'text',
    of: (r) => arrayLiteral(r.amounts.map(({ of }) => of)),
    as: 'amounts::text[]',
  },
  {
    name: 'ours_fen',
    type: 'text',
    of: (r) => arrayLiteral(r.amounts.map(({ ours }) => ours)),
    as: 'ours_fen::bigint[]',
  },
  {
    name: 'theirs_fen',
    type: 'text',
    of: (r) => arrayLiteral(r.amounts.map(({ theirs }) => theirs)),
    as: 'theirs_fen::bigint[]',
  },
])

export const insertTaken = insertInto<TakenRun>('clearing_taken', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'run_id', type: 'text', of: (r) => r.run },
  { name: 'by_run', type: 'text', of: (r) => r.by },
  { name: 'due_fen', type: 'bigint', of: (r) => r.due },
  { name: 'drawn_fen', type: 'bigint', of: (r) => r.drawn },
  { name: 'available_fen', type: 'bigint', of: (r) => r.available },
])

export const insertOrders = insertInto<NumberedOrder>('clearing_order', [
  { name: 'owner_id', type: 'text', of: (r) => `region:${r.debtor}` },
  { name: 'id', type: 'text', of: (r) => r.id },
  { name: 'netting_id', type: 'text', of: (r) => r.netting },
  { name: 'debtor', type: 'text', of: (r) => r.debtor },
  { name: 'creditor', type: 'text', of: (r) => r.creditor },
  { name: 'amount_fen', type: 'bigint', of: (r) => r.amount },
])

export interface PostingRow {
  readonly posting: ClearingPosting
  readonly version: number
  readonly participants: readonly string[]
  readonly at: number
  readonly canonical: string
}

export const insertPostings = insertInto<PostingRow>('clearing_posting', [
  { name: 'owner_id', type: 'text', of: (r) => r.posting.owner },
  { name: 'id', type: 'text', of: (r) => r.posting.id },
  { name: 'subject', type: 'text', of: (r) => r.posting.subject },
  { name: 'version', type: 'int', of: (r) => r.version },
  { name: 'kind', type: 'text', of: (r) => r.posting.kind },
  {
    name: 'participants',
    type: 'text',
    of: (r) => arrayLiteral(r.participants),
    as: 'participants::text[]',
  },
  { name: 'posted_at', type: 'float8', of: (r) => r.at, as: moment('posted_at') },
  { name: 'canonical', type: 'bytea', of: (r) => r.canonical },
])
