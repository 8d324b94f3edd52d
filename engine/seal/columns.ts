import type { Digest } from './hash.ts'
import type { SealedPosting } from './posting.ts'

/** The columns of a row as JSON has them, without its document: what is asked of the database is asked of these. */
export type Columns = Readonly<Record<string, unknown>>

type Document = Readonly<Record<string, unknown>>
type Part = { readonly fund: string; readonly amount: number }

const or = (value: unknown, other: unknown = null): unknown => value ?? other
const each = (items: unknown, member: string): unknown[] =>
  ((items ?? []) as Document[]).map((item) => item[member])

/**
 * What the columns of a row have to say, by its document and its transfers: they only repeat what is sealed, so that one that
 * says otherwise was changed. Undefined for an opening balance, which has no row.
 */
export function columnsOf(digest: Digest, sealed: SealedPosting): Columns | undefined {
  if (sealed.document === '') return undefined
  const row = JSON.parse(sealed.document) as Document
  const participants = [...new Set([sealed.owner, ...sealed.transfers.map(([owner]) => owner)])]
  if (row.settlement !== undefined) return settlementColumns(digest, row, participants)
  return row.movement === undefined ? clearingColumns(row, participants) : movementColumns(row)
}

function settlementColumns(digest: Digest, row: Document, participants: string[]): Columns {
  const c = row.content as Document
  const shares = c.shares as readonly Part[]
  return {
    ...rowColumns(row, c),
    settlement_id: row.settlement,
    participants,
    institution: c.institution,
    care: c.care,
    visit: or(c.visit),
    scheme: c.scheme,
    route: c.route,
    care_region: c.careRegion,
    home_region: c.homeRegion,
    side: or(c.side, 'whole'),
    reference: or(c.reference),
    treated_on: c.day,
    benefit_year: benefitYear(c),
    credential_kind: c.credentialKind,
    ...windowColumns(row, c),
    bill_hash: billHash(digest, c),
    pack_hash: c.packHash,
    line_ids: each(c.lines, 'id'),
    share_funds: each(shares, 'fund'),
    share_fen: each(shares, 'amount'),
    ...amountColumns(c),
    account_before_fen: accountBefore(row, c),
    desk: or((c.desk as Document | undefined)?.kind),
    replaces: replaced(row, c),
  }
}

const rowColumns = (row: Document, content: Document): Columns => ({
  owner_id: content.person,
  id: row.id,
  sequence: row.sequence,
  kind: row.kind,
  undoes: or(row.undoes),
  posted_at: row.postedAt,
})

const amountColumns = (c: Document): Columns => ({
  total_fen: c.total,
  self_paid_fen: c.selfPaid,
  over_limit_fen: c.overLimit,
  first_self_pay_fen: c.firstSelfPay,
  in_scope_fen: c.inScope,
  deductible_fen: c.deductible,
  cross_region_first_pay_fen: c.crossRegionFirstPay,
  fund_total_fen: c.fundTotal,
  person_total_fen: c.personTotal,
  account_fen: c.account,
  family_account_fen: c.familyAccount,
  cash_fen: c.cash,
  hospital_share_fen: c.hospitalShare,
  employer_share_fen: c.employerShare,
  receivable_fen: or(c.receivable, 0),
  advanced_fen: or(c.advanced, 0),
  account_balance_fen: c.accountBalance,
})

function benefitYear(c: Document): string {
  const counters = (c.counters ?? []) as readonly { readonly year: string }[]
  const counted = counters.find(({ year }) => /^\d{4}$/.test(year))
  return counted?.year ?? String(c.day).slice(0, 4)
}

/** What a settlement tells of its window, and the very same bill that stood already. */
function windowColumns(row: Document, c: Document): Columns {
  const tap = c.tap as Document | undefined
  const warnings = (c.warnings ?? []) as readonly { code: string; facts: Document }[]
  const same = warnings.find(({ code }) => code === 'same-bill-settled')?.facts.settlements
  return {
    terminal: or(c.terminal),
    tapped_at: or(tap?.tappedAt),
    offline: or(tap?.offline, false),
    same_as: row.kind === 'settlement' ? or([same ?? []].flat()[0]) : null,
  }
}

/** I7: what was there before is what is there now and what was paid from it; a row that undoes gave that back. */
function accountBefore(row: Document, c: Document): number {
  const own = Number(c.account) - Number(c.familyAccount)
  const isUndoing = row.kind === 'cancellation' || row.kind === 'reversal'
  return Number(c.accountBalance) + (isUndoing ? -own : own)
}

function replaced(row: Document, c: Document): unknown {
  const replaces = (c.desk as Document | undefined)?.replaces as Document | undefined
  return row.kind === 'settlement' ? or(replaces?.row) : null
}

/** The same person, institution, day, items and amounts, in whatever order, are the same bill. */
function billHash(digest: Digest, c: Document): string {
  const lines = c.lines as readonly { readonly item: string; readonly amount: number }[]
  const items = lines.map(({ item, amount }) => `${item}\0${amount}`).toSorted()
  const bill = [c.person, c.institution, c.day, ...items].join('\n')
  return `\\x${digest(new TextEncoder().encode(bill)).toHex()}`
}

function movementColumns(row: Document): Columns {
  const c = row.content as Document
  const source = [c.kind, or(c.scheme, ''), or(c.benefit, ''), c.month, c.reference].join(' ')
  return {
    ...rowColumns(row, c),
    movement_id: row.movement,
    source,
    booking: row.booking,
    moves: c.kind,
    region: c.region,
    scheme: or(c.scheme),
    benefit: or(c.benefit),
    month: c.month,
    moved_on: c.day,
    reference: c.reference,
    settlement_id: or(c.settlement),
    institution: or(c.institution),
    party: or(c.party),
    total_fen: c.total,
    payers: each(c.paid, 'payer'),
    payer_fen: each(c.paid, 'amount'),
    funds: each(c.funds, 'fund'),
    fund_fen: each(c.funds, 'amount'),
    account_fen: c.account,
    account_balance_fen: or(c.accountBalance),
  }
}

const clearingColumns = (row: Document, participants: string[]): Columns => ({
  owner_id: row.owner,
  id: row.id,
  subject: row.subject,
  version: row.version,
  kind: row.kind,
  participants,
  posted_at: row.postedAt,
})

/** The names of the columns that say otherwise than they have to. */
export function columnsThatDiffer(stored: Columns, expected: Columns): string[] {
  const names = new Set([...Object.keys(stored), ...Object.keys(expected)])
  return [...names]
    .filter((name) => JSON.stringify(stored[name]) !== JSON.stringify(expected[name]))
    .toSorted()
}
