import type { Division, Scheme } from './claim.ts'
import type { Day, Instant } from './day.ts'
import {
  debtAccount,
  entrustedAccount,
  fundAccount,
  incomeAccount,
  type LedgerAccount,
  memoAccounts,
  mirror,
  owedAccount,
  payoutAccount,
  personalAccount,
  recoveredAccount,
  type Transfer,
} from './ledger.ts'
import { add, type Fen, least, subtract, sum, toYuan, zero } from './money.ts'
import { type Refusal, assert, refuse } from './refusal.ts'

/** What money moves for without a bill (资金变动类型). */
export const movementKinds = [
  'contribution', // 缴费: into funds and the personal account
  'credit', // 个人账户划入: from a fund to the personal account
  'benefit', // 待遇发放: to the bank account of the card
  'collection', // 个人现金代扣: a settlement's cash, from the bank account of the card
  'reimbursement', // 报销支付: what a person advanced, to the bank account of the card
  'recovery', // 追回立账: funds have something to get back
  'repayment', // 追回到账
  'setOff', // 追回抵扣: of what a person is to get
  'writeOff', // 追回核销: the funds bear it
] as const
export type MovementKind = (typeof movementKinds)[number]

/** What only a case at the agency's desk books, by two people. */
export const isOfDesk = (kind: MovementKind): boolean =>
  ['reimbursement', 'recovery', 'repayment', 'setOff', 'writeOff'].includes(kind)

/** What is paid out to the bank account of a card (待遇项目): of a scheme's funds, or of money that others entrusted. */
export const benefitKinds = [
  'pension', // 养老金
  'unemployment', // 失业保险金
  'maternityAllowance', // 生育津贴
  'workInjury', // 工伤待遇
  'subsidy', // 补贴
  'examFee', // 考试费
  'wage', // 工资
] as const
export type BenefitKind = (typeof benefitKinds)[number]

/** Who paid a contribution in: 个人, 单位, 财政. What people pay for themselves fills their account first. */
export const payers = ['person', 'employer', 'government'] as const
export type Payer = (typeof payers)[number]

/** Money that moves without a bill (资金变动): its amounts by where they come from and where they go. */
export interface Movement {
  readonly kind: MovementKind
  readonly person: string
  /** The region whose books it is in: the insured place, or where others entrusted the money. */
  readonly region: Division
  /** Absent for a collection, and for what is paid out of money that others entrusted (代发). */
  readonly scheme?: Scheme | undefined
  readonly benefit?: BenefitKind | undefined
  /** The month it is for (费款所属期, 待遇所属期), such as 2026-03. */
  readonly month: string
  /** The day on which the money came or went (到账日期, 发放日期). */
  readonly day: Day
  /** What the agency knows it by (来源凭证号): with person, kind, scheme and month it is booked once. */
  readonly reference: string
  readonly total: Fen
  /** Who paid a contribution. */
  readonly paid: readonly { readonly payer: Payer; readonly amount: Fen }[]
  /** What funds get of a contribution, or give for a credit or benefit. */
  readonly funds: readonly { readonly fund: string; readonly amount: Fen }[]
  /** What reaches the personal account. */
  readonly account: Fen
  /** The settlement whose cash is collected, and the institution whose window it was due at. */
  readonly settlement?: string | undefined
  readonly institution?: string | undefined
  /** Whom money is recovered from, such as `employer:E1` (追回对象). */
  readonly party?: string | undefined
}

/** A movement as it was booked, or the row that takes it back: both name the same `movement`. */
export interface MovementRow {
  readonly id: string
  readonly movement: string
  readonly sequence: number
  readonly kind: 'movement' | 'cancellation'
  readonly undoes?: string | undefined
  readonly postedAt: Instant
  /** The n-th time that this very source is booked: it may be again once the one before was taken back. */
  readonly booking: number
  readonly content: Movement & {
    /** The personal account afterwards, where the movement changed it. */
    readonly accountBalance?: Fen | undefined
  }
}

/** What an agency (经办机构) asks under: its keys are its own, like an institution's. */
export const agencyOf = (region: Division): string => `agency:${region}`

/** Contributions, credits and benefits are the agency's to book; a collection is also the institution's whose cash it is. */
export const mayMove = (asker: string, { region, institution }: Movement): boolean =>
  asker === agencyOf(region) || asker === institution

/** What is booked once: of a person the same kind, scheme, month and reference. */
export const sourceOf = ({ kind, scheme, benefit, month, reference }: Movement): string =>
  [kind, scheme ?? '', benefit ?? '', month, reference].join(' ')

interface Part {
  readonly account: LedgerAccount
  readonly amount: Fen
}

