import Type, { type Static } from 'typebox'
import { refusalCodes } from '../../engine/refusal.ts'
import { closed, list, maybe, oneOf, word, yuan } from './shapes.ts'

const layerExpectation = Type.Union(
  [
    word,
    closed({
      id: word,
      payer: maybe(word),
      base: maybe(yuan),
      deductible: maybe(yuan),
      paid: maybe(yuan),
    }),
  ],
  { description: 'the id of a layer that took part, or {id, payer, base, deductible, paid}' },
)

// Any further name is a fund's; which funds exist is known only once the packs are read.
export const expectShape = Type.Object(
  {
    refused: maybe(oneOf(refusalCodes, 'a reason to refuse')),
    identities: maybe(oneOf(['hold', 'broken'], 'do identities I1 to I8 hold?')),
    layers: maybe(list(layerExpectation, 'layers of the trace')),
  },
  {
    additionalProperties: false,
    patternProperties: { '^(?!refused$|identities$|layers$)[a-z][A-Za-z]{0,40}$': yuan },
    description: 'amounts of the settlement and of any fund; what is not named is not compared',
  },
)

export const messageShape = Type.Object(
  {
    lines: maybe(
      list(
        closed({
          amount: yuan,
          selfPaid: maybe(yuan),
          overLimit: maybe(yuan),
          firstSelfPay: maybe(yuan),
          inScope: maybe(yuan),
        }),
        'fee lines as answered',
      ),
    ),
  },
  {
    additionalProperties: false,
    patternProperties: { '^(?!lines$)[a-z][A-Za-z]{0,40}$': yuan },
    description: 'amounts as answered: names as under expect, funds, and balanceBefore',
  },
)

export type ExpectFields = Static<typeof expectShape> & Readonly<Record<string, unknown>>
export type MessageFields = Static<typeof messageShape> & Readonly<Record<string, unknown>>
export type MessageLineFields = NonNullable<Static<typeof messageShape>['lines']>[number]
