import type { CareKind, Credential, Division, Scheme, VisitSums } from './claim.ts'
import type { Day, Instant } from './day.ts'
import { add, type Fen, sum, toYuan, zero } from './money.ts'
import type { BurdenPart, CapPeriod, DeductibleMode, Source } from './pack.ts'
import { assert } from './refusal.ts'
import type { Place } from './route.ts'
import type { ScopedLine } from './scoped.ts'

/** What one fund pays of a bill (基金支付, one row of setldetail). */
export interface Share {
  readonly fund: string
  readonly amount: Fen
  /** True for shares of invented layers: 示例，非现行政策. */
  readonly illustrative?: true
}

/** A citation as it stands in a trace. */
export type Citation = Pick<
  Source,
  'id' | 'title' | 'document' | 'article' | 'link' | 'grade' | 'confirmed'
>

/** The deductible (起付线) in a step: what was due, what had been used, what this bill took up. */
export interface DeductibleStep {
  readonly mode: DeductibleMode
  readonly standard: Fen
  readonly usedBefore: Fen
  readonly taken: Fen
  /** How the standard came about, where a repeat admission, a referral or the like changed it. */
  readonly because?: readonly string[] | undefined
  readonly accumulator: string
  readonly citation: string
}

/** One stretch of the base at one rate: from and to count as the rule counts them. */
export interface RateStep {
  readonly from: Fen
  readonly to: Fen
  /** The rate after every change, as decimal text; `because` tells how it came about. */
  readonly rate: string
  readonly because: readonly string[]
  readonly paid: Fen
}

/** A fixed amount (定额) in a step: what is due for the whole stay, and what earlier parts of it were paid. */
export interface FixedStep {
  readonly amount: Fen
  readonly usedBefore: Fen
}

/** A cap that applied: what it allows, what had been used, and what it cut off, if anything. */
export interface CapStep {
  readonly per: CapPeriod
  readonly counts: 'paid' | 'base'
  readonly limit: Fen
  readonly usedBefore: Fen
  readonly cut: Fen
  readonly accumulator?: string | undefined
  readonly citation: string
}

/** One layer's step of the waterfall, complete enough to be recomputed by hand. */
export interface Step {
  readonly layer: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly payer: string
  readonly rule: string
  readonly base: readonly { readonly part: BurdenPart; readonly amount: Fen }[]
  readonly baseTotal: Fen
  readonly deductible?: DeductibleStep | undefined
  readonly fixed?: FixedStep | undefined
  readonly rates: readonly RateStep[]
  readonly caps: readonly CapStep[]
  /** The part of the base that a cap left unanswered: rounded so that what was paid is never for too little of it. */
  readonly aboveCap?: Fen | undefined
  readonly paid: Fen
  readonly accumulators: readonly {
    readonly name: string
    readonly before: Fen
    readonly after: Fen
  }[]
  readonly citation: Citation
  readonly illustrative?: true
}

/** What the cross-region reduction set aside or took off, and where it is ruled. */
export interface CrossRegionStep {
  readonly reason: string
  readonly place: Place
  readonly coefficient?: string | undefined
  readonly points?: string | undefined
  readonly firstPayRate?: string | undefined
  readonly firstPay: Fen
  readonly citation: Citation
}

/** A change to one running sum; a cancellation carries the same with the sign turned. */
export interface CounterDelta {
  readonly year: string
  readonly key: string
  readonly delta: bigint
}

/** Money drawn from one personal account (个人账户). */
export interface AccountDraw {
  readonly owner: string
  readonly amount: Fen
}

/** The amounts of a settlement (结算信息, setlinfo), in fen. */
export interface Amounts {
  readonly total: Fen
  readonly selfPaid: Fen
  readonly overLimit: Fen
  readonly firstSelfPay: Fen
  readonly inScope: Fen
  readonly deductible: Fen
  readonly crossRegionFirstPay: Fen
  readonly shares: readonly Share[]
  readonly fundTotal: Fen
  readonly personTotal: Fen
  /** Own and family part together (acct_pay). */
  readonly account: Fen
  /** The part of `account` drawn from family accounts (acct_mulaid_pay). */
  readonly familyAccount: Fen
  /** What is collected at the window, an employer's share included (psn_cash_pay). */
  readonly cash: Fen
  readonly hospitalShare: Fen
  /** The part of `cash` that the employer owes. */
  readonly employerShare: Fen
  /**
   * The part of `cash` that nobody collected (应收参保人): an account had less than was paid with its card offline, the agency
   * pays the pharmacy, and the person owes it. Absent means none.
   */
  readonly receivable?: Fen | undefined
  /**
   * What of the funds' and accounts' part the person had paid at the window already (参保人垫付): it goes to them and not to
   * the institution. Absent means none.
   */
  readonly advanced?: Fen | undefined
  /** The own account's balance afterwards (balc). */
  readonly accountBalance: Fen
}

/** The names of the single amounts, in the order in which people read them. */
export const amountNames = [
  'total',
  'selfPaid',
  'overLimit',
  'firstSelfPay',
  'inScope',
  'deductible',
  'crossRegionFirstPay',
  'fundTotal',
  'personTotal',
  'account',
  'familyAccount',
  'cash',
  'hospitalShare',
  'employerShare',
  'accountBalance',
] as const satisfies readonly (keyof Amounts)[]

/** The name of one amount of a settlement. */
export type AmountName = (typeof amountNames)[number]

