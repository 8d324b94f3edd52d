import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RegionAsk, RegionReply } from '../../engine/awayClaim.ts'
import { Fault } from '../../engine/ports.ts'
import type { Metrics } from '../metrics.ts'
import { type Admitting, admit, type Proved, prove } from './admission.ts'
import { signingKey } from './directory.ts'
import { type Headers, messagesPath, replyBase, version, writeHeaders } from './envelope.ts'
import type { Kinds } from './forms.ts'
import { askForm, replyForm } from './messageForms.ts'
import type { Explain, RegionDesk } from './needs.ts'
import { routeSchema } from './openapi.ts'
import { problemType, retryAfterOf, statusOf, type Turned, turn, writeProblem } from './problem.ts'

/** Where messages of other regions come in. */
export const regionPaths = ['/region/'] as const

/** 4 MiB: more than the longest bill in the longest words. */
const bodyLimit = 4_194_304

export interface ServerParts extends Omit<Admitting, 'askForm'> {
  readonly desk: RegionDesk
  readonly explain: Explain
  readonly closing: () => boolean
  readonly count: Metrics['exchanged']
}

/** What became of a message, for the answer, the log and the counters. */
interface Answered {
  readonly proved?: Proved | undefined
  readonly kind?: RegionAsk['kind'] | undefined
  readonly said: Turned | RegionReply
  readonly error?: unknown
}

/** Serves POST /region/v1/messages: nothing reaches the desk but what a region of the directory signed, once, a moment ago. */
export async function serveRegions(app: FastifyInstance, parts: ServerParts): Promise<void> {
  const form = replyForm(parts.explain)
  const types = new WeakMap<FastifyRequest, string | undefined>()
  const send = (answered: Answered, request: FastifyRequest, reply: FastifyReply) => {
    note(answered, request, reply, parts)
    return sendAnswer(answered, reply, parts, form)
  }
  app.removeAllContentTypeParsers()
  // The signature is over the bytes, so they are read as they are, whatever they are called.
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  )
  // The schemas of the route are for readers; a message is checked once it is proved, and an answer goes out as it was signed.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  app.setErrorHandler((error, request, reply) => {
    const said = answerThrown(error as Thrown, request)
    if (said.problem === 'body-too-large') reply.header('Connection', 'close')
    return send({ said, error }, request, reply)
  })
  app.addHook('onRequest', async (request, reply) => {
    if (parts.closing()) return send({ said: turn('closing') }, request, reply)
    // A content type that is not well-formed would be refused before the body is read.
    const { headers } = request.raw
    types.set(request, headers['content-type'])
    headers['content-type'] = 'application/octet-stream'
    return undefined
  })
  app.post(
    messagesPath,
    { bodyLimit, schema: routeSchema(askForm.schema, form.schema) },
    async (request, reply) => {
      const headers = { ...request.headers, 'content-type': types.get(request) }
      return send(await answer(request, headers, parts), request, reply)
    },
  )
}

async function answer(
  request: FastifyRequest,
  headers: Headers,
  parts: ServerParts,
): Promise<Answered> {
  const { method, url } = request
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const admitting = { ...parts, askForm }
  const proved = prove({ method, path: url, headers, body }, admitting)
  if ('problem' in proved) return { said: proved }
  let kind: RegionAsk['kind'] | undefined
  try {
    const asked = await admit(proved, { headers, body }, admitting)
    if ('problem' in asked) return { proved, said: asked }
    kind = asked.kind
    const { sender, receiver } = proved.envelope
    return { proved, kind, said: await parts.desk.answer(sender, asked, receiver) }
  } catch (error) {
    return { proved, kind, said: saidOf(error, request), error }
  }
}

/** A fault is told as what it leaves behind: nothing, or what nobody knows yet. */
function saidOf(error: unknown, request: FastifyRequest): Turned | RegionReply {
  if (!(error instanceof Fault)) return turn('internal-error', { reference: request.id })
  return error.kind === 'unknown' ? { kind: 'open' } : turn('busy')
}

function sendAnswer(
  { said, proved }: Answered,
  reply: FastifyReply,
  parts: ServerParts,
  form: Kinds<RegionReply>,
): FastifyReply {
  const turned = 'problem' in said
  const status = turned ? statusOf(said) : 200
  const body = Buffer.from(turned ? writeProblem(said) : JSON.stringify(form.write(said)))
  if (proved) reply.headers(seal(status, body, proved, parts))
  const after = turned ? retryAfterOf(said) : undefined
  if (after !== undefined) reply.header('Retry-After', String(after))
  return reply
    .code(status)
    .type(turned ? problemType : 'application/json; charset=utf-8')
    .send(body)
}

/** Only who is proved gets a signature: else anyone could have us compute them. */
function seal(
  status: number,
  body: Buffer,
  { envelope, request }: Proved,
  { directory, seals, now }: ServerParts,
): Record<string, string> {
  const created = now()
  const { sender, receiver, reference } = envelope
  const key = signingKey(directory, receiver, created)
  if (!key) return {}
  const own = { version, sender: receiver, receiver: sender, key: key.id, created, reference }
  const signature = key.sign(replyBase(status, own, seals.digest(body), request))
  return writeHeaders(own, signature)
}

/** Nothing of a message is logged but what names it: it tells of people. */
function note(
  { said, proved, kind, error }: Answered,
  { log, id }: FastifyRequest,
  { elapsedTime }: FastifyReply,
  { count }: ServerParts,
): void {
  const outcome = 'problem' in said ? said.problem : said.kind
  const region = proved?.envelope.sender ?? 'unknown'
  count({ direction: 'in', region, kind: kind ?? 'unknown', outcome, took_ms: elapsedTime })
  const about = { region, kind, outcome, id, took_ms: Math.round(elapsedTime) }
  if (outcome === 'internal-error') log.error({ ...about, err: error }, 'a region was not answered')
  else if (outcome === 'busy' || outcome === 'open')
    log.warn({ ...about, err: error }, 'a region has to ask again')
  else if ('problem' in said) log.info(about, 'a message of a region was turned away')
  else log.debug(about, 'a region was answered')
}

interface Thrown extends Error {
  readonly code?: string
}

/** What the framework refuses before anybody can be proved. */
function answerThrown(error: Thrown, request: FastifyRequest): Turned {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return turn('body-too-large', { most: bodyLimit })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return turn('json-invalid')
    default:
      return turn('internal-error', { reference: request.id })
  }
}
