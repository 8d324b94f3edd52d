import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import { noteRecord, type ToldRecord } from '../../engine/quickPaymentRecord.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import type { App } from './app.ts'
import { inTurn, problemOf, readLine, submitPatiently } from './batch.ts'
import { chinaDay } from './instant.ts'
import type { Line } from './lines.ts'
import { batchLimits, batchType, receiveLines } from './lineUpload.ts'
import type { Desk } from './needs.ts'
import { recordBytes } from './offlineRecord.ts'
import { type Told, tell } from './outcome.ts'
import { keepLineToOwn } from './permission.ts'
import { explain } from './problem.ts'
import { claimOfTap, isGenuine, type ReadTap, readTap } from './quickClaim.ts'
import type { TapDesk } from './quickNeeds.ts'
import { noKeysHere, notGenuine } from './quickPayments.ts'
import { RecordLine } from './quickSchema.ts'
import { keyOf } from './settlements.ts'
import { formatSchemaError } from './validation.ts'
import { problems } from './words.ts'

/** An upload that was cut off may still be at work when it comes again. */
const passing = ['busy', 'inProgress'] as const

interface RecordTold {
  readonly sequence: number | null
  readonly counter: number | null
  readonly status: number
  readonly replayed?: true
  readonly body: unknown
}

/** What a line of an upload is worked on with. */
interface Upload {
  readonly desk: Desk
  readonly taps: TapDesk | undefined
  readonly request: FastifyRequest
  readonly turns: Map<string, Promise<unknown>>
}

export function serveOffline(app: App, desk: Desk): void {
  const receive = receiveLines(desk)
  app.post(
    '/v1/quick-payments/offline',
    {
      bodyLimit: batchLimits.total,
      schema: {
        tags: ['quick payments'],
        summary: 'Upload payments that a terminal kept while it had no line (离线交易上传)',
        description:
          'The body is `application/x-ndjson`: one record a line, signed by its card and by its terminal (docs/quick-payments.md), at ' +
          'most 1,000 lines, 256 KiB a line, 8 MiB in all, in any order. No Idempotency-Key is needed: a record is known by its own ' +
          'content, and uploaded again, in part or whole, it is told what it was told before. The answer is a line for each line: ' +
          '`{"sequence", "counter", "status", "replayed"?, "body"}`. All is judged as of the sale; what an account did not have is paid ' +
          'to the pharmacy all the same and owed by the person (`receivable`).',
        response: {
          200: {
            description: 'One line for each line',
            content: { [batchType]: { schema: Type.String() } },
          },
          ...problems([413, 415, 503]),
        },
      },
    },
    async (request, reply) => {
      const upload: Upload = { desk, taps: desk.taps, request, turns: new Map() }
      return receive(request, reply, (line) => answerLine(upload, line))
    },
  )
}

async function answerLine(upload: Upload, line: Line): Promise<RecordTold> {
  let named: Pick<RecordTold, 'sequence' | 'counter'> = { sequence: null, counter: null }
  try {
    const record = readTap(checkLine(readLine(line), upload.request))
    const { sequence, counter } = record.body
    named = { sequence, counter }
    await keepLineToOwn(upload.desk, upload.request, record.body.institution)
    const { status, replayed, ...told } = await settle(upload, record)
    const body = 'problem' in told ? told.problem : told.body
    return { ...named, status, ...(replayed && { replayed: true }), body }
  } catch (error) {
    const problem = problemOf(error, upload.request)
    return { ...named, status: problem.status, body: problem }
  }
}

function checkLine(value: unknown, request: FastifyRequest): RecordLine {
  const check = request.compileValidationSchema(RecordLine, 'body')
  if (!check(value)) throw formatSchemaError(check.errors ?? [], 'body')
  return value as RecordLine
}

/** Settles a record, or lists it as refused where nobody's account and nobody's counter may be touched by it. */
async function settle({ desk, taps, turns }: Upload, record: ReadTap<RecordLine>): Promise<Told> {
  if (!taps) return { status: noKeysHere.status, problem: noKeysHere, replayed: false }
  const { body } = record
  const bytes = recordBytes(record, (text) => Buffer.from(desk.fingerprint(text), 'hex'))
  const id = desk.fingerprint(bytes.toString('hex') + body.mac.toLowerCase())
  const { told, ask } = askFor(desk, record, id)
  return inTurn(turns, [id], async () => {
    const forged = forgeryIn(taps, record, bytes)
    const outcome = forged ? undefined : await submitPatiently(desk, ask, passing)
    const stranger = forged ?? strangerIn(outcome)
    if (!stranger) return tellRecord(outcome as Outcome)
    const note = noteRecord(told, ask.key, stranger)
    return tellRecord(await submitPatiently(desk, note, passing))
  })
}

function askFor(
  desk: Desk,
  { body, at }: ReadTap<RecordLine>,
  id: string,
): { readonly told: ToldRecord; readonly ask: Extract<Ask, { kind: 'settle' }> } {
  const { institution, sequence, hotList } = body
  // The same record may be written in several ways; what its terminal signed is one.
  const key = keyOf(desk, institution, `offline:${id}`, { record: id })
  const offline = { hotList, record: id.slice(0, 16) }
  const claim = claimOfTap({ body, at }, chinaDay(at), {
    pin: { kind: 'absent' },
    sequence,
    offline,
  })
  const { quick, total } = claim
  if (!quick) throw new Error('a record is a quick payment')
  return { told: { institution, quick, total }, ask: { kind: 'settle', key, claim } }
}

/** Whoever forges a record must not use up the counter of somebody's card: it never gets as far. */
function forgeryIn(taps: TapDesk, record: ReadTap<RecordLine>, bytes: Buffer): Refusal | undefined {
  const { terminal, mac } = record.body
  if (!taps.isTerminals(terminal, bytes, Buffer.from(mac, 'hex')))
    return refuse('card-not-genuine', {
      because: 'the MAC is not of this terminal over this record',
    })
  return isGenuine(taps, record) ? undefined : notGenuine
}

/** A card that nobody has here: the refusal stores nothing, so that it is listed apart. */
const strangerIn = (outcome: Outcome | undefined): Refusal | undefined =>
  outcome?.kind === 'refused' && outcome.refusal.code === 'card-unknown' && !outcome.replayed
    ? outcome.refusal
    : undefined

/** A record that was only listed was entered with its refusal. */
function tellRecord(outcome: Outcome): Told {
  if (outcome.kind !== 'entered') return tell(outcome)
  const problem = explain((outcome.result as unknown as { readonly refusal: Refusal }).refusal)
  return { status: problem.status, problem, replayed: outcome.replayed }
}
