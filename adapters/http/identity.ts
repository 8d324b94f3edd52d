import { Type } from 'typebox'
import { recordIdentity } from './access.ts'
import { type App, sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import type { Desk, Unmasked } from './needs.ts'
import { complain } from './problem.ts'
import { Closed, PersonId, problems, text } from './words.ts'

const Reason = text(
  '^[^\\p{C}]{4,200}$',
  'Why (查看事由): it is kept in the access log for good',
  '核对 2026 年 3 月住院结算',
  '4 to 200 characters and none that cannot be seen',
)

/** Unmasking (脱敏信息查看): everywhere else name and numbers are masked. */
export function serveIdentity(app: App, desk: Desk): void {
  app.post(
    '/v1/people/:id/identity',
    {
      schema: {
        tags: ['people'],
        summary: 'Name and numbers of a person, unmasked, for a reason (查看明文身份信息)',
        description:
          'It is in the access log, with the reason, before anything is told. Asking again is another entry, so it needs no key. The reason must ' +
          'not name the person: the log holds no names and no numbers.',
        params: Closed({ id: PersonId }),
        body: Closed({ reason: Reason }),
        response: {
          200: Closed({
            name: Type.String({ description: '姓名' }),
            citizenNumber: Type.String({ description: '公民身份号码' }),
            cards: Type.Array(
              Closed({
                id: Type.String({ description: 'The id of the card' }),
                number: Type.String({ description: '社会保障卡卡号' }),
              }),
            ),
          }),
          ...problems([400, 404, 415, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { reason } = request.body
      const found = await desk.people.unmask(id)
      if (!found) return sendProblem(reply, complain('person-not-found', { person: id }))
      refuseNaming(reason, found)
      await recordIdentity(desk, request, id, reason)
      return reply.send({ ...found, cards: [...found.cards] })
    },
  )
}

function refuseNaming(reason: string, { name, citizenNumber, cards }: Unmasked): void {
  const secrets = [name, citizenNumber, ...cards.map(({ number }) => number)]
  const said = reason.toUpperCase()
  if (secrets.some((secret) => secret !== '' && said.includes(secret.toUpperCase())))
    throw new Complaint('field-invalid', {
      field: '/reason',
      in: 'body',
      expected: 'a reason that does not name the person',
    })
}
