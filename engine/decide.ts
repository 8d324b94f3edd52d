import type { AwayClaim, ToldSplit } from './awayClaim.ts'
import type { Claim, Division, QuickClaim, Scheme } from './claim.ts'
import { careRulesOf } from './classify.ts'
import type { Day, Instant } from './day.ts'
import { refuseDuplicate, terminalOf } from './duplicate.ts'
import { type Computed, computeAtHome } from './home.ts'
import { toYuan, zero } from './money.ts'
import { findPaperParties, paperPart } from './paperBill.ts'
import { type Parties, findParties } from './parties.ts'
import type { Facts } from './ports.ts'
import { payWhole } from './quickPayment.ts'
import { assert, type Refusal, isRefusal, refuse } from './refusal.ts'
import type { Directory } from './route.ts'
import type { Rulebooks } from './rulebook.ts'
import { scope } from './scope.ts'
import type { ScopedClaim } from './scoped.ts'
import { type Settlement, assertIdentities, type Side, type Warning } from './settlement.ts'
import { addsUp, awayClaimOf } from './treatedAway.ts'

/** What deciding needs beside the facts of the claim. */
export interface World {
  readonly rulebooks: Rulebooks
  readonly regions: Directory
  readonly now: Instant
  readonly today: Day
  /** The hash of all rule packs in force, kept with every settlement. */
  readonly packHash: string
}

/** What a claim comes to: settled, refused, or to be asked of the home region with the lines classified. */
export type Decision =
  | { readonly kind: 'settle'; readonly settlement: Settlement }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | AskHome

/** What only the home region can compute (参保地待遇计算). */
export interface AskHome {
  readonly kind: 'askHome'
  readonly claim: AwayClaim
  readonly home: Division
  readonly person: string
}

/**
 * Authenticate, route, scope, split: the whole decision on one claim, without waiting for anything. `told` is what the home
 * region computed, where it was asked.
 */
export function decide(claim: Claim, facts: Facts, world: World, told?: ToldSplit): Decision {
  const found = claim.paper
    ? findPaperParties(claim, claim.paper, facts, world)
    : findParties(claim, facts, world)
  if (isRefusal(found)) return { kind: 'refuse', refusal: found }
  const { route: way } = found
  const scoped = claim.away ?? scopeFor(claim, found)
  if (isRefusal(scoped)) return { kind: 'refuse', refusal: scoped }
  const rules = found.care?.region.duplicates ?? []
  const repeated =
    refuseRepeated(claim, facts) ??
    refuseDuplicate(claim, facts.sameBills, { rules, now: world.now })
  if (repeated) return { kind: 'refuse', refusal: repeated }
  if (!way.computedHere) {
    const away = awayClaimOf(claim, scoped)
    if (!told)
      return { kind: 'askHome', claim: away, home: way.home.division, person: found.person.id }
    return settleTold(claim, scoped, told, { at: found, facts, world })
  }
  const computed = computeAtHome(scoped, claim, found, facts, world)
  if (isRefusal(computed)) return { kind: 'refuse', refusal: computed }
  const settlement = payWhole(settle(claim, scoped, computed, { at: found, facts, world }), claim)
  if (isRefusal(settlement)) return { kind: 'refuse', refusal: settlement }
  assertIdentities(settlement, facts.balances.get(found.person.id) ?? zero)
  return { kind: 'settle', settlement }
}

/** The care region's part of what the home region computed: accounts and running sums are kept at home. */
function settleTold(claim: Claim, scoped: ScopedClaim, told: ToldSplit, by: Settling): Decision {
  if (!addsUp(told, scoped))
    return {
      kind: 'refuse',
      refusal: refuse('home-answer-wrong', { region: by.at.route.home.division }),
    }
  const { scheme, warnings, packHash: _theirs, ...parts } = told
  const split = { ...parts, draws: [], counters: [] }
  const settlement = settle(claim, scoped, { split, rule: { scheme } }, by)
  const ours = new Set(settlement.warnings.map(({ code }) => code))
  const theirs = warnings.filter(({ code }) => !ours.has(code))
  return {
    kind: 'settle',
    settlement: { ...settlement, warnings: [...settlement.warnings, ...theirs] },
  }
}

