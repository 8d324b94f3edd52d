import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../engine/ports.ts'
import { sendProblem } from './app.ts'
import { Complaint, type ComplaintCode } from './complaint.ts'
import { complain, type Problem, problemType } from './problem.ts'

/** Everything that was thrown on the way to an answer ends here as one problem document. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error as Partial<FastifyError>, request)
  if (problem.code === 'internal-error')
    request.log.error({ err: error, req: request }, 'request failed')
  // What a sender still has to say after too large a body is not waited for.
  if (problem.status === 413) reply.header('Connection', 'close')
  return sendProblem(reply, problem)
}

export const answerFrameworkError = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void => {
  answerError(error, request, reply)
}

function problemOf(error: Partial<FastifyError>, request: FastifyRequest): Problem {
  if (error instanceof Complaint) return complain(error.code, error.facts)
  if (error instanceof Fault) return complain(error.kind === 'unknown' ? 'outcome-unknown' : 'busy')
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return complain('body-too-large', { most: request.routeOptions.bodyLimit })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return complain('media-type-unsupported', { expected: expectedType(request) })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return complain('request-invalid')
    default:
      break
  }
  // A sender that breaks off in the middle of a body hears nothing; the answer is for the log and the counters.
  if ((error as { code?: string }).code === 'ECONNRESET' || request.raw.destroyed)
    return complain('request-invalid')
  return complain('internal-error', { reference: request.id })
}

const expectedType = (request: FastifyRequest): string =>
  /\/(batch|offline)$/.test(request.routeOptions.url ?? '')
    ? 'application/x-ndjson'
    : 'application/json in UTF-8'

const parserCodes: Record<string, ComplaintCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}

/** Answers what is not HTTP, or came too slowly to become a request. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = complain(parserCodes[error.code ?? ''] ?? 'request-invalid')
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${problemType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
