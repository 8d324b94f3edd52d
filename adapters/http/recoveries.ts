import { caseSubject, type DeskCase } from '../../engine/deskCase.ts'
import { parseYuan, zero } from '../../engine/money.ts'
import {
  askWriteOff,
  enterRecovery,
  enterRepayment,
  enterSetOff,
  enterWriteOff,
  fundsWrittenOff,
  refuseWriteOff,
} from '../../engine/recovery.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import type { AgencyDesk } from './agencyNeeds.ts'
import { tellCase } from './caseAnswer.ts'
import { askedOf, beginAsk, enterAsk, moveAsk, stepKey } from './caseAsk.ts'
import { readRecovery } from './caseForm.ts'
import { ActBody, RecoveryBody, RepaymentBody, SetOffBody, WriteOffBody } from './caseSchema.ts'
import { caseAnswers, caseTags, serveCases, stepRoute, takeStep } from './cases.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { explain } from './problem.ts'
import { keyHeader, requireKey, send } from './settlements.ts'

/** Recovery of overpaid sums (追回): from a person, an institution or an employer. */
export function serveRecoveries(app: App, desk: Desk, agency: AgencyDesk): void {
  app.post(
    '/v1/recoveries',
    {
      onRequest: requireKey,
      schema: {
        tags: caseTags,
        summary: 'Enter that money is to be recovered (追回录入)',
        description:
          'Of one settlement, at most what its funds paid. Once another person has reviewed it, it is a receivable, and the settlement is cancelled no more.',
        headers: keyHeader,
        body: RecoveryBody,
        response: caseAnswers,
      },
    },
    async ({ body, headers }, reply) => {
      const { region, by, settlement } = body
      const form = readRecovery(body)
      const key = stepKey(desk, readKey(headers['idempotency-key']), region, { recovers: body })
      const head = (await desk.settlements.chain(settlement))?.at(-1)
      if (!head) return sendProblem(reply, explain(refuse('settlement-unknown', { settlement })))
      const owner = head.content.person
      const id = agency.newId(owner)
      const entering = { subject: caseSubject(owner, 'recovery', id), id, region, by, form }
      const ask = beginAsk({
        kind: 'recovery',
        owner,
        id,
        key,
        region,
        settlement,
        enter: (found) => enterRecovery(found, entering, agency.world()),
      })
      return send(reply, tellCase(await desk.submit(ask)))
    },
  )
  serveCases(app, desk, agency, 'recovery')
  serveRepayment(app, desk, agency)
  serveSetOff(app, desk, agency)
  serveWriteOff(app, desk, agency)
  serveWriteOffEnds(app, desk, agency)
}

const kind = 'recovery'

function serveRepayment(app: App, desk: Desk, agency: AgencyDesk): void {
  app.post(
    '/v1/recoveries/:id/repayment',
    stepRoute('An instalment, or all of it, came back (追回到账)', RepaymentBody),
    async ({ params: { id }, body, headers }, reply) => {
      const key = headers['idempotency-key']
      const { reference } = body
      const amount = parseYuan(body.amount)
      const asked = { kind, id, act: 'repayment', key, body } as const
      return takeStep(desk, agency, reply, asked, (step) =>
        moveAsk(agency, step, 'repayment', {
          amount,
          reference,
          enter: (found, movement) =>
            enterRepayment(found, { ...askedOf(step), amount, movement, reference }),
        }),
      )
    },
  )
}

function serveSetOff(app: App, desk: Desk, agency: AgencyDesk): void {
  app.post(
    '/v1/recoveries/:id/set-off',
    stepRoute(
      'Keep a part back of what the person is to get by another case (抵扣), where the region allows it',
      SetOffBody,
    ),
    async ({ params: { id }, body, headers }, reply) => {
      const key = headers['idempotency-key']
      const amount = parseYuan(body.amount)
      const asked = { kind, id, act: 'set-off', key, body } as const
      return takeStep(desk, agency, reply, asked, (step) => {
        const { owner } = step.of.subject
        const against = caseSubject(owner, body.against.kind, body.against.id)
        return moveAsk(agency, step, 'setOff', {
          amount,
          reference: agency.newId(owner),
          subjects: [against],
          enter: (found, movement) =>
            enterSetOff(found, { ...askedOf(step), amount, movement, against }, agency.world()),
        })
      })
    },
  )
}

function serveWriteOff(app: App, desk: Desk, agency: AgencyDesk): void {
  app.post(
    '/v1/recoveries/:id/write-off',
    stepRoute('Ask for a part to be written off (核销申请); another one approves', WriteOffBody),
    async ({ params: { id }, body, headers }, reply) => {
      const key = headers['idempotency-key']
      const { reason } = body
      const amount = parseYuan(body.amount)
      const asked = { kind, id, act: 'write-off', key, body } as const
      return takeStep(desk, agency, reply, asked, (step) =>
        enterAsk(step, (found) => askWriteOff(found, { ...askedOf(step), amount, reason })),
      )
    },
  )
}

/** What waits to be written off, as it was read; whether it still does is judged in the transaction. */
const waiting = ({ writeOff }: DeskCase) => writeOff?.amount ?? zero

function serveWriteOffEnds(app: App, desk: Desk, agency: AgencyDesk): void {
  app.post(
    '/v1/recoveries/:id/write-off-approval',
    stepRoute('Write off what was asked for (核销复核): the funds bear it', ActBody),
    async ({ params: { id }, body, headers }, reply) => {
      const key = headers['idempotency-key']
      const asked = { kind, id, act: 'write-off-approval', key, body } as const
      return takeStep(desk, agency, reply, asked, (step) => {
        const amount = waiting(step.of)
        return moveAsk(agency, step, 'writeOff', {
          amount,
          funds: fundsWrittenOff(step.of),
          reference: agency.newId(step.of.subject.owner),
          enter: (found, movement) => enterWriteOff(found, { ...askedOf(step), amount, movement }),
        })
      })
    },
  )
  app.post(
    '/v1/recoveries/:id/write-off-refusal',
    stepRoute('Write nothing off (核销驳回)', ActBody),
    async ({ params: { id }, body, headers }, reply) => {
      const key = headers['idempotency-key']
      const asked = { kind, id, act: 'write-off-refusal', key, body } as const
      return takeStep(desk, agency, reply, asked, (step) =>
        enterAsk(step, (found) => refuseWriteOff(found, askedOf(step))),
      )
    },
  )
}
