import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { type CaseAct, type CaseKind, caseStates, type DeskCase } from '../../engine/deskCase.ts'
import type { Ask } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import type { AgencyDesk } from './agencyNeeds.ts'
import { tellCase, writeCase, writeCaseResult } from './caseAnswer.ts'
import { askEnd, askPayment, askReview, type StepAsked, stepKey } from './caseAsk.ts'
import { ActBody, CaseAnswer, CaseDetail, CaseId, EndBody } from './caseSchema.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { explain } from './problem.ts'
import { keyHeader, replayedHeader, requireKey, send } from './settlements.ts'
import { Closed, Division, Next, PersonId, problems } from './words.ts'

export const caseTags = ['agency']
const caseParams = Closed({ id: CaseId })

/** Where the cases of a kind are served. */
export const pathOf: Readonly<Record<CaseKind, string>> = {
  reimbursement: '/v1/reimbursements',
  resettlement: '/v1/resettlements',
  recovery: '/v1/recoveries',
}

export const caseAnswers = {
  201: { ...CaseAnswer, headers: replayedHeader },
  ...problems([400, 404, 409, 413, 415, 422, 500, 503]),
}

/** The route of a step of a case, whose key is asked for before its body is read. */
export const stepRoute = <Body>(summary: string, body: Body, description?: string) => ({
  onRequest: requireKey,
  schema: {
    tags: caseTags,
    summary,
    ...(description !== undefined && { description }),
    headers: keyHeader,
    params: caseParams,
    body,
    response: caseAnswers,
  },
})

export const unknownCase = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, explain(refuse('case-unknown')))

/** What a step of a case is asked with over HTTP. */
export interface StepBody {
  readonly region: string
  readonly by: string
}

/** Finds the case and asks for the step. */
export async function takeStep(
  desk: Desk,
  agency: AgencyDesk,
  reply: FastifyReply,
  asked: { kind: CaseKind; id: string; act: CaseAct; key: string; body: StepBody },
  ask: (step: StepAsked) => Ask | Promise<Ask>,
): Promise<FastifyReply> {
  const { kind, id, act, body } = asked
  const of = await agency.find(kind, id)
  if (!of) return unknownCase(reply)
  const { region, by } = body
  const key = stepKey(desk, readKey(asked.key), region, { [kind]: id, act, ...body })
  return send(reply, tellCase(await desk.submit(await ask({ of, act, by, region, key }))))
}

/** The steps that every kind of case has: 初审, 复核, 不予办理, 撤回; and how cases are looked at. */
export function serveCases(app: App, desk: Desk, agency: AgencyDesk, kind: CaseKind): void {
  serveReviews(app, desk, agency, kind)
  serveEnds(app, desk, agency, kind)
  if (kind !== 'recovery' && agency.pay) servePayment(app, desk, agency, kind)
  serveCaseQuestions(app, agency, kind)
}

const reviews = {
  review:
    'First review of a case (初审), by somebody who did not enter it: settles it, unless a second approval is due',
  approval:
    'Second approval (复核), by a third person, of what is above the sum of the region: settles it',
} as const

function serveReviews(app: App, desk: Desk, agency: AgencyDesk, kind: CaseKind): void {
  for (const [act, summary] of Object.entries(reviews) as [keyof typeof reviews, string][])
    app.post(
      `${pathOf[kind]}/:id/${act}`,
      stepRoute(summary, ActBody),
      async ({ params: { id }, body, headers }, reply) => {
        const key = headers['idempotency-key']
        return takeStep(desk, agency, reply, { kind, id, act, key, body }, (step) =>
          askReview(agency, { ...step, checked: body.suspectsChecked }),
        )
      },
    )
}

const ends = {
  refusal: 'Refuse a case, with the reason (不予办理)',
  withdrawal: 'Withdraw a case before it is settled (撤回)',
} as const

function serveEnds(app: App, desk: Desk, agency: AgencyDesk, kind: CaseKind): void {
  for (const [act, summary] of Object.entries(ends) as [keyof typeof ends, string][])
    app.post(
      `${pathOf[kind]}/:id/${act}`,
      stepRoute(summary, EndBody),
      async ({ params: { id }, body, headers }, reply) => {
        const key = headers['idempotency-key']
        return takeStep(desk, agency, reply, { kind, id, act, key, body }, (step) =>
          askEnd(step, body.reason),
        )
      },
    )
}

function servePayment(app: App, desk: Desk, agency: AgencyDesk, kind: CaseKind): void {
  app.post(
    `${pathOf[kind]}/:id/payment`,
    stepRoute(
      'Pay what is due to the bank account of the card (代发)',
      ActBody,
      'By somebody who had no hand in the case. It is recorded before the bank is told; where the bank does not reply in time the state stays `ordered` ' +
        'until it says what became of it. A repeat tells how the case stands now. What the bank returned may be ordered again.',
    ),
    async ({ params: { id }, body, headers }, reply) => {
      const of = await agency.find(kind, id)
      if (!of) return unknownCase(reply)
      const { region, by } = body
      const act = 'payment'
      const key = stepKey(desk, readKey(headers['idempotency-key']), region, {
        [kind]: id,
        act,
        ...body,
      })
      const reference = agency.newId(of.subject.owner)
      const outcome = await desk.submit(askPayment({ of, act, by, region, key }, reference))
      if (outcome.kind !== 'entered') return send(reply, tellCase(outcome))
      // What the bank does not say now it is asked for later.
      if (!outcome.replayed) await agency.pay?.(of.subject).catch(() => {})
      const now = (await agency.find(kind, id)) as DeskCase
      const body_ = writeCaseResult({ ...(outcome.result as object), state: now.state })
      return send(reply, { status: 201, body: body_, replayed: outcome.replayed })
    },
  )
}

const Filter = Closed({
  person: Type.Optional(PersonId),
  region: Type.Optional(Division('The agency whose cases they are (经办机构)')),
  state: Type.Optional(Type.Enum(caseStates, { description: 'Where they stand (办理状态)' })),
  ...listQuery,
})

function serveCaseQuestions(app: App, agency: AgencyDesk, kind: CaseKind): void {
  app.get(
    pathOf[kind],
    {
      schema: {
        tags: caseTags,
        summary: `Cases of this kind (${kind}), newest first`,
        description:
          'With `state` a page may have fewer items than `limit`; go on as long as there is a `next`.',
        querystring: Filter,
        response: {
          200: Closed({ items: Type.Array(CaseDetail), next: Next }),
          ...problems([400, 403, 500, 503]),
        },
      },
    },
    async ({ query }, reply) => {
      const { cursor: _c, limit: _l, ...filter } = query
      const list = listOf(kind, filter)
      const { items, next } = await askPage(list, query, (page) =>
        agency.list({ kind, ...filter, ...page }),
      )
      const shown = items.map((one) => writeCase(one, false))
      return reply.send(writePage(list, shown, next))
    },
  )
  app.get(
    `${pathOf[kind]}/:id`,
    {
      schema: {
        tags: caseTags,
        summary: `A case as it stands (${kind}), with every step of it`,
        params: caseParams,
        response: { 200: CaseDetail, ...problems([400, 401, 404, 500, 503]) },
      },
    },
    async ({ params: { id }, caller }, reply) => {
      const of = await agency.find(kind, id)
      // What is not theirs is told a person like what is not there.
      if (!of || (caller.kind === 'person' && caller.id !== of.subject.owner))
        return unknownCase(reply)
      return reply.send(writeCase(of, caller.kind === 'person'))
    },
  )
}
