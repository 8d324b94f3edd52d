import type { Division, Scheme } from './claim.ts'
import { add, type Fen, subtract, sum, zero } from './money.ts'
import type { Settlement } from './settlement.ts'

/** A ledger account (账户科目) by name; the kind before the first colon says which book it belongs to. */
export type LedgerAccount = string

/** One posting (分录): it debits one ledger account and credits another with the same amount. */
export interface Transfer {
  /** Whose rows these are: the insured person, or the owner of a family account. */
  readonly owner: string
  readonly leg: number
  readonly kind: TransferKind
  readonly debit: LedgerAccount
  readonly credit: LedgerAccount
  readonly amount: Fen
}

/** What a posting (分录) is for. */
export const transferKinds = [
  'fund', // 基金支付
  'account', // 个人账户支付
  'family', // 家庭共济支付
  'dueTo', // 异地应付: the home region owes the care region
  'cash', // 个人现金, memo
  'employer', // 单位负担, memo
  'receivable', // 应收参保人
  'hospital', // 医院负担, memo
  'opening', // 期初
  'contribution', // 缴费
  'credit', // 个人账户划入
  'benefit', // 待遇发放
  'collection', // 个人现金代扣, memo
  'clearing', // 清算: a closed window
  'prepaid', // 预付金
  'netting', // 轧差
  'payment', // 区域间清算支付
  'stage', // 应付定点机构: from one stage to the next
  'advance', // 周转金
] as const
export type TransferKind = (typeof transferKinds)[number]

/** 统筹基金等: the money of one fund of one scheme in one region. */
export const fundAccount = (region: Division, scheme: Scheme, fund: string): LedgerAccount =>
  `fund:${region}:${scheme}:${fund}`

/** 个人账户: what a region holds for one person. */
export const personalAccount = (person: string): LedgerAccount => `personal:${person}`

/** 应付定点机构（已结算）: settled, not yet reviewed or paid. */
export const payableAccount = (institution: string): LedgerAccount =>
  `payable:${institution}:settled`

/** 异地就医应付: what the home region owes the care region, and its mirror 应收. */
export const dueToAccount = (home: Division, care: Division): LedgerAccount =>
  `due-to:${home}:${care}`
export const dueFromAccount = (care: Division, home: Division): LedgerAccount =>
  `due-from:${care}:${home}`

/** Memo accounts (备查): outside every fund's balance. */
export const memoAccounts = {
  person: (person: string): LedgerAccount => `memo:person:${person}`,
  employer: (region: Division): LedgerAccount => `memo:employer:${region}`,
  hospital: (institution: string): LedgerAccount => `memo:hospital:${institution}`,
  window: (institution: string): LedgerAccount => `memo:window:${institution}`,
  /** What a bank took from cards' bank accounts for the window (银行代扣). */
  bank: (institution: string): LedgerAccount => `memo:bank:${institution}`,
}

/** 应收参保人: what a region has paid for one person who owes it. */
export const receivableAccount = (region: Division, person: string): LedgerAccount =>
  `receivable:${region}:person:${person}`

/** 保险费收入: what employers, people or the state have paid in for a scheme. */
export const incomeAccount = (region: Division, scheme: Scheme, payer: string): LedgerAccount =>
  `income:${region}:${scheme}:${payer}`

/** 代发资金: money of others that the agency pays out for them, such as wages. */
export const entrustedAccount = (region: Division, benefit: string): LedgerAccount =>
  `entrusted:${region}:${benefit}`

/** 待遇支出（社保卡银行账户）: what has gone to the bank accounts of cards. */
export const payoutAccount = (region: Division, benefit: string): LedgerAccount =>
  `payout:${region}:${benefit}`

/** Where money comes from that was there before the books opened. */
export const openingAccount = (region: Division): LedgerAccount => `opening:${region}`

/** The transfers of a settlement: every fen of the bill in exactly one leg, and two more legs where regions differ. */
export function post(s: Settlement): Transfer[] {
  const legs: Omit<Transfer, 'leg'>[] = []
  const payable = payableAccount(s.institution)
  const away = s.homeRegion !== s.careRegion
  const creditor = away ? dueToAccount(s.homeRegion, s.careRegion) : payable
  const book = (
    kind: TransferKind,
    owner: string,
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: Fen,
  ): void => {
    if (amount > 0n) legs.push({ owner, kind, debit, credit, amount })
  }
  for (const share of s.shares)
    book('fund', s.person, fundAccount(s.homeRegion, s.scheme, share.fund), creditor, share.amount)
  for (const draw of s.draws)
    book(
      draw.owner === s.person ? 'account' : 'family',
      draw.owner,
      personalAccount(draw.owner),
      creditor,
      draw.amount,
    )
  const { receivable = zero } = s
  const owing = receivableAccount(s.homeRegion, s.person)
  book('receivable', s.person, owing, creditor, receivable)
  if (away)
    book(
      'dueTo',
      s.person,
      dueFromAccount(s.careRegion, s.homeRegion),
      payable,
      sum([s.fundTotal, s.account, receivable]),
    )
  const window = memoAccounts.window(s.institution)
  const collected = subtract(s.cash, add(s.employerShare, receivable))
  book('cash', s.person, memoAccounts.person(s.person), window, collected)
  book('employer', s.person, memoAccounts.employer(s.homeRegion), window, s.employerShare)
  book('hospital', s.person, memoAccounts.hospital(s.institution), window, s.hospitalShare)
  return legs.map((leg, index) => ({ ...leg, leg: index + 1 }))
}

/** The mirror of transfers: the same legs with their sides changed. */
export function mirror(transfers: readonly Transfer[]): Transfer[] {
  return transfers.map((t) => ({ ...t, debit: t.credit, credit: t.debit }))
}
