import type { Claim, Credential } from './claim.ts'
import type { Instant } from './day.ts'
import { type Dossiers, type Entry, keptOf, type Subject } from './dossier.ts'
import { authenticationNamed, authenticationsSubject } from './evidence.ts'
import { visitSubject } from './visit.ts'

/**
 * What a claim that is whole in itself (REST) is about beside its person: the visit it belongs to, and what its credential
 * relies on. It is read behind the same locks as the person.
 */
export function subjectsOfClaim({ visit, credential }: Claim, owner: string): Subject[] {
  const subjects: Subject[] = []
  if (visit !== undefined) subjects.push(visitSubject(owner, visit))
  if (credential.authentication !== undefined) subjects.push(authenticationsSubject(owner))
  return subjects
}

/**
 * The claim with what its credential was proved by: an authentication that is named must be open for this very card and
 * institution, and an institution whose card evidence is `verified` needs one (decision 1).
 */
export function provenClaim(
  claim: Claim,
  { dossiers, owner, now }: { dossiers: Dossiers; owner: string; now: Instant },
): Claim {
  const { credential, institution } = claim
  if (credential.type === 'citizen-number') return claim
  const kept = keptOf(dossiers, authenticationsSubject(owner))
  const { authentication: id, number } = credential
  const open =
    id === undefined ? undefined : authenticationNamed(kept, id, { institution, card: number, now })
  const proven: Credential = {
    ...credential,
    proofDue:
      id !== undefined ? 'always' : credential.type === 'card' ? 'where-verified' : undefined,
    authentication: open?.id,
  }
  return { ...claim, credential: proven }
}

/** What is entered with the settlement of such a claim. */
export const entriesOfClaim = (_claim: Claim, _owner: string): readonly Entry[] => []
