import { type Static, Type } from 'typebox'
import {
  Care,
  Closed,
  Code,
  Day,
  Division,
  Facts,
  Flag,
  Institution,
  Instant,
  PersonId,
  PlaceWord,
  Scheme,
  SettlementId,
  Yuan,
} from './words.ts'

const optional = Type.Optional

const Illustrative = {
  illustrative: optional(
    Flag('True for what an invented layer pays: not current policy (示例，非现行政策)'),
  ),
  note: optional(Type.String({ description: '示例，非现行政策 where illustrative' })),
}

const Share = Closed({
  fund: Type.String({ description: 'The fund (基金)' }),
  amount: Yuan('What it pays'),
  ...Illustrative,
})

const Citation = Closed(
  {
    id: Type.String(),
    title: Type.String(),
    document: optional(Type.String({ description: 'Number of the document (文号)' })),
    article: optional(Type.String()),
    link: optional(Type.String()),
    grade: Type.String({
      description: 'A and B read in an official text, C quoted, D computed, or illustrative',
    }),
    confirmed: Type.String({ description: 'The day somebody last confirmed it' }),
  },
  'Where a value is ruled (政策依据)',
)

const DeductibleStep = Closed({
  mode: Type.String(),
  standard: Yuan('What is due (起付标准)'),
  usedBefore: Yuan('What earlier bills took up'),
  taken: Yuan('What this bill takes up'),
  because: optional(
    Type.Array(Type.String(), { description: 'How the standard came about, where it was changed' }),
  ),
  accumulator: Type.String(),
  citation: Type.String(),
})

const RateStep = Closed({
  from: Yuan('Beginning of the stretch'),
  to: Yuan('End of the stretch'),
  rate: Type.String({ description: 'The rate after every change, such as 0.85' }),
  because: Type.Array(Type.String(), { description: 'How the rate came about' }),
  paid: Yuan('What it gives'),
})

const FixedStep = Closed(
  {
    amount: Yuan('What is due for the whole stay, at most the base'),
    usedBefore: Yuan('What earlier parts of the stay were paid'),
  },
  'A fixed amount (定额) instead of rates',
)

const CapStep = Closed({
  per: Type.String(),
  counts: Type.String(),
  limit: Yuan('What the cap allows (封顶线)'),
  usedBefore: Yuan('What had been used'),
  cut: Yuan('What it cut off'),
  accumulator: optional(Type.String()),
  citation: Type.String(),
})

const Step = Closed(
  {
    layer: Type.String(),
    name: Closed({ zh: Type.String(), en: Type.String() }),
    payer: Type.String(),
    rule: Type.String(),
    base: Type.Array(Closed({ part: Type.String(), amount: Yuan('Of that part') })),
    baseTotal: Yuan('What the layer could pay from'),
    deductible: optional(DeductibleStep),
    fixed: optional(FixedStep),
    rates: Type.Array(RateStep),
    caps: Type.Array(CapStep),
    aboveCap: optional(Yuan('The part of the base that a cap left unanswered (封顶线以上)')),
    paid: Yuan('What the layer pays'),
    accumulators: Type.Array(
      Closed({ name: Type.String(), before: Yuan('Before'), after: Yuan('After') }),
    ),
    citation: Citation,
    ...Illustrative,
  },
  'One step of the waterfall, complete enough to be recomputed by hand',
)

const CrossRegion = Closed(
  {
    reason: Type.String(),
    place: PlaceWord('Seen from home'),
    coefficient: optional(Type.String()),
    points: optional(Type.String()),
    firstPayRate: optional(Type.String()),
    firstPay: Yuan('Set aside before the deductible (转外先自付)'),
    citation: Citation,
  },
  'The reduction for care away from home (异地就医)',
)

const ScopedLine = Closed({
  id: Type.String(),
  item: Type.String(),
  day: Day('Day of the line'),
  amount: Yuan('Its amount'),
  class: Type.String({ description: 'A 甲, B 乙, C 丙' }),
  name: Type.Optional(Type.String({ description: 'Name of the item (目录名称)' })),
  kind: optional(Type.String()),
  selfPaid: Yuan('全自费'),
  overLimit: Yuan('超限价'),
  firstSelfPay: Yuan('先行自付'),
  inScope: Yuan('符合政策范围'),
  source: optional(Type.String({ description: 'The catalogue entry used' })),
})

const Desk = Closed(
  {
    kind: Type.Enum(['paper', 'resettlement'], { description: '手工报销, 补充结算' }),
    case: Type.String({ description: 'The case at the desk that tells who did it' }),
    reason: Type.String({ description: 'Why it was not settled directly, or not as it was' }),
    issuer: optional(Type.String({ description: 'Who made the paper bill out' })),
    replaces: optional(Type.String({ description: 'The settlement that it takes the place of' })),
  },
  'Only of what the agency settled itself (经办机构办理)',
)