/** A line is settled once in its visit (decision 20), and a preview says so as well. */
function refuseRepeated({ visit, lines }: Claim, { settledLines }: Facts): Refusal | undefined {
  if (visit === undefined) return undefined
  const line = lines.find(({ id }) => settledLines.has(id))
  return line && refuse('line-already-settled', { visit, line: line.id })
}

function scopeFor(claim: Claim, { institution, coverage, care }: Parties): ScopedClaim | Refusal {
  assert(care !== undefined, 'who is not treated away is treated under rules of ours')
  return scope(claim, institution, careRulesOf(care, claim, coverage.scheme as Scheme))
}

interface Settling {
  readonly at: Parties
  readonly facts: Facts
  readonly world: World
}

/** A claim computed, put together with its parties and with what the desk should know. */
export function settle(
  claim: Claim,
  scoped: ScopedClaim,
  { split: parts, rule }: { split: Computed['split']; rule: Pick<Computed['rule'], 'scheme'> },
  { at, facts, world }: Settling,
): Settlement {
  const warnings = [...at.warnings]
  const same = facts.sameBills.slice(0, mostNamedBills).map(({ settlement }) => settlement)
  if (same.length > 0) warnings.push({ code: 'same-bill-settled', facts: { settlements: same } })
  if (parts.trace.some((step) => step.illustrative))
    warnings.push({ code: 'illustrative-rules', facts: { notice: '示例，非现行政策' } })
  warnings.push(...warnOfBill(claim, scoped))
  if (claim.externalInjury && !claim.externalInjury.noThirdParty)
    warnings.push({ code: 'paid-in-advance', facts: { recover: toYuan(parts.fundTotal) } })
  return {
    ...parts,
    person: at.person.id,
    institution: claim.institution,
    day: claim.day,
    careRegion: at.route.care.division,
    homeRegion: at.route.home.division,
    ...sideOf(claim, at),
    route: at.route.place,
    scheme: rule.scheme,
    care: claim.care,
    credentialKind: claim.credential.type,
    terminal: terminalOf(claim),
    ...(claim.quick && { tap: tapOf(claim.quick) }),
    visit: claim.visit,
    stay: claim.stay,
    disease: claim.disease,
    lines: scoped.lines,
    warnings,
    packHash: world.packHash,
    ...(claim.paper && paperPart(claim.paper, parts)),
  }
}

const tapOf = ({ at: tappedAt, offline }: QuickClaim): Settlement['tap'] => ({
  tappedAt,
  offline: offline !== undefined,
})

/** Where another region keeps the other half of the books, this is ours. */
const sideOf = ({ away }: Claim, { route: way }: Parties): { side?: Side } =>
  away ? { side: 'home' } : way.computedHere ? {} : { side: 'care' }

/** A few same bills are enough to warn of; one repeated a thousand times must not make every next answer longer. */
const mostNamedBills = 5

/** A few are enough to look at; a bill of 5,000 unknown items must not make its answer twice as long. */
const mostNamed = 10

/** What may be a slip of the institution's although it can be settled. */
function warnOfBill({ care, stay, lines }: Claim, scoped: ScopedClaim): Warning[] {
  const warnings: Warning[] = []
  const unknown = scoped.lines.filter(
    ({ source }, i) => source === undefined && lines[i]?.classification === undefined,
  )
  const items = [...new Set(unknown.map(({ item }) => item))].slice(0, mostNamed)
  if (items.length > 0) warnings.push({ code: 'items-not-in-catalogue', facts: { items } })
  if (!stay && (care === 'inpatient' || care === 'workInjuryInpatient'))
    warnings.push({ code: 'stay-missing', facts: { care } })
  return warnings
}
