import type { Credential, Proof } from './claim.ts'
import type { Instant } from './day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import { type ECredentialKind, eCredentialSubject, refuseClosed } from './eCard.ts'
import type { Found } from './ports.ts'
import type { Visit } from './visit.ts'

/**
 * A card that was read and found genuine, or a token that was shown (鉴权): for one institution and one card, until a moment
 * (decision 1). A settlement with a card relies on one that is open; a visit opened with one carries it until settled.
 */
export interface Authentication {
  /** Of a token it is the handle that later messages show in its stead. */
  readonly id: string
  readonly institution: string
  /** The device the card was read at (设备编号, dev_no); none where the sender names none, or a token was shown. */
  readonly terminal?: string | undefined
  /** The number of the card; none where a 医保电子凭证 was shown, which derives from no card. */
  readonly card?: string | undefined
  readonly proof: Proof
  /** Whether the holder entered the PIN, and it was right. */
  readonly pin: boolean
  readonly eCredential?: ECredentialKind | undefined
  readonly at: Instant
  readonly until: Instant
}

/** Where it is that a card is presented now. */
export interface ReadAt {
  readonly institution: string
  readonly terminal?: string | undefined
  readonly card: string
  readonly now: Instant
}

/** A card is read every day of a life, and each reading counts for minutes: nobody reads more than so many at a time. */
const mostOpen = 100

/** The dossier in which a person's authentications are kept. */
export const authenticationsSubject = (person: string): Subject => ({
  owner: person,
  name: 'authentications',
  newest: mostOpen,
})

/** What an ask that presents a card or an e-credential must name among its subjects. */
export const credentialSubjects = (person: string): [Subject, Subject] => [
  authenticationsSubject(person),
  eCredentialSubject(person),
]

const opened = 'opened'

/** Opens an authentication (1101 with type 03 and card_sn, 1161, 1162, POST /v1/cards/authentication). */
export const openAuthentication = (person: string, authentication: Authentication): Entry => ({
  subject: authenticationsSubject(person),
  kind: opened,
  body: authentication as unknown as Json,
})

/** Whether an authentication is of this very card; the e-card that derives from it is not the card. */
export const isOfCard = ({ card, eCredential }: Authentication, number: string): boolean =>
  card === number && eCredential === undefined

/** The newest authentication that is open for this card at this terminal of this institution; one that was proved first. */
export function authenticationOpen(
  kept: readonly Kept[],
  { terminal, card, ...at }: ReadAt,
): Authentication | undefined {
  const open = openAt(kept, at).filter((one) => isOfCard(one, card) && one.terminal === terminal)
  return open.findLast(({ proof }) => proof !== 'reader') ?? open.at(-1)
}

/** What was opened before proofs were told apart relied on a reader. */
const openedIn = (kept: readonly Kept[]): Authentication[] =>
  kept
    .filter(({ kind }) => kind === opened)
    .map(({ body }) => ({ proof: 'reader', pin: false, ...(body as object) }) as Authentication)

const openAt = (
  kept: readonly Kept[],
  { institution, now }: Pick<ReadAt, 'institution' | 'now'>,
): Authentication[] =>
  openedIn(kept).filter(
    (one) => one.institution === institution && one.at <= now && now < one.until,
  )

/** An authentication by its id, if it is open at this institution, at whichever of its terminals. */
export const authenticationNamed = (
  kept: readonly Kept[],
  id: string,
  at: Pick<ReadAt, 'institution' | 'now'>,
): Authentication | undefined => openAt(kept, at).findLast((one) => one.id === id)

/** Who presents a credential where, over the national interface. */
export interface Presenting {
  readonly person: string
  readonly institution: string
  readonly terminal?: string | undefined
  /** The visit that is settled: one opened with an authentication of this very card carries it. */
  readonly visit?: Pick<Visit, 'credential'> | undefined
}

type Dossier = Pick<Found, 'dossiers' | 'now'>

/**
 * A credential with the authentication it relies on. Call it where a visit is registered (2201, 2401), whose credential
 * is kept with it, and where a claim is made (2102, 2207, 2304 and their previews): the ask must name
 * `credentialSubjects(person)` among its subjects. Where none is found, an institution whose card evidence is
 * `verified` has its claim refused as `card-not-authenticated`, in the order of decision 2; a registration is not.
 */
export function authenticated(
  credential: Credential,
  found: Dossier,
  presenting: Presenting,
): Credential {
  if (credential.type === 'citizen-number') return credential
  if (credential.type === 'e-card') return authenticatedByToken(credential, found, presenting)
  const { person, institution, terminal, visit } = presenting
  const card = credential.number
  const { credential: first } = visit ?? {}
  const carried = first?.type === 'card' && first.number === card ? first : undefined
  const kept = keptOf(found.dossiers, authenticationsSubject(person))
  const open = authenticationOpen(kept, { institution, terminal, card, now: found.now })
  const { authentication, proof, pinChecked } =
    carried?.authentication === undefined
      ? { authentication: open?.id, proof: open?.proof, pinChecked: open?.pin }
      : carried
  return { ...credential, proofDue: 'where-verified', authentication, proof, pinChecked }
}

/**
 * An e-credential is presented by the handle that its token was answered with (1162), or by the number that the sandbox
 * gives an e-card, which proves nothing.
 */
function authenticatedByToken(
  credential: Credential,
  { dossiers, now }: Dossier,
  { person, institution, visit }: Presenting,
): Credential {
  const handle = credential.authentication ?? credential.number
  const carried = visit?.credential
  if (carried?.type === 'e-card' && carried.authentication === handle)
    return withClosing(carried, dossiers, person, { now })
  const kept = keptOf(dossiers, authenticationsSubject(person))
  const open = authenticationNamed(kept, handle, { institution, now })
  if (!open?.eCredential) return { ...credential, proofDue: 'where-verified' }
  const { card = handle, eCredential, proof, at } = open
  const shown: Credential = {
    type: 'e-card',
    number: card,
    authentication: handle,
    proofDue: 'where-verified',
    proof,
    eCredential,
  }
  return withClosing(shown, dossiers, person, { now: at })
}

const withClosing = (
  credential: Credential,
  dossiers: Found['dossiers'],
  person: string,
  { now: at }: { readonly now: Instant },
): Credential => {
  const { eCredential: kind } = credential
  return kind ? { ...credential, wrong: refuseClosed(dossiers, person, { kind, at }) } : credential
}
