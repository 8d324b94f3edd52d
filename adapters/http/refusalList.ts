import { Type } from 'typebox'
import type { Day as DayOf } from '../../engine/day.ts'
import { refusalCodes, refusals } from '../../engine/refusal.ts'
import type { App } from './app.ts'
import type { FindDesk, KeptRefusal } from './findNeeds.ts'
import { writeInstant } from './instant.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { explain } from './problem.ts'
import { Closed, Code, Day, Instant, Next, PersonId, problems } from './words.ts'

/** Desks, agencies and other regions are refused things as well. */
const Asker = Code('Who asked: an institution, a desk or an agency', 'H51010000001', 37)

const RefusalAnswer = Closed({
  at: Instant('When it was refused'),
  institution: Asker,
  key: Type.String({ description: 'Under which key it was asked (msgid, Idempotency-Key)' }),
  person: Type.Optional(PersonId),
  code: Type.String({ description: 'Stable: programs go by this' }),
  kind: Type.Enum(['rule', 'input', 'unknown'], {
    description:
      'A rule refused it, or what was asked was not in order, or names what is not there',
  }),
  message: Closed({ en: Type.String(), zh: Type.String() }),
})

function write({ at, institution, key, person, refusal }: KeptRefusal) {
  const { code, message } = explain(refusal)
  return {
    at: writeInstant(at),
    institution,
    key,
    ...(person !== undefined && { person }),
    code,
    kind: refusals[refusal.code],
    message: { ...message },
  }
}

export function serveRefusals(app: App, find: FindDesk): void {
  app.get(
    '/v1/refusals',
    {
      schema: {
        tags: ['audit'],
        summary: 'What was refused, to whom and why (拒付记录)',
        description:
          'Newest first. Only what is kept under a key is here: what names nobody who is known, and what is not well-formed, is refused without a trace. Refusals ' +
          'of before the first version that keeps their codes are not listed.',
        querystring: Closed({
          person: Type.Optional(PersonId),
          institution: Type.Optional(Asker),
          code: Type.Optional(Type.Enum([...refusalCodes], { description: 'The reason' })),
          from: Type.Optional(Day('First day on which it was refused')),
          until: Type.Optional(Day('Last day on which it was refused')),
          ...listQuery,
        }),
        response: {
          200: Closed({ items: Type.Array(RefusalAnswer), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query: { from, until, person, institution, code, ...page } }) => {
      const days = { from: from as DayOf | undefined, until: until as DayOf | undefined }
      const filter = { person, institution, code, ...days }
      const list = listOf('refusals', filter)
      const { items, next } = await askPage(list, page, (asked) =>
        find.refusals({ ...filter, ...asked }),
      )
      return writePage(list, items.map(write), next)
    },
  )
}
