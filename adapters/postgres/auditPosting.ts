import { columnsOf, columnsThatDiffer } from '../../engine/seal/columns.ts'
import type { Digest } from '../../engine/seal/hash.ts'
import { digestOf, macOf } from './digests.ts'
import type { Crypto } from './needs.ts'
import type { Client, PostedRow } from './postedRows.ts'
import { balancesWritten, yearsWritten } from './sql/audit.ts'

/** What is not as it has to be: which check says so, of what, and in words. */
export interface AuditFinding {
  readonly check: string
  readonly subject: string
  readonly problem: string
}

interface BalanceRow {
  readonly posting: string
  readonly owner: string
  readonly account: string
  readonly version: bigint
  readonly balance: bigint
  readonly before: bigint | null
}

interface YearRow {
  readonly posting: string
  readonly owner: string
  readonly year: string
  readonly version: bigint
  readonly counters: Record<string, string>
  readonly before: Record<string, string> | null
}

/** What proves a posting beside its own rows. */
export interface Proving {
  readonly crypto: Crypto
  readonly digest: Digest
  /** Up to which position rows are from before digests were kept. */
  readonly start: bigint
}

/** Proves some postings, each by itself and each step of balances and running sums from the one before. */
export async function provePostings(
  client: Client,
  proving: Proving,
  rows: readonly PostedRow[],
): Promise<AuditFinding[]> {
  const owners = [...new Set(rows.flatMap(({ participants }) => participants))]
  const postings = rows.map(({ sealed }) => sealed.posting)
  const balances = (await client.query<BalanceRow>(balancesWritten, [owners, postings])).rows
  const years = (await client.query<YearRow>(yearsWritten, [owners, postings])).rows
  const [balancesOf, yearsOf] = [by(balances), by(years)]
  return rows.flatMap((row) => {
    const { posting } = row.sealed
    return [
      ...sealFindings(proving, row),
      ...readable(row, 'seal_balances', () => balanceFindings(row, balancesOf.get(posting) ?? [])),
      ...readable(row, 'seal_counters', () => yearFindings(row, yearsOf.get(posting) ?? [])),
    ]
  })
}

/** Whatever somebody wrote in place of numbers is a finding, and keeps nobody from the next posting. */
function readable(row: PostedRow, check: string, find: () => AuditFinding[]): AuditFinding[] {
  try {
    return find()
  } catch {
    return [{ check, subject: subjectOf(row), problem: 'cannot be read any more' }]
  }
}

function by<T extends { readonly posting: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ posting }) => posting)
}

const subjectOf = ({ position, sealed }: PostedRow): string =>
  `position ${position} ${sealed.posting} of ${sealed.owner}`

function sealFindings({ crypto, digest, start }: Proving, row: PostedRow): AuditFinding[] {
  const { sealed, columns, position } = row
  const subject = subjectOf(row)
  const found: AuditFinding[] = []
  if (row.digest) {
    if (!same(digestOf(crypto, sealed), row.digest))
      found.push({ check: 'seal_posting', subject, problem: 'is not what was written' })
    if (!row.mac || !same(macOf(crypto, row.digest), row.mac))
      found.push({ check: 'seal_author', subject, problem: 'was written by nobody with our keys' })
  } else if (position > start)
    found.push({ check: 'seal_author', subject, problem: 'was written without a digest' })
  const differ = columns ? columnsDiffering(digest, row) : []
  if (differ.length > 0)
    found.push({
      check: 'seal_columns',
      subject,
      problem: `says otherwise than its document in ${differ.join(', ')}`,
    })
  return found
}

function columnsDiffering(digest: Digest, { sealed, columns }: PostedRow): string[] {
  try {
    return columnsThatDiffer(columns ?? {}, columnsOf(digest, sealed) ?? {})
  } catch {
    return ['canonical']
  }
}

// Neither is a secret, and every one of them is compared.
const same = (a: Buffer, b: Buffer): boolean => a.toString('base64') === b.toString('base64')

/** Each balance is the one before and what this posting moved; an account that it moves has a new balance. */
function balanceFindings(row: PostedRow, versions: readonly BalanceRow[]): AuditFinding[] {
  const moved = new Map<string, bigint>()
  const add = (account: string, fen: bigint): void =>
    void moved.set(account, (moved.get(account) ?? 0n) + fen)
  for (const [, , , debit, credit, amount] of row.sealed.transfers) {
    add(debit, -BigInt(amount))
    add(credit, BigInt(amount))
  }
  const wrong = versions
    .filter(
      ({ account, version, balance, before }) =>
        (before === null) !== (version === 1n) ||
        balance - (before ?? 0n) !== (moved.get(account) ?? 0n),
    )
    .map(({ account }) => account)
  const kept = new Set(versions.map(({ account }) => account))
  const missing = [...moved]
    .filter(([account, fen]) => account.startsWith('personal:') && fen !== 0n && !kept.has(account))
    .map(([account]) => account)
  return [...wrong, ...missing].map((account) => ({
    check: 'seal_balances',
    subject: `${account} ${subjectOf(row)}`,
    problem: 'balance is not the one before and what was moved',
  }))
}

interface Counted {
  readonly content?: { readonly counters?: readonly Delta[] }
}
interface Delta {
  readonly year: string
  readonly key: string
  readonly delta: number
}

/** Running sums are those before and what the row counts; one that undoes has what it takes back below nothing. */
function yearFindings(row: PostedRow, versions: readonly YearRow[]): AuditFinding[] {
  if (row.kind !== 'settlement') return []
  const deltas = parsed(row.sealed.document).content?.counters ?? []
  return versions
    .filter(({ year, version, counters, before }) => {
      const expected = new Map(Object.entries(before ?? {}).map(([key, sum]) => [key, BigInt(sum)]))
      for (const { key, delta } of deltas.filter((each) => each.year === year))
        expected.set(key, (expected.get(key) ?? 0n) + BigInt(delta))
      const kept = new Map(Object.entries(counters).map(([key, sum]) => [key, BigInt(sum)]))
      return (before === null) !== (version === 1n) || !sameSums(expected, kept)
    })
    .map(({ year }) => ({
      check: 'seal_counters',
      subject: `${year} ${subjectOf(row)}`,
      problem: 'running sums are not those before and what was counted',
    }))
}

const parsed = (document: string): Counted => JSON.parse(document) as Counted

/** A sum of nothing is not kept. */
const sameSums = (a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): boolean =>
  [...new Set([...a.keys(), ...b.keys()])].every((key) => (a.get(key) ?? 0n) === (b.get(key) ?? 0n))
