import { type Static, Type } from 'typebox'
import { clearingCategories, clearingWays } from '../../engine/clearing.ts'
import { runKinds } from '../../engine/clearingRun.ts'
import { deductionKinds } from '../../engine/institutionSteps.ts'
import { orderStates } from '../../engine/orderPayment.ts'
import { runStates, runStepNames } from '../../engine/runStages.ts'
import {
  Closed,
  Code,
  Day,
  Division,
  Instant,
  Institution,
  Next,
  Scheme,
  SignedYuan,
  Text,
  text,
  Yuan,
} from './words.ts'

const optional = Type.Optional

export const tags = ['clearing']

const AgencyRegion = Division('The agency that asks, by its region (经办机构所在统筹区)')
const Operator = Code('Who does it there (经办人)', 'op1', 40)
/** Who asks: an agency, and somebody in it. */
export const by = { region: AgencyRegion, operator: Operator }

export const Partner = Division('The other region (对方统筹区)')
export const Side = Type.Enum(['home', 'care'], {
  description: 'Which side the asker had: home 参保地, care 就医地',
})
export const RunId = Code('The run (清算批次)', '01JNX3H0000000000000000000ABCD', 30)
export const OrderId = Code(
  'The payment order (付款通知书)',
  '01JNX3H0000000000000000000ABCD-1',
  40,
)
export const WindowName = text(
  '^(20|21)\\d{2}-(0[1-9]|1[0-2])(-\\d{2})?$',
  'The window (清算期): a month or a day',
  '2026-03',
  'a month such as 2026-03 or a day such as 2026-03-02',
)
export const Reason = Text('Why, in words (原因)', 200, '超限制用药')
export const Event = Code(
  'The application (机构清算申请事件ID, clr_appy_evt_id)',
  '01JNX3H0000000000000000000ABCD',
  30,
)

const amounts = {
  total: SignedYuan('医疗费总额; what undoes a settlement counts negative'),
  fundTotal: SignedYuan('基金支付总额'),
  account: SignedYuan('个人账户支出'),
  due: SignedYuan('What is owed for it (清算金额)'),
}
const keys = {
  category: Type.Enum(clearingCategories, { description: '清算类别, clr_type' }),
  way: Type.Enum(clearingWays, { description: '清算方式, clr_way' }),
  scheme: Scheme('险种'),
  month: Type.String({ description: 'The month of treatment (费用所属月)', examples: ['2026-03'] }),
}

const StagesAnswer = Closed(
  {
    review: SignedYuan('In review (审核中)'),
    deducted: SignedYuan('Deducted (扣款)'),
    retained: SignedYuan('Retained until the year is closed (质量保证金)'),
    approved: SignedYuan('Approved and not paid yet (待拨付)'),
    drawn: SignedYuan('What paid an advance back (预付金抵扣)'),
    paid: SignedYuan('Paid (已拨付)'),
    difference: SignedYuan('What case payment gave more, or less (病种结算差额)'),
  },
  'Where the money of the run is',
)

const runFields = {
  run: RunId,
  kind: Type.Enum(runKinds, {
    description: 'pair 区域间, institution 定点机构, netting 轧差, final 年终清算',
  }),
  window: Type.String({ description: '清算期', examples: ['2026-03'] }),
  until: Day('Its last day'),
  region: Division('The region whose agency closed it'),
  side: optional(Side),
  partner: optional(Partner),
  institution: optional(Institution),
  category: optional(keys.category),
  closedAt: Instant('When it was closed'),
  rows: Type.Integer({ description: 'How many rows, or runs, are in it' }),
  due: amounts.due,
  takenBy: optional(
    Type.String({ description: 'The netting, or the year’s final run, that it is in' }),
  ),
}

export const RunSummary = Closed(runFields)
export const RunDetail = Closed({
  ...runFields,
  totals: Type.Array(Closed({ ...keys, rows: Type.Integer(), ...amounts }), {
    description: 'By category, way, scheme and month',
  }),
  state: optional(Type.Enum(runStates, { description: 'Only of an institution: 清算状态' })),
  stages: optional(StagesAnswer),
  steps: optional(
    Type.Array(
      Closed({
        step: Type.Enum(['accepted', ...runStepNames]),
        by: Type.String(),
        at: Instant('When'),
        amount: optional(SignedYuan('How much')),
        of: optional(Type.Enum(deductionKinds, { description: '扣款类型' })),
        reason: optional(Type.String()),
      }),
      { description: 'What was done to it' },
    ),
  ),
})
export type RunDetail = Static<typeof RunDetail>

export const RowAnswer = Closed({
  row: Type.String({ description: 'The row of the books' }),
  reference: Type.String({ description: 'What both sides know it by' }),
  undo: Type.Boolean(),
  ...keys,
  ...amounts,
})

