import { type Static, Type } from 'typebox'
import { PlainBody } from './cardSchema.ts'
import { claimFields } from './claimSchema.ts'
import { Closed, Code, Division, Flag, Institution, Instant, text, Yuan } from './words.ts'

const optional = Type.Optional

const Hex = (bytes: number, description: string) =>
  text(
    `^[0-9A-Fa-f]{${2 * bytes}}$`,
    description,
    '0'.repeat(2 * bytes),
    `${2 * bytes} hexadecimal digits`,
  )

const Number32 = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 4_294_967_295, description })

export const TerminalId = text(
  '^[\\x21-\\x7e]{1,32}$',
  'Its number in that region (终端编号)',
  'T0001',
  '1 to 32 printable ASCII characters without space',
)

const Terminal = Closed(
  { division: Division('The region whose keys it holds (密钥所属区划)'), id: TerminalId },
  'The terminal (终端)',
)

const Card = Closed(
  {
    number: Code('Card number (社会保障卡卡号)', 'D80000001', 30),
    cardSn: Code('Serial of the card (卡识别码)', '510100D1560000050100000000000001', 32),
  },
  'The card that was tapped',
)

const tapped = {
  institution: Institution,
  terminal: Terminal,
  card: Card,
  at: Instant('When, by the clock of the terminal; the cryptogram binds it to the millisecond'),
  counter: Number32('The counter of the card (交易计数器)'),
  unpredictable: Hex(8, 'What the terminal drew for this tap (不可预知数)'),
  cryptogram: Hex(16, 'What the card computed over card, terminal, amount, counter and moment'),
  total: Yuan('Sum of the bill (医疗费总额, medfee_sumamt); must equal the lines'),
  lines: claimFields.lines,
  familyAccount: optional(
    Flag('Pay from family accounts what the own one has not (家庭共济); default false'),
  ),
} as const

/** 小额快速支付 */
export const QuickBody = Closed(
  {
    ...tapped,
    terminalSequence: optional(Number32('The running number of the terminal (终端流水号)')),
    pin: optional(
      Closed(
        { block: Hex(16, 'The PIN block under the key of the terminal (密码密文)') },
        'The PIN, where one was asked for',
      ),
    ),
  },
  'A tap',
)
export type QuickBody = Static<typeof QuickBody>

/** 离线交易记录 */
export const RecordLine = Closed(
  {
    ...tapped,
    sequence: Number32('The running number of the terminal (终端流水号), which only rises'),
    hotList: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The version of the hot list that the terminal held (黑名单版本)',
    }),
    mac: Hex(16, 'The MAC of the terminal over the bytes of docs/quick-payments.md'),
  },
  'A payment that a terminal kept while it had no line',
)
export type RecordLine = Static<typeof RecordLine>

export const SwitchBody = Closed(
  {
    desk: PlainBody.properties.desk,
    allowed: Flag('May the card pay without PIN from now on (开通小额免密)?'),
  },
  'What the holder wants',
)

export const SwitchAnswer = Closed({
  card: Type.String({ description: 'The id of the card' }),
  allowed: Flag('May it pay without PIN from now on?'),
})
export type SwitchAnswer = Static<typeof SwitchAnswer>

export const HotListAnswer = Closed({
  version: Type.Integer({ description: 'Give this as `after` next time; it only rises' }),
  more: Type.Boolean({ description: 'Is there more already? Ask again at once' }),
  entries: Type.Array(
    Closed({
      entry: Type.String({
        description:
          'The first 16 hexadecimal digits of SM3 over `HOT1` and the serial of the card',
      }),
      blocked: Type.Boolean({ description: 'false takes it off the list' }),
      until: optional(Instant('When it ends by itself')),
    }),
  ),
})

export const RecordAnswer = Closed({
  terminal: Terminal,
  sequence: Type.Integer(),
  counter: Type.Integer(),
  at: Instant('When it was sold'),
  uploadedAt: Instant('When it was decided'),
  total: Yuan('Sum of the bill'),
  outcome: Type.Enum(['settled', 'refused']),
  settlement: optional(Type.String({ description: 'The settlement (结算ID)' })),
  receivable: optional(Yuan('What the person owes (应收参保人); the agency pays it')),
  warnings: optional(Type.Array(Type.String())),
  refusal: optional(
    Closed({
      code: Type.String(),
      message: Closed({ en: Type.String(), zh: Type.String() }),
    }),
  ),
})
export type RecordAnswer = Static<typeof RecordAnswer>