/** Preview and settlement share every field but those that only a posted row has. */
const splitFields = {
  day: Day('Day of settlement'),
  person: PersonId,
  institution: Institution,
  region: Division('The insured place, whose rules and funds these are (参保地, insuplc_admdvs)'),
  careRegion: Division('Where the person was treated (就医地, mdtrtarea_admvs)'),
  homeRegion: Division('The same as `region`'),
  route: PlaceWord('Local, elsewhere in the province, or in another province'),
  scheme: Scheme('The scheme that pays (险种)'),
  care: Care('Kind of care (医疗类别)'),
  visit: optional(Type.String()),
  stay: optional(
    Closed(
      {
        admission: Day('Day of admission (入院日期)'),
        discharge: Day('Day of discharge, or the last day of an interim part (出院日期)'),
        interim: Flag('Settled before discharge (中途结算)?'),
      },
      'The hospital stay (住院)',
    ),
  ),
  disease: optional(Type.String()),
  total: Yuan('Sum of the bill (医疗费总额, medfee_sumamt)'),
  selfPaid: Yuan('Outside every catalogue (全自费, fulamt_ownpay_amt)'),
  overLimit: Yuan('Above price limits (超限价, overlmt_selfpay)'),
  firstSelfPay: Yuan('First self-payment (先行自付, preselfpay_amt)'),
  inScope: Yuan('In scope (符合政策范围, inscp_scp_amt)'),
  deductible: Yuan('Deductible taken up (起付线, act_pay_dedc)'),
  crossRegionFirstPay: Yuan('Set aside for care away from home (转外先自付)'),
  shares: Type.Array(Share, { description: 'What each fund pays (基金支付)' }),
  fundTotal: Yuan('What all funds pay (基金支付总额, fund_pay_sumamt)'),
  personTotal: Yuan('What is left to the person (个人负担总额, psn_part_amt)'),
  account: Yuan('Paid from accounts, own and family (个人账户支出, acct_pay)'),
  familyAccount: Yuan('Of that, from family accounts (账户共济, acct_mulaid_pay)'),
  cash: Yuan('Collected at the window (个人现金, psn_cash_pay)'),
  hospitalShare: Yuan('Borne by the hospital (医院负担, hosp_part_amt)'),
  employerShare: Yuan('Of the cash, owed by the employer (单位负担)'),
  receivable: optional(
    Yuan(
      'Of the cash, owed by the person whose card paid offline more than its account had (应收参保人)',
    ),
  ),
  advanced: optional(
    Yuan('Of what funds and accounts pay, what the person had paid and gets back (个人垫付)'),
  ),
  accountBalance: Yuan('Own account afterwards (账户余额, balc)'),
  desk: optional(Desk),
  warnings: Type.Array(Closed({ code: Type.String(), facts: Facts })),
  rulePack: Type.String({ description: 'Hash of the rules that were used' }),
  rules: Type.Array(Closed({ id: Type.String(), pack: Type.String(), from: Day('In force from') })),
  crossRegion: optional(CrossRegion),
  lines: Type.Array(ScopedLine, {
    description: 'Each line with its class and in four parts that add up to it (费用明细)',
  }),
  trace: Type.Array(Step, { description: 'Why, step by step (结算过程)' }),
}

export const States = Type.Enum(['settled', 'cancelled', 'reversed'], {
  description: 'settled 有效, cancelled 已撤销, reversed 已冲正',
})

export const PreviewAnswer = Closed({ state: Type.Literal('preview'), ...splitFields })
export type PreviewAnswer = Static<typeof PreviewAnswer>

const Quick = Closed(
  {
    remainingToday: Closed({
      amount: Yuan('What the card may still pay today without PIN'),
      payments: Type.Integer({ description: 'How many more payments without PIN' }),
    }),
    pin: Type.Enum(['checked', 'absent'], { description: 'Was the PIN checked (密码校验)?' }),
  },
  'Only of a quick payment (小额快速支付), as it stood when it was paid',
)

export const SettlementAnswer = Closed({
  id: SettlementId,
  state: States,
  postedAt: Instant('When it was posted'),
  ...splitFields,
  quick: optional(Quick),
})
export type SettlementAnswer = Static<typeof SettlementAnswer>

/** One row of the chain: the settlement itself and whatever undid or restored it. */
export const ChainRow = Closed({
  id: Code('This row', '01JNX3H0000000000000000000ABCD', 30),
  sequence: Type.Integer(),
  kind: Type.Enum(['settlement', 'cancellation', 'reversal', 'restoration']),
  undoes: optional(Type.String({ description: 'The row that this one undoes' })),
  postedAt: Instant('When it was posted'),
})

export const SettlementDetail = Closed({
  ...SettlementAnswer.properties,
  rows: Type.Array(ChainRow, { description: 'The chain in its order' }),
})
export type SettlementDetail = Static<typeof SettlementDetail>

export const CancellationAnswer = Closed({
  id: SettlementId,
  state: States,
  row: ChainRow,
  total: Yuan('Sum of the bill that is undone'),
  fundTotal: Yuan('What goes back to the funds'),
  account: Yuan('What goes back to accounts'),
  cash: Yuan('What the window gives back'),
  accountBalance: Yuan('Own account afterwards'),
  affected: Type.Array(Type.String(), {
    description:
      'Later settlements of the year that were computed with this one (受影响的后续结算)',
  }),
})
export type CancellationAnswer = Static<typeof CancellationAnswer>

/** The answer to a reversal: what was turned back, or that nothing had happened. */
export const ReversalAnswer = Type.Object(
  {
    happened: Type.Boolean({
      description:
        'Had the original done anything? Where it had not, it never will: a late arrival is refused',
    }),
    ...Type.Partial(CancellationAnswer).properties,
  },
  { additionalProperties: false, description: 'A reversal (冲正)' },
)
export type ReversalAnswer = Static<typeof ReversalAnswer>

export const SummaryAnswer = Closed({
  id: SettlementId,
  state: States,
  person: PersonId,
  institution: Institution,
  day: Day('Day of settlement'),
  careRegion: Division('就医地'),
  homeRegion: Division('参保地'),
  route: PlaceWord('The way it took'),
  scheme: Scheme('险种'),
  care: Care('医疗类别'),
  total: Yuan('医疗费总额'),
  fundTotal: Yuan('基金支付总额'),
  personTotal: Yuan('个人负担总额'),
  account: Yuan('个人账户支出'),
  cash: Yuan('个人现金'),
  postedAt: Instant('When it was posted'),
})
