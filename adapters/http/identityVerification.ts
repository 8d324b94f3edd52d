import { policyOf } from '../../engine/cardPolicy.ts'
import { type Token, tokenSubject, useToken } from '../../engine/eCard.ts'
import { tokenShown } from '../../engine/eCardHolder.ts'
import { credentialSubjects } from '../../engine/evidence.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import { VerificationAnswer, VerificationBody } from './eCardSchema.ts'
import { evidenceOf } from './eCards.ts'
import { tellEntered } from './entered.ts'
import type { EvidenceDesk } from './evidenceNeeds.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { explain } from './problem.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { problems } from './words.ts'

/** Online identity authentication (线上用卡身份认证, N3): who shows a token, told once. */
export function serveVerification(app: App, desk: Desk): void {
  app.post(
    '/v1/e-cards/tokens/verification',
    {
      onRequest: requireKey,
      schema: {
        tags: ['cards'],
        summary: 'Who shows a token, told once (线上身份认证, N3)',
        description:
          'Uses up a token of purpose `identity`. Told is the person with a masked name, or, where a name or a citizen number is given, only ' +
          'whether it is theirs.',
        headers: keyHeader,
        body: VerificationBody,
        response: {
          201: { ...VerificationAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 413, 415, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const { body, headers } = request
      const evidence = evidenceOf(desk)
      const key = readKey(headers['idempotency-key'])
      const token = evidence.tokens.read(body.token)
      if (!token) return sendProblem(reply, explain(refuse('token-invalid')))
      const { owner } = token
      const { institution } = body
      if (!(await evidence.isAsker(institution)))
        return sendProblem(reply, explain(refuse('institution-unknown', { institution })))
      const outcome = await desk.submit({
        kind: 'enter',
        key: keyOf(desk, institution, key, { does: 'e-card-verification', ...body }),
        institution,
        owner,
        subjects: [tokenSubject(token), ...credentialSubjects(owner)],
        enter: (found) => verify(token, body, found, evidence),
      })
      return send(reply, tellEntered(outcome))
    },
  )
}

function verify(
  token: Token,
  { institution, name, citizenNumber }: VerificationBody,
  found: Found,
  evidence: EvidenceDesk,
): Entered | Refusal {
  const { identity, institution: known } = found.facts
  if (!identity) return refuse('person-unknown')
  const skew_ms = policyOf(evidence.books, known?.division ?? '').clockSkew_seconds * 1000
  const shown = { purpose: 'identity', institution, now: found.now, skew_ms } as const
  const judged = tokenShown(token, shown, found, evidence.books)
  if (isRefusal(judged)) return judged
  const asked = name !== undefined || citizenNumber !== undefined
  const matches =
    (name ?? identity.name) === identity.name &&
    (citizenNumber?.toUpperCase() ?? identity.citizenNumber) === identity.citizenNumber
  const { owner: person, kind } = token
  const told = asked ? { kind, matches } : { kind, person, name: evidence.maskName(identity.name) }
  return { entries: [useToken(token, institution)], result: told }
}
