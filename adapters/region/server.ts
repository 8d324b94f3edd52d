import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RegionReply } from '../../engine/awayClaim.ts'
import type { Metrics } from '../metrics.ts'
import type { Proved } from './admission.ts'
import { type Answered, type Answering, answerBatch, answerMessage } from './answering.ts'
import { signingKey } from './directory.ts'
import { batchesPath, messagesPath, replyBase, version, writeHeaders } from './envelope.ts'
import type { Kinds } from './forms.ts'
import { askForm, replyForm } from './messageForms.ts'
import type { Explain } from './needs.ts'
import { batchRoute, messageRoute } from './openapi.ts'
import { problemOf, problemType, retryAfterOf, statusOf, type Turned, turn } from './problem.ts'
import { writeReplies } from './replies.ts'

/** Where messages of other regions come in. */
export const regionPaths = ['/region/'] as const

/** 4 MiB: more than the longest bill in the longest words. */
const bodyLimit = 4_194_304

export interface ServerParts extends Answering {
  readonly explain: Explain
  readonly closing: () => boolean
  readonly count: Metrics['exchanged']
}

/** Serves other regions: nothing reaches the desk but what a region of the directory signed, once, a moment ago. */
export async function serveRegions(app: FastifyInstance, parts: ServerParts): Promise<void> {
  const form = replyForm(parts.explain)
  const schemas = [askForm.schema, form.schema] as const
  const types = new WeakMap<FastifyRequest, string | undefined>()
  const send = (answered: Answered, request: FastifyRequest, reply: FastifyReply) => {
    note(answered, request, reply.elapsedTime, parts)
    return sendAnswer(answered, reply, parts, form)
  }
  const arrivedOf = ({ method, url, headers, body }: FastifyRequest, type: string | undefined) => ({
    method,
    path: url,
    headers: { ...headers, 'content-type': type },
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  })
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
    { bodyLimit, schema: messageRoute(...schemas) },
    async (request, reply) => {
      const arrived = arrivedOf(request, types.get(request))
      return send(await answerMessage(arrived, request, parts), request, reply)
    },
  )
  app.post(batchesPath, { bodyLimit, schema: batchRoute(...schemas) }, async (request, reply) => {
    const arrived = arrivedOf(request, types.get(request))
    const began = performance.now()
    const onLate = (failed: Answered) => noteLate(failed, request, performance.now() - began, parts)
    const all = await answerBatch(arrived, request, parts, onLate)
    if (!('replies' in all)) return send(all, request, reply)
    const { answered, body } = writeReplies(all.replies, form)
    for (const one of answered) note(one, request, reply.elapsedTime, parts)
    return reply
      .headers(seal(200, body, all.proved, parts))
      .type(json)
      .send(body)
  })
}

const json = 'application/json; charset=utf-8'

function sendAnswer(
  { said, proved }: Answered,
  reply: FastifyReply,
  parts: ServerParts,
  form: Kinds<RegionReply>,
): FastifyReply {
  const turned = 'problem' in said
  const status = turned ? statusOf(said) : 200
  const body = Buffer.from(JSON.stringify(turned ? problemOf(said) : form.write(said)))
  if (proved) reply.headers(seal(status, body, proved, parts))
  const after = turned ? retryAfterOf(said) : undefined
  if (after !== undefined) reply.header('Retry-After', String(after))
  return reply
    .code(status)
    .type(turned ? problemType : json)
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
function note(answered: Answered, request: FastifyRequest, took_ms: number, parts: ServerParts) {
  const { said, error } = answered
  const { log } = request
  const about = counted(answered, request, took_ms, parts)
  const { outcome } = about
  if (outcome === 'internal-error') log.error({ ...about, err: error }, 'a region was not answered')
  else if (outcome === 'busy' || outcome === 'open')
    log.warn({ ...about, err: error }, 'a region has to ask again')
  else if ('problem' in said) log.info(about, 'a message of a region was turned away')
  else log.debug(about, 'a region was answered')
}

/** What failed once its region had been told to ask again: nobody else hears of it. */
function noteLate(failed: Answered, request: FastifyRequest, took_ms: number, parts: ServerParts) {
  const about = { ...counted(failed, request, took_ms, parts), err: failed.error }
  const level = about.outcome === 'internal-error' ? 'error' : 'warn'
  request.log[level](about, 'a message failed after its region was told to ask again')
}

function counted(
  { said, proved, kind }: Answered,
  { id }: FastifyRequest,
  took_ms: number,
  { count }: ServerParts,
) {
  const outcome = 'problem' in said ? said.problem : said.kind
  const region = proved?.envelope.sender ?? 'unknown'
  count({ direction: 'in', region, kind: kind ?? 'unknown', outcome, took_ms })
  return { region, kind, outcome, id, took_ms: Math.round(took_ms) }
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
