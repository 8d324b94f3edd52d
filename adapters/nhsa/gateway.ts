import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from './clients.ts'
import { type Dispatched, dispatcher } from './dispatch.ts'
import type { Parts } from './parts.ts'
import { type Answered, type Receipt, wrap } from './reply.ts'
import { sealResponse } from './secrecy.ts'
import { rememberSessions } from './sessions.ts'
import { admit } from './signature.ts'
import { tellBug, tellBusy, tellClosing } from './tell.ts'

/** Where the interface is served, mobile payment too; the path below is not looked at, for infno decides. */
export const gatewayPaths = ['/fsi/api/', '/org/local/api/hos/'] as const

/** 256 KiB: more than the longest input in any writing of it. */
const bodyLimit = 262_144

/** Whose request it is and when it came; no client where it was turned away. */
interface Passage {
  readonly receipt: Receipt
  readonly client?: Client | undefined
}

/**
 * Serves the national interface (POST /fsi/api/…): everything is answered in its response envelope, business answers with
 * HTTP 200, requests that nobody may make with 401, and bodies that nobody reads with 413.
 */
export async function serveGateway(app: FastifyInstance, parts: Parts): Promise<void> {
  const passages = new WeakMap<FastifyRequest, Passage>()
  const sessions = rememberSessions(parts.world.dossiers, undefined, parts.signOuts)
  const dispatch = dispatcher(parts, sessions)
  const send = (request: FastifyRequest, reply: FastifyReply, answered: Answered) =>
    sendAnswer(reply, answered, passages.get(request), parts)
  app.removeAllContentTypeParsers()
  // Clients send JSON under many names; whether it is JSON in UTF-8 is seen from its bytes.
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error, request, reply) => {
    const { status, answered } = answerThrown(error as Thrown, request)
    if (status === 413) reply.header('Connection', 'close')
    return send(request, reply.code(status), answered)
  })
  app.addHook('onRequest', async (request, reply) => {
    // A content type that is not well-formed would be refused before the body is read.
    request.raw.headers['content-type'] = 'application/octet-stream'
    const refused = await enter(request, reply, passages, parts)
    return refused && send(request, reply, refused)
  })
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { client, receipt } = passages.get(request) as Passage
    const arrival = { client: client as Client, at: receipt.at, reference: request.id }
    const dispatched = await dispatch(request.body as Buffer | undefined, arrival)
    note(dispatched, request, reply, parts)
    return send(request, reply, dispatched.answered)
  }
  for (const path of gatewayPaths)
    app.post(`${path}*`, { schema: { hide: true }, bodyLimit }, answer)
}

/** Judges who comes before anything of the body is read; gives what they are told where they may not come in. */
async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  passages: WeakMap<FastifyRequest, Passage>,
  parts: Parts,
): Promise<Answered | undefined> {
  const receipt: Receipt = { division: parts.division, at: parts.world.now() }
  passages.set(request, { receipt })
  const { headers } = request
  if (parts.closing()) {
    reply.code(503)
    return tellClosing
  }
  const { clients, clocks, world } = parts
  const admission = await admit(headers, {
    clients: clients.byId,
    clocks,
    nonces: world.nonces,
  }).catch((error: unknown) => {
    request.log.warn({ err: error }, 'a nonce could not be looked up')
    return tellBusy
  })
  if ('refused' in admission) {
    const busy = 'because' in admission
    if (!busy) reply.code(401)
    parts.count('unknown', busy ? 'busy' : 'unauthenticated', reply.elapsedTime)
    request.log.info({ why: admission.refused }, 'a national request was turned away')
    return admission
  }
  passages.set(request, {
    receipt: { ...receipt, serial: admission.serial },
    client: admission.client,
  })
  const encoding = headers['content-encoding']
  return encoding === undefined || encoding === 'identity'
    ? undefined
    : { refused: '报文不得压缩（Content-Encoding），须为UTF-8编码的JSON原文' }
}

function sendAnswer(
  reply: FastifyReply,
  answered: Answered,
  passage: Passage | undefined,
  { clients, seals, world, division }: Parts,
): FastifyReply {
  const now = world.now()
  const response = wrap(answered, passage?.receipt ?? { division, at: now }, now)
  const sealed = sealResponse(response, passage?.client, clients.signingKey, seals)
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(sealed))
}

/** Nothing of the input is logged: it names people. */
function note(
  { result, infno, msgid, error, answered }: Dispatched,
  { log }: FastifyRequest,
  { elapsedTime }: FastifyReply,
  { count }: Parts,
): void {
  count(infno, result, elapsedTime)
  const about = { infno, msgid, result, took_ms: Math.round(elapsedTime) }
  if (result === 'bug') log.error({ ...about, err: error }, 'a national request failed')
  else if (result === 'unknown') log.warn(about, 'the outcome of a national request is unknown')
  else if (result === 'done' || !('refused' in answered)) log.debug(about, 'national request')
  else log.debug(about, 'a national request was refused')
}

interface Thrown extends Error {
  readonly code?: string
}

/** What the framework refuses is told in the envelope as well. */
function answerThrown(
  error: Thrown,
  request: FastifyRequest,
): { readonly status: number; readonly answered: Answered } {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { status: 413, answered: { refused: `报文超过${bodyLimit / 1024}KiB` } }
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return { status: 400, answered: { refused: '报文不完整' } }
    default:
      request.log.error({ err: error }, 'a national request failed')
      return { status: 200, answered: tellBug(request.id) }
  }
}
