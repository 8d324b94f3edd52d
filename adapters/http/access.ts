import type { FastifyReply, FastifyRequest } from 'fastify'
import { isCitizenNumber } from '../../engine/identity.ts'
import type { Access } from './accessNeeds.ts'
import { nameOf } from './caller.ts'
import { Complaint } from './complaint.ts'
import type { Desk } from './needs.ts'
import { type Right, rightOf } from './rights.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** People whom the answer tells of without naming them. */
    tellsOf: readonly string[] | null
    /** Whether what is told is in the access log already. */
    isRecorded: boolean
  }
}

type Recording = Pick<Desk, 'access'>

/** Nothing is told of people that is not recorded first: where that cannot be, the answer is 503. */
async function record({ access }: Recording, accesses: readonly Access[]): Promise<void> {
  try {
    await access.record(accesses)
  } catch (error) {
    throw Object.assign(new Complaint('access-log-away'), { cause: error })
  }
}

/** Records what an answer tells of people, before any of it leaves: one entry for each of them. */
export const recordReads =
  (desk: Recording) =>
  async (request: FastifyRequest, reply: FastifyReply, told: unknown): Promise<unknown> => {
    const right = readingOf(request, reply)
    if (!right) return told
    await record(desk, accessesIn(request, reply, right, told))
    request.isRecorded = true
    return told
  }

/** The same of an answer that is written elsewhere than in a schema: it is not looked into, and is one entry. */
export const recordStreams =
  (desk: Recording) =>
  async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const right = readingOf(request, reply)
    if (!right || request.isRecorded) return payload
    try {
      await record(desk, accessesIn(request, reply, right, undefined))
    } catch (error) {
      if (isStream(payload)) payload.destroy()
      throw error
    }
    return payload
  }

const isStream = (payload: unknown): payload is { destroy(): void } =>
  typeof payload === 'object' && payload !== null && 'destroy' in payload

function readingOf(
  { method, routeOptions }: FastifyRequest,
  { statusCode }: FastifyReply,
): Right | undefined {
  if (statusCode >= 300 || routeOptions.url === undefined) return undefined
  const right = rightOf(method, routeOptions.url)
  return right?.reads === undefined ? undefined : right
}

/** Records that somebody known was refused, as what, and of whom it would have been. */
export async function denied(
  desk: Recording,
  request: FastifyRequest,
  reason: string,
  person?: string,
  subject?: string,
): Promise<void> {
  const { caller, method, routeOptions } = request
  const about = subject === undefined ? '' : ` ${subject}`
  const route = `${method} ${routeOptions.url ?? ''}${about}`
  const access = { ...nameOf(caller), action: 'denied' as const, subject: route, reason }
  await record(desk, [{ ...access, person: safe(person) }])
}

/** Records that a name and numbers are shown, and why. */
export const recordIdentity = async (
  desk: Recording,
  { caller }: FastifyRequest,
  person: string,
  reason: string,
): Promise<void> => record(desk, [{ ...nameOf(caller), action: 'identity', person, reason }])

function accessesIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { names, reads }: Right,
  told: unknown,
): Access[] {
  const params = request.params as { id?: string; certificate?: string }
  const query = request.query as { person?: string; owner?: string; account?: string }
  // An account of one person is asked for by its name.
  const inAccounts = [ownerOf(params.id), ownerOf(query.account)]
  const asked = names === 'person' ? [params.id] : [query.person, query.owner, ...inAccounts]
  const all = [...asked, ...(request.tellsOf ?? []), ...peopleIn(told)].map(safe)
  const persons = new Set(all.filter((one) => one !== undefined))
  const subject = subjectOf(request, reply, names, told)
  const access = { ...nameOf(request.caller), action: reads ?? 'person', subject }
  return persons.size === 0 ? [access] : [...persons].map((person) => ({ ...access, person }))
}

/** What it was about, by an id that is ours: what a caller wrote may be the number of a card. */
function subjectOf(
  { params }: FastifyRequest,
  reply: FastifyReply,
  names: Right['names'],
  told: unknown,
): string | undefined {
  const { id, certificate } = params as { id?: string; certificate?: string }
  if (names === 'settlement' || names === 'run') return id
  if (certificate !== undefined) return certificate
  const exported = reply.getHeader('export-id')
  if (typeof exported === 'string') return exported
  const own = (told as { id?: unknown } | undefined)?.id
  return names !== 'person' && typeof own === 'string' ? own : undefined
}

interface Told {
  readonly items?: unknown
  readonly answer?: { readonly body?: unknown }
}

/** The people of an answer: of itself, of the items of a list, and of what was answered under a key. */
function peopleIn(told: unknown): string[] {
  if (typeof told !== 'object' || told === null) return []
  const { items, answer } = told as Told
  const inItems: unknown[] = Array.isArray(items) ? items : []
  return [told, ...inItems, answer?.body].flatMap(peopleOf)
}

/** Accounts that exist once a person. */
const personal = /^(?:personal|memo:person|(?:receivable|owed):\d{6}:person):([^:*]+)$/

const ownerOf = (account: unknown): string | undefined =>
  typeof account === 'string' ? personal.exec(account)?.[1] : undefined

function peopleOf(one: unknown): string[] {
  if (typeof one !== 'object' || one === null) return []
  const { person, owner, account, debit, credit, counterAccount } = one as Record<string, unknown>
  const named = [person, owner].filter((id) => typeof id === 'string' && !id.includes(':'))
  const accounts = [account, debit, credit, counterAccount].map(ownerOf)
  return [...named, ...accounts].filter((id) => typeof id === 'string')
}

const cardNumber = /^[A-Z]\d{8}$/i
const idForm = /^[0-9A-Za-z._:/+-]{1,30}$/

/**
 * What somebody wrote where an id belongs may be a name, or the number of a citizen or of a card: that does not get in. Nor
 * does what no column takes, which would fail whatever is written with it.
 */
export const safe = (person: string | undefined): string | undefined =>
  person === undefined ||
  !idForm.test(person) ||
  cardNumber.test(person) ||
  isCitizenNumber(person.toUpperCase())
    ? undefined
    : person
