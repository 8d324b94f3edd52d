import type { ToldSplit } from '../../engine/awayClaim.ts'
import { schemes } from '../../engine/claim.ts'
import { burdenParts, capPeriods, deductibleModes } from '../../engine/pack.ts'
import { places } from '../../engine/route.ts'
import type {
  CapStep,
  Citation,
  CrossRegionStep,
  DeductibleStep,
  FixedStep,
  RateStep,
  Share,
  Step,
  Warning,
} from '../../engine/settlement.ts'
import { Type } from 'typebox'
import { visitSums } from './claimForms.ts'
import { type Form, list, object, optional, plain } from './forms.ts'
import { facts } from './refusalForm.ts'
import { code, day, rate, text, word, yuan } from './words.ts'

/** Many of a kind: more than any rule has, and little enough to be read. */
const many = 200

const illustrative = plain<true>(
  Type.Literal(true, { description: 'Of an invented layer: 示例，非现行政策' }),
)

const share = object<Share>(
  {
    fund: code('The fund (基金)'),
    amount: yuan('What it pays'),
    illustrative: optional(illustrative),
  },
  'What one fund pays (基金支付)',
)

const citation = object<Citation>(
  {
    id: code('Its name in the pack', 200),
    title: text('Title'),
    document: optional(text('文号')),
    article: optional(text('条款')),
    link: optional(text('Where it stands', 1000)),
    grade: word(['A', 'B', 'C', 'D', 'illustrative'], 'How well the value is known'),
    confirmed: day('When somebody last confirmed it'),
  },
  'Where it is ruled (政策依据)',
)

const deductible = object<DeductibleStep>(
  {
    mode: word(deductibleModes),
    standard: yuan('起付标准'),
    usedBefore: yuan('What earlier bills took up'),
    taken: yuan('What this bill takes up'),
    because: optional(list(text('How the standard came about'), many)),
    accumulator: code('Counted under', 200),
    citation: text('政策依据'),
  },
  '起付线',
)

const rateStep = object<RateStep>({
  from: yuan('Beginning of the stretch'),
  to: yuan('End of the stretch'),
  rate: rate('After every change'),
  because: list(text('How the rate came about'), many),
  paid: yuan('What it gives'),
})

const fixed = object<FixedStep>(
  { amount: yuan('What is due for the whole stay'), usedBefore: yuan('What earlier parts had') },
  '定额',
)

const cap = object<CapStep>(
  {
    per: word(capPeriods),
    counts: word(['paid', 'base']),
    limit: yuan('封顶线'),
    usedBefore: yuan('What had been used'),
    cut: yuan('What it cut off'),
    accumulator: optional(code('Counted under', 200)),
    citation: text('政策依据'),
  },
  '封顶线',
)

const step = object<Step>(
  {
    layer: code('The layer', 200),
    name: object<Step['name']>({ zh: text('In Chinese'), en: text('In English') }),
    payer: code('A fund, `hospital` or `employer`'),
    rule: code('The rule', 200),
    base: list(
      object<Step['base'][number]>({ part: word(burdenParts), amount: yuan('Of that part') }),
      many,
    ),
    baseTotal: yuan('What the layer could pay from'),
    deductible: optional(deductible),
    fixed: optional(fixed),
    rates: list(rateStep, many),
    caps: list(cap, many),
    aboveCap: optional(yuan('封顶线以上')),
    paid: yuan('What the layer pays'),
    accumulators: list(
      object<Step['accumulators'][number]>({
        name: code('The running sum', 200),
        before: yuan('Before'),
        after: yuan('After'),
      }),
      many,
    ),
    citation,
    illustrative: optional(illustrative),
  },
  'One step of the waterfall, complete enough to be recomputed by hand (结算过程)',
)

const crossRegion = object<CrossRegionStep>(
  {
    reason: text('Why it is reduced, or not'),
    place: word(places, 'Seen from home'),
    coefficient: optional(rate('Times the rate')),
    points: optional(rate('Off the rate')),
    firstPayRate: optional(rate('Of what is in scope')),
    firstPay: yuan('Set aside before the deductible (转外先自付)'),
    citation,
  },
  'The reduction for care away from home (异地就医待遇调整)',
)

const warningCodes = Object.keys({
  'photo-due': 1,
  'card-proof-not-checked': 1,
  'card-region-differs': 1,
  'same-bill-settled': 1,
  'illustrative-rules': 1,
  'items-not-in-catalogue': 1,
  'stay-missing': 1,
  'paid-in-advance': 1,
  'quick-limit-passed': 1,
  'payment-looks-wrong': 1,
  'card-blocked-after-list': 1,
  'account-was-short': 1,
} satisfies Record<Warning['code'], 1>) as Warning['code'][]

const warning = object<Warning>({
  code: word(warningCodes),
  facts: facts as Form<Warning['facts']>,
})

/** A newer region may warn of what nobody here has words for: that is left out. */
const warnings: Form<readonly Warning[]> = {
  schema: list(warning, many).schema,
  lenient: Type.Array(Type.Object({ code: Type.String(), facts: facts.lenient }), {
    maxItems: many,
  }),
  read: (wire) =>
    (wire as Warning[])
      .filter((one) => warningCodes.includes(one.code))
      .map((one) => warning.read(one)),
  write: (value) => value.map((one) => warning.write(one)),
}

export const toldSplit = object<ToldSplit>(
  {
    total: yuan('医疗费总额, medfee_sumamt'),
    selfPaid: yuan('全自费, fulamt_ownpay_amt'),
    overLimit: yuan('超限价, overlmt_selfpay'),
    firstSelfPay: yuan('先行自付, preselfpay_amt'),
    inScope: yuan('符合政策范围, inscp_scp_amt'),
    deductible: yuan('起付线, act_pay_dedc'),
    crossRegionFirstPay: yuan('转外先自付'),
    shares: list(share, many),
    fundTotal: yuan('基金支付总额, fund_pay_sumamt'),
    personTotal: yuan('个人负担总额, psn_part_amt'),
    account: yuan('个人账户支出, acct_pay'),
    familyAccount: yuan('账户共济, acct_mulaid_pay'),
    cash: yuan('个人现金, psn_cash_pay'),
    hospitalShare: yuan('医院负担, hosp_part_amt'),
    employerShare: yuan('单位负担, a part of the cash'),
    receivable: optional(yuan('应收参保人, a part of the cash')),
    accountBalance: yuan('账户余额, balc'),
    visitSums: optional(visitSums),
    crossRegion: optional(crossRegion),
    trace: list(step, many),
    rules: list(
      object<ToldSplit['rules'][number]>({
        id: code('The rule', 200),
        pack: code('Where it stands', 300),
        from: day('In force from'),
      }),
      many,
    ),
    scheme: word(schemes, 'The scheme that pays (险种)'),
    warnings,
    packHash: code('Hash of the rules that were used', 128),
  },
  'What the home region computed (参保地结算结果)',
)
