import type { CareKind, Division, Scheme } from './claim.ts'
import type { Day } from './day.ts'
import type { LedgerAccount, Transfer, TransferKind } from './ledger.ts'
import { assert } from './refusal.ts'

/** What is cleared together (清算类别, clr_type). */
export const clearingCategories = [
  'outpatient', // 门诊
  'inpatient', // 住院
  'pharmacy', // 药店
  'deferred', // 暂缓
  'other', // 其他
] as const
export type ClearingCategory = (typeof clearingCategories)[number]

/** How an institution is paid for it (清算方式, clr_way). */
export const clearingWays = [
  'item', // 按项目
  'disease', // 单病种
  'points', // 按病种分值 DIP
  'groups', // 疾病诊断相关分组 DRG
  'bedDay', // 按床日
  'capitation', // 按人头
  'other', // 其他
] as const
export type ClearingWay = (typeof clearingWays)[number]

/** What the rows of clearing are summed by: category, way, scheme and month of treatment. */
export interface ClearedBy {
  readonly category: ClearingCategory
  readonly way: ClearingWay
  readonly scheme: Scheme
  /** The month of the claim's day, such as 2026-03. */
  readonly month: string
}

/** How a region clears its kinds of care: data of the national interface, in our words. */
export type ClearingKinds = (
  region: Division,
  care: CareKind,
) => Pick<ClearedBy, 'category' | 'way'>

/** Amounts of clearing: what undoes a settlement counts negative, and so may a sum. */
export interface ClearedAmounts {
  readonly total: bigint
  readonly fundTotal: bigint
  readonly account: bigint
  /** What one side owes the other for it: funds, accounts, and what persons owe. */
  readonly due: bigint
}

/**
 * One row of the books (a settlement, or what undid or restored one) as clearing sees it, from the side of one region or
 * institution. A row that nobody owes anything for is never cleared.
 */
export interface Clearable extends ClearedBy, ClearedAmounts {
  readonly id: string
  readonly owner: string
  /** What both sides know it by. */
  readonly reference: string
  readonly undo: boolean
  readonly postedOn: Day
  /** The ledger account in which it is due. */
  readonly in: LedgerAccount
}

/** The sums of some rows by category, way, scheme and month (清算汇总). */
export interface ClearingTotal extends ClearedBy, ClearedAmounts {
  readonly rows: number
}

const keyOf = ({ category, way, scheme, month }: ClearedBy): string =>
  [category, way, scheme, month].join(' ')

/** Sums rows by the four keys, in the order of the keys. */
export function totalsOf(rows: readonly Clearable[]): ClearingTotal[] {
  return [...Map.groupBy(rows, keyOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const { category, way, scheme, month } = group[0] as Clearable
      return { category, way, scheme, month, rows: group.length, ...amountsOf(group) }
    })
}

/** What some rows come to. */
export function amountsOf(rows: readonly ClearedAmounts[]): ClearedAmounts {
  let [total, fundTotal, account, due] = [0n, 0n, 0n, 0n]
  for (const row of rows) {
    total += row.total
    fundTotal += row.fundTotal
    account += row.account
    due += row.due
  }
  return { total, fundTotal, account, due }
}

/** Whose rows a region's own are: `region:510100`. */
export const regionOwner = (region: Division): string => `region:${region}`

/** Whose rows an institution's own are: `institution:H51010000001`. */
export const institutionOwner = (institution: string): string => `institution:${institution}`

/** The accounts of clearing (清算科目), beside those where settlements leave what is due. */
export const clearingAccounts = {
  /** What a region owes another once a window is closed (credit), or is owed by it (debit). */
  between: (region: Division, partner: Division): LedgerAccount => `clearing:${region}:${partner}`,
  /** What is left of all partners once it is netted (轧差). */
  net: (region: Division): LedgerAccount => `net:${region}`,
  /** 预付金: what the home region has laid with the care region, and its mirror. */
  prepaidTo: (home: Division, care: Division): LedgerAccount => `prepaid-to:${home}:${care}`,
  prepaidFrom: (care: Division, home: Division): LedgerAccount => `prepaid-from:${care}:${home}`,
  /** 银行存款: money that may be used, and money that was received and is not settled yet. */
  bank: (region: Division): LedgerAccount => `bank:${region}`,
  bankHeld: (region: Division): LedgerAccount => `bank-held:${region}`,
  /** 周转金: paid to an institution before it is due. */
  advance: (institution: string): LedgerAccount => `advance:${institution}`,
  /** 病种结算差额: what case payment gives more, or less, than was settled; never a person's. */
  caseDifference: (region: Division): LedgerAccount => `case-difference:${region}`,
  /** 审核扣款: what was deducted for good. */
  deductions: (region: Division): LedgerAccount => `deductions:${region}`,
} as const

/** The stages of what is owed to an institution (decision 24). */
export type PayableStage = 'settled' | 'review' | 'deducted' | 'retained' | 'approved' | 'paid'

export const payableStage = (institution: string, stage: PayableStage): LedgerAccount =>
  `payable:${institution}:${stage}`

/** A transfer before its leg is numbered; where its amount is below nothing, its sides change. */
export interface Flow {
  readonly kind: TransferKind
  readonly owner: string
  readonly debit: LedgerAccount
  readonly credit: LedgerAccount
  readonly amount: bigint
}

/** Numbers flows as the legs of one posting; those of nothing are none. */
export function transfersOf(flows: readonly Flow[]): Transfer[] {
  return flows
    .filter(({ amount }) => amount !== 0n)
    .map(({ debit, credit, amount, ...rest }, i) => ({
      ...rest,
      leg: i + 1,
      ...(amount > 0n
        ? { debit, credit, amount: amount as Transfer['amount'] }
        : { debit: credit, credit: debit, amount: -amount as Transfer['amount'] }),
    }))
}

/** What moved in the ledger by one step of clearing (清算记账), known by the entry that it was written with. */
export interface ClearingPosting {
  readonly id: string
  readonly owner: string
  readonly subject: string
  readonly kind: string
  readonly transfers: readonly Transfer[]
}

/** A posting of flows, or none where nothing moves. */
export function postingOf(
  about: Omit<ClearingPosting, 'transfers'>,
  flows: readonly Flow[],
): { readonly posting?: ClearingPosting } {
  const transfers = transfersOf(flows)
  assert(about.owner !== '', 'a posting has an owner')
  return transfers.length > 0 ? { posting: { ...about, transfers } } : {}
}
