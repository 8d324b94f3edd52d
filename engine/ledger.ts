import type { Division, Scheme } from './claim.ts'
import { add, type Fen, least, subtract, zero } from './money.ts'
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
  'advance', // 个人垫付, memo
  'reimbursement', // 报销支付
  'recovery', // 追回立账
  'repayment', // 追回到账
  'setOff', // 追回抵扣
  'writeOff', // 追回核销
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

/** 应付参保人: what a region owes one person who paid at the window what funds and accounts pay. */
export const owedAccount = (region: Division, person: string): LedgerAccount =>
  `owed:${region}:person:${person}`

/** 追回应收: what is to be recovered from a person, an institution or an employer, such as `institution:H51010000001`. */
export const debtAccount = (region: Division, party: string): LedgerAccount =>
  `receivable:${region}:${party}`

/** 追回到账: money that came back. */
export const recoveredAccount = (region: Division): LedgerAccount => `recovered:${region}`

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
  // What the institution is due is filled first; the rest is the person's who advanced it. Family money never is.
  const { receivable = zero, advanced = zero } = s
  const toInstitution = subtract(add(s.fundTotal, s.account), advanced)
  let open = subtract(toInstitution, s.familyAccount)
  const pay = (kind: TransferKind, owner: string, debit: LedgerAccount, amount: Fen): void => {
    const due = least(open, amount)
    book(kind, owner, debit, creditor, due)
    book(kind, owner, debit, owedAccount(s.homeRegion, s.person), subtract(amount, due))
    open = subtract(open, due)
  }
  for (const { fund, amount } of s.shares)
    pay('fund', s.person, fundAccount(s.homeRegion, s.scheme, fund), amount)
  for (const { owner, amount } of s.draws)
    if (owner === s.person) pay('account', owner, personalAccount(owner), amount)
    else book('family', owner, personalAccount(owner), creditor, amount)
  const owing = receivableAccount(s.homeRegion, s.person)
  book('receivable', s.person, owing, creditor, receivable)
  if (away)
    book(
      'dueTo',
      s.person,
      dueFromAccount(s.careRegion, s.homeRegion),
      payable,
      add(toInstitution, receivable),
    )
  const window = memoAccounts.window(s.institution)
  const collected = subtract(s.cash, add(s.employerShare, receivable))
  book('cash', s.person, memoAccounts.person(s.person), window, collected)
  book('advance', s.person, memoAccounts.person(s.person), window, advanced)
  book('employer', s.person, memoAccounts.employer(s.homeRegion), window, s.employerShare)
  book('hospital', s.person, memoAccounts.hospital(s.institution), window, s.hospitalShare)
  return legs.map((leg, index) => ({ ...leg, leg: index + 1 }))
}

/** The mirror of transfers: the same legs with their sides changed. */
export function mirror(transfers: readonly Transfer[]): Transfer[] {
  return transfers.map((t) => ({ ...t, debit: t.credit, credit: t.debit }))
}
