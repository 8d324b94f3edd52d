import { parseYuan } from '../../engine/money.ts'
import { type RunStep, runStepNames } from '../../engine/runStages.ts'
import type { App } from './app.ts'
import { writeApplication } from './clearingAnswer.ts'
import type { ClearingDesk } from './clearingNeeds.ts'
import {
  ApplicationAnswer,
  by,
  Event,
  pageOf,
  Reason,
  RunId,
  stepBodies,
  tags,
} from './clearingSchema.ts'
import { agencyKey, doneSchema, tellDone } from './clearingWindows.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, pageOfAll, writePage } from './page.ts'
import { keyHeader, requireKey, send } from './settlements.ts'
import { Closed, Institution, problems, text } from './words.ts'

export function serveClearingInstitutions(app: App, desk: Desk, clearing: ClearingDesk): void {
  serveApplications(app, desk, clearing)
  for (const step of runStepNames) serveStep(app, desk, clearing, step)
  app.post(
    '/v1/clearing/years',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Close the year of an institution (年终清算)',
        description:
          'Once all of its runs are paid: what was retained comes back into review, as a run of its own, to be settled with the difference of case ' +
          'payment, approved and paid like any other.',
        headers: keyHeader,
        body: Closed({
          ...by,
          institution: Institution,
          year: text('^(20|21)\\d{2}$', 'The year (清算年度)', '2025', 'a year such as 2025'),
        }),
        response: doneSchema,
      },
    },
    async ({ headers, body }, reply) => {
      const key = agencyKey(desk, headers['idempotency-key'], body.region, {
        does: 'year',
        ...body,
      })
      return send(reply, tellDone(await clearing.closeYear(key, body)))
    },
  )
}

function serveApplications(app: App, desk: Desk, clearing: ClearingDesk): void {
  app.get(
    '/v1/clearing/applications',
    {
      schema: {
        tags,
        summary: 'What an institution has applied for (清算申请, 3203), and what became of it',
        querystring: Closed({ institution: Institution, ...listQuery }),
        response: { 200: pageOf(ApplicationAnswer), ...problems([400, 500, 503]) },
      },
    },
    async ({ query: { institution, ...page } }) => {
      const list = listOf('clearing applications', { institution })
      const all = await clearing.applications(institution)
      const { items, next } = await askPage(list, page, async (asked) => pageOfAll(all, asked))
      return writePage(list, items.map(writeApplication) as never[], next)
    },
  )
  serveDecisions(app, desk, clearing)
}

/** What an agency decides about an application. */
function serveDecisions(app: App, desk: Desk, clearing: ClearingDesk): void {
  const params = Closed({ id: Event })
  const whose = { ...by, institution: Institution }
  app.post(
    '/v1/clearing/applications/:id/acceptance',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Accept an application (受理): its run is opened',
        description:
          'Every row of the institution until the last day that was applied for is in the run, once; a row that comes late is in the next one. From then on ' +
          'the application is not withdrawn any more (3204).',
        headers: keyHeader,
        params,
        body: Closed(whose),
        response: doneSchema,
      },
    },
    async ({ headers, params: { id: application }, body }, reply) => {
      const { region, operator, institution } = body
      const input = { does: 'accept', application, ...body }
      const key = agencyKey(desk, headers['idempotency-key'], region, input)
      const outcome = await clearing.accept(key, { institution, application, operator })
      return send(reply, tellDone(outcome))
    },
  )
  app.post(
    '/v1/clearing/applications/:id/rejection',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Turn an application back (驳回); the month may be applied for again',
        headers: keyHeader,
        params,
        body: Closed({ ...whose, reason: Reason }),
        response: doneSchema,
      },
    },
    async ({ headers, params: { id: application }, body }, reply) => {
      const { region, operator, institution, reason } = body
      const input = { does: 'reject', application, ...body }
      const key = agencyKey(desk, headers['idempotency-key'], region, input)
      const outcome = await clearing.reject(key, { institution, application, operator, reason })
      return send(reply, tellDone(outcome))
    },
  )
}

const summaries: Readonly<Record<RunStep, string>> = {
  review: 'Begin the review of a run (审核)',
  deduction: 'Deduct from it, with the reason (审核扣款、稽核扣款)',
  difference: 'Settle what case payment gives more or less (病种结算差额); no person pays it',
  'review-end': 'End the review, and retain a part until the year is closed (审核完成、预留金暂扣)',
  approval: 'Approve what is left (复核): somebody else than who ended the review',
  'payment-request': 'Ask that it be paid (拨付申请)',
  payment: 'Pay it (拨付): somebody else than who asked; an advance is paid back first',
}

/** Amounts of a step are above nothing, but for a difference, which may take away. */
function amountOf(given: string | undefined): bigint | undefined {
  if (given === undefined) return undefined
  return given.startsWith('-') ? -parseYuan(given.slice(1)) : parseYuan(given)
}

function serveStep(app: App, desk: Desk, clearing: ClearingDesk, step: RunStep): void {
  const more: Partial<(typeof stepBodies)['deduction']> = stepBodies[step]
  app.post(
    `/v1/clearing/runs/:id/${step}`,
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: summaries[step],
        headers: keyHeader,
        params: Closed({ id: RunId }),
        body: Closed({ ...by, ...more }),
        response: doneSchema,
      },
    },
    async ({ headers, params: { id: run }, body }, reply) => {
      const { region, operator, amount, of, reason } = body as {
        region: string
        operator: string
        amount?: string
        of?: 'review' | 'inspection'
        reason?: string
      }
      const input = { does: step, run, ...body }
      const key = agencyKey(desk, headers['idempotency-key'], region, input)
      const asked = { run, step, operator, amount: amountOf(amount), of, reason }
      return send(reply, tellDone(await clearing.step(key, asked)))
    },
  )
}
