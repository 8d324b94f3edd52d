import { refuseCredential, warnOfCard } from './authenticity.ts'
import { policyOf } from './cardPolicy.ts'
import type { Claim, Scheme } from './claim.ts'
import { type Day, covers, dayAfter } from './day.ts'
import type { World } from './decide.ts'
import { dayOf, findCoverage, schemesFor } from './entitlement.ts'
import { underScheme } from './home.ts'
import { type Institution, refuseUndesignated } from './institution.ts'
import { checkClaim } from './intake.ts'
import type { DateBasis } from './pack.ts'
import type { Coverage, Person } from './person.ts'
import type { Facts } from './ports.ts'
import { refuseTap, warnOfTap } from './quickPayment.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { type Route, route } from './route.ts'
import type { Rulebook } from './rulebook.ts'
import type { Warning } from './settlement.ts'
import { institutionAway } from './treatedAway.ts'

/** A claim whose parties are known and may settle: who, where, under which coverage, by which way. */
export interface Parties {
  readonly institution: Institution
  readonly person: Person
  readonly coverage: Coverage
  readonly route: Route
  /** The care region's rules; absent where that region has classified the bill itself. */
  readonly care: Rulebook | undefined
  readonly warnings: readonly Warning[]
}

/** The same where the bill is classified under rules that are here. */
export interface PartiesHere extends Parties {
  readonly care: Rulebook
}

export function findParties(claim: Claim, facts: Facts, world: World): Parties | Refusal {
  const { person, card } = facts
  const { away } = claim
  const institution = away ? institutionAway(away) : facts.institution
  if (!institution) return refuse('institution-unknown', { institution: claim.institution })
  // The day of the other region may have begun already.
  const bad = checkClaim(claim, away ? dayAfter(world.today) : world.today)
  if (bad) return bad
  const { type, wrong } = claim.credential
  if (wrong?.code === 'token-invalid') return wrong
  if (!person) return refuse(type === 'citizen-number' ? 'person-unknown' : 'card-unknown')
  const policy = policyOf(world.rulebooks, card?.managedIn ?? '')
  const presented = {
    credential: claim.credential,
    card,
    person,
    institution,
    now: world.now,
    day: world.today,
    ...(claim.quick && { proven: true }),
    eCardOutlivesLoss: !policy.lossBlocksECard,
    pinForAccount: policy.pinForAccount && claim.useAccount,
  }
  const blocked = claim.quick ? refuseTap(claim, facts, person, world) : refuseCredential(presented)
  if (blocked) return blocked
  const careRegion = world.regions.regionOf(institution.division)
  const care = careRegion && world.rulebooks.of(careRegion.division)
  const coverage = coverageFor(person, claim, world)
  const on = dayOf('discharge', claim)
  const home = isRefusal(coverage) ? undefined : world.regions.regionOf(coverage.region)
  const way = careRegion && home && route(careRegion, home, world.regions)
  const undesignated = away
    ? undefined
    : refuseUndesignated(institution, {
        care: claim.care,
        scheme: isRefusal(coverage) ? 'employee' : (coverage.scheme as Scheme),
        place: way?.place ?? 'local',
        on,
      })
  const refused = undesignated ?? refusePerson(person, on)
  if (refused) return refused
  if (isRefusal(coverage)) return coverage
  if (!home) return refuse('home-region-not-served', { region: coverage.region })
  if (!way) return refuse('no-rule-for-care', { region: institution.division })
  const unserved = refuseUnserved(claim, way, world)
  if (unserved) return unserved
  if (!(care || away)) return refuse('no-rule-for-care', { region: institution.division })
  const warnings = [
    ...warnOfCard(presented),
    ...warnOfRegion(facts, coverage, world),
    ...warnOfTap(claim, facts, world),
  ]
  return { institution, person, coverage, route: way, care, warnings }
}

/** One of the two regions is ours; a tap waits for no other region. */
function refuseUnserved({ away, quick }: Claim, way: Route, world: World): Refusal | undefined {
  const { care, home, computedHere } = way
  if (!away && !world.regions.serves(care.division))
    return refuse('care-region-not-served', { region: care.division })
  return computedHere || (!away && !quick && world.regions.reaches(home.division))
    ? undefined
    : refuse('home-region-not-served', { region: home.division })
}

/**
 * The coverage that a claim is routed by. Which of admission and discharge counts is the rule's to say, so here either will
 * do; who moved to another region in between belongs to the one that they are insured in on the benefit day of its own rules.
 */
export function coverageFor(
  person: Person,
  claim: Claim,
  world: Pick<World, 'regions' | 'rulebooks'>,
): Coverage | Refusal {
  const wanted = schemesFor(claim)
  const admitted = findCoverage(person, wanted, dayOf('admission', claim))
  if (!claim.stay) return admitted
  const discharged = findCoverage(person, wanted, dayOf('discharge', claim))
  if (isRefusal(admitted)) return isRefusal(discharged) ? admitted : discharged
  const regionOf = (row: Coverage) => world.regions.regionOf(row.region)?.division ?? row.region
  if (isRefusal(discharged) || regionOf(admitted) === regionOf(discharged)) return admitted
  const isRuled = (row: Coverage): boolean => {
    const then = findCoverage(person, wanted, dayOf(benefitBasis(row, claim, world), claim))
    return !isRefusal(then) && regionOf(then) === regionOf(row)
  }
  return isRuled(discharged) || !isRuled(admitted) ? discharged : admitted
}

/** By which day the rules of a coverage's region go; by discharge where its rules are not here. */
function benefitBasis(
  { region, scheme }: Coverage,
  { care, day }: Claim,
  { regions, rulebooks }: Pick<World, 'regions' | 'rulebooks'>,
): DateBasis {
  const book = rulebooks.of(regions.regionOf(region)?.division ?? region)
  const rule = book?.rules.find(
    (r) =>
      r.scheme === underScheme(book, scheme as Scheme) && r.care.includes(care) && covers(r, day),
  )
  return rule?.dates.benefit ?? 'discharge'
}

function refusePerson(
  { died, directSettlementSuspended: suspended }: Person,
  on: Day,
): Refusal | undefined {
  if (died !== undefined && on > died) return refuse('person-deceased', { day: on })
  if (suspended && covers(suspended, on))
    return refuse('direct-settlement-suspended', { from: suspended.from })
  return undefined
}

/** S10 moves the card and not the coverage; where the two differ the desk is told, and the coverage decides. */
function warnOfRegion({ card }: Facts, coverage: Coverage, { regions }: World): Warning[] {
  const issued = card && regions.regionOf(card.serial.slice(0, 6))
  const insured = regions.regionOf(coverage.region)
  if (!issued || !insured || issued.division === insured.division) return []
  return [
    { code: 'card-region-differs', facts: { card: issued.division, insured: insured.division } },
  ]
}
