import { caseSubject } from '../../engine/deskCase.ts'
import type { Row } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { enterResettlement } from '../../engine/resettlementCase.ts'
import { type App, sendProblem } from './app.ts'
import type { AgencyDesk } from './agencyNeeds.ts'
import { tellCase } from './caseAnswer.ts'
import { beginAsk, stepKey } from './caseAsk.ts'
import { readInstitution, readResettlement } from './caseForm.ts'
import { type ResettlementBody as Body, ResettlementBody } from './caseSchema.ts'
import { caseAnswers, caseTags, serveCases } from './cases.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { explain } from './problem.ts'
import { keyHeader, requireKey, send } from './settlements.ts'
import { Closed, SettlementId } from './words.ts'

/** Supplementary settlement (补充结算): what is settled is settled anew once something came late. */
export function serveResettlements(app: App, desk: Desk, agency: AgencyDesk): void {
  app.post(
    '/v1/settlements/:id/resettlement',
    {
      onRequest: requireKey,
      schema: {
        tags: caseTags,
        summary: 'Ask for a settlement to be settled anew (补充结算录入)',
        description:
          'After a late filing, certification or coverage, across months, years and clearing periods. Nothing changes before another person has reviewed it; ' +
          'then the settlement is cancelled and settled anew in one transaction. The institution gets what it was told; the difference is paid to the ' +
          'person, or owed by them as a recovery under the same number.',
        headers: keyHeader,
        params: Closed({ id: SettlementId }),
        body: ResettlementBody,
        response: caseAnswers,
      },
    },
    async ({ params: { id: settlement }, body, headers }, reply) => {
      const { region, by } = body
      const key = stepKey(desk, readKey(headers['idempotency-key']), region, {
        resettles: settlement,
        ...body,
      })
      const head = (await desk.settlements.chain(settlement))?.at(-1)
      if (!head) return sendProblem(reply, explain(refuse('settlement-unknown', { settlement })))
      const form = readResettlement(body, settlement, await institutionOf(agency, head, body))
      const owner = head.content.person
      const id = agency.newId(owner)
      const subject = caseSubject(owner, 'resettlement', id)
      const entering = { subject, id, region, by, form, dayOf: (at: number) => agency.dayOf(at) }
      const ask = beginAsk({
        kind: 'resettlement',
        owner,
        id,
        key,
        region,
        settlement,
        enter: (found) => enterResettlement(found, entering, agency.world()),
      })
      return send(reply, tellCase(await desk.submit(ask)))
    },
  )
  serveCases(app, desk, agency, 'resettlement')
}

/** The institution of the settlement as it is registered, or as its form tells it. */
async function institutionOf(agency: AgencyDesk, { content }: Row, { institution }: Body) {
  const { institution: code } = content
  return (await agency.institution(code)) ?? readInstitution(agency, { ...institution, code })
}
