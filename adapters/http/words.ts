import { type TSchema, Type } from 'typebox'
import { careKinds, schemes } from '../../engine/claim.ts'
import { places } from '../../engine/route.ts'

const closed = { additionalProperties: false } as const

/** An object that has the fields named and no other. */
export const Closed = <P extends Record<string, TSchema>>(fields: P, description?: string) =>
  Type.Object(fields, description === undefined ? closed : { ...closed, description })

const forms = new Map<string, string>()

/** What a pattern allows, in words: those who are told that a field is wrong cannot be expected to read the pattern. */
export const formOf = (pattern: string): string | undefined => forms.get(pattern)

/** Text of one form: as a pattern for the checker, and in words for the one who is refused. */
export function text(pattern: string, description: string, example: string, form: string) {
  forms.set(pattern, form)
  return Type.String({ pattern, description, examples: [example] })
}

export const Yuan = (description: string) =>
  text(
    '^(0|[1-9]\\d{0,9})\\.\\d{2}$',
    description,
    '1378.15',
    'an amount in yuan with two decimals, such as 1378.15, not negative',
  )

/** Amounts that may fall below nothing: balances of ledger accounts. */
export const SignedYuan = (description: string) =>
  text(
    '^-?(0|[1-9]\\d{0,15})\\.\\d{2}$',
    description,
    '-20.00',
    'an amount in yuan with two decimals',
  )

export const Decimals = (places: number, description: string, example: string) =>
  text(
    `^(0|[1-9]\\d{0,9})(\\.\\d{1,${places}})?$`,
    description,
    example,
    `a number with at most ${places} decimals, such as ${example}, not negative`,
  )

const dayForm = 'a day of the calendar such as 2026-03-02'

export const Day = (description: string) => ({
  ...text('^(19|20|21)\\d{2}-\\d{2}-\\d{2}$', description, '2026-03-02', dayForm),
  format: 'date',
})

export const Instant = (description: string) =>
  Type.String({ description, format: 'date-time', examples: ['2026-03-02T09:00:00+08:00'] })

export const Division = (description: string) =>
  text('^\\d{6}$', description, '510100', 'a division of six digits such as 510100')

/** Codes and numbers of others: letters, digits and a little punctuation, so that nothing can hide in them. */
export const Code = (description: string, example: string, most = 64) =>
  text(
    `^[0-9A-Za-z._:/+-]{1,${most}}$`,
    description,
    example,
    `1 to ${most} letters, digits or . _ : / + -`,
  )

/** Free text without control characters, private use, or marks that turn the direction of writing. */
export const Text = (description: string, most: number, example: string) =>
  text(
    `^[^\\p{C}]{1,${most}}$`,
    description,
    example,
    `1 to ${most} characters and none that cannot be seen`,
  )

export const Flag = (description: string) => Type.Boolean({ description })

export const Scheme = (description: string) => Type.Enum(schemes, { description })
export const Care = (description: string) => Type.Enum(careKinds, { description })
export const PlaceWord = (description: string) => Type.Enum(places, { description })

/** Other regions ask under such a name as well, and sign what they ask: over this interface nobody may pose as one. */
export const Institution = text(
  '^(?!region:)[0-9A-Za-z._:/+-]{1,30}$',
  'The designated institution (定点医药机构编号, fixmedins_code)',
  'H51010000001',
  '1 to 30 letters, digits or . _ : / + -, not beginning with region:',
)
export const SettlementId = Code(
  'The settlement (结算ID, setl_id)',
  '01JNX3H0000000000000000000ABCD',
  30,
)
export const PersonId = Code(
  'The insured person (人员编号, psn_no)',
  '510100000000000000001001',
  30,
)

export const Limit = text(
  '^([1-9]\\d?|1\\d\\d|200)$',
  'At most this many, 1 to 200; default 50',
  '50',
  'a whole number from 1 to 200',
)
export const cursorForm = 'the `next` of a page before, of the same list and filters'
export const Cursor = text(
  '^[A-Za-z0-9_-]{1,400}$',
  'Where the page before ended: its `next`, for the same list and filters',
  'R1ZfQ2s4eGE6MQ',
  cursorForm,
)

export const Next = Type.Optional(
  Type.String({ description: 'Give this as `cursor` for the next page; absent on the last' }),
)

export const Facts = Type.Object(
  {},
  { additionalProperties: true, description: 'Ids, limits and days; never personal data' },
)

/** Every answer that is not 2xx (RFC 9457). */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'The code as a URN' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable: programs go by this' }),
    facts: Facts,
    message: Closed({ en: Type.String(), zh: Type.String() }),
  },
  { $id: 'Problem', additionalProperties: false, description: 'A problem document (RFC 9457)' },
)

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
})

/** The problems that a path may answer, by status. */
export const problems = (statuses: readonly (keyof typeof problemTexts)[]) =>
  Object.fromEntries(statuses.map((status) => [status, problem(problemTexts[status])]))

const problemTexts = {
  400: 'The request is not well-formed; `facts.field` names the field',
  401: 'The Authorization header shows nobody',
  403: 'This is not for the role of the caller, of another institution, or in the name of somebody else',
  404: 'There is no such thing',
  409: 'A request with this key is still being worked on: ask again after `Retry-After`',
  413: 'The body is too large',
  415: 'The body is not `application/json` in UTF-8',
  422: 'Refused by rule, or the key was used with another body',
  500: 'A fault of ours: nothing was committed',
  503: 'The server is full or its database is away (`busy`), is closing, or does not know the outcome (`outcome-unknown`)',
} as const