/** The transfers of a movement, in double entry: what comes from the one side goes to the other, to the fen. */
export function postMovement(movement: Movement): Transfer[] {
  const [from, to] = sidesOf(movement)
  return pair(from, to).map((leg, i) => ({
    owner: movement.person,
    leg: i + 1,
    kind: movement.kind,
    ...leg,
  }))
}

function sidesOf(m: Movement): [from: Part[], to: Part[]] {
  const { region, scheme, benefit = '', total, institution = '' } = m
  const funds = m.funds.map(({ fund, amount }) => ({
    account: fundAccount(region, schemeOf(m), fund),
    amount,
  }))
  const own = [{ account: personalAccount(m.person), amount: m.account }]
  switch (m.kind) {
    case 'contribution': {
      const paid = m.paid
        .toSorted((a, b) => payers.indexOf(a.payer) - payers.indexOf(b.payer))
        .map(({ payer, amount }) => ({
          account: incomeAccount(region, schemeOf(m), payer),
          amount,
        }))
      return [paid, [...own, ...funds]]
    }
    case 'credit':
      return [funds, own]
    case 'benefit': {
      const entrusted = [{ account: entrustedAccount(region, benefit), amount: total }]
      const payout = [{ account: payoutAccount(region, benefit), amount: total }]
      return [scheme === undefined ? entrusted : funds, payout]
    }
    case 'collection':
      return [
        [{ account: memoAccounts.window(institution), amount: total }],
        [{ account: memoAccounts.bank(institution), amount: total }],
      ]
    case 'reimbursement': {
      const payout = payoutAccount(region, m.kind)
      return [
        [{ account: owedAccount(region, m.person), amount: total }],
        [{ account: payout, amount: total }],
      ]
    }
    case 'recovery':
      return [debtOf(m), funds]
    case 'repayment':
      return [[{ account: recoveredAccount(region), amount: total }], debtOf(m)]
    case 'setOff':
      return [[{ account: owedAccount(region, m.person), amount: total }], debtOf(m)]
    case 'writeOff':
      return [funds, debtOf(m)]
  }
}

const debtOf = ({ region, party = '', total }: Movement): Part[] => [
  { account: debtAccount(region, party), amount: total },
]

function schemeOf({ scheme }: Movement): Scheme {
  assert(scheme !== undefined, 'money of a fund is money of a scheme')
  return scheme
}

/** Fills the one side from the other, in order. */
function pair(
  from: readonly Part[],
  to: readonly Part[],
): Pick<Transfer, 'debit' | 'credit' | 'amount'>[] {
  const legs: Pick<Transfer, 'debit' | 'credit' | 'amount'>[] = []
  const sources = from.map((part) => ({ ...part }))
  for (const { account: credit, amount: due } of to) {
    let open = due
    for (const source of sources) {
      const amount = least(open, source.amount)
      if (amount === zero) continue
      legs.push({ debit: source.account, credit, amount })
      source.amount = subtract(source.amount, amount)
      open = subtract(open, amount)
    }
  }
  return legs
}

/** The amounts of a movement that do not add up are a slip of whoever sent it. */
export function refuseAmounts(movement: Movement): Refusal | undefined {
  const sides = sidesOf(movement).map((parts) => sum(parts.map(({ amount }) => amount)))
  const { total } = movement
  if (total > zero && sides.every((side) => side === total)) return undefined
  const [from = zero, to = zero] = sides
  return refuse('movement-amounts-wrong', {
    total: toYuan(total),
    from: toYuan(from),
    to: toYuan(to),
  })
}

/** What a movement, or taking it back, comes to. */
export interface Moved {
  readonly content: MovementRow['content']
  readonly transfers: readonly Transfer[]
  readonly balances: readonly { readonly owner: string; readonly balance: Fen }[]
}

/** A movement booked on the balance that the personal account has. */
export function move(movement: Movement, balance: Fen): Moved {
  const after = add(balance, movement.account)
  return { ...touching(movement, after), transfers: postMovement(movement) }
}

/** A movement taken back (撤销): its transfers mirrored; what has been spent meanwhile cannot be. */
export function takeBack(
  { id, movement, kind, content }: MovementRow,
  transfers: readonly Transfer[],
  balance: Fen,
): Moved | Refusal {
  if (kind === 'cancellation') return refuse('already-undone', { movement, by: id })
  if (balance < content.account) return refuse('account-short', { movement })
  return { ...touching(content, subtract(balance, content.account)), transfers: mirror(transfers) }
}

/** Only a movement that changes the personal account tells what it holds afterwards. */
function touching(movement: Movement, after: Fen): Omit<Moved, 'transfers'> {
  if (movement.account === zero) return { content: movement, balances: [] }
  return {
    content: { ...movement, accountBalance: after },
    balances: [{ owner: movement.person, balance: after }],
  }
}
