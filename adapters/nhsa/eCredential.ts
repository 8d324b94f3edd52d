import { policyOf } from '../../engine/cardPolicy.ts'
import type { Json, Subject } from '../../engine/dossier.ts'
import { type Token, tokenSubject, useToken } from '../../engine/eCard.ts'
import { tokenShown } from '../../engine/eCardHolder.ts'
import {
  type Authentication,
  authenticationNamed,
  authenticationsSubject,
  credentialSubjects,
  openAuthentication,
} from '../../engine/evidence.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { keptPerson, type PersonTold } from './baseinfo.ts'
import type { Insured } from './needs.ts'
import { keepFound } from './presented.ts'
import { tell } from './tell.ts'
import type { Call, Refused } from './transaction.ts'

/** Where a handle leads to its person: 1101 names the handle alone. */
const handleSubject = (institution: string, handle: string): Subject => ({
  owner: `institution:${institution}`,
  name: `handle ${handle}`,
})

/** Whose a handle of this institution is, while it counts; nothing where it is none. */
export async function findByHandle(
  handle: string,
  { institution: { code: institution }, now, world }: Call,
): Promise<Insured | Refused | undefined> {
  const [index] = await world.dossiers.read(handleSubject(institution, handle))
  if (!index) return undefined
  const { person } = index.body as { readonly person: string }
  const kept = await world.dossiers.read(authenticationsSubject(person))
  if (authenticationNamed(kept, handle, { institution, now })) return world.people.byId(person)
  return { refused: world.explain(refuse('card-not-authenticated', { institution })) }
}

/** Whoever's token was scanned, and the handle that later messages bring in its stead. */
export interface Scanned {
  readonly told: PersonTold
  readonly handle: string
}

/** Uses a scanned token up at this institution, and opens an authentication there in its stead (电子凭证解码). */
export async function scan(token: Token, call: Call): Promise<Scanned | Refused> {
  const { key, institution, submit, world } = call
  const { owner } = token
  const handle = world.newId(owner)
  const outcome = await submit({
    kind: 'enter',
    key,
    institution: institution.code,
    owner,
    subjects: [
      tokenSubject(token),
      ...credentialSubjects(owner),
      handleSubject(institution.code, handle),
    ],
    enter: (found) => enterScan(token, handle, found, call),
  })
  return tell(outcome, 'entered', world, ({ result = null }) => {
    const kept = result as unknown as { readonly handle: string }
    return { told: keptPerson(result), handle: kept.handle }
  })
}

function enterScan(
  token: Token,
  handle: string,
  found: Found,
  { institution: { code, division }, settings, world, today }: Call,
): Entered | Refusal {
  const { rulebooks } = world.deciding()
  const { now } = found
  const { clockSkew_seconds } = policyOf(rulebooks, division)
  const skew_ms = clockSkew_seconds * 1000
  const shown = { purpose: 'settlement', institution: code, now, skew_ms } as const
  const judged = tokenShown(token, shown, found, rulebooks)
  if (isRefusal(judged)) return judged
  const person = keepFound(found, settings, today)
  if (person === null) return refuse('person-unknown')
  const { owner, kind: eCredential } = token
  const { card } = judged
  const { authentication_minutes } = policyOf(rulebooks, card?.managedIn ?? division)
  const until = now + authentication_minutes * 60_000
  const authentication: Authentication = {
    id: handle,
    institution: code,
    card: card?.number,
    proof: 'token',
    pin: false,
    eCredential,
    at: now,
    until,
  }
  return {
    entries: [
      useToken(token, code),
      openAuthentication(owner, authentication),
      { subject: handleSubject(code, handle), kind: 'handle', body: { person: owner } },
    ],
    result: { ...(person as object), handle } as Json,
  }
}
