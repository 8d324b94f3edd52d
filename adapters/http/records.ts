import { type Static, Type } from 'typebox'
import {
  certificateKinds,
  certificatesSubject,
  copySubject,
  keepCertificate,
} from '../../engine/certificate.ts'
import type { Day } from '../../engine/day.ts'
import type { EnterAsk } from '../../engine/ports.ts'
import { type App, sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import { writeInstant } from './instant.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { tell } from './outcome.ts'
import { writeCoverages } from './person.ts'
import { PersonAnswer } from './personSchema.ts'
import { complain } from './problem.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import {
  Closed,
  Code,
  Day as DayWord,
  Division,
  Instant,
  PersonId,
  problems,
  Text,
  text,
} from './words.ts'

const tags = ['people']
const optional = Type.Optional
const params = Closed({
  id: {
    ...PersonId,
    description: 'The insured person (人员编号, psn_no), or `me`: whose token it is',
  },
})

const Digest = text(
  '^[0-9a-f]{64}$',
  'What the copy is called: SM3 of its bytes',
  '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
  '64 hexadecimal digits in lower case',
)

/** A copy of 150 KiB in base64, and what stands beside it. */
const copyLimit = 262_144

const certificate = {
  kind: Type.Enum(certificateKinds, { description: 'What it is of (电子证照类型)' }),
  number: Code('Its number (证照编号)', 'C-2026-0001', 60),
  issuer: Text('Who issued it (发证机关)', 100, '演示机关'),
  from: DayWord('First day on which it is good (有效期起)'),
  until: optional(DayWord('Last day; absent where it has none')),
}

const MediaType = Type.Enum(['application/pdf', 'application/ofd', 'image/png', 'image/jpeg'])
const Copy = text('^[A-Za-z0-9+/]{4,204800}={0,2}$', 'The copy in base64', 'JVBERi0xLjc=', 'base64')

const CertificateBody = Closed({
  desk: Closed({
    division: Division('The division of the desk (经办窗口所在区划)'),
    operator: Code('Who stands behind it (经办人)', 'op1', 40),
  }),
  ...certificate,
  mediaType: MediaType,
  copy: Copy,
})
type CertificateBody = Static<typeof CertificateBody>

const CertificateAnswer = Closed({ certificate: Digest })

const RecordsAnswer = Closed({
  person: PersonId,
  insurance: Type.Array(
    Closed({
      version: Type.Integer({ description: 'From 1 on' }),
      recordedAt: Instant('When it was recorded'),
      region: Division('Where the person belonged'),
      coverages: PersonAnswer.properties.coverages,
    }),
    { description: 'The newest first' },
  ),
  certificates: Type.Array(
    Closed({
      ...certificate,
      certificate: Digest,
      keptAt: Instant('When it was kept'),
      desk: Closed({ division: Division('经办窗口所在区划'), operator: Type.String() }),
    }),
  ),
})

/** Information records (信息记录, F2): people and insurance with their history, copies of certificates. */
export function serveRecords(app: App, desk: Desk): void {
  serveHistory(app, desk)
  serveCopy(app, desk)
  app.post(
    '/v1/people/:id/certificates',
    {
      bodyLimit: copyLimit,
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'F2 Keep a copy of an e-certificate (电子证照副本)',
        description: 'Kept encrypted and never changed; the very same copy is kept once.',
        headers: keyHeader,
        params,
        body: CertificateBody,
        response: {
          201: { ...CertificateAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 413, 415, 422, 500, 503]),
        },
      },
    },
    async ({ params: { id }, body, headers }, reply) => {
      const key = readKey(headers['idempotency-key'])
      const outcome = await desk.submit(askToKeep(desk, key, id, body))
      if (outcome.kind !== 'entered') return send(reply, tell(outcome))
      if (outcome.replayed) reply.header('Idempotency-Replayed', 'true')
      return reply.code(201).send(outcome.result as Static<typeof CertificateAnswer>)
    },
  )
}

function askToKeep(desk: Desk, key: string, person: string, body: CertificateBody): EnterAsk {
  const { desk: by, copy, from, until, ...rest } = body
  if (until !== undefined && until < from)
    throw new Complaint('field-invalid', {
      field: '/until',
      in: 'body',
      expected: 'a day not before from',
    })
  const digest = desk.records.digest(Buffer.from(copy, 'base64'))
  const whole = { ...rest, copy, digest, from: from as Day, until: until as Day | undefined }
  const scope = `desk:${by.division}`
  return {
    kind: 'enter',
    // The copy is in what it is called: a request of two hundred kilobytes is not kept twice.
    key: keyOf(desk, scope, key, { does: 'certificate', person, ...body, copy: digest }),
    institution: scope,
    owner: person,
    subjects: [certificatesSubject(person), copySubject(person, digest)],
    enter: (found) => keepCertificate(found, whole, by),
  }
}

function serveHistory(app: App, { people, records }: Desk): void {
  app.get(
    '/v1/people/:id/records',
    {
      schema: {
        tags,
        summary: 'F2 What is recorded of a person, with its history (信息记录)',
        description:
          'Insurance as it was recorded, and which certificates are kept. Cards tell their own history at `/v1/cards/{id}`.',
        params,
        response: { 200: RecordsAnswer, ...problems([400, 401, 404, 500, 503]) },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await people.find(id)))
        return sendProblem(reply, complain('person-not-found', { person: id }))
      const [versions, kept] = await Promise.all([records.versions(id), records.certificates(id)])
      return reply.send({
        person: id,
        insurance: versions.map(({ version, at, region, coverages }) => ({
          version: Number(version),
          recordedAt: writeInstant(at),
          region,
          coverages: writeCoverages(coverages),
        })),
        certificates: kept.map(({ digest, at, division, operator, until, ...one }) => ({
          ...one,
          ...(until !== undefined && { until }),
          certificate: digest,
          keptAt: writeInstant(at),
          desk: { division, operator },
        })),
      })
    },
  )
}

function serveCopy(app: App, { records }: Desk): void {
  app.get(
    '/v1/people/:id/certificates/:certificate',
    {
      schema: {
        tags,
        summary: 'F2 The copy of a certificate (电子证照副本)',
        params: Closed({ ...params.properties, certificate: Digest }),
        response: {
          200: Closed({ certificate: Digest, mediaType: MediaType, copy: Copy }),
          ...problems([400, 401, 404, 500, 503]),
        },
      },
    },
    async ({ params: { id, certificate: digest } }, reply) => {
      const found = await records.copy(id, digest)
      if (!found) return sendProblem(reply, complain('certificate-not-found'))
      const { copy } = found
      const mediaType = found.mediaType as Static<typeof MediaType>
      return reply.send({ certificate: digest, mediaType, copy })
    },
  )
}
