import { Type } from 'typebox'
import type { Day as DayOf } from '../../engine/day.ts'
import type { App } from './app.ts'
import type { AuditQueries } from './auditNeeds.ts'
import { Complaint } from './complaint.ts'
import { writeInstant } from './instant.ts'
import type { Desk } from './needs.ts'
import { Closed, Day, Division, Instant, Institution, PersonId, problems } from './words.ts'

const tags = ['ledger']

const Finding = Closed({
  check: Type.String({ description: 'The check that found it' }),
  subject: Type.String({ description: 'What it is about' }),
  problem: Type.String(),
})

const Slice = Closed({
  name: Type.String({ description: '`journal`, or a view `check_…` of the database' }),
  at: Instant('When it ended'),
  rows: Type.Integer({ description: 'Positions of the journal that it proved' }),
  took_ms: Type.Integer(),
})

const optional = Type.Optional

/** The self-audit (自查), and what is to be proved now (专项核查). */
export function serveAudit(app: App, { now }: Pick<Desk, 'now'>, audit: AuditQueries): void {
  app.get(
    '/v1/audit',
    {
      schema: {
        tags,
        summary: 'The self-audit: since when everything is proved, and what is not as it has to be',
        description:
          'While the system serves, each posting, each step of balances and running sums, every rollup, head and netting is derived anew and compared.',
        response: {
          200: Closed({
            round: Type.Integer({ description: 'Rounds that have ended' }),
            beganAt: optional(Instant('When the last of them began')),
            provedAt: optional(
              Instant(
                'When the last round began that found nothing: whatever stood then is proved',
              ),
            ),
            secondsSince: optional(Type.Integer({ description: 'Seconds since then' })),
            slices: Type.Array(Slice),
            findings: Type.Array(Finding),
          }),
          ...problems([500, 503]),
        },
      },
    },
    async () => {
      const state = await audit.last()
      if (!state) return { round: 0, slices: [], findings: [] }
      const { round, beganAt, provedAt, slices, findings } = state
      return {
        round,
        beganAt: writeInstant(beganAt),
        ...(provedAt !== undefined && {
          provedAt: writeInstant(provedAt),
          secondsSince: Math.max(0, Math.floor((now() - provedAt) / 1000)),
        }),
        slices: slices.map((slice) => ({ ...slice, at: writeInstant(slice.at) })),
        findings: [...findings],
      }
    },
  )
  serveProving(app, audit)
}

function serveProving(app: App, audit: AuditQueries): void {
  app.post(
    '/v1/audit',
    {
      schema: {
        tags,
        summary: 'Prove all postings of a person, an institution, a region or a day now',
        description:
          'Changes nothing, so that no Idempotency-Key is needed. Conditions that are given hold together.',
        body: Closed({
          person: optional(PersonId),
          institution: optional(Institution),
          region: optional(Division('Home or care region')),
          day: optional(Day('The day of treatment, or on which money moved')),
        }),
        response: {
          200: Closed({
            rows: Type.Integer({ description: 'Postings that were proved' }),
            took_ms: Type.Integer(),
            findings: Type.Array(Finding),
          }),
          ...problems([400, 413, 415, 422, 500, 503]),
        },
      },
    },
    async ({ body }) => {
      const { person, institution, region, day } = body
      if ((person ?? institution ?? region ?? day) === undefined)
        throw new Complaint('field-invalid', {
          field: '/person',
          in: 'body',
          expected: 'person, institution, region or day to be given',
        })
      const asked = { person, institution, region, day: day as DayOf | undefined }
      const proved = await audit.prove(asked)
      if (!proved) throw new Complaint('audit-too-long')
      return { ...proved, findings: [...proved.findings] }
    },
  )
}
