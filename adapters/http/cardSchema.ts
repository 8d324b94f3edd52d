import { type Static, type TSchema, Type } from 'typebox'
import { cardLives, cardVersions, pinStates } from '../../engine/card.ts'
import { actingGrounds, channels, documentKinds } from '../../engine/cardDocuments.ts'
import {
  askedServices,
  cancellationReasons,
  cardServiceNames,
  replacementReasons,
} from '../../engine/cardLife.ts'
import { Closed, Code, Day, Division, Flag, Instant, PersonId, Text, text } from './words.ts'

const optional = Type.Optional

/** A card by its number, or by its id, which tells no number. */
export const CardReference = Code(
  'The card: its number (卡号), or its id as answers tell it',
  'D80000001',
  32,
)
export const CardId = text(
  '^[0-9a-f]{32}$',
  'What the card is called',
  '0f'.repeat(16),
  '32 hexadecimal digits in small letters',
)

/** What the server finds out by itself cannot be shown: an old PIN is checked, and a second person is named at the desk. */
const shown = documentKinds.filter((kind) => kind !== 'old-pin' && kind !== 'second-operator')

const Desk = Closed(
  {
    division: Division('Where the desk is (经办窗口所在区划)'),
    operator: Code('Who does it (经办人)', 'op1', 40),
    second: optional(
      Code(
        'The second of two people, where two are needed (复核人); with a key of their own in `Second-Authorization` where the caller’s acts in other names',
        'op2',
        40,
      ),
    ),
    channel: optional(Type.Enum(channels, { description: 'How they come (渠道); default desk' })),
  },
  'The desk (经办窗口)',
)

const Document = Closed({
  kind: Type.Enum(shown, { description: 'What was shown (材料)' }),
  number: optional(Text('Its number (材料编号)', 60, 'M-2026-0001')),
  place: optional(Division('Where the work is, on a document of employment (就业地)')),
})

const Proxy = Closed(
  {
    ground: Type.Enum(actingGrounds, { description: 'On what ground (代办情形)' }),
    name: optional(Text('Name (姓名)', 50, '演示代')),
    number: optional(Code('Number of the ID document (证件号码)', '510199198603120110', 30)),
  },
  'Whoever comes for the holder (代办人、监护人)',
)

const common = {
  desk: Desk,
  documents: optional(
    Type.Array(Document, { maxItems: 30, description: 'What was shown (办理材料)' }),
  ),
  proxy: optional(Proxy),
  note: optional(Text('In words of the desk (备注)', 200, '本人到窗口办理')),
} as const

const blockForm = '32 hexadecimal digits'
const Block = (description: string) =>
  text('^[0-9A-Fa-f]{32}$', description, 'A1'.repeat(16), blockForm)

const Terminal = Closed(
  {
    division: Division('Whose keys the terminal holds'),
    id: Code('Its number (终端号)', 'T0000001', 32),
  },
  'The terminal at which the PIN was keyed in (终端)',
)

/** A service that takes nothing but what all of them take. */
export const PlainBody = Closed(common)
export type PlainBody = Static<typeof PlainBody>

export const ApplicationBody = Closed({ person: PersonId, ...common }, 'An application (申领)')
export type ApplicationBody = Static<typeof ApplicationBody>

export const DetailsBody = Closed({
  ...common,
  contact: Type.Object(
    {
      phone: optional(
        text(
          '^\\+?[0-9-]{3,20}$',
          '手机号码',
          '13900000000',
          '3 to 20 digits, with + and - between',
        ),
      ),
      address: optional(Text('联系地址', 200, '演示市演示路1号')),
    },
    { additionalProperties: false, minProperties: 1, description: 'What changes (联系方式)' },
  ),
})
export type DetailsBody = Static<typeof DetailsBody>

export const ReplacementBody = Closed({
  ...common,
  reason: Type.Enum(replacementReasons, { description: 'Why (换卡原因)' }),
  identity: optional(
    Type.Object(
      {
        name: optional(Text('The name from now on (姓名)', 50, '演示新')),
        citizenNumber: optional(
          Code('The citizen number from now on (社会保障号码)', '510199198603120110', 18),
        ),
      },
      {
        additionalProperties: false,
        minProperties: 1,
        description:
          'What changed, as the ID document shows it; given where the reason is changed-name-or-number',
      },
    ),
  ),
})
export type ReplacementBody = Static<typeof ReplacementBody>

