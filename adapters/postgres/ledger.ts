import type pg from 'pg'
import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import { timeOfId } from './ids.ts'
import type { Readers } from './readers.ts'
import { allTreatedUntil, ownTreatedUntil } from './treatedUntil.ts'
import {
  lastRollup,
  nextChange,
  positionAt,
  sumsNow,
  sumsOfOwner,
  sumsOfPeople,
  sumsUpTo,
  transfersInJournal,
  transfersOfAccount,
  transfersOfOwner,
  transfersOfSettlement,
  waitForWriter,
} from './sql/ledger.ts'

/** A page of a list: at most `limit` items, after the place where the page before ended. */
export interface PageAsked {
  readonly limit: number
  readonly after?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Where the next page starts; absent on the last. */
  readonly next?: string | undefined
}

/** A ledger account with the sums of both its sides. */
export interface AccountSums {
  readonly account: string
  readonly debits: Fen
  readonly credits: Fen
}

export interface LedgerTransfer {
  readonly position?: bigint | undefined
  readonly row: string
  readonly settlement: string
  readonly owner: string
  readonly leg: number
  readonly kind: string
  readonly debit: string
  readonly credit: string
  readonly amount: Fen
  readonly postedAt: Instant
}

export interface TransferFilter extends PageAsked {
  readonly account?: string | undefined
  readonly settlement?: string | undefined
  readonly owner?: string | undefined
}

/** As the books stood at a moment, or as what belongs to the days until one has left them; undefined as they are now. */
export type BooksAt = Instant | { readonly treatedUntil: Day } | undefined

/** What auditors ask of the ledger. */
export interface LedgerQueries {
  accounts(asked: PageAsked & { readonly prefix?: string | undefined }): Promise<Page<AccountSums>>
  account(id: string, at: BooksAt): Promise<AccountSums | undefined>
  transfers(filter: TransferFilter): Promise<Page<LedgerTransfer>>
  trialBalance(at: BooksAt): Promise<readonly AccountSums[]>
}

export function createLedgerQueries(pool: pg.Pool, readers?: Readers): LedgerQueries {
  const all = async (at: BooksAt): Promise<AccountSums[]> =>
    typeof at === 'object' ? allTreatedUntil(pool, readers, at.treatedUntil) : sums(pool, at)
  return {
    accounts: async (asked) => listAccounts(pool, asked),
    account: async (id, at) => findAccount(pool, all, { account: id, at }),
    transfers: async (filter) => listTransfers(pool, filter),
    trialBalance: all,
  }
}

const lastPosition = 9_223_372_036_854_775_807n
/** Accounts that exist once a person: they are found in the person's own rows. */
export const ofPerson =
  /^(personal:|memo:person:|receivable:\d{6}:person:|owed:\d{6}:person:)(.*)$/s

async function positionOf(pool: pg.Pool, asOf: Instant | undefined): Promise<bigint | undefined> {
  if (asOf === undefined) return undefined
  await pool.query(waitForWriter)
  const { rows } = await pool.query(positionAt, [asOf])
  return rows[0]?.position ?? 0n
}

async function sums(pool: pg.Pool, asOf: Instant | undefined): Promise<AccountSums[]> {
  const position = await positionOf(pool, asOf)
  const until = position ?? lastPosition
  // A statement of its own: once its value is known, the planner sees that little lies between the two.
  const rolledUp = (await pool.query(lastRollup, [until])).rows[0].position
  const statement = position === undefined ? sumsNow : sumsUpTo
  const found = await pool.query<AccountSums>(statement, [until, rolledUp])
  return found.rows.toSorted((a, b) => (a.account < b.account ? -1 : 1))
}

async function findAccount(
  pool: pg.Pool,
  all: LedgerQueries['trialBalance'],
  { account, at }: { readonly account: string; readonly at: BooksAt },
): Promise<AccountSums | undefined> {
  const owner = ofPerson.exec(account)?.[2]
  if (owner === undefined || owner === '*')
    return (await all(at)).find((each) => each.account === account)
  const found = await (typeof at === 'object'
    ? ownTreatedUntil(pool, { owner, account, day: at.treatedUntil })
    : ownAsOf(pool, { owner, account }, at))
  if (found.legs === 0n && (await isStranger(pool, owner))) return undefined
  return { account, debits: found.debits, credits: found.credits }
}

async function ownAsOf(
  pool: pg.Pool,
  { owner, account }: { readonly owner: string; readonly account: string },
  asOf: Instant | undefined,
): Promise<AccountSums & { readonly legs: bigint }> {
  const position = (await positionOf(pool, asOf)) ?? null
  const { rows } = await pool.query(sumsOfOwner, [owner, account, position])
  return { account, ...rows[0] }
}

