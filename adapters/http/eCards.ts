import type { Json } from '../../engine/dossier.ts'
import {
  issueToken,
  type Token,
  tokenSubject,
  turnECredential,
  openSince,
} from '../../engine/eCard.ts'
import { type HolderAsks, holderOf } from '../../engine/eCardHolder.ts'
import { credentialSubjects } from '../../engine/evidence.ts'
import type { EnterAsk, Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type App, sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import {
  ECredentialAnswer,
  ECredentialBody,
  KeysAnswer,
  TokenAnswer,
  TokenBody,
} from './eCardSchema.ts'
import { replayed, tellEntered, withoutBlock } from './entered.ts'
import type { EvidenceDesk } from './evidenceNeeds.ts'
import { claimedHolder, type Claimed } from './holder.ts'
import { writeInstant } from './instant.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { explain } from './problem.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { problems } from './words.ts'

const tags = ['cards']
const refusals = problems([400, 404, 409, 413, 415, 422, 500, 503])

/** E-credentials (电子社保卡, 医保电子凭证): their tokens, and the life of the one that has its own. */
export function serveECards(app: App, desk: Desk): void {
  serveTokens(app, desk)
  serveTurning(app, desk, {
    path: '/v1/e-cards',
    turns: 'opened',
    summary: 'Open the medical-insurance e-credential of a person (医保电子凭证激活)',
  })
  serveTurning(app, desk, {
    path: '/v1/e-cards/closing',
    turns: 'closed',
    summary: 'Close it (医保电子凭证注销); tokens that were issued before are good for nothing',
  })
  app.get(
    '/v1/e-cards/keys',
    {
      schema: {
        tags,
        summary: 'Public keys by which anybody verifies tokens offline (验签公钥)',
        description:
          'A token is base64url of 193 bytes: format 1; kind (1 social-security, 2 medical-insurance); purpose (1 settlement, 2 identity, ' +
          '3 self-service); division (3 bytes, BCD); key version (2); from and until (6 each, milliseconds since 1970); id (16); 93 bytes that ' +
          'only this centre can read; r and s (64) over all that stands before. Whether it was used is known here alone.',
        response: { 200: KeysAnswer, ...problems([500, 503]) },
      },
    },
    async (_request, reply) =>
      reply.send({
        algorithm: 'SM2 with SM3, user id 1234567812345678',
        keys: [...evidenceOf(desk).tokens.publicKeys()],
      }),
  )
}

export function evidenceOf({ evidence }: Desk): EvidenceDesk {
  if (!evidence) throw new Complaint('keys-missing')
  return evidence
}

function serveTokens(app: App, desk: Desk): void {
  app.post(
    '/v1/e-cards/tokens',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Issue a token of an e-credential (电子凭证令牌, N3)',
        description:
          'The holder shows that they are: by an authentication in which the card proved itself and the PIN was right, or by card number and ' +
          'PIN. The token is signed, good for minutes, for one purpose, and once: whatever uses it up does so in its own transaction. All ' +
          'tokens are of one length, and tell nobody else whose they are.',
        headers: keyHeader,
        body: TokenBody,
        response: { 201: { ...TokenAnswer, headers: replayedHeader }, ...refusals },
      },
    },
    async (request, reply) => {
      const { body } = request
      const asks: HolderAsks = { kind: body.kind, needsOpen: true }
      return ask(desk, request, reply, {
        body,
        does: 'e-card-token',
        asks,
        subject: (owner) => tokenSubject({ owner, id: evidenceOf(desk).tokens.newId() }),
        enter: (found, claimed, subject) => issue(desk, body, { found, claimed, subject, asks }),
      })
    },
  )
}

interface Issuing {
  readonly found: Found
  readonly claimed: Claimed
  readonly subject: string
  readonly asks: HolderAsks
}

function issue(
  desk: Desk,
  { kind, purpose, only }: TokenBody,
  { found, claimed: { owner, shown }, subject, asks }: Issuing,
): Entered | Refusal {
  const { books, tokens } = evidenceOf(desk)
  const holder = holderOf(owner, shown, asks, found, books)
  if (isRefusal(holder)) return holder
  const { now } = found
  const until = now + holder.policy.token_seconds * 1000
  const id = subject.slice(subject.indexOf(' ') + 1)
  const token: Token = { id, owner, kind, purpose, institution: only, from: now, until }
  const told = {
    token: tokens.write(token),
    kind,
    purpose,
    ...(only !== undefined && { only }),
    from: writeInstant(now),
    until: writeInstant(until),
  }
  return { entries: [issueToken(token)], result: told as unknown as Json }
}

interface Turning {
  readonly path: string
  readonly turns: 'opened' | 'closed'
  readonly summary: string
}

function serveTurning(app: App, desk: Desk, { path, turns, summary }: Turning): void {
  const asks: HolderAsks = { kind: 'medical-insurance', needsOpen: turns === 'closed' }
  app.post(
    path,
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary,
        description: 'The holder shows that they are, as for a token.',
        headers: keyHeader,
        body: ECredentialBody,
        response: { 201: { ...ECredentialAnswer, headers: replayedHeader }, ...refusals },
      },
    },
    async (request, reply) =>
      ask(desk, request, reply, {
        body: request.body,
        does: `e-card-${turns}`,
        asks,
        enter: (found, claimed) => turn(desk, turns, { found, claimed, asks }),
      }),
  )
}

function turn(
  desk: Desk,
  turns: Turning['turns'],
  { found, claimed: { owner, shown }, asks }: Omit<Issuing, 'subject'>,
): Entered | Refusal {
  const holder = holderOf(owner, shown, asks, found, evidenceOf(desk).books)
  if (isRefusal(holder)) return holder
  if (turns === 'opened' && openSince(found.dossiers, owner) !== undefined)
    return refuse('entry-already-there', { entry: 'medical-insurance' })
  const state = turns === 'opened' ? 'open' : 'closed'
  return {
    entries: [turnECredential(owner, turns)],
    result: { person: owner, kind: 'medical-insurance', state },
  }
}

interface HolderAsking<B extends ECredentialBody> {
  readonly body: B
  /** What the key stands for beside its body. */
  readonly does: string
  readonly asks: HolderAsks
  /** A subject of its own, where it has one. */
  readonly subject?: (owner: string) => EnterAsk['subjects'][number]
  readonly enter: (found: Found, claimed: Claimed, subject: string) => Entered | Refusal
}

/** What a holder asks for under a key: answered once, whatever showed the holder. */
async function ask<B extends ECredentialBody>(
  desk: Desk,
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { body, does, asks, subject, enter }: HolderAsking<B>,
): Promise<FastifyReply> {
  const evidence = evidenceOf(desk)
  const { institution } = body
  const key = readKey(request.headers['idempotency-key'])
  const input = { does, ...withoutBlock(desk, body) }
  const before = await replayed(desk, { institution, key, input })
  if (before) return send(reply, tellEntered(before))
  const claimed = await claimedHolder(desk, evidence, body, asks)
  if (isRefusal(claimed)) return sendProblem(reply, explain(claimed))
  const own = subject?.(claimed.owner)
  const outcome = await desk.submit({
    kind: 'enter',
    key: keyOf(desk, institution, key, input),
    institution,
    owner: claimed.owner,
    subjects: [...(own ? [own] : []), ...credentialSubjects(claimed.owner)],
    enter: (found) => enter(found, claimed, own?.name ?? ''),
  })
  return send(reply, tellEntered(outcome))
}
