import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, RawServerDefault } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Problem, problemType, retryAfter } from './problem.ts'

/** The server as route files see it: bodies and queries have the types of their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Sends a problem document, which is JSON already and needs no schema to be closed. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const seconds = retryAfter(problem.code)
  if (seconds !== undefined) reply.header('Retry-After', String(seconds))
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer')
  return reply.code(problem.status).type(problemType).send(JSON.stringify(problem))
}

export const jsonType = 'application/json; charset=utf-8'
