import type { Claim, Credential } from './claim.ts'
import type { Instant } from './day.ts'
import { type Dossiers, type Entry, keptOf, type Subject } from './dossier.ts'
import { eCredentialSubject, refuseToken, tokenSubject, useToken } from './eCard.ts'
import { authenticationNamed, authenticationsSubject, isOfCard } from './evidence.ts'
import { subjectsOfTap } from './quickPaymentTaps.ts'
import { visitSubject } from './visit.ts'

/**
 * What a claim that is whole in itself (REST) is about beside its person: the visit it belongs to, and what its credential
 * relies on. It is read behind the same locks as the person. `card` is the id of the card that is presented.
 */
export function subjectsOfClaim(claim: Claim, owner: string, card?: string): Subject[] {
  const { visit, credential } = claim
  const subjects = subjectsOfTap(claim, owner, card)
  if (visit !== undefined) subjects.push(visitSubject(owner, visit))
  if (credential.authentication !== undefined) subjects.push(authenticationsSubject(owner))
  if (credential.token) subjects.push(tokenSubject(credential.token), eCredentialSubject(owner))
  return subjects
}

/** Whose claim it is, what is kept of it, and how far clocks may differ there. */
export interface Proving {
  readonly dossiers: Dossiers
  readonly owner: string
  readonly now: Instant
  readonly skew_ms: number
}

/**
 * The claim with what its credential was proved by: an authentication that is named must be open for this very card and
 * institution, an institution whose card evidence is `verified` needs one (decision 1), and a token must be good for this.
 */
export function provenClaim(claim: Claim, proving: Proving): Claim {
  const { credential } = claim
  if (credential.type === 'citizen-number') return claim
  const { dossiers, owner, now, skew_ms } = proving
  const { institution } = claim
  const { token } = credential
  if (token) {
    const shown = { purpose: 'settlement', institution, now, skew_ms } as const
    const wrong = refuseToken(token, shown, dossiers)
    return {
      ...claim,
      credential: { ...credential, proof: 'token', eCredential: token.kind, wrong },
    }
  }
  return {
    ...claim,
    credential: withAuthentication(credential, institution, { ...proving, owner }),
  }
}

function withAuthentication(
  credential: Credential,
  institution: string,
  { dossiers, owner, now }: Proving,
): Credential {
  const { authentication: id, number } = credential
  const kept = keptOf(dossiers, authenticationsSubject(owner))
  const named = id === undefined ? undefined : authenticationNamed(kept, id, { institution, now })
  const open = named && isOfCard(named, number) ? named : undefined
  return {
    ...credential,
    proofDue: id === undefined ? 'where-verified' : 'always',
    authentication: open?.id,
    proof: open?.proof,
    pinChecked: open?.pin,
  }
}

/** What is entered with the settlement of such a claim: a token is good for one. */
export const entriesOfClaim = ({ credential: { token }, institution }: Claim): readonly Entry[] =>
  token ? [useToken(token, institution)] : []
