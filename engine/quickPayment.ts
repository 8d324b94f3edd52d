import { refuseState, refuseWhose } from './authenticity.ts'
import { policyOf } from './cardPolicy.ts'
import type { Claim } from './claim.ts'
import type { World } from './decide.ts'
import { type Dossiers, type Entry, type Json } from './dossier.ts'
import { excess, toYuan, zero } from './money.ts'
import type { Person } from './person.ts'
import type { Facts, Row } from './ports.ts'
import { refuseOffline, warnOfOffline } from './quickPaymentOffline.ts'
import { settledRecord } from './quickPaymentRecord.ts'
import {
  limitPassed,
  notOffered,
  payingOf,
  quickCase,
  type QuickCase,
  refuseRepeated,
  refuseTerminal,
  risksOf,
} from './quickPaymentRules.ts'
import { dayAfterTap, entriesOfTap, type TapOf, tapsBefore } from './quickPaymentTaps.ts'
import { assert, type Refusal, refuse } from './refusal.ts'
import type { Settlement, Warning } from './settlement.ts'

/** Terminal and centre may not differ by more about the time: whoever pays later paid offline. */
const mostApart_minutes = 10

/** What is known of a claim, with what is kept of the taps of its card. */
export function withTaps(claim: Claim, facts: Facts, dossiers: Dossiers): Facts {
  const of = tapOf(claim, facts)
  return of ? { ...facts, taps: tapsBefore(dossiers, of) } : facts
}

function tapOf({ quick, day }: Claim, { card, person }: Facts): TapOf | undefined {
  return quick && card && person && { owner: person.id, card: card.id, quick, day }
}

/** A tap draws on a family account only where the region lets it (家庭共济). */
export function asTapped(claim: Claim, { card }: Facts, { rulebooks }: World): Claim {
  const { useFamilyAccount } = claim
  const allowed = card !== undefined && policyOf(rulebooks, card.managedIn).quick.familyAccount
  return { ...claim, useFamilyAccount: useFamilyAccount && allowed }
}

/**
 * May this card pay with a tap, here and now? The state of the card first, then the payment, the place and the PIN, in the
 * order of the list of refusals. Its cryptogram was checked before anybody asked.
 */
export function refuseTap(
  claim: Claim,
  facts: Facts,
  person: Person,
  world: World,
): Refusal | undefined {
  const { credential } = claim
  const whose = refuseWhose({ credential, card: facts.card, person })
  if (whose) return whose
  const of = quickCase(claim, facts, world)
  assert(of !== undefined, 'what is kept of the taps of a card that pays was read')
  if (of.quick.offline) return refuseOffline(of)
  return (
    refuseState(of.card, world.now, world.today) ??
    refuseRepeated(of) ??
    refuseOffer(of) ??
    refuseRisk(of) ??
    refusePin(of)
  )
}

/** What no limit and no PIN would change. */
function refuseOffer(of: QuickCase): Refusal | undefined {
  if (of.card.quickPaymentsOff) return notOffered('the holder has switched them off')
  return Math.abs(of.world.now - of.quick.at) > mostApart_minutes * 60_000
    ? notOffered('the clocks of terminal and centre differ')
    : refuseTerminal(of)
}

function refuseRisk(of: QuickCase): Refusal | undefined {
  const refusing = risksOf(of).find(({ action }) => action === 'refuse')
  return refusing && refuse('payment-risky', { rule: refusing.kind })
}

/** Why a PIN is due, where one is. */
function pinDue(of: QuickCase): Record<string, string> | undefined {
  const passed = limitPassed(of.policy, of.before.day, of.claim.total)
  if (passed) return { ...passed }
  const asking = risksOf(of).find(({ action }) => action === 'pin')
  return asking && { because: 'a risk rule asks for it', rule: asking.kind }
}

/** A locked or initial PIN stands in the way of a payment that needs one alone; a wrong one of any. */
function refusePin(of: QuickCase): Refusal | undefined {
  const { pin } = of.quick
  const due = pinDue(of)
  const locked = pin.kind === 'locked' || of.card.pin === 'locked'
  if (due && locked) return refuse('card-pin-locked')
  if (pin.kind === 'wrong') return refuse('card-pin-wrong', { left: pin.left })
  if (!due || (pin.kind === 'right' && !pin.initial)) return undefined
  const initial = pin.kind === 'right' || of.card.pin === 'initial'
  return initial ? refuse('card-pin-initial') : refuse('card-pin-needed', due)
}

/** What the till should know of a payment that is settled. */
export function warnOfTap(claim: Claim, facts: Facts, world: World): Warning[] {
  const of = quickCase(claim, facts, world)
  if (!of) return []
  // Offline nothing was refused and nobody asked for a PIN, so whatever was met is told.
  const met = risksOf(of).filter(({ action }) => action === 'warn' || of.quick.offline)
  const risks = met.map(
    ({ kind }): Warning => ({ code: 'payment-looks-wrong', facts: { rule: kind } }),
  )
  return of.quick.offline ? [...risks, ...warnOfOffline(of)] : risks
}

/**
 * A quick payment is paid whole by accounts, or not at all. Offline the goods are gone: what an account did not have becomes
 * a receivable (应收参保人), so that no account ever falls below nothing.
 */
export function payWhole(settlement: Settlement, { quick }: Claim): Settlement | Refusal {
  const { cash, account, accountBalance, total, warnings } = settlement
  if (!quick || cash === zero) return settlement
  if (accountBalance > zero) return notOffered('an account may not pay for these goods')
  if (!quick.offline)
    return refuse('account-short', { total: toYuan(total), available: toYuan(account) })
  const owed: Warning = { code: 'account-was-short', facts: { owed: toYuan(cash) } }
  return { ...settlement, receivable: cash, warnings: [...warnings, owed] }
}

/** What is entered with a payment that is settled, and what the till is told beside the settlement. */
export function enterTap(
  claim: Claim,
  facts: Facts,
  world: World,
  { id: settlement, content }: Pick<Row, 'id' | 'content'>,
): { readonly entries: readonly Entry[]; readonly result?: Json | undefined } {
  const of = quickCase(claim, facts, world)
  const tap = tapOf(claim, facts)
  if (!of || !tap) return { entries: [] }
  const { before, policy, quick } = of
  const { total, institution } = claim
  const { region } = payingOf(of)
  const { sum, count } = dayAfterTap(before.day, quick, total)
  const remainingToday = {
    amount: toYuan(excess(policy.perDay, sum)),
    payments: Math.max(0, policy.perDayCount - count),
  }
  const pin = quick.pin.kind === 'right' ? 'checked' : 'absent'
  return {
    entries: [
      ...entriesOfTap(tap, before, { total, region, settlement }),
      ...(quick.offline ? [settledRecord({ institution, quick, total }, settlement, content)] : []),
    ],
    result: { quick: { remainingToday, pin } },
  }
}
