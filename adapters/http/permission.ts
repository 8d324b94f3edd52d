import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../../engine/refusal.ts'
import type { KnownCaller } from '../../engine/role.ts'
import { denied } from './access.ts'
import { sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import type { Desk } from './needs.ts'
import { complain, explain, type Problem } from './problem.ts'
import { type Right, rightOf } from './rights.ts'

/** Refuses whatever is not for the role of the caller, before anything of the request is read. */
export const keepToRole =
  (desk: Pick<Desk, 'access'>) =>
  async (request: FastifyRequest): Promise<void> => {
    const { caller, method, routeOptions } = request
    const { url } = routeOptions
    if (caller.kind === 'anonymous' || url === undefined || !isGuarded(url)) return
    const right = rightOf(method, url)
    const params = request.params as { id?: string }
    const role = caller.kind === 'person' ? 'person' : caller.role
    const isAllowed = right?.may.includes(role) === true
    if (isAllowed && (caller.kind !== 'person' || mayWrite(caller.id, method, params))) return
    const code = caller.kind === 'person' ? 'caller-not-allowed' : 'role-not-allowed'
    await denied(desk, request, code, personIn(right, params))
    throw new Complaint(code, caller.kind === 'person' ? {} : { role })
  }

const isGuarded = (url: string): boolean => url.startsWith('/v1/') || url === '/metrics'

/** A person reads whatever is told to be theirs further on, and writes only what names them at once. */
function mayWrite(person: string, method: string, params: { id?: string }): boolean {
  if (method === 'GET') return true
  if (params.id !== 'me' && params.id !== person) return false
  params.id = person
  return true
}

const personIn = (right: Right | undefined, { id }: { id?: string }): string | undefined =>
  right?.names === 'person' ? id : undefined

/** Refuses a person and an institution whatever is not theirs, mostly just as if it were not there; `me` is whoever asks. */
export const keepToOwn =
  (desk: Desk) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { caller, method, routeOptions } = request
    if (caller.kind !== 'person' && caller.kind !== 'institution') return undefined
    const right = rightOf(method, routeOptions.url ?? '')
    if (!right) return undefined
    const found =
      caller.kind === 'person'
        ? await strangeToPerson(desk, request, right, caller.id)
        : await strangeToInstitution(desk, request, right, caller.institution)
    if (!found) return undefined
    await denied(desk, request, found.problem.code, found.person, found.subject)
    return sendProblem(reply, found.problem)
  }

/** What was asked for that is somebody else's, and what its asker is told. */
interface Strange {
  readonly problem: Problem
  readonly person?: string | undefined
  readonly subject?: string | undefined
}

async function strangeToPerson(
  desk: Desk,
  request: FastifyRequest,
  { names }: Right,
  own: string,
): Promise<Strange | undefined> {
  const params = request.params as { id?: string }
  const { id = '' } = params
  switch (names) {
    case 'person': {
      if (id !== 'me' && id !== own)
        return { problem: complain('person-not-found', { person: id }), person: id }
      params.id = own
      return undefined
    }
    case 'card': {
      const card = await desk.cards.find(id)
      if (card?.owner === own) return undefined
      return { problem: complain('card-not-found'), person: card?.owner, subject: card?.id }
    }
    case 'settlement': {
      const [row] = (await desk.settlements.chain(id)) ?? []
      return row?.content.person === own ? undefined : strangeSettlement(id, row?.content.person)
    }
    // Whose case it is shows once it is read.
    case 'case':
    case 'run':
    case 'body':
    case 'lines':
    case 'query':
    case 'path':
    case 'nobody':
      return undefined
  }
}

const strangeSettlement = (id: string, person: string | undefined): Strange => ({
  problem: explain(refuse('settlement-unknown', { settlement: id })),
  person,
  subject: id,
})

interface Asked {
  readonly institution?: string
}

async function strangeToInstitution(
  desk: Desk,
  { params, body, query }: FastifyRequest,
  { names }: Right,
  own: string,
): Promise<Strange | undefined> {
  const { id = '', institution } = params as { id?: string; institution?: string }
  switch (names) {
    case 'body':
      return strangeUnless(own, (body as Asked).institution)
    case 'path':
      return strangeUnless(own, institution)
    case 'query': {
      // Whoever does not say whose rows are wanted gets their own.
      const asked = query as { institution?: string }
      asked.institution ??= own
      return strangeUnless(own, asked.institution)
    }
    case 'settlement': {
      const named = (body as Asked | undefined)?.institution
      if (named !== undefined && named !== own) return strangeUnless(own, named)
      const [row] = (await desk.settlements.chain(id)) ?? []
      return row?.content.institution === own
        ? undefined
        : strangeSettlement(id, row?.content.person)
    }
    case 'run': {
      const found = await desk.clearing?.run(id)
      const problem = explain(refuse('clearing-run-unknown', { run: id }))
      return found?.run.institution === own ? undefined : { problem, subject: id }
    }
    // Each line of an upload is looked at as it is read.
    case 'lines':
    case 'nobody':
    case 'person':
    case 'card':
    case 'case':
      return undefined
  }
}

const strangeUnless = (own: string, institution: string | undefined): Strange | undefined =>
  institution === own ? undefined : { problem: complain('institution-not-own', { own }) }

/** Refuses a line of an upload that is another institution's. */
export async function keepLineToOwn(
  desk: Pick<Desk, 'access'>,
  request: FastifyRequest,
  institution: string,
): Promise<void> {
  const { caller } = request
  if (caller.kind !== 'institution' || caller.institution === institution) return
  await denied(desk, request, 'institution-not-own')
  throw new Complaint('institution-not-own', { own: caller.institution })
}

/** Where a body says who stands behind it; a test looks for others. */
export const operatorFields = ['by', 'operator', 'desk.operator', 'desk.second'] as const

/**
 * Refuses a step in the name of somebody whom the caller's key does not stand for, so that two people are two keys. Who is the
 * second of two in one request shows a key of their own beside the first.
 */
export const keepToOperators =
  (desk: Pick<Desk, 'access' | 'callers'>) =>
  async (request: FastifyRequest): Promise<void> => {
    const { caller, body } = request
    if (caller.kind !== 'staff' || !caller.operators) return
    for (const field of operatorFields) {
      const operator = named(body, field)
      if (operator === undefined || standsFor(caller, operator)) continue
      if (field === 'desk.second' && standsFor(secondOf(request, desk), operator)) continue
      await denied(desk, request, 'operator-not-own')
      throw new Complaint('operator-not-own', { field, operator })
    }
  }

const standsFor = (caller: KnownCaller | undefined, operator: string): boolean =>
  caller?.kind === 'staff' && caller.operators?.includes(operator) === true

const secondOf = (
  { headers }: FastifyRequest,
  { callers }: Pick<Desk, 'callers'>,
): KnownCaller | undefined => {
  const shown = headers['second-authorization']
  const [, key] = (typeof shown === 'string' && /^Bearer ([\x21-\x7e]{1,200})$/i.exec(shown)) || []
  return key === undefined ? undefined : callers?.find(key)
}

function named(body: unknown, field: string): string | undefined {
  let value = body
  for (const name of field.split('.'))
    value = (value as Record<string, unknown> | null | undefined)?.[name]
  return value as string | undefined
}
