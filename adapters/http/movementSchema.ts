import { type Static, Type } from 'typebox'
import { benefitKinds, movementKinds, payers } from '../../engine/movement.ts'
import { ChainRow } from './settlementSchema.ts'
import { KeyText } from './claimSchema.ts'
import {
  Closed,
  Code,
  Day,
  Division,
  Institution,
  PersonId,
  Scheme,
  SettlementId,
  Text,
  text,
  Yuan,
} from './words.ts'

const optional = Type.Optional

export const MovementId = Code('The movement (资金变动编号)', '01JNX3H0000000000000000000ABCD', 30)

const Paid = Closed({
  payer: Type.Enum(payers, { description: 'Who paid: 单位, 个人, 财政' }),
  amount: Yuan('What of the contribution'),
})

const FundPart = Closed({
  fund: text('^[A-Za-z]{1,40}$', 'A fund of the scheme (基金)', 'pool', '1 to 40 letters'),
  amount: Yuan('What it gets, or gives'),
})

const AgencyRegion = Division('The agency that asks and its region (经办机构所在统筹区)')

const common = {
  region: AgencyRegion,
  person: PersonId,
  scheme: optional(Scheme('Scheme (险种); absent where others entrusted the money (代发)')),
  benefit: optional(Type.Enum(benefitKinds, { description: 'What is paid out (待遇项目)' })),
  month: text(
    '^(19|20|21)\\d{2}-(0[1-9]|1[0-2])$',
    'The month it is for (所属期)',
    '2026-03',
    'a month such as 2026-03',
  ),
  day: Day('The day on which the money came or went (到账日期, 发放日期)'),
  reference: Code(
    'What the agency knows it by (来源凭证号): with person, kind, scheme and month it is booked once',
    'TAX-2026-03-000001',
  ),
  total: Yuan('All of it'),
}

const movementFields = {
  ...common,
  kind: Type.Enum(['contribution', 'credit', 'benefit'], {
    description: 'contribution 缴费, credit 个人账户划入, benefit 待遇发放',
  }),
  paid: optional(Type.Array(Paid, { maxItems: 10, description: 'Who paid a contribution' })),
  funds: optional(
    Type.Array(FundPart, {
      maxItems: 20,
      description: 'What funds get of a contribution, or give for a credit or a benefit',
    }),
  ),
  account: optional(Yuan('Of a contribution, what reaches the personal account; default 0.00')),
} as const

export const MovementBody = Closed(movementFields, 'A movement (资金变动)')
export type MovementBody = Static<typeof MovementBody>

/** One line of a batch: the movement and its key. */
export const MovementLine = Closed({ key: KeyText, ...movementFields }, 'A movement with its key')

export const MovementCancellation = Closed({
  region: AgencyRegion,
  reason: optional(Text('Why, in words (撤销原因); kept with the request', 200, '人员信息有误')),
})

const Row = Closed({
  ...ChainRow.properties,
  kind: Type.Enum(['movement', 'cancellation']),
})

const Leg = Closed({
  debit: Type.String({ description: 'The ledger account debited (借方科目)' }),
  credit: Type.String({ description: 'The ledger account credited (贷方科目)' }),
  amount: Yuan('Always above nothing'),
})

export const MovementAnswer = Closed({
  id: MovementId,
  state: Type.Enum(['booked', 'cancelled'], { description: 'booked 已入账, cancelled 已撤销' }),
  row: Row,
  ...common,
  kind: Type.Enum(movementKinds, { description: 'What the money moved for (资金变动类型)' }),
  paid: Type.Array(Paid),
  funds: Type.Array(FundPart),
  account: Yuan('What reached the personal account'),
  accountBalance: optional(Yuan('The personal account afterwards, where this row changed it')),
  settlement: optional(SettlementId),
  institution: optional(Institution),
  transfers: Type.Array(Leg, { description: 'The transfers of this row (分录)' }),
})
export type MovementAnswer = Static<typeof MovementAnswer>

export const MovementDetail = Closed({
  ...MovementAnswer.properties,
  rows: Type.Array(Row, { description: 'The movement, and what took it back' }),
})
export type MovementDetail = Static<typeof MovementDetail>
