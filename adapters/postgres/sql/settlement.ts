import type { Row } from '../../../engine/ports.ts'
import { insertInto, moment } from './inserts.ts'

export interface SettlementRow {
  readonly row: Row
  readonly participants: readonly string[]
  readonly benefitYear: string
  readonly billHash: Buffer
  readonly accountBefore: bigint
  readonly canonical: string
  /** In hexadecimal. */
  readonly card?: string | undefined
}

/** An array inside an array column travels as the text of its literal: arrays of arrays would have to be even. */
export function arrayLiteral(items: readonly (string | bigint)[]): string {
  return `{${items.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

/** The newest settlement of the very same bill that stood when this was settled (疑似重复). Rows that undo it were never suspect. */
function sameAs({ row: { kind, content } }: SettlementRow): string | null {
  if (kind !== 'settlement') return null
  const warned = content.warnings.find(({ code }) => code === 'same-bill-settled')
  return [warned?.facts['settlements'] ?? []].flat()[0] ?? null
}

const content = (of: (row: SettlementRow['row']['content']) => unknown) => (r: SettlementRow) =>
  of(r.row.content)

export const insertSettlements = insertInto<SettlementRow>('settlement', [
  { name: 'owner_id', type: 'text', of: content((c) => c.person) },
  { name: 'id', type: 'text', of: (r) => r.row.id },
  { name: 'settlement_id', type: 'text', of: (r) => r.row.settlement },
  { name: 'sequence', type: 'int', of: (r) => r.row.sequence },
  { name: 'kind', type: 'text', of: (r) => r.row.kind },
  { name: 'undoes', type: 'text', of: (r) => r.row.undoes ?? null },
  {
    name: 'participants',
    type: 'text',
    of: (r) => arrayLiteral(r.participants),
    as: 'participants::text[]',
  },
  { name: 'institution', type: 'text', of: content((c) => c.institution) },
  { name: 'care', type: 'text', of: content((c) => c.care) },
  { name: 'visit', type: 'text', of: content((c) => c.visit ?? null) },
  { name: 'scheme', type: 'text', of: content((c) => c.scheme) },
  { name: 'route', type: 'text', of: content((c) => c.route) },
  { name: 'care_region', type: 'text', of: content((c) => c.careRegion) },
  { name: 'home_region', type: 'text', of: content((c) => c.homeRegion) },
  { name: 'side', type: 'text', of: content((c) => c.side ?? 'whole') },
  { name: 'reference', type: 'text', of: content((c) => c.reference ?? null) },
  { name: 'treated_on', type: 'date', of: content((c) => c.day) },
  { name: 'benefit_year', type: 'text', of: (r) => r.benefitYear },
  { name: 'posted_at', type: 'float8', of: (r) => r.row.postedAt, as: moment('posted_at') },
  { name: 'credential_kind', type: 'text', of: content((c) => c.credentialKind) },
  { name: 'terminal', type: 'text', of: content((c) => c.terminal ?? null) },
  {
    name: 'tapped_at',
    type: 'float8',
    of: content((c) => c.tap?.tappedAt ?? null),
    as: moment('tapped_at'),
  },
  { name: 'offline', type: 'boolean', of: content((c) => c.tap?.offline ?? false) },
  { name: 'same_as', type: 'text', of: sameAs },
  { name: 'bill_hash', type: 'bytea', of: (r) => r.billHash },
  { name: 'pack_hash', type: 'text', of: content((c) => c.packHash) },
  {
    name: 'line_ids',
    type: 'text',
    of: content((c) => arrayLiteral(c.lines.map((line) => line.id))),
    as: 'line_ids::text[]',
  },
  { name: 'total_fen', type: 'bigint', of: content((c) => c.total) },
  { name: 'self_paid_fen', type: 'bigint', of: content((c) => c.selfPaid) },
  { name: 'over_limit_fen', type: 'bigint', of: content((c) => c.overLimit) },
  { name: 'first_self_pay_fen', type: 'bigint', of: content((c) => c.firstSelfPay) },
  { name: 'in_scope_fen', type: 'bigint', of: content((c) => c.inScope) },
  { name: 'deductible_fen', type: 'bigint', of: content((c) => c.deductible) },
  { name: 'cross_region_first_pay_fen', type: 'bigint', of: content((c) => c.crossRegionFirstPay) },
  {
    name: 'share_funds',
    type: 'text',
    of: content((c) => arrayLiteral(c.shares.map((share) => share.fund))),
    as: 'share_funds::text[]',
  },
  {
    name: 'share_fen',
    type: 'text',
    of: content((c) => arrayLiteral(c.shares.map((share) => share.amount))),
    as: 'share_fen::bigint[]',
  },
  { name: 'fund_total_fen', type: 'bigint', of: content((c) => c.fundTotal) },
  { name: 'person_total_fen', type: 'bigint', of: content((c) => c.personTotal) },
  { name: 'account_fen', type: 'bigint', of: content((c) => c.account) },
  { name: 'family_account_fen', type: 'bigint', of: content((c) => c.familyAccount) },
  { name: 'cash_fen', type: 'bigint', of: content((c) => c.cash) },
  { name: 'hospital_share_fen', type: 'bigint', of: content((c) => c.hospitalShare) },
  { name: 'employer_share_fen', type: 'bigint', of: content((c) => c.employerShare) },
  { name: 'receivable_fen', type: 'bigint', of: content((c) => c.receivable ?? 0n) },
  { name: 'advanced_fen', type: 'bigint', of: content((c) => c.advanced ?? 0n) },
  { name: 'desk', type: 'text', of: content((c) => c.desk?.kind ?? null) },
  {
    name: 'replaces',
    type: 'text',
    of: (r) => (r.row.kind === 'settlement' ? (r.row.content.desk?.replaces?.row ?? null) : null),
  },
  { name: 'account_before_fen', type: 'bigint', of: (r) => r.accountBefore },
  { name: 'account_balance_fen', type: 'bigint', of: content((c) => c.accountBalance) },
  { name: 'canonical', type: 'bytea', of: (r) => r.canonical },
  {
    name: 'card',
    type: 'bytea',
    of: (r) => (r.card === undefined ? null : Buffer.from(r.card, 'hex')),
  },
])
