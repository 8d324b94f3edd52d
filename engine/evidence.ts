import type { Credential } from './claim.ts'
import type { Instant } from './day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import type { Found } from './ports.ts'
import type { Visit } from './visit.ts'

/**
 * A card that was read and found genuine (卡鉴权): for one institution, one of its terminals and one card, until a moment
 * (decision 1). A settlement with a card relies on one that is open; a visit opened with one carries it until settled.
 */
export interface Authentication {
  readonly id: string
  readonly institution: string
  /** The device the card was read at (设备编号, dev_no); none where the sender names none. */
  readonly terminal?: string | undefined
  /** The number of the card. */
  readonly card: string
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

/** The dossier in which a person's authentications are kept: an ask that presents a card must name it. */
export const authenticationsSubject = (person: string): Subject => ({
  owner: person,
  name: 'authentications',
  newest: mostOpen,
})

const opened = 'opened'

/** Opens an authentication (1101 with type 03 and card_sn). */
export const openAuthentication = (person: string, authentication: Authentication): Entry => ({
  subject: authenticationsSubject(person),
  kind: opened,
  body: authentication as unknown as Json,
})

/** The newest authentication that is open for this card at this terminal of this institution. */
export function authenticationOpen(
  kept: readonly Kept[],
  { institution, terminal, card, now }: ReadAt,
): Authentication | undefined {
  return openedIn(kept).findLast(
    (one) => one.terminal === terminal && isOpen(one, { institution, card, now }),
  )
}

const openedIn = (kept: readonly Kept[]): Authentication[] =>
  kept.filter(({ kind }) => kind === opened).map(({ body }) => body as unknown as Authentication)

const isOpen = (
  one: Authentication,
  { institution, card, now }: Omit<ReadAt, 'terminal'>,
): boolean =>
  one.institution === institution && one.card === card && one.at <= now && now < one.until

/** An authentication by its id, if it is open for this card at this institution, at whichever of its terminals. */
export const authenticationNamed = (
  kept: readonly Kept[],
  id: string,
  { institution, card, now }: Omit<ReadAt, 'terminal'>,
): Authentication | undefined =>
  openedIn(kept).findLast((one) => one.id === id && isOpen(one, { institution, card, now }))

/** Who presents a credential where, over the national interface. */
export interface Presenting {
  readonly person: string
  readonly institution: string
  readonly terminal?: string | undefined
  /** The visit that is settled: one opened with an authentication of this very card carries it. */
  readonly visit?: Pick<Visit, 'credential'> | undefined
}

/**
 * A credential with the authentication it relies on. Call it where a visit is registered (2201, 2401), whose credential
 * is kept with it, and where a claim is made (2102, 2207, 2304 and their previews): the ask must name
 * `authenticationsSubject(person)` among its subjects. Where none is found, an institution whose card evidence is
 * `verified` has its claim refused as `card-not-authenticated`, in the order of decision 2; a registration is not.
 */
export function authenticated(
  credential: Credential,
  { dossiers, now }: Pick<Found, 'dossiers' | 'now'>,
  { person, institution, terminal, visit }: Presenting,
): Credential {
  if (credential.type !== 'card') return credential
  const card = credential.number
  const carried = visit?.credential.number === card ? visit.credential.authentication : undefined
  const kept = keptOf(dossiers, authenticationsSubject(person))
  const open = authenticationOpen(kept, { institution, terminal, card, now })
  return { ...credential, proofDue: 'where-verified', authentication: carried ?? open?.id }
}