export const PinBody = Closed({
  ...common,
  terminal: Terminal,
  oldPin: Block('The old PIN, encrypted under the terminal’s key (原密码密文)'),
  newPin: Block('The new PIN, encrypted in the same way (新密码密文)'),
})
export type PinBody = Static<typeof PinBody>

export const PinResetBody = Closed({
  ...common,
  terminal: Terminal,
  newPin: Block('The new PIN, encrypted under the terminal’s key (新密码密文)'),
})
export type PinResetBody = Static<typeof PinResetBody>

export const CancellationBody = Closed({
  ...common,
  part: Type.Enum(['social-security', 'bank'], {
    description:
      'The social application comes first, the bank’s part second (先社保应用，后银行账户)',
  }),
  reason: optional(
    Type.Enum(cancellationReasons, { description: 'Why (注销原因); for the social application' }),
  ),
})
export type CancellationBody = Static<typeof CancellationBody>

const Loss = {
  loss: Type.Enum(['none', 'temporary', 'formal'], { description: '挂失状态' }),
  lossLapses: optional(Instant('When a temporary loss lapses by itself')),
} as const

const card = {
  id: CardId,
  life: Type.Enum(cardLives, { description: 'How far the card has come (卡状态、制卡进度)' }),
  ...Loss,
  pin: Type.Enum(pinStates, { description: '密码状态' }),
  issued: Day('发卡日期'),
  expires: Day('有效期至'),
  photo: Flag('照片'),
  version: Type.Enum(cardVersions, { description: '规范版本' }),
  managedIn: Division('The place that manages it (管理地)'),
  replaces: optional(CardId),
} as const

const Card = Closed(card)
type CardAnswer = Static<typeof Card>

/** What a desk is told of a service that was done. */
export const ServiceAnswer = Closed({
  service: Type.Enum(askedServices, { description: 'What was done (办理事项)' }),
  card: Closed(card, 'The card as it is from now on'),
  newCard: optional(Closed(card, 'The card that was applied for')),
  make: optional(
    Closed(
      {
        number: Type.String({ description: '卡号' }),
        serial: Type.String({ description: '卡识别码' }),
      },
      'For the card maker alone: what is written to the chip',
    ),
  ),
})
export type ServiceAnswer = Static<typeof ServiceAnswer>

const State = Closed({
  life: Type.Enum(cardLives),
  ...Loss,
  pin: Type.Enum(pinStates),
  managedIn: Type.String(),
})

const Event = Closed({
  service: Type.Enum(cardServiceNames, { description: '办理事项' }),
  at: Instant('When'),
  desk: optional(
    Closed({
      division: Type.String(),
      operator: Type.String(),
      second: optional(Type.String()),
      channel: Type.Enum(channels),
    }),
  ),
  documents: Type.Array(Type.Enum(documentKinds), {
    description: 'What was shown; its numbers are kept and not told',
  }),
  proxy: optional(Type.Enum(actingGrounds)),
  reason: optional(Type.String()),
  note: optional(Type.String()),
  other: optional(
    Type.String({
      description: 'The card that took the place of this one, or whose place it took',
    }),
  ),
  before: optional(State),
  after: State,
})

/** A card as a desk or the hotline may see it (S3). */
export const CardDetail = Closed({
  ...card,
  number: Type.String({ description: 'Masked: its last four characters (卡号)' }),
  person: PersonId,
  history: Type.Array(Event, { description: 'All that was done to it, oldest first (卡历史)' }),
})
export type CardDetail = Static<typeof CardDetail>
export type EventAnswer = Static<typeof Event>
export type StateAnswer = Static<typeof State>
export type { CardAnswer }

/** The body of every service that is asked at an existing card. */
export const serviceBodies = {
  making: PlainBody,
  delivery: PlainBody,
  activation: PlainBody,
  details: DetailsBody,
  reissue: PlainBody,
  replacement: ReplacementBody,
  pin: PinBody,
  'pin-reset': PinResetBody,
  'temporary-loss': PlainBody,
  'formal-loss': PlainBody,
  'loss-cancel': PlainBody,
  relocation: PlainBody,
  cancellation: CancellationBody,
} as const satisfies Record<string, TSchema>

export type ServiceBody = { [S in keyof typeof serviceBodies]: Static<(typeof serviceBodies)[S]> }
