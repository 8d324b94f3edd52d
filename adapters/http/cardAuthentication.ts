import type { FastifyReply } from 'fastify'
import { judgeReading } from '../../engine/cardReading.ts'
import type { Day } from '../../engine/day.ts'
import type { Json } from '../../engine/dossier.ts'
import { credentialSubjects, openAuthentication } from '../../engine/evidence.ts'
import type { EnterAsk, Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { type App, jsonType, sendProblem } from './app.ts'
import {
  AuthenticationAnswer,
  AuthenticationBody,
  type PinBody,
} from './cardAuthenticationSchema.ts'
import { Complaint } from './complaint.ts'
import { replayed, tellEntered, withoutBlock } from './entered.ts'
import type { CardShown, EvidenceDesk, Looked } from './evidenceNeeds.ts'
import { writeInstant } from './instant.ts'
import { readKey } from './key.ts'
import type { Desk, PinBlock } from './needs.ts'
import { explain, sorted } from './problem.ts'
import { keyOf, send } from './settlements.ts'
import { problems } from './words.ts'

const description = `Two steps on one path, and a third way for readers that compare themselves.

1. Without an answer: \`institution\`, \`terminal\` and \`card\` give a \`challenge\`, good once, at this terminal, for a minute.
2. With \`challenge\` and \`cryptogram\` (what the card gave to INTERNAL AUTHENTICATE over the sixteen bytes; SM4, or triple DES for versions
   1.00 and 2.00), or \`signature\` and \`certificates\` (third generation), and an \`Idempotency-Key\`: proves the card and opens an
   authentication for this institution, this terminal and this card, which claims of the card rely on. The challenge is used up whatever the
   answer is worth; a repeat under the same key is told the first answer and needs none. Refusals come in this order: card unknown, challenge
   unknown, not genuine, holder mismatch, cancelled or superseded, formally lost, temporarily lost, not activated, expired, PIN. A PIN, where it is
   given, is tried only where nothing else is wrong.
3. With \`line\`: the two values of the flow with two steps (HSM). The reader compares them, so that they prove nothing to us. Where readers are
   trusted (\`cardEvidence: reader-trusted\`), \`checkedByReader: true\` with an \`Idempotency-Key\` then opens an authentication on the reader's word;
   where the server verifies cards itself it is refused.`

const keyHeader = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      description: 'Needed for everything but a challenge and the two values',
    },
  },
} as const

/** Whether a card is genuine and may be used (卡鉴权): the authentication of decision 1. */
export function serveCardAuthentication(app: App, desk: Desk): void {
  app.post(
    '/v1/cards/authentication',
    {
      schema: {
        tags: ['cards'],
        summary: 'Authenticate a card: challenge, then answer (卡鉴权)',
        description,
        headers: keyHeader,
        body: AuthenticationBody,
        response: { 201: AuthenticationAnswer, ...problems([400, 404, 409, 415, 422, 500, 503]) },
      },
    },
    async (request, reply) => {
      const { body, headers } = request
      const { evidence } = desk
      if (!evidence) throw new Complaint('keys-missing')
      const step = stepOf(body)
      if (step === 'line') return tellValues(reply, await evidence.twoStep(body, body.line ?? ''))
      if (step === 'challenge') return tellChallenge(reply, await evidence.challenge(body))
      return authenticate(desk, evidence, { body, key: readKey(headers['idempotency-key']), reply })
    },
  )
}

const wrong = (field: string, expected: string): never => {
  throw new Complaint('field-invalid', { field, in: 'body', expected })
}

/** Which step a body is. */
function stepOf(body: AuthenticationBody): 'line' | 'challenge' | 'answer' {
  const { line, card, challenge, cryptogram, signature, certificates, checkedByReader } = body
  if (line !== undefined) return card ? wrong('/line', 'to be given without card') : 'line'
  if (!card) return wrong('/card', 'to be given, or line')
  const answers = [cryptogram, signature].filter((each) => each !== undefined).length
  if (challenge === undefined && answers > 0) return wrong('/challenge', 'to be given')
  if (challenge !== undefined && answers !== 1)
    return wrong('/cryptogram', 'to be given, or signature with certificates')
  if (signature !== undefined && !certificates)
    return wrong('/certificates', 'to be given with signature')
  return challenge === undefined && checkedByReader !== true ? 'challenge' : 'answer'
}

function tellValues(
  reply: FastifyReply,
  values: Awaited<ReturnType<EvidenceDesk['twoStep']>>,
): FastifyReply {
  return isRefusal(values) ? sendProblem(reply, explain(values)) : sendJson(reply, values)
}

function tellChallenge(
  reply: FastifyReply,
  given: Awaited<ReturnType<EvidenceDesk['challenge']>>,
): FastifyReply {
  if (isRefusal(given)) return sendProblem(reply, explain(given))
  const { id, random, until } = given
  return sendJson(reply, { challenge: { id, random, expires: writeInstant(until) } })
}

const sendJson = (reply: FastifyReply, body: object): FastifyReply =>
  reply.code(201).type(jsonType).send(JSON.stringify(body))

interface Asked {
  readonly body: AuthenticationBody
  readonly key: string
  readonly reply: FastifyReply
}

async function authenticate(
  desk: Desk,
  evidence: EvidenceDesk,
  { body, key, reply }: Asked,
): Promise<FastifyReply> {
  const { institution } = body
  const input = { does: 'card-authentication', ...withoutBlock(desk, body) }
  const before = await replayed(desk, { institution, key, input })
  if (before) return send(reply, tellEntered(before))
  const looked = await evidence.look(shownBy(body))
  if (isRefusal(looked)) return sendProblem(reply, explain(looked))
  const ask: EnterAsk = {
    kind: 'enter',
    key: keyOf(desk, institution, key, input),
    institution,
    owner: looked.owner,
    subjects: credentialSubjects(looked.owner),
    enter: (found) => enter(looked, found, evidence),
  }
  return send(reply, tellEntered(await desk.submit(ask)))
}

function shownBy(body: AuthenticationBody): CardShown {
  const { institution, terminal, card, challenge, pin } = body
  const { number = '', cardSn = '', algorithm, issued, expires, citizenNumber, name } = card ?? {}
  const read = {
    number: number.toUpperCase(),
    serial: cardSn.toUpperCase(),
    version: card?.version,
    algorithm,
    issued: issued as Day | undefined,
    expires: expires as Day | undefined,
    citizenNumber: citizenNumber?.toUpperCase(),
    name,
  }
  const answer = challenge === undefined ? undefined : { ...body, challenge }
  return { institution, terminal, read, answer, pin: pin && readPin(pin) }
}

export const readPin = ({ terminal, block }: PinBody): PinBlock => ({
  terminal,
  block: Buffer.from(block, 'hex'),
})

function enter(
  { owner, reading, external }: Looked,
  found: Found,
  { books }: EvidenceDesk,
): Entered | Refusal {
  const judged = judgeReading(reading, found, books)
  if (isRefusal(judged)) return judged
  const { authentication, warnings } = judged
  if (!authentication) return refuse('card-not-authenticated', { institution: reading.institution })
  const { id, until, proof, pin } = authentication
  const told = {
    authentication: id,
    person: owner,
    until: writeInstant(until),
    proof,
    pin: pin ? 'checked' : 'absent',
    ...(external !== undefined && { external: external.toUpperCase() }),
    warnings: warnings.map(({ code, facts }) => ({ code, facts: sorted(facts) })),
  }
  return { entries: [openAuthentication(owner, authentication)], result: told as unknown as Json }
}
