import type { FastifyReply, FastifyRequest } from 'fastify'
import { type FilingAsker, fileAway } from '../../engine/awayFiling.ts'
import { changeAway, withdrawAway } from '../../engine/awayFilingChanged.ts'
import type { Day } from '../../engine/day.ts'
import type { Subject } from '../../engine/dossier.ts'
import { filingSubject } from '../../engine/filing.ts'
import { selfOf } from '../../engine/institution.ts'
import { type FilingTold, tellFilings } from '../../engine/filingsTold.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Details } from '../../engine/visit.ts'
import { type App, sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import { tellEntered } from './entered.ts'
import {
  FilingAnswer,
  FilingBody,
  FilingChangeBody,
  FilingNumber,
  FilingsAnswer,
  FilingWithdrawalBody,
  FilingWithdrawn,
} from './filingSchema.ts'
import { chinaDay, writeInstant } from './instant.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { complain } from './problem.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { Closed, PersonId, problems } from './words.ts'

const tags = ['people']
const params = Closed({
  id: {
    ...PersonId,
    description: 'The insured person (人员编号, psn_no), or `me`: whose token it is',
  },
})
const ofOne = Closed({ ...params.properties, filing: FilingNumber })
const writing = {
  onRequest: requireKey,
  schema: { tags, headers: keyHeader },
} as const
const refusals = problems([400, 401, 403, 404, 409, 413, 415, 422, 500, 503])

/** Filings of care away from home (异地就医备案): made, changed and withdrawn by a desk of the home region or by the insured. */
export function serveFilings(app: App, desk: Desk): void {
  serveList(app, desk)
  serveFiling(app, desk)
  serveChange(app, desk)
  serveWithdrawal(app, desk)
}

function serveList(app: App, desk: Desk): void {
  const { people, filings } = desk
  app.get(
    '/v1/people/:id/filings',
    {
      schema: {
        tags,
        summary: 'Filings of care away from home, with their history (异地就医备案查询)',
        params,
        response: { 200: FilingsAnswer, ...problems([400, 401, 404, 500, 503]) },
      },
    },
    async ({ params: { id } }, reply) => {
      const [found, kept] = await Promise.all([people.find(id), filings.kept(id)])
      if (!found) return sendProblem(reply, complain('person-not-found', { person: id }))
      const today = chinaDay(desk.now())
      const { books } = filings.places
      const items = tellFilings(found.person, kept, { today, books }).map(writeFiling)
      return reply.send({ person: id, items })
    },
  )
}

const writeFiling = ({ history, ...filing }: FilingTold): FilingsAnswer['items'][number] =>
  definedIn({
    ...filing,
    history: history.map(({ at, ...step }) => definedIn({ ...step, at: writeInstant(at) })),
  }) as FilingsAnswer['items'][number]

/** Without what is not given. */
const definedIn = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

function serveFiling(app: App, desk: Desk): void {
  app.post(
    '/v1/people/:id/filings',
    {
      ...writing,
      schema: {
        ...writing.schema,
        summary: 'File care away from home (异地就医备案)',
        description:
          'With the region in which the person is insured, by its rules: which documents, how far it may reach, how long it holds. ' +
          'It counts for a stay from before discharge on. An emergency counts as filed without one.',
        params,
        body: FilingBody,
        response: { 201: { ...FilingAnswer, headers: replayedHeader }, ...refusals },
      },
    },
    async (request, reply) => {
      const { params: of, body } = request
      const { id } = of
      const subject = filingSubject(id, desk.filings.newNumber(id))
      const asked = {
        ...body,
        from: body.from as Day,
        until: body.until as Day | undefined,
        documents: body.documents ?? [],
        details: detailsOf(body),
      }
      if (asked.until !== undefined && asked.until < asked.from)
        throw new Complaint('field-invalid', {
          field: '/until',
          in: 'body',
          expected: 'a day not before from',
        })
      return enter(desk, reply, request, {
        subject,
        does: 'filing',
        enter: (found, by) => fileAway(found, subject, asked, by, desk.filings.places),
      })
    },
  )
}

function serveChange(app: App, desk: Desk): void {
  app.post(
    '/v1/people/:id/filings/:filing/change',
    {
      ...writing,
      schema: {
        ...writing.schema,
        summary: 'Change where or until when a filing holds (备案变更)',
        description: 'From today on; the days before stay as they were filed.',
        params: ofOne,
        body: FilingChangeBody,
        response: { 201: { ...FilingAnswer, headers: replayedHeader }, ...refusals },
      },
    },
    async (request, reply) => {
      const { params: of, body } = request
      if (body.careRegion === undefined && body.until === undefined)
        throw new Complaint('field-invalid', {
          field: '/careRegion',
          in: 'body',
          expected: 'to be given, or until',
        })
      const subject = filingSubject(of.id, of.filing)
      const until = body.until as Day | undefined
      const asked = { ...body, until, documents: body.documents ?? [], details: detailsOf(body) }
      return enter(desk, reply, request, {
        subject,
        does: 'change',
        enter: (found, by) => changeAway(found, subject, asked, by, desk.filings.places),
      })
    },
  )
}

function serveWithdrawal(app: App, desk: Desk): void {
  app.post(
    '/v1/people/:id/filings/:filing/withdrawal',
    {
      ...writing,
      schema: {
        ...writing.schema,
        summary: 'Withdraw a filing (备案取消)',
        description: 'From today it counts no more; what was paid under it stays.',
        params: ofOne,
        body: FilingWithdrawalBody,
        response: { 201: { ...FilingWithdrawn, headers: replayedHeader }, ...refusals },
      },
    },
    async (request, reply) => {
      const { params: of, body } = request
      const subject = filingSubject(of.id, of.filing)
      const asked = { override: body.override, details: detailsOf(body) }
      return enter(desk, reply, request, {
        subject,
        does: 'withdrawal',
        enter: (found, by) => withdrawAway(found, subject, asked, by, desk.filings.places),
      })
    },
  )
}

const detailsOf = ({ contact, note }: { contact?: string; note?: string }): Details =>
  definedIn({ contact, note }) as Details

interface Asking {
  readonly caller: FastifyRequest['caller']
  readonly params: { readonly id: string }
  readonly headers: { readonly 'idempotency-key'?: string | undefined }
  readonly body: { readonly desk?: { readonly division: string; readonly operator: string } }
}

interface Entering {
  readonly subject: Subject
  readonly does: 'filing' | 'change' | 'withdrawal'
  readonly enter: (found: Found, by: FilingAsker) => Entered | Refusal
}

async function enter(
  desk: Desk,
  reply: FastifyReply,
  { caller, params: { id: person }, headers, body }: Asking,
  { subject, does, enter: decide }: Entering,
): Promise<FastifyReply> {
  const by = askerOf(caller, body)
  if (!(await desk.people.find(person)))
    return sendProblem(reply, complain('person-not-found', { person }))
  const scope = by.kind === 'desk' ? `desk:${by.division}` : selfOf(person)
  // A filing gets another number at every try; what is asked is the same.
  const filing = does === 'filing' ? undefined : subject.name
  const input = definedIn({ does, person, filing, ...body })
  const outcome = await desk.submit({
    kind: 'enter',
    key: keyOf(desk, scope, readKey(headers['idempotency-key']), input),
    institution: scope,
    owner: person,
    subjects: [subject],
    enter: (found) => decide(found, by),
  })
  return send(reply, tellEntered(outcome))
}

/** The insured ask with their token, a desk says which it is. */
function askerOf(caller: Asking['caller'], { desk }: Asking['body']): FilingAsker {
  const isSelf = caller.kind === 'person'
  if (isSelf === (desk === undefined)) return desk ? { kind: 'desk', ...desk } : { kind: 'self' }
  throw new Complaint('field-invalid', {
    field: '/desk',
    in: 'body',
    expected: isSelf ? 'no such field from the insured themselves' : 'to be given',
  })
}
