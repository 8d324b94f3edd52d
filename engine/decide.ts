import type { Claim, Scheme } from './claim.ts'
import { careRulesOf } from './classify.ts'
import type { Day, Instant } from './day.ts'
import { type Computed, computeAtHome } from './home.ts'
import { toYuan, zero } from './money.ts'
import { findPaperParties, paperPart } from './paperBill.ts'
import { type Parties, findParties } from './parties.ts'
import type { Facts } from './ports.ts'
import { payWhole } from './quickPayment.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import type { Directory } from './route.ts'
import type { Rulebook, Rulebooks } from './rulebook.ts'
import { scope } from './scope.ts'
import type { ScopedClaim } from './scoped.ts'
import { type Settlement, assertIdentities, type Warning } from './settlement.ts'

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
  | { readonly kind: 'askHome'; readonly scoped: ScopedClaim; readonly home: string }

/** Authenticate, route, scope, split: the whole decision on one claim, without waiting for anything. */
export function decide(claim: Claim, facts: Facts, world: World): Decision {
  const found = claim.paper
    ? findPaperParties(claim, claim.paper, facts, world)
    : findParties(claim, facts, world)
  if (isRefusal(found)) return { kind: 'refuse', refusal: found }
  const { care, route: way } = found
  const scoped = scopeFor(claim, found, care)
  if (isRefusal(scoped)) return { kind: 'refuse', refusal: scoped }
  const repeated = refuseRepeated(claim, facts)
  if (repeated) return { kind: 'refuse', refusal: repeated }
  if (!way.computedHere) return { kind: 'askHome', scoped, home: way.home.division }
  const computed = computeAtHome(scoped, claim, found, facts, world)
  if (isRefusal(computed)) return { kind: 'refuse', refusal: computed }
  const settlement = payWhole(settle(claim, scoped, computed, found, facts, world), claim)
  if (isRefusal(settlement)) return { kind: 'refuse', refusal: settlement }
  assertIdentities(settlement, facts.balances.get(found.person.id) ?? zero)
  return { kind: 'settle', settlement }
}

/** A line is settled once in its visit (decision 20), and a preview says so as well. */
function refuseRepeated({ visit, lines }: Claim, { settledLines }: Facts): Refusal | undefined {
  if (visit === undefined) return undefined
  const line = lines.find(({ id }) => settledLines.has(id))
  return line && refuse('line-already-settled', { visit, line: line.id })
}

function scopeFor(claim: Claim, at: Parties, care: Rulebook): ScopedClaim | Refusal {
  return scope(claim, at.institution, careRulesOf(care, claim, at.coverage.scheme as Scheme))
}

/** A claim computed, put together with its parties and with what the desk should know. */
export function settle(
  claim: Claim,
  scoped: ScopedClaim,
  { split: parts, rule }: Computed,
  at: Parties,
  facts: Facts,
  world: World,
): Settlement {
  const warnings = [...at.warnings]
  if (facts.sameBills.length > 0)
    warnings.push({ code: 'same-bill-settled', facts: { settlements: facts.sameBills } })
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
    route: at.route.place,
    scheme: rule.scheme,
    care: claim.care,
    credentialKind: claim.credential.type,
    visit: claim.visit,
    stay: claim.stay,
    disease: claim.disease,
    lines: scoped.lines,
    warnings,
    packHash: world.packHash,
    ...(claim.paper && paperPart(claim.paper, parts)),
  }
}

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
