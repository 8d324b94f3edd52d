import { type Static, Type } from 'typebox'
import { groups } from '../../engine/person.ts'
import { cardVersions } from '../../engine/card.ts'
import { schemes } from '../../engine/claim.ts'
import { Closed, Code, Day, Division, Flag, PersonId, Text, text, Yuan } from './words.ts'

const optional = Type.Optional

const span = { from: Day('First day'), until: optional(Day('Last day; absent while open')) }

const List = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  optional(Type.Array(item, { maxItems: 50 }))

const Coverage = Closed({
  scheme: Type.Enum([...schemes, 'civilServant', 'enterpriseSupplement'], { description: '险种' }),
  region: optional(Division('The insured place (参保地); default that of the person')),
  group: Type.Enum(groups, { description: '人员类别' }),
  paused: optional(Day('First day without benefits (暂停参保日期)')),
  premiumTier: optional(Code('Premium tier of residents (缴费档次)', 'high', 20)),
  contributionMonths: optional(
    Type.Integer({ minimum: 0, maximum: 1200, description: '连续缴费月数' }),
  ),
  ...span,
})

const Card = Closed({
  number: Code('Card number (社会保障卡卡号)', 'D80000001', 30),
  serial: Code('Serial of the card (卡识别码)', '510100D1560000050100000000000001', 32),
  issued: Day('发卡日期'),
  expires: Day('有效期至'),
  life: optional(Type.Enum(['requested', 'made', 'issued', 'active', 'superseded', 'cancelled'])),
  loss: optional(Type.Enum(['none', 'formal'])),
  pin: optional(Type.Enum(['initial', 'set', 'locked'])),
  photo: optional(Flag('Default true')),
  version: optional(
    Type.Enum(cardVersions, { description: 'Version of the standard (规范版本); default 3.00' }),
  ),
  managedIn: optional(Division('The place that manages it (管理地); default where it was issued')),
})

/** What the sandbox takes to enter a person for a trial. */
export const NewPersonBody = Closed({
  id: PersonId,
  name: Text('Name (姓名)', 50, '演示甲'),
  citizenNumber: Code(
    'Citizen number with a right check digit (公民身份号码)',
    '510199198603120110',
    18,
  ),
  birth: optional(Day('Default from the citizen number')),
  sex: optional(Type.Enum(['male', 'female'], { description: 'Default from the citizen number' })),
  region: Division('Where the person belongs'),
  coverages: Type.Array(Coverage, { minItems: 1, maxItems: 20 }),
  card: optional(Card),
  bankAccount: optional(
    text(
      '^\\d{12,19}$',
      'The bank account of the card (社保卡银行账户); never shown. Its last four digits choose what the simulated bank does (docs/bank.md)',
      '6200000000000000011',
      '12 to 19 digits',
    ),
  ),
  openingBalance: optional(Yuan('What the personal account opens with; only for a new person')),
  civilServant: optional(Flag('Default false')),
  identities: List(Closed({ kind: Code('人员身份类别', 'minimum-living', 40), ...span })),
  benefits: List(Closed({ kind: Code('Benefit being drawn', 'unemployment', 40), ...span })),
  diseases: List(
    Closed({
      code: Code('病种编码', 'M03900', 30),
      name: Text('病种名称', 100, '高血压'),
      institutions: optional(Type.Array(Code('定点', 'H51010000001', 30), { maxItems: 50 })),
      ...span,
    }),
  ),
  filings: List(
    Closed({
      kind: Type.Enum(['long-term', 'referral', 'emergency', 'other'], { description: '备案类型' }),
      careRegion: Division('就医地'),
      ...span,
    }),
  ),
  injuries: List(
    Closed({
      certification: Code('工伤认定编号', 'WI-2026-0001', 40),
      employer: Text('用人单位', 100, '演示单位'),
      diagnoses: Type.Array(Code('诊断', 'S52.500', 20), { maxItems: 50 }),
      ...span,
    }),
  ),
  maternity: List(Closed({ registration: Code('生育登记号', 'MR-2026-0001', 40), ...span })),
  familyShares: List(
    Closed({ owner: PersonId, relation: Code('与账户所有人关系', 'child', 20), ...span }),
  ),
  died: optional(Day('死亡日期')),
  directSettlementSuspended: optional(Closed(span)),
})
export type NewPersonBody = Static<typeof NewPersonBody>

export const PersonAnswer = Closed({
  id: PersonId,
  name: Type.String({ description: 'Masked (张*)' }),
  citizenNumber: Type.String({ description: 'Masked (510***********1234)' }),
  birth: Day('出生日期'),
  sex: Type.String(),
  region: Division('Where the person belongs'),
  civilServant: Type.Boolean(),
  coverages: Type.Array(Closed({ ...Coverage.properties, region: Division('参保地') })),
  cards: Type.Array(
    Closed({
      id: Type.String({ description: 'What the card is called; see GET /v1/cards/{id}' }),
      number: Type.String({ description: 'Its last four characters' }),
      life: Type.String(),
      loss: Type.String(),
      lossLapses: optional(
        Type.String({ format: 'date-time', description: 'When a temporary loss ends by itself' }),
      ),
      pin: Type.String(),
      issued: Day('发卡日期'),
      expires: Day('有效期至'),
      photo: Type.Boolean(),
      version: Type.String({ description: '规范版本' }),
      managedIn: Division('管理地'),
    }),
  ),
  identities: Type.Array(Closed({ kind: Type.String(), ...span })),
  benefits: Type.Array(Closed({ kind: Type.String(), ...span })),
  diseases: Type.Array(Closed({ code: Type.String(), name: Type.String(), ...span })),
  filings: Type.Array(
    Closed({
      kind: Type.String(),
      as: optional(Type.String({ description: '备案类别' })),
      careRegion: Type.String(),
      number: optional(Type.String({ description: 'See GET /v1/people/{id}/filings' })),
      ...span,
    }),
  ),
})
export type PersonAnswer = Static<typeof PersonAnswer>
