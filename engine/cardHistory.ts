import { type Card, lossAt } from './card.ts'
import type { Acting, Channel, ShownDocument } from './cardDocuments.ts'
import { type CardService } from './cardLife.ts'
import { isLive } from './cardState.ts'
import type { Division } from './claim.ts'
import type { Instant } from './day.ts'
import {
  type Dossiers,
  type Entry,
  type Json,
  type Kept,
  keptOf,
  MoreNeeded,
  type Subject,
  subjectKey,
} from './dossier.ts'

/** The history of a card (卡历史), by its id: its number is never told. */
export const cardSubject = (owner: string, id: string): Subject => ({ owner, name: `card ${id}` })

/** How a person is reached (联系方式): bodies of entries are encrypted at rest. */
export const contactSubject = (owner: string): Subject => ({ owner, name: 'contact' })

/**
 * The cards that were made for a person (制卡记录). Whoever makes one adds to it, so that two desks at the same moment meet in
 * one key and the second looks again: one person has one card (一人一卡).
 */
export const madeSubject = (owner: string): Subject => ({ owner, name: 'cards', newest: 1 })

/** The desk that does a service (经办窗口) and who stands behind it. */
export interface ServiceDesk {
  readonly division: Division
  readonly operator: string
  /** The second of two people, where a service needs two (双人复核). */
  readonly second?: string | undefined
  readonly channel: Channel
}

/** The state of a card as its history keeps it: what services change. Dates go by the day, and wrong tries lock a PIN by themselves. */
export interface KeptState
  extends Pick<Card, 'life' | 'loss' | 'pin' | 'issued' | 'expires' | 'managedIn'> {}

/** One service in the history of a card: what was done, by whom, on what document, and why. */
export interface CardEvent {
  readonly desk?: ServiceDesk | undefined
  readonly documents?: readonly ShownDocument[] | undefined
  readonly acting?: Acting | undefined
  readonly reason?: string | undefined
  /** In words of the desk. */
  readonly note?: string | undefined
  /** The card that this one gave its place to, or took it from. */
  readonly other?: string | undefined
  /** Absent where a card begins. */
  readonly before?: KeptState | undefined
  readonly after: KeptState
}

/** An event as it is kept. */
export interface CardEventKept extends CardEvent {
  readonly service: CardService
  readonly at: Instant
}

export const keptStateOf = ({
  life,
  loss,
  pin,
  issued,
  expires,
  managedIn,
}: KeptState): KeptState => ({ life, loss, pin, issued, expires, managedIn })

export const eventOf = (
  { owner, id }: Pick<Card, 'owner' | 'id'>,
  kind: CardService,
  event: CardEvent,
): Entry => ({ subject: cardSubject(owner, id), kind, body: event as unknown as Json })

export const readHistory = (kept: readonly Kept[]): CardEventKept[] =>
  kept.map(({ kind, body, at }) => ({
    ...(body as unknown as CardEvent),
    service: kind as CardService,
    at,
  }))

export const historyOf = (
  dossiers: Dossiers,
  { owner, id }: Pick<Card, 'owner' | 'id'>,
): CardEventKept[] => readHistory(keptOf(dossiers, cardSubject(owner, id)))

/** Only what was read may be added to: subjects that nobody named are to be looked for first. */
export function needNamed(dossiers: Dossiers, entries: readonly Entry[]): void {
  const unnamed = entries
    .map(({ subject }) => subject)
    .filter((subject) => !dossiers.has(subjectKey(subject)))
  if (unnamed.length > 0) throw new MoreNeeded(unnamed)
}

/** A card whose temporary loss has lapsed, and the entry that says so; whoever comes first writes it, a desk or the sweep. */
export function lapsed(card: Card, now: Instant): { card: Card; entries: Entry[] } {
  if (!isLive(card) || lossAt(card, now) === card.loss) return { card, entries: [] }
  const after: Card = { ...card, loss: { kind: 'none' } }
  const event = { before: keptStateOf(card), after: keptStateOf(after) }
  return { card: after, entries: [eventOf(card, 'lapse', event)] }
}
