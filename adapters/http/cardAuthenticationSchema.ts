import { type Static, Type } from 'typebox'
import { cardVersions } from '../../engine/card.ts'
import {
  Closed,
  Code,
  Day,
  Division,
  Facts,
  Flag,
  Instant,
  Institution,
  PersonId,
  Text,
  text,
} from './words.ts'

const optional = Type.Optional

const Hex = (bytes: number, description: string) =>
  text(
    `^[0-9A-Fa-f]{${2 * bytes}}$`,
    description,
    '0123456789ABCDEF'.repeat(bytes / 8),
    `${2 * bytes} hexadecimal digits`,
  )

/** A PIN as a terminal sends it; it never travels in another form. */
export const PinBody = Closed(
  {
    terminal: Closed({
      division: Division('The region whose keys the terminal holds'),
      id: Code('The number of the terminal there (终端机编号)', 'POS-0001', 32),
    }),
    block: Hex(16, 'The PIN block under the key of the terminal (密码密文)'),
  },
  'The PIN of the card (社保卡密码), encrypted by the terminal',
)
export type PinBody = Static<typeof PinBody>

const CardBody = Closed(
  {
    number: Code('卡号 (cardno)', 'D80000001', 30),
    cardSn: Code('卡识别码 (card_sn)', '510100D1560000050100000000000001', 32),
    version: optional(Type.Enum(cardVersions, { description: '规范版本' })),
    algorithm: optional(
      Type.Enum(['01', '03'], {
        description:
          'Algorithm byte of tag 9F0C (算法标识): 01 triple DES, 03 SM4; default by the version. A card of version 3.00 has SM4',
      }),
    ),
    issued: optional(Day('发卡日期')),
    expires: optional(Day('卡有效期')),
    citizenNumber: optional(Code('社会保障号码', '510199198603120110', 18)),
    name: optional(Text('姓名', 50, '演示甲')),
    atr: optional(
      text('^([0-9A-Fa-f]{2}){2,33}$', '卡复位信息', '00814E43238697510100', 'hexadecimal digits'),
    ),
  },
  'What the reader took from the chip. Whatever is told is compared with what is on record',
)

export const AuthenticationBody = Closed({
  institution: Institution,
  terminal: Code('The device at which the card is read (设备编号, dev_no)', 'POS-0001', 100),
  card: optional(CardBody),
  challenge: optional(Code('The id of the challenge that the card answers', '01JNX3H0', 64)),
  cryptogram: optional(Hex(16, 'What the card gave to INTERNAL AUTHENTICATE over the challenge')),
  signature: optional(Hex(64, 'Third generation: r and s of the card over the challenge')),
  certificates: optional(
    Type.Array(
      text('^[A-Za-z0-9+/]{1,4000}={0,2}$', 'A certificate in DER, in base64', 'MIIB', 'base64'),
      { minItems: 1, maxItems: 4, description: "The card's certificate, then that of its issuer" },
    ),
  ),
  cardChallenge: optional(
    Hex(16, "The card's own random numbers, for its authentication of the centre (外部认证)"),
  ),
  pin: optional(PinBody),
  checkedByReader: optional(
    Flag('The reader itself has authenticated the card: believed at `reader-trusted` institutions'),
  ),
  line: optional(
    text(
      '^[0-9A-F|]{60,400}$',
      'Step 1 of the flow with two steps: `区划|ATR|算法标识|卡识别码|rand1|rand2|rand3|rand4|`',
      `510100|00814E43238697|03|510100D1560000050100000000000001|${'0011223344556677|'.repeat(4)}`,
      'the line of step 1 in upper case',
    ),
  ),
})
export type AuthenticationBody = Static<typeof AuthenticationBody>

export const AuthenticationAnswer = Closed({
  challenge: optional(
    Closed(
      {
        id: Type.String(),
        random: Type.String({ description: '32 hexadecimal digits for INTERNAL AUTHENTICATE' }),
        expires: Instant('Until when it may be answered, once'),
      },
      'Step 1: a challenge (挑战码)',
    ),
  ),
  internal: optional(Type.String({ description: '内部认证值, which the reader compares' })),
  external: optional(Type.String({ description: '外部认证值, which the card checks' })),
  authentication: optional(
    Type.String({ description: 'The authentication; a claim names it in its credential' }),
  ),
  person: optional(PersonId),
  until: optional(Instant('Until when it counts')),
  proof: optional(Type.Enum(['cryptogram', 'signature', 'reader'])),
  pin: optional(Type.Enum(['checked', 'absent'], { description: 'Whether a PIN was checked' })),
  warnings: optional(Type.Array(Closed({ code: Type.String(), facts: Facts }))),
})
