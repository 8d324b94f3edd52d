import { column, type ElementType } from '../arrays.ts'
import type { Statement } from '../transaction.ts'

/** One insert of many rows: a column is an array, and `unnest` turns arrays into rows. */
interface Column<T> {
  readonly name: string
  /** The type of the array's elements as they are sent. */
  readonly type: ElementType
  readonly of: (row: T) => unknown
  /** How the element becomes the column's value, where that is not the element itself. */
  readonly as?: string
}

export function insertInto<T>(
  table: string,
  columns: readonly Column<T>[],
): (rows: readonly T[]) => Statement {
  const names = columns.map((column) => column.name).join(', ')
  const values = columns.map((column) => column.as ?? column.name).join(', ')
  const arrays = columns.map((column, i) => `$${i + 1}::${column.type}[]`).join(', ')
  const text = `insert into ${table} (${names}) select ${values} from unnest(${arrays}) as r (${names})`
  return (rows) => ({
    name: `insert-${table}`,
    text,
    values: columns.map(({ type, of }) => column(rows, type, of)),
  })
}

/** Milliseconds since 1970 as a moment of the database. */
export const moment = (name: string): string => `to_timestamp(${name} / 1000.0)`

export interface RequestRow {
  readonly keyHash: Buffer
  readonly fingerprint: string
  readonly input: Buffer
  readonly keyVersion: number
  readonly owner: string
  readonly at: number
}

export const insertRequests = insertInto<RequestRow>('request', [
  { name: 'key_hash', type: 'bytea', of: (r) => r.keyHash },
  { name: 'fingerprint', type: 'text', of: (r) => r.fingerprint },
  { name: 'input', type: 'bytea', of: (r) => r.input },
  { name: 'key_version', type: 'int', of: (r) => r.keyVersion },
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'bound_at', type: 'float8', of: (r) => r.at, as: moment('bound_at') },
])

export interface AnswerRow {
  readonly owner: string
  readonly keyHash: Buffer
  readonly kind: string
  readonly posting: string | undefined
  readonly subject: string | undefined
  /** What was refused for what, and to whom. */
  readonly refused?: { readonly code: string; readonly institution: string } | undefined
  readonly body: Buffer
  readonly keyVersion: number
  readonly at: number
}

export const insertAnswers = insertInto<AnswerRow>('answer', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'key_hash', type: 'bytea', of: (r) => r.keyHash },
  { name: 'kind', type: 'text', of: (r) => r.kind },
  { name: 'posting_id', type: 'text', of: (r) => r.posting ?? null },
  { name: 'subject', type: 'text', of: (r) => r.subject ?? null },
  { name: 'code', type: 'text', of: (r) => r.refused?.code ?? null },
  { name: 'institution', type: 'text', of: (r) => r.refused?.institution ?? null },
  { name: 'body', type: 'bytea', of: (r) => r.body },
  { name: 'key_version', type: 'int', of: (r) => r.keyVersion },
  { name: 'answered_at', type: 'float8', of: (r) => r.at, as: moment('answered_at') },
])

export interface TransferRow {
  readonly owner: string
  readonly posting: string
  readonly leg: number
  readonly kind: string
  readonly debit: string
  readonly credit: string
  readonly amount: bigint
}

export const insertTransfers = insertInto<TransferRow>('transfer', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'posting_id', type: 'text', of: (r) => r.posting },
  { name: 'leg', type: 'int', of: (r) => r.leg },
  { name: 'kind', type: 'text', of: (r) => r.kind },
  { name: 'debit_account', type: 'text', of: (r) => r.debit },
  { name: 'credit_account', type: 'text', of: (r) => r.credit },
  { name: 'amount_fen', type: 'bigint', of: (r) => r.amount },
])

export interface AccountVersionRow {
  readonly owner: string
  readonly account: string
  readonly version: bigint
  readonly balance: bigint
  readonly posting: string
}

export const insertAccountVersions = insertInto<AccountVersionRow>('account_version', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'account', type: 'text', of: (r) => r.account },
  { name: 'version', type: 'bigint', of: (r) => r.version },
  { name: 'balance_fen', type: 'bigint', of: (r) => r.balance },
  { name: 'posting_id', type: 'text', of: (r) => r.posting },
])

export interface YearVersionRow {
  readonly owner: string
  readonly year: string
  readonly version: bigint
  readonly counters: string
  readonly posting: string
}

export const insertYearVersions = insertInto<YearVersionRow>('year_version', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'year', type: 'text', of: (r) => r.year },
  { name: 'version', type: 'bigint', of: (r) => r.version },
  { name: 'counters', type: 'jsonb', of: (r) => r.counters },
  { name: 'posting_id', type: 'text', of: (r) => r.posting },
])

export interface UnjournaledRow {
  readonly owner: string
  readonly posting: string
  readonly participants: string
  readonly digest: Buffer
  readonly mac: Buffer
}

export const insertUnjournaled = insertInto<UnjournaledRow>('unjournaled', [
  { name: 'owner_id', type: 'text', of: (r) => r.owner },
  { name: 'posting_id', type: 'text', of: (r) => r.posting },
  { name: 'participants', type: 'text', of: (r) => r.participants, as: 'participants::text[]' },
  { name: 'digest', type: 'bytea', of: (r) => r.digest },
  { name: 'mac', type: 'bytea', of: (r) => r.mac },
])
