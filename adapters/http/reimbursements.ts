import { Type } from 'typebox'
import { enterReimbursement } from '../../engine/reimbursement.ts'
import { caseSubject } from '../../engine/deskCase.ts'
import { type App, sendProblem } from './app.ts'
import type { AgencyDesk } from './agencyNeeds.ts'
import { tellCase, writeCase } from './caseAnswer.ts'
import { beginAsk, stepKey, suspectsFor } from './caseAsk.ts'
import { readPaper } from './caseForm.ts'
import { CaseDetail, ReimbursementBody } from './caseSchema.ts'
import { caseAnswers, caseTags, serveCases } from './cases.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { complain } from './problem.ts'
import { claimLimit, keyHeader, requireKey, send } from './settlements.ts'
import { Closed, Next, PersonId, problems } from './words.ts'

/** Manual reimbursement (手工报销): paper bills that the agency of the home region enters, reviews and pays. */
export function serveReimbursements(app: App, desk: Desk, agency: AgencyDesk): void {
  app.post(
    '/v1/reimbursements',
    {
      bodyLimit: claimLimit,
      onRequest: requireKey,
      schema: {
        tags: caseTags,
        summary: 'Enter a paper bill (手工报销录入)',
        description:
          'The agency of the home region enters what was not settled directly. Nothing is settled yet: the answer tells what the bill would come to, and ' +
          'which settlements look like it. An invoice is taken once for ever, unless the case is refused or withdrawn. Another person reviews it.',
        headers: keyHeader,
        body: ReimbursementBody,
        response: caseAnswers,
      },
    },
    async ({ body, headers }, reply) => {
      const { person, region, by } = body
      const key = stepKey(desk, readKey(headers['idempotency-key']), region, { enters: body })
      const id = agency.newId(person)
      const form = await readPaper(agency, body, id)
      const suspects = await suspectsFor(agency, person, form.claim)
      const subject = caseSubject(person, 'reimbursement', id)
      const entering = { subject, by, form, suspects }
      const ask = beginAsk({
        kind: 'reimbursement',
        owner: person,
        id,
        key,
        region,
        invoices: form.invoices,
        enter: (found) => enterReimbursement(found, entering, agency.world()),
      })
      return send(reply, tellCase(await desk.submit(ask)))
    },
  )
  serveCases(app, desk, agency, 'reimbursement')
  serveOwn(app, desk, agency)
}

function serveOwn(app: App, desk: Desk, agency: AgencyDesk): void {
  app.get(
    '/v1/people/:id/reimbursements',
    {
      schema: {
        tags: ['people'],
        summary: 'Paper bills of a person and where they stand (手工报销进度), newest first',
        params: Closed({ id: PersonId }),
        querystring: Closed(listQuery),
        response: {
          200: Closed({ items: Type.Array(CaseDetail), next: Next }),
          ...problems([400, 401, 404, 500, 503]),
        },
      },
    },
    async ({ params: { id: person }, query, caller }, reply) => {
      if (!(await desk.people.find(person)))
        return sendProblem(reply, complain('person-not-found', { person }))
      const list = listOf('reimbursements of a person', { person })
      const { items, next } = await askPage(list, query, (page) =>
        agency.list({ kind: 'reimbursement', person, ...page }),
      )
      const shown = items.map((one) => writeCase(one, caller.kind === 'person'))
      return reply.send(writePage(list, shown, next))
    },
  )
}
