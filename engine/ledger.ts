import type { Division, Scheme } from './claim.ts'
import { monthOf } from './day.ts'
import { add, type Fen, least, subtract, sum, zero } from './money.ts'
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
  'advanced', // 个人垫付, memo
  'reimbursement', // 报销支付
  'recovery', // 追回立账
  'repayment', // 追回到账
  'setOff', // 追回抵扣
  'writeOff', // 追回核销
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

/** Two regions between which money is due, for what, and in which month of settlement. */
export interface Pair {
  readonly home: Division
  readonly care: Division
  readonly scheme: Scheme
  readonly month: string
}

/** 异地就医应付: what the home region owes the care region, and its mirror 应收; by scheme and month of settlement. */
export const dueToAccount = ({ home, care, scheme, month }: Pair): LedgerAccount =>
  `${dueToPair(home, care)}:${scheme}:${month}`
export const dueFromAccount = ({ home, care, scheme, month }: Pair): LedgerAccount =>
  `${dueFromPair(care, home)}:${scheme}:${month}`

/** What the names of all accounts between two regions begin with. */
export const dueToPair = (home: Division, care: Division): LedgerAccount => `due-to:${home}:${care}`
export const dueFromPair = (care: Division, home: Division): LedgerAccount =>
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

/** The two accounts in which one region owes another for a settlement, as either of them keeps it. */
export interface DueAccounts {
  readonly to: LedgerAccount
  readonly from: LedgerAccount
}

const dueAccounts = ({ homeRegion: home, careRegion: care, scheme, day }: Settlement) => {
  const pair = { home, care, scheme, month: monthOf(day) }
  return { to: dueToAccount(pair), from: dueFromAccount(pair) }
}

/** Those that some transfers move, if any do. */
export function dueAccountsIn(transfers: readonly Transfer[]): DueAccounts | undefined {
  const accounts = transfers.flatMap(({ debit, credit }) => [debit, credit])
  const to = accounts.find((account) => account.startsWith('due-to:'))
  const from = accounts.find((account) => account.startsWith('due-from:'))
  return to === undefined || from === undefined ? undefined : { to, from }
}

/**
 * The transfers of a settlement: every fen of the bill in exactly one leg, and two more legs where regions differ. Where the
 * other region keeps books of its own, these are the legs of one side: the home region's funds and accounts owe the care
 * region, and the care region owes the institution what is due from home.
 */
export function post(s: Settlement, due: DueAccounts = dueAccounts(s)): Transfer[] {
  const away = s.homeRegion !== s.careRegion
  const payable = payableAccount(s.institution)
  const legs = [
    ...(s.side === 'care' ? [] : homeLegs(s, away ? due.to : payable)),
    ...(away && s.side !== 'home' ? [dueLeg(s, due.from, payable)] : []),
    ...(s.side === 'home' ? [] : windowLegs(s)),
  ]
  return legs
    .filter(({ amount }) => amount > 0n)
    .map((leg, index) => ({ owner: s.person, ...leg, leg: index + 1 }))
}

type Leg = Omit<Transfer, 'leg' | 'owner'> & { readonly owner?: string }

/**
 * What funds and accounts pay, and what is paid for the person who owes it. What the institution is due is filled first; the
 * rest is the person's who advanced it. Family money never is.
 */
function homeLegs(s: Settlement, credit: LedgerAccount): Leg[] {
  const { receivable = zero } = s
  let open = subtract(dueOf(s), add(s.familyAccount, receivable))
  const fill = ({ amount, ...leg }: Omit<Leg, 'credit'>): Leg[] => {
    const due = least(open, amount)
    open = subtract(open, due)
    const owed = owedAccount(s.homeRegion, s.person)
    return [
      { ...leg, credit, amount: due },
      { ...leg, credit: owed, amount: subtract(amount, due) },
    ]
  }
  const owing = receivableAccount(s.homeRegion, s.person)
  return [
    ...s.shares.flatMap(({ fund, amount }): Leg[] => {
      const debit = fundAccount(s.homeRegion, s.scheme, fund)
      return fill({ kind: 'fund', debit, amount })
    }),
    ...s.draws.flatMap(({ owner, amount }): Leg[] => {
      const debit = personalAccount(owner)
      return owner === s.person
        ? fill({ kind: 'account', debit, amount })
        : [{ owner, kind: 'family', debit, credit, amount }]
    }),
    { kind: 'receivable', debit: owing, credit, amount: receivable },
  ]
}

/**
 * What the home region owes for a settlement (异地应付): its funds' part and its people's accounts' part, but for what of
 * these the person had paid already.
 */
export const dueOf = ({
  fundTotal,
  account,
  receivable = zero,
  advanced = zero,
}: Pick<Settlement, 'fundTotal' | 'account' | 'receivable' | 'advanced'>): Fen =>
  subtract(sum([fundTotal, account, receivable]), advanced)

const dueLeg = (s: Settlement, debit: LedgerAccount, credit: LedgerAccount): Leg => ({
  kind: 'dueTo',
  debit,
  credit,
  amount: dueOf(s),
})

/** What is collected at the window or borne by others, outside every fund (备查). */
function windowLegs(s: Settlement): Leg[] {
  const credit = memoAccounts.window(s.institution)
  const collected = subtract(s.cash, add(s.employerShare, s.receivable ?? zero))
  return [
    { kind: 'cash', debit: memoAccounts.person(s.person), credit, amount: collected },
    {
      kind: 'advanced',
      debit: memoAccounts.person(s.person),
      credit,
      amount: s.advanced ?? zero,
    },
    {
      kind: 'employer',
      debit: memoAccounts.employer(s.homeRegion),
      credit,
      amount: s.employerShare,
    },
    {
      kind: 'hospital',
      debit: memoAccounts.hospital(s.institution),
      credit,
      amount: s.hospitalShare,
    },
  ]
}

/** The mirror of transfers: the same legs with their sides changed. */
export function mirror(transfers: readonly Transfer[]): Transfer[] {
  return transfers.map((t) => ({ ...t, debit: t.credit, credit: t.debit }))
}