async function isStranger(pool: pg.Pool, owner: string): Promise<boolean> {
  return (await pool.query('select from person where owner_id = $1', [owner])).rowCount === 0
}

async function listAccounts(
  pool: pg.Pool,
  { limit, after, prefix = '' }: PageAsked & { readonly prefix?: string | undefined },
): Promise<Page<AccountSums>> {
  const person = ofPerson.exec(prefix)
  if (person) {
    const [, kind = '', begin = ''] = person
    const from = after?.slice(kind.length) ?? ''
    const like = `${begin.replace(/[\\%_]/g, '\\$&')}%`
    const { rows } = await pool.query<AccountSums>(sumsOfPeople, [kind, from, like, limit + 1])
    return pageOf(rows, limit, (last) => last.account)
  }
  const all = (await sums(pool, undefined)).filter(
    ({ account }) => account.startsWith(prefix) && account > (after ?? ''),
  )
  return pageOf(all.slice(0, limit + 1), limit, (last) => last.account)
}

/** A page of rows of which one more than the limit was asked for, to know whether there is a next page. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (last: T) => string,
): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return rows.length > limit && last !== undefined ? { items, next: placeOf(last) } : { items }
}

async function listTransfers(pool: pg.Pool, filter: TransferFilter): Promise<Page<LedgerTransfer>> {
  const { account, limit, after } = filter
  const owner = filter.owner ?? (account && ofPerson.exec(account)?.[2])
  if (filter.settlement === undefined && (owner === undefined || owner === '*'))
    return listJournal(pool, filter)
  const [posting = '', leg = '0'] = after?.split('.') ?? []
  const { rows } =
    filter.settlement === undefined
      ? await pool.query(transfersOfOwner, [owner, posting, leg, account ?? null, limit + 1])
      : await pool.query(transfersOfSettlement, [filter.settlement, posting, leg, limit + 1])
  return pageOf(rows.map(readTransfer), limit, (last) => `${last.row}.${last.leg}`)
}

/** Stretches between rollups that one page looks through, at most; it may then be short and still have a next one. */
const mostStretches = 5

async function listJournal(
  pool: pg.Pool,
  { account, limit, after }: TransferFilter,
): Promise<Page<LedgerTransfer>> {
  const [at = '0', leg = '0'] = after?.split('.') ?? []
  let [position, afterLeg] = [BigInt(at), Number(leg)]
  const found: LedgerTransfer[] = []
  const place = (last: LedgerTransfer): string => `${last.position}.${last.leg}`
  if (account === undefined) {
    const { rows } = await pool.query(transfersInJournal, [position, afterLeg, limit + 1])
    return pageOf(rows.map(readTransfer), limit, place)
  }
  for (let stretch = 0; stretch < mostStretches; stretch++) {
    const [since, until] = await nextStretch(pool, account, { position, leg: afterLeg })
    if (since > position) [position, afterLeg] = [since, lastLeg]
    const room = limit + 1 - found.length
    const values = [position, until, afterLeg, account, room]
    found.push(...(await pool.query(transfersOfAccount, values)).rows.map(readTransfer))
    if (found.length > limit || until === lastPosition) return pageOf(found, limit, place)
    ;[position, afterLeg] = [until, lastLeg]
  }
  return { items: found, next: `${position}.${afterLeg}` }
}

/** A place between two transfers: in the journal, and within a row. */
export interface Place {
  readonly position: bigint
  readonly leg: number
}

/** After every leg of a row. */
export const lastLeg = 1_000_000

/** Where the next transfer of an account lies at the earliest, and a position by which there is one. Of a row that a page ended in the rest comes first. */
export async function nextStretch(
  pool: pg.Pool,
  account: string,
  { position, leg }: Place,
): Promise<[bigint, bigint]> {
  const { rows } = await pool.query(nextChange, [account, leg < lastLeg ? position - 1n : position])
  return [rows[0]?.since ?? 0n, rows[0]?.until ?? lastPosition]
}

export interface TransferRow {
  readonly position: bigint | null
  readonly posting_id: string
  readonly settlement_id: string
  readonly owner_id: string
  readonly leg: number
  readonly kind: string
  readonly debit_account: string
  readonly credit_account: string
  readonly amount_fen: bigint
}

export const readTransfer = (row: TransferRow): LedgerTransfer => ({
  position: row.position ?? undefined,
  row: row.posting_id,
  settlement: row.settlement_id,
  owner: row.owner_id,
  leg: row.leg,
  kind: row.kind,
  debit: row.debit_account,
  credit: row.credit_account,
  amount: row.amount_fen as Fen,
  postedAt: timeOfId(row.posting_id),
})