export const DisputeAnswer = Closed({
  reference: Type.String(),
  undo: Type.Boolean(),
  kind: Type.Enum(['missingThere', 'missingHere', 'amounts'], {
    description: 'only here, only there, or with other amounts',
  }),
  postedOn: Day('When it was posted'),
  amounts: Type.Array(
    Closed({
      of: Type.Enum(['total', 'fundTotal', 'account', 'due']),
      ours: amounts.due,
      theirs: amounts.due,
      by: amounts.due,
    }),
  ),
})

export const StatementAnswer = Closed({
  reference: Type.String(),
  kind: Type.Enum(['settlement', 'cancellation', 'reversal', 'restoration']),
  sequence: Type.Integer(),
  scheme: Scheme('险种'),
  postedOn: Day('When it was posted'),
  total: Yuan('医疗费总额'),
  fundTotal: Yuan('基金支付总额'),
  account: Yuan('个人账户支出'),
  due: Yuan('清算金额; positive, the kind tells the sign'),
})

export const OrderAnswer = Closed({
  order: OrderId,
  netting: RunId,
  debtor: Division('Who pays (付款方)'),
  creditor: Division('Who gets it (收款方)'),
  amount: Yuan('How much'),
  payment: optional(Type.Enum(orderStates, { description: 'Where it stands with who pays' })),
  receipt: optional(Type.Enum(orderStates, { description: 'Where it stands with who gets it' })),
})

export const PrepaidAnswer = Closed({
  region: AgencyRegion,
  partner: Partner,
  side: Type.Enum(['laid', 'held'], {
    description: 'laid: of the home region, with the partner; held: of the care region, from it',
  }),
  balance: Yuan('What is left of it (余额)'),
  size: Yuan('What it is to hold (额度)'),
  level: Type.Enum(['normal', 'yellow', 'red'], { description: 'How much is used (预警)' }),
  waiting: optional(Yuan('What waits to be approved')),
})

export const ApplicationAnswer = Closed({
  application: Event,
  category: keys.category,
  month: keys.month,
  from: Day('First day'),
  until: Day('Last day'),
  state: Type.Enum(['applied', 'withdrawn', 'accepted', 'rejected'], {
    description: 'applied 已申请, withdrawn 已撤销, accepted 已受理, rejected 驳回',
  }),
  run: optional(RunId),
  reason: optional(Type.String()),
  at: Instant('When'),
})

export const ReportsAnswer = Closed({
  benefits: Type.Array(
    Closed({
      scheme: Scheme('险种'),
      account: Type.String({ description: 'A fund, or `personal:*`' }),
      amount: SignedYuan('What was taken on, less what was undone'),
    }),
    { description: 'The benefit ledger (待遇账): it moves when something is settled' },
  ),
  cash: Type.Array(
    Closed({
      account: Type.String({ description: 'The bank, or what is held apart there' }),
      for: Type.String({ description: 'What it was for' }),
      received: Yuan('收'),
      paid: Yuan('付'),
    }),
    { description: 'The cash book (现金日记账): it moves when money does' },
  ),
})

/** What a step of clearing is answered. */
export const Done = Closed({
  run: optional(RunId),
  order: optional(OrderId),
  application: optional(Event),
  institution: optional(Institution),
  window: optional(Type.String()),
  rows: optional(Type.Integer()),
  due: optional(amounts.due),
  disputes: optional(Type.Integer({ description: 'Rows that were held out' })),
  waiting: optional(Type.Integer({ description: 'Windows that cannot be netted yet' })),
  orders: optional(Type.Integer({ description: 'Payments that were ordered' })),
  state: optional(Type.String()),
  stages: optional(StagesAnswer),
  debtor: optional(Type.String()),
  creditor: optional(Type.String()),
  by: optional(Type.String({ description: 'Who did it' })),
  amount: optional(amounts.due),
  balance: optional(amounts.due),
  size: optional(amounts.due),
  rejected: optional(Type.String()),
})

export const pageOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Closed({ items: Type.Array(item), next: Next })

/** What the steps of a run take, beside who does them. */
export const stepBodies = {
  review: {},
  deduction: {
    amount: Yuan('How much is deducted'),
    of: Type.Enum(deductionKinds, { description: 'review 审核扣款, inspection 稽核扣款' }),
    reason: Reason,
  },
  difference: {
    amount: SignedYuan('What case payment gives more, or less (DRG, DIP, 单病种)'),
    reason: Reason,
  },
  'review-end': { amount: optional(Yuan('What is retained; default by the region’s rate')) },
  approval: {},
  'payment-request': {},
  payment: {},
} as const
