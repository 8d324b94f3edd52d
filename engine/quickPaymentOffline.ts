import { refuseState } from './authenticity.ts'
import type { Card } from './card.ts'
import type { Instant } from './day.ts'
import { cardAt, listedSince } from './quickPaymentPast.ts'
import {
  limitPassed,
  notOffered,
  type QuickCase,
  refuseRepeated,
  refuseTerminal,
} from './quickPaymentRules.ts'
import { assert, type Refusal, refuse } from './refusal.ts'
import type { Warning } from './settlement.ts'

const hour_ms = 60 * 60 * 1000
const day_ms = 24 * hour_ms

/**
 * May a payment that a terminal kept while it had no line be settled now? All is judged as of the sale (decision 14). The
 * goods are gone: no limit and no risk rule drops it, and no PIN is asked for.
 */
export function refuseOffline(of: QuickCase): Refusal | undefined {
  const { quick, claim, policy, world } = of
  const then = cardThen(of)
  const late = world.now - quick.at > policy.offline.oldest_days * day_ms
  return (
    refuseState(asIfNotListed(then), quick.at, claim.day) ??
    refuseRepeated(of) ??
    (late
      ? refuse('offline-too-late', { day: claim.day, days: policy.offline.oldest_days })
      : undefined) ??
    refuseListed(of) ??
    (policy.offline.allowed ? undefined : notOffered('payments without a line are not taken')) ??
    refuseTerminal(of)
  )
}

function cardThen({ quick, facts }: QuickCase): Card {
  const then = cardAt(facts.cardHistory ?? [], quick.at)
  assert(then !== undefined, 'the history of a card that paid offline was read')
  return then
}

/** What stands on the hot list is judged by the list; whether a card is in use and in date its chip and its terminal know. */
const asIfNotListed = (card: Card): Card => ({
  ...card,
  loss: { kind: 'none' },
  life: card.life === 'superseded' || card.life === 'cancelled' ? 'active' : card.life,
})

/** Since when the card stood on the hot list at the sale, and what of the list the terminal had, or had to have. */
function listedAt({ quick, facts, policy }: QuickCase): {
  readonly since: Instant | undefined
  readonly held: Instant
  readonly due: Instant
} {
  return {
    since: listedSince(facts.cardHistory ?? [], quick.at),
    held: quick.offline?.hotList ?? 0,
    due: quick.at - policy.offline.listAge_hours * hour_ms,
  }
}

/** A card that the list named, or would have named had it been renewed in time, is the pharmacy's risk. */
function refuseListed(of: QuickCase): Refusal | undefined {
  const { since, held, due } = listedAt(of)
  const listed = (because: string): Refusal => refuse('offline-card-listed', { because })
  if (since === undefined) return undefined
  if (since <= held) return listed('the list that it held names the card')
  if (since <= due) return listed('the list that it had to hold names the card')
  return of.policy.offline.lossAfterList === 'pharmacy'
    ? listed('the card was blocked after that list, at the risk of the pharmacy')
    : undefined
}

/** What was passed although the payment is settled: limits, and a card that was blocked too late for the list. */
export function warnOfOffline(of: QuickCase): Warning[] {
  const warnings: Warning[] = []
  const passed = limitPassed(of.policy.offline, of.before.day.offline, of.claim.total)
  if (passed) warnings.push({ code: 'quick-limit-passed', facts: { ...passed } })
  if (listedAt(of).since !== undefined)
    warnings.push({ code: 'card-blocked-after-list', facts: {} })
  return warnings
}
