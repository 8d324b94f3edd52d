import type { FastifyReply, FastifyRequest } from 'fastify'
import { policyOf } from '../../engine/cardPolicy.ts'
import { subjectKey } from '../../engine/dossier.ts'
import { eCredentialSubject, tokenSubject } from '../../engine/eCard.ts'
import { tokenShown } from '../../engine/eCardHolder.ts'
import { noFacts } from '../../engine/ports.ts'
import { isRefusal, refuse } from '../../engine/refusal.ts'
import { sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import type { EvidenceDesk } from './evidenceNeeds.ts'
import type { Desk } from './needs.ts'
import { explain } from './problem.ts'

/**
 * What a person may look at with a token of purpose `self-service` (自助查询, F3), by what the path names: their own, and
 * nothing else that names a person, a card or a settlement. Paths of nobody are open to all.
 */
const paths: Readonly<Record<string, 'person' | 'card' | 'settlement' | 'case' | 'nobody'>> = {
  '/v1/people/:id': 'person',
  '/v1/people/:id/settlements': 'person',
  '/v1/people/:id/accumulators': 'person',
  '/v1/people/:id/accounts': 'person',
  '/v1/people/:id/records': 'person',
  '/v1/people/:id/filings': 'person',
  '/v1/people/:id/certificates/:certificate': 'person',
  '/v1/people/:id/reimbursements': 'person',
  // Whose case it is shows once it is read.
  '/v1/reimbursements/:id': 'case',
  '/v1/resettlements/:id': 'case',
  '/v1/recoveries/:id': 'case',
  '/v1/cards/:id': 'card',
  '/v1/settlements/:id': 'settlement',
  '/v1/settlements/:id/collection': 'settlement',
  '/v1/e-cards/keys': 'nobody',
  '/v1/rules': 'nobody',
  '/v1/rules/:region': 'nobody',
}

/** What a person may do with it: file their own care away from home (异地就医备案自助办理). */
const writable: ReadonlySet<string> = new Set([
  '/v1/people/:id/filings',
  '/v1/people/:id/filings/:filing/change',
  '/v1/people/:id/filings/:filing/withdrawal',
])

/** The person whose token this is, as long as it and what it stands on are good. */
export async function personOf(text: string, evidence: EvidenceDesk, now: number): Promise<string> {
  const token = evidence.tokens.read(text)
  if (!token) throw new Complaint('caller-unknown', { because: 'token-invalid' })
  const { owner } = token
  const subjects = [tokenSubject(token), eCredentialSubject(owner)]
  const [kept, cards] = await Promise.all([
    Promise.all(subjects.map(async (one) => evidence.kept(one))),
    evidence.cardsOf(owner),
  ])
  const dossiers = new Map(subjects.map((one, i) => [subjectKey(one), kept[i] ?? []]))
  const found = { dossiers, facts: { ...noFacts, cards }, now, today: evidence.today() }
  const judged = tokenShown(token, shownHere(evidence, now), found, evidence.books)
  if (isRefusal(judged)) throw new Complaint('caller-unknown', { because: judged.code })
  return owner
}

/** A token for one institution alone is shown to that institution and not to us. */
const shownHere = ({ books }: EvidenceDesk, now: number) =>
  ({
    purpose: 'self-service',
    institution: '',
    now,
    skew_ms: policyOf(books, '').clockSkew_seconds * 1000,
  }) as const

/** Refuses a person all but the paths above, before anything of the request is read. */
export async function keepToOwn(request: FastifyRequest): Promise<void> {
  const { caller, method, routeOptions } = request
  const { url } = routeOptions
  if (caller.kind !== 'person' || url === undefined) return
  if (method === 'GET' && Object.hasOwn(paths, url)) return
  const params = request.params as { id?: string }
  const isOwn = params.id === 'me' || params.id === caller.id
  if (method !== 'POST' || !writable.has(url) || !isOwn) throw new Complaint('caller-not-allowed')
  params.id = caller.id
}

/** Refuses a person whatever is not theirs just as if it were not there; `me` is whoever asks. */
export const limitToOwn =
  (desk: Desk) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { caller, routeOptions } = request
    if (caller.kind !== 'person') return undefined
    const names = paths[routeOptions.url ?? '']
    const params = request.params as { id?: string }
    const { id = '' } = params
    if (names === 'person') {
      if (id !== 'me' && id !== caller.id) throw new Complaint('person-not-found', { person: id })
      params.id = caller.id
    }
    if (names === 'card' && (await desk.cards.find(id))?.owner !== caller.id)
      throw new Complaint('card-not-found')
    if (names !== 'settlement') return undefined
    const [row] = (await desk.settlements.chain(id)) ?? []
    return row?.content.person === caller.id
      ? undefined
      : sendProblem(reply, explain(refuse('settlement-unknown', { settlement: id })))
  }
