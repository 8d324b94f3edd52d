import type { Card } from './card.ts'
import { policyOf, type QuickLimits, type QuickPolicy, type RiskRule } from './cardPolicy.ts'
import type { Claim, QuickClaim } from './claim.ts'
import type { World } from './decide.ts'
import type { Institution } from './institution.ts'
import { excess, type Fen, toYuan } from './money.ts'
import type { Facts } from './ports.ts'
import { type Paying, risksMet } from './quickPaymentRisk.ts'
import type { TapsBefore, TapsOfDay } from './quickPaymentTaps.ts'
import { type Refusal, refuse } from './refusal.ts'

/** A quick payment with all that its rules look at (小额快速支付). */
export interface QuickCase {
  readonly claim: Claim
  readonly quick: QuickClaim
  readonly card: Card
  readonly before: TapsBefore
  readonly policy: QuickPolicy
  readonly facts: Facts
  readonly institution: Institution
  readonly world: World
}

/** Nothing where the claim is no quick payment, or where its card is not known. */
export function quickCase(claim: Claim, facts: Facts, world: World): QuickCase | undefined {
  const { quick } = claim
  const { card, taps: before, institution } = facts
  if (!quick || !card || !before || !institution) return undefined
  const policy = policyOf(world.rulebooks, card.managedIn).quick
  return { claim, quick, card, before, policy, facts, institution, world }
}

export const notOffered = (because: string): Refusal =>
  refuse('quick-payment-not-offered', { because })

/** A counter pays once; over a line it only rises, so that nothing that was overheard and held back pays later. */
export function refuseRepeated({ quick, before }: QuickCase): Refusal | undefined {
  const { counter, offline } = quick
  const { seen, last } = before
  if (seen) return refuse('payment-repeated', { counter, last: last ?? counter })
  return offline === undefined && last !== undefined && counter <= last
    ? refuse('payment-repeated', { counter, last })
    : undefined
}

/** A terminal has the keys of the region where it stands. */
export function refuseTerminal({ quick, institution, world }: QuickCase): Refusal | undefined {
  const own = world.regions.regionOf(institution.division)?.division
  return world.regions.regionOf(quick.terminal.division)?.division === own
    ? undefined
    : notOffered('the terminal is of another region')
}

/** When a card pays, and where, for rules that look at distances. */
export const payingOf = ({ quick, institution, world }: QuickCase): Paying => ({
  at: quick.at,
  region: world.regions.regionOf(institution.division)?.division ?? institution.division,
})

export const risksOf = (of: QuickCase): RiskRule[] =>
  risksMet(of.policy.risks, of.before, payingOf(of))

/** A limit that one more payment would pass, and what was left under it. */
export interface Passed {
  readonly because: string
  readonly limit: string
  readonly left: string
}

/** The first limit that a payment without PIN would pass (单笔限额, 日累计限额, 日笔数). */
export function limitPassed(
  { perPayment, perDay, perDayCount }: QuickLimits,
  { count, sum }: Pick<TapsOfDay, 'count' | 'sum'>,
  total: Fen,
): Passed | undefined {
  const passed = (because: string, limit: string | number, left: string | number): Passed => ({
    because,
    limit: String(limit),
    left: String(left),
  })
  if (total > perPayment)
    return passed('above the limit of one payment', toYuan(perPayment), toYuan(perPayment))
  if (sum + total > perDay)
    return passed('above the limit of a day', toYuan(perDay), toYuan(excess(perDay, sum)))
  return count < perDayCount
    ? undefined
    : passed('above the number of payments of a day', perDayCount, 0)
}