/** The result of the waterfall for one claim. */
export interface Split extends Amounts {
  readonly draws: readonly AccountDraw[]
  readonly counters: readonly CounterDelta[]
  /** Only of a bill of an outpatient visit that is kept: what its next bill starts from. */
  readonly visitSums?: VisitSums | undefined
  readonly crossRegion?: CrossRegionStep | undefined
  readonly trace: readonly Step[]
  readonly rules: readonly { readonly id: string; readonly pack: string; readonly from: Day }[]
}

/** What the agency's desk settled itself (经办机构办理): a paper bill, or a settlement settled anew. */
export interface DeskMade {
  readonly kind: 'paper' | 'resettlement'
  /** The case at the desk that tells who did it. */
  readonly case: string
  readonly reason: string
  /** Who made the paper bill out, as it says itself. */
  readonly issuer?: string | undefined
  /** The settlement that it takes the place of, and the row that undid that. */
  readonly replaces?: { readonly settlement: string; readonly row: string } | undefined
}
/** The part that a region has in a settlement away from home (参保地 or 就医地). */
export type Side = 'home' | 'care'

/** A claim settled (结算), before it has an id. */
export interface Settlement extends Split {
  readonly person: string
  readonly institution: string
  readonly day: Day
  readonly careRegion: Division
  readonly homeRegion: Division
  /** Whose books these are where the other region keeps its own; absent where both regions' are kept here. */
  readonly side?: Side | undefined
  /** What both regions know it by, where each keeps its own books. */
  readonly reference?: string | undefined
  readonly route: Place
  readonly scheme: Scheme
  readonly care: CareKind
  readonly credentialKind: Credential['type']
  /** The terminal at which it was settled (终端), where one was told. */
  readonly terminal?: string | undefined
  /** Of a tap: the moment by its terminal's clock, and whether the terminal had no line (离线交易). */
  readonly tap?: { readonly tappedAt: Instant; readonly offline: boolean } | undefined
  readonly visit?: string | undefined
  readonly stay?:
    | { readonly admission: Day; readonly discharge: Day; readonly interim: boolean }
    | undefined
  readonly disease?: string | undefined
  readonly lines: readonly ScopedLine[]
  readonly warnings: readonly Warning[]
  readonly packHash: string
  /** Absent for what an institution settled. */
  readonly desk?: DeskMade | undefined
}

/** What the desk should know although nothing is refused (warn_msg). */
export interface Warning {
  readonly code:
    | 'photo-due'
    | 'card-proof-not-checked'
    | 'card-region-differs'
    | 'same-bill-settled'
    | 'illustrative-rules'
    /** Items that no catalogue holds are fully self-paid; a mistyped code is too. */
    | 'items-not-in-catalogue'
    /** Hospital care without its days: nothing ties its parts together, and the day of settlement counts as both. */
    | 'stay-missing'
    /** Paid although a third party may be liable: the funds' part is to be recovered (先行支付). */
    | 'paid-in-advance'
    /** A card paid offline above a limit: the goods were gone, so it is settled and told. */
    | 'quick-limit-passed'
    /** A risk rule that refuses nothing found something. */
    | 'payment-looks-wrong'
    /** A card paid offline after it was blocked, and the terminal could not know: the agency bears it. */
    | 'card-blocked-after-list'
    /** A card paid offline more than its account had: the person owes the rest (应收参保人). */
    | 'account-was-short'
  readonly facts: Readonly<Record<string, string | readonly string[]>>
}

/** Identities I1 to I8 of a settlement, as decision 8 corrects them; one that fails is a bug, and nothing is committed. */
export function assertIdentities(
  s: Amounts & { readonly lines: readonly ScopedLine[] },
  balanceBefore: Fen,
): void {
  const show = (name: string, a: Fen, b: Fen): string => `${name}: ${toYuan(a)} is not ${toYuan(b)}`
  const equal = (name: string, a: Fen, b: Fen): void => assert(a === b, show(name, a, b))
  const scopeOf = (x: { selfPaid: Fen; overLimit: Fen; firstSelfPay: Fen; inScope: Fen }): Fen =>
    sum([x.selfPaid, x.overLimit, x.firstSelfPay, x.inScope])
  equal('I1 total by scope', s.total, scopeOf(s))
  for (const line of s.lines) equal(`I1 line ${line.id}`, line.amount, scopeOf(line))
  equal('I1 total by lines', s.total, sum(s.lines.map((line) => line.amount)))
  equal('I2 fund total by shares', s.fundTotal, sum(s.shares.map((x) => x.amount)))
  equal('I3 person by account and cash', s.personTotal, add(s.account, s.cash))
  equal('I4 total by payers', s.total, sum([s.fundTotal, s.personTotal, s.hospitalShare]))
  equal('I7 balance', balanceBefore, sum([s.accountBalance, s.account, -s.familyAccount as Fen]))
  for (const amount of [
    ...Object.values(s).filter((v) => typeof v === 'bigint'),
    ...s.shares.map((x) => x.amount),
  ])
    assert(amount >= 0n, 'no part is negative')
  assert(s.employerShare <= s.cash, 'the employer owes at most what the window collects')
  const owed = add(s.employerShare, s.receivable ?? zero)
  assert(owed <= s.cash, 'what is owed was collected by nobody')
  const ownPart = add(s.fundTotal, s.account) - s.familyAccount
  assert((s.advanced ?? zero) <= ownPart, 'no more is paid back than funds and the own account pay')
  assert(s.familyAccount <= s.account, 'the family part lies within the account part')
  assert(s.deductible <= s.inScope, 'the deductible lies within the scope')
}
