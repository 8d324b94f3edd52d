import { refuseState } from './authenticity.ts'
import type { Card } from './card.ts'
import { type PinVerdict, refusePinEntered } from './cardReading.ts'
import { type CardPolicy, policyOf } from './cardPolicy.ts'
import {
  type ECredentialKind,
  refuseClosed,
  refuseToken,
  type Token,
  type TokenShown,
} from './eCard.ts'
import { type Authentication, authenticationNamed, authenticationsSubject } from './evidence.ts'
import { keptOf } from './dossier.ts'
import type { Found } from './ports.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import type { Rulebooks } from './rulebook.ts'

type Books = Pick<Rulebooks, 'of'>

/**
 * What shows that somebody holds a card (持卡人): an authentication in which the card proved itself and the PIN was right, or
 * the number of the card with its PIN.
 */
export type HolderShown =
  | { readonly kind: 'authentication'; readonly id: string; readonly institution: string }
  | { readonly kind: 'pin'; readonly card: string; readonly pin: PinTold }

/** What came of the PIN: one that was not tried, because something else was wrong then, shows nobody later either. */
export type PinTold = PinVerdict | 'untried'

/** What a holder asks for. */
export interface HolderAsks {
  readonly kind: ECredentialKind
  /** Whether it is asked of the credential that is open, or to open it. */
  readonly needsOpen: boolean
}

/**
 * The card by which somebody shows that they are its holder, or why they do not. An 电子社保卡 asks that the card may be
 * used; of 医保电子凭证 a lost card is no matter, since its PIN tells the holder from the finder. The PIN is judged last: whoever
 * is told that nothing but it is needed has nothing else wrong.
 */
export function holderOf(
  person: string,
  shown: HolderShown,
  { kind, needsOpen }: HolderAsks,
  found: Found,
  books: Books,
): { readonly card: Card; readonly policy: CardPolicy } | Refusal {
  const { facts, now, today, dossiers } = found
  const by = cardShown(person, shown, found)
  if (isRefusal(by)) return by
  const card = facts.cards?.find(({ number }) => number === by.number)
  if (!card) return refuse('card-unknown')
  const policy = policyOf(books, card.managedIn)
  const lossMatters = kind === 'social-security' && policy.lossBlocksECard
  const refused =
    refuseState(card, now, today, lossMatters) ??
    (needsOpen ? refuseClosed(dossiers, person, { kind, at: now }) : undefined) ??
    refusePinTold(by.pin)
  return refused ?? { card, policy }
}

interface By {
  readonly number: string
  readonly pin?: PinTold | undefined
}

const pinNeeded = (): Refusal => refuse('card-pin-needed', { because: 'e-credential' })

/** Everybody knows the initial PIN, and a card's number is no secret: together they show nobody. */
const refusePinTold = (pin: PinTold | undefined): Refusal | undefined =>
  pin === 'untried' ? pinNeeded() : refusePinEntered(pin, true)

function cardShown(person: string, shown: HolderShown, found: Found): By | Refusal {
  if (shown.kind === 'pin') return { number: shown.card, pin: shown.pin }
  const { id, institution } = shown
  const kept = keptOf(found.dossiers, authenticationsSubject(person))
  const open: Authentication | undefined = authenticationNamed(kept, id, {
    institution,
    now: found.now,
  })
  const isProved = open?.proof === 'cryptogram' || open?.proof === 'signature'
  if (!isProved || open.card === undefined) return refuse('card-not-authenticated', { institution })
  return open.pin ? { number: open.card } : pinNeeded()
}

/** The card that a person's 电子社保卡 derives from: the one in use, else the last they had. */
export const bearerOf = (cards: readonly Card[]): Card | undefined =>
  cards.find(({ life }) => life === 'active') ?? cards.at(-1)

/** What a token shows: its own state, and for an 电子社保卡 the card that it derives from. */
export function tokenShown(
  token: Token,
  shown: TokenShown,
  { facts, dossiers, now, today }: Found,
  books: Books,
): { readonly card?: Card | undefined } | Refusal {
  const refused = refuseToken(token, shown, dossiers)
  if (refused) return refused
  if (token.kind === 'medical-insurance') return {}
  const card = bearerOf(facts.cards ?? [])
  if (!card) return refuse('card-unknown')
  const { lossBlocksECard } = policyOf(books, card.managedIn)
  return refuseState(card, now, today, lossBlocksECard) ?? { card }
}
