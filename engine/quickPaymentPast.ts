import { type Card, lossAt } from './card.ts'
import type { Instant } from './day.ts'

/** A state that a card was recorded in. */
export interface PastCard {
  readonly card: Card
  readonly from: Instant
}

/** The card as it stood at a moment; before its first record it stood as in that. */
export function cardAt(history: readonly PastCard[], at: Instant): Card | undefined {
  const [first] = history
  return (history.findLast(({ from }) => from <= at) ?? first)?.card
}

/** Does a card stand on the hot list (黑名单)? Lost, replaced or ended; one that its holder keeps from tapping as well. */
export const isListed = (card: Card, at: Instant): boolean =>
  lossAt(card, at).kind !== 'none' ||
  card.life === 'superseded' ||
  card.life === 'cancelled' ||
  card.quickPaymentsOff === true

/** Since when a card that stands on the hot list at a moment has stood on it without a break. */
export function listedSince(history: readonly PastCard[], at: Instant): Instant | undefined {
  let since: Instant | undefined
  for (const [i, { card, from }] of history.entries()) {
    if (from > at) break
    const until = Math.min(history[i + 1]?.from ?? at, at)
    since = isListed(card, from) ? (since ?? from) : undefined
    // A temporary loss that lapsed in between was a break.
    if (!isListed(card, until)) since = undefined
  }
  return since
}
