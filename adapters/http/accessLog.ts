import { Type } from 'typebox'
import { type AccessDesk, accessActions, type AccessRow } from './accessNeeds.ts'
import type { App } from './app.ts'
import { readInstant, writeInstant } from './instant.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { Closed, Code, Instant, Next, PersonId, problems, text } from './words.ts'

const optional = Type.Optional

const CallerId = text(
  '^[0-9A-Za-z._:/+-]{1,40}$',
  'Who asked (调用方): a caller of CALLERS_FILE, `anonymous`, or a person with a token of their own',
  'auditor',
  '1 to 40 letters, digits or . _ : / + -',
)
const Action = Type.Enum(accessActions, {
  description:
    'What was told (操作); `identity`: name and numbers unmasked; `denied`: what was asked for was refused',
})

const AccessAnswer = Closed({
  position: Type.String({ description: 'Its place in the log: 1, 2, 3 …, none left out' }),
  at: Instant('When'),
  caller: CallerId,
  role: Code('In which role (角色)', 'auditor', 40),
  action: Action,
  person: optional(PersonId),
  subject: optional(
    Type.String({
      description: 'What it was about beside the person; of what was denied, the path',
    }),
  ),
  reason: optional(
    Type.String({ description: 'The reason given for unmasking; of what was denied, the code' }),
  ),
})

const write = ({ position, at, person, subject, reason, ...row }: AccessRow) => ({
  position: String(position),
  at: writeInstant(at),
  ...row,
  ...(person !== undefined && { person }),
  ...(subject !== undefined && { subject }),
  ...(reason !== undefined && { reason }),
})

/** The access log (访问日志): who was told what of whom. */
export function serveAccessLog(app: App, access: AccessDesk): void {
  app.get(
    '/v1/access-log',
    {
      schema: {
        tags: ['operation'],
        summary: 'Who was told what of whom, the newest first (访问日志)',
        description:
          'One entry for each person of whom an answer told, and for each request that was refused to somebody known; it is kept before the ' +
          'answer leaves. Entries are never changed. This list is recorded as well.',
        querystring: Closed({
          person: optional(PersonId),
          caller: optional(CallerId),
          action: optional(Action),
          from: optional(Instant('Not before this moment')),
          until: optional(Instant('Not after this moment')),
          ...listQuery,
        }),
        response: {
          200: Closed({ items: Type.Array(AccessAnswer), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query: { from, until, person, caller, action, ...page } }) => {
      const filter = {
        person,
        caller,
        action,
        from: from === undefined ? undefined : readInstant(from, '/from'),
        until: until === undefined ? undefined : readInstant(until, '/until'),
      }
      const list = listOf('access log', filter)
      const { items, next } = await askPage(list, page, (asked) =>
        access.list({ ...filter, ...asked }),
      )
      return writePage(list, items.map(write), next)
    },
  )
}
