import { Type } from 'typebox'
import { institutionOwner, regionOwner } from '../../engine/clearing.ts'
import { runKinds } from '../../engine/clearingRun.ts'
import { windowNamed } from '../../engine/clearingWindow.ts'
import type { Day } from '../../engine/day.ts'
import { agencyOf } from '../../engine/movement.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Key } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import {
  writeDispute,
  writeDone,
  writeFoundRun,
  writeRow,
  writeRun,
  writeStated,
} from './clearingAnswer.ts'
import type { ClearingDesk } from './clearingNeeds.ts'
import {
  by,
  DisputeAnswer,
  Done,
  pageOf,
  Partner,
  RowAnswer,
  RunDetail,
  RunId,
  RunSummary,
  Side,
  StatementAnswer,
  tags,
  WindowName,
} from './clearingSchema.ts'
import { Complaint } from './complaint.ts'
import { tellEntered } from './entered.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, pageOfAll, writePage } from './page.ts'
import { explain } from './problem.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { Closed, Day as DayWord, Division, Institution, problems } from './words.ts'

const optional = Type.Optional

/** What every step of clearing answers. */
export const doneSchema = {
  201: { ...Done, headers: replayedHeader },
  ...problems([400, 404, 409, 415, 422, 500, 503]),
}

/** The key of an agency for one kind of step. */
export const agencyKey = (
  desk: Desk,
  header: string | readonly string[] | undefined,
  region: string,
  input: object,
): Key => keyOf(desk, agencyOf(region), readKey(header), input)

export const tellDone = (outcome: Outcome) => tellEntered(outcome, writeDone)

export function windowOf(name: string, place: 'body' | 'query') {
  const window = windowNamed(name)
  if (window) return window
  const expected = 'a window of the calendar'
  throw new Complaint('field-invalid', { field: '/window', in: place, expected })
}

const pairQuery = { region: by.region, side: Side, partner: Partner }

export function serveClearingWindows(app: App, desk: Desk, clearing: ClearingDesk): void {
  app.post(
    '/v1/clearing/windows',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Close a window of a pair of regions (区域间清算)',
        description:
          'Compares both statements row by row, and closes the window with every row that both sides have alike: each row once, however many ask. Rows ' +
          'that differ, or that one side lacks, are held out and come back in the next window; so does whatever is posted late. Sweeps close by ' +
          'themselves what is due.',
        headers: keyHeader,
        body: Closed({ ...by, side: Side, partner: Partner, window: WindowName }),
        response: doneSchema,
      },
    },
    async ({ headers, body }, reply) => {
      const { region, side, partner } = body
      const key = agencyKey(desk, headers['idempotency-key'], region, { does: 'close', ...body })
      const window = windowOf(body.window, 'body')
      const outcome = await clearing.closeWindow(key, { region, side, partner }, window)
      return send(reply, tellDone(outcome))
    },
  )
  serveStatements(app, clearing)
  serveRuns(app, clearing)
}

function serveStatements(app: App, clearing: ClearingDesk): void {
  app.get(
    '/v1/clearing/statements',
    {
      schema: {
        tags,
        summary:
          'The statement of one side (对账单): every row of some days, as the other side is told it',
        querystring: Closed({
          ...pairQuery,
          from: DayWord('First day on which rows were posted'),
          until: DayWord('Last day'),
          ...listQuery,
        }),
        response: { 200: pageOf(StatementAnswer), ...problems([400, 500, 503]) },
      },
    },
    async ({ query: { region, side, partner, from, until, ...page } }) => {
      const days = { from: from as Day, until: until as Day }
      const list = listOf('clearing statement', { region, side, partner, ...days })
      const rows = await clearing.statement({ region, side, partner }, days)
      const { items, next } = await askPage(list, page, async (asked) => pageOfAll(rows, asked))
      return writePage(list, items.map(writeStated), next)
    },
  )
  app.get(
    '/v1/clearing/differences',
    {
      schema: {
        tags,
        summary: 'How the two statements of a window differ now (对账差异); nothing is written',
        querystring: Closed({ ...pairQuery, window: WindowName, ...listQuery }),
        response: { 200: pageOf(DisputeAnswer), ...problems([400, 500, 503]) },
      },
    },
    async ({ query: { region, side, partner, window, ...page } }) => {
      const list = listOf('clearing differences', { region, side, partner, window })
      const { disputes } = await clearing.compare(
        { region, side, partner },
        windowOf(window, 'query'),
      )
      const { items, next } = await askPage(list, page, async (asked) => pageOfAll(disputes, asked))
      return writePage(list, items.map(writeDispute), next)
    },
  )
}

function serveRuns(app: App, clearing: ClearingDesk): void {
  app.get(
    '/v1/clearing/runs',
    {
      schema: {
        tags,
        summary: 'Closed windows (清算批次), the newest first',
        querystring: Closed({
          region: optional(Division('Of this region')),
          institution: optional(Institution),
          kind: optional(Type.Enum(runKinds)),
          ...listQuery,
        }),
        response: { 200: pageOf(RunSummary), ...problems([400, 500, 503]) },
      },
    },
    async ({ query: { region, institution, kind, ...page } }) => {
      const owner =
        institution === undefined ? region && regionOwner(region) : institutionOwner(institution)
      const list = listOf('clearing runs', { owner, kind })
      const { items, next } = await askPage(list, page, (asked) =>
        clearing.runs({ owner, kind, ...asked }),
      )
      return writePage(list, items.map(writeRun), next)
    },
  )
  app.get(
    '/v1/clearing/runs/:id',
    {
      schema: {
        tags,
        summary: 'A run, its sums by category, way, scheme and month, and what became of it',
        params: Closed({ id: RunId }),
        response: { 200: RunDetail, ...problems([400, 404, 500, 503]) },
      },
    },
    async ({ params: { id } }, reply) => {
      const found = await clearing.run(id)
      return found
        ? reply.send(writeFoundRun(found) as never)
        : sendProblem(reply, explain(refuse('clearing-run-unknown', { run: id })))
    },
  )
  serveInRun(app, clearing, 'rows', 'The rows in a run (清算明细)', RowAnswer, writeRow)
  serveInRun(
    app,
    clearing,
    'disputes',
    'Rows on which the two regions did not agree (争议明细)',
    DisputeAnswer,
    writeDispute,
  )
}

/** Something that a run has many of. */
function serveInRun<Name extends 'rows' | 'disputes'>(
  app: App,
  clearing: ClearingDesk,
  name: Name,
  summary: string,
  answer: Parameters<typeof pageOf>[0],
  write: (item: Awaited<ReturnType<ClearingDesk[Name]>>['items'][number]) => object,
): void {
  app.get(
    `/v1/clearing/runs/:id/${name}`,
    {
      schema: {
        tags,
        summary,
        params: Closed({ id: RunId }),
        querystring: Closed(listQuery),
        response: { 200: pageOf(answer), ...problems([400, 404, 500, 503]) },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const found = await clearing.run(id)
      if (!found) return sendProblem(reply, explain(refuse('clearing-run-unknown', { run: id })))
      const list = listOf(`clearing ${name}`, { id })
      const { items, next } = await askPage<Parameters<typeof write>[0]>(list, query, (asked) =>
        clearing[name](found.run, asked),
      )
      return reply.send(writePage(list, items.map(write), next))
    },
  )
}
