import { type Static, Type } from 'typebox'
import { eCredentialKinds, tokenPurposes } from '../../engine/eCard.ts'
import { PinBody } from './cardAuthenticationSchema.ts'
import { Closed, Code, Division, Instant, Institution, PersonId, Text, text } from './words.ts'

const optional = Type.Optional

export const TokenText = text(
  '^[A-Za-z0-9_-]{20,400}$',
  'The token, as its QR code holds it (电子凭证二维码)',
  'AQEBUQEAAAEBnKx1b0ABnKx3RABvCTxQdw2f',
  '20 to 400 letters, digits, - or _',
)

const holder = {
  institution: {
    ...Institution,
    description:
      'Who asks for the holder: an institution, or an office of the agency such as agency:510100',
  },
  authentication: optional(
    Code(
      'Shows the holder: an authentication opened at `institution`, in which the card proved itself and the PIN was right',
      '01JNX3H0000000000000000000ABCD',
      64,
    ),
  ),
  person: optional({ ...PersonId, description: 'Whose authentication it is; needed with it' }),
  card: optional(
    Code('Shows the holder as well: the number of the card, with `pin`', 'D80000001', 30),
  ),
  pin: optional(PinBody),
}

const Kind = Type.Enum(eCredentialKinds, {
  description:
    '`social-security`: 电子社保卡, of an activated card, ends with it and is blocked by its loss. `medical-insurance`: 医保电子凭证 (wire type 01), ' +
    'opened and closed by the person, whatever becomes of the card',
})
const Purpose = Type.Enum(tokenPurposes, {
  description:
    '`settlement`: one claim. `identity`: one answer to who it is (N3). `self-service`: reading what is one’s own until it expires (F3)',
})

export const TokenBody = Closed({
  ...holder,
  kind: Kind,
  purpose: Purpose,
  only: optional({ ...Institution, description: 'The only institution it shall be good at' }),
})
export type TokenBody = Static<typeof TokenBody>

export const TokenAnswer = Closed({
  token: TokenText,
  kind: Kind,
  purpose: Purpose,
  only: optional(Type.String({ description: 'The only institution it is good at' })),
  from: Instant('From when it is good'),
  until: Instant('Until when'),
})

export const ECredentialBody = Closed(holder)
export type ECredentialBody = Static<typeof ECredentialBody>

export const ECredentialAnswer = Closed({
  person: PersonId,
  kind: Type.Literal('medical-insurance'),
  state: Type.Enum(['open', 'closed']),
})

export const VerificationBody = Closed({
  institution: { ...Institution, description: 'Who wants to know' },
  token: TokenText,
  name: optional(Text('A name (姓名), to be told only whether it is theirs', 50, '演示甲')),
  citizenNumber: optional(
    Code('A citizen number, to be told only whether it is theirs', '510199198603120110', 18),
  ),
})
export type VerificationBody = Static<typeof VerificationBody>

export const VerificationAnswer = Closed({
  kind: Kind,
  matches: optional(
    Type.Boolean({ description: 'Whether what was given is theirs; then nothing else is told' }),
  ),
  person: optional(PersonId),
  name: optional(Type.String({ description: 'Masked (张*)' })),
})

export const KeysAnswer = Closed({
  algorithm: Type.Literal('SM2 with SM3, user id 1234567812345678'),
  keys: Type.Array(
    Closed({
      kind: Kind,
      division: Division('Whose key it is: bytes 3 to 5 of a token'),
      keyVersion: Type.Integer({ description: 'Bytes 6 and 7 of a token' }),
      publicKey: Type.String({ description: 'The uncompressed point, 130 hexadecimal digits' }),
    }),
  ),
})
