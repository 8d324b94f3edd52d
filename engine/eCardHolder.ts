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
  /** The verdict is absent until the PIN is tried. */
  | { readonly kind: 'pin'; readonly card: string; readonly pin?: PinVerdict | undefined }

/** What a holder asks for. */
export interface HolderAsks {
  readonly kind: ECredentialKind
  /** The initial PIN pays for nothing. */
  readonly toPay: boolean
  /** Whether it is asked of the credential that is open, or to open it. */
  readonly needsOpen: boolean
}

/**
 * The card by which somebody shows that they are its holder, or why they do not. An 电子社保卡 asks that the card may be
 * used; of 医保电子凭证 a lost card is no matter, since its PIN tells the holder from the finder.
 */
export function holderOf(
  person: string,
  shown: HolderShown,
  { kind, toPay, needsOpen }: HolderAsks,
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
    refusePinEntered(by.pin, toPay) ??
    (needsOpen ? refuseClosed(dossiers, person, { kind, at: now }) : undefined)
  return refused ?? { card, policy }
}

interface By {
  readonly number: string
  readonly pin?: PinVerdict | undefined
}

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
  return open.pin ? { number: open.card } : refuse('card-pin-needed', { because: 'e-credential' })
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
