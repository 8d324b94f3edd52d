import { refuseCredential, warnOfCard } from './authenticity.ts'
import { type Case } from './case.ts'
import type { Claim, Scheme } from './claim.ts'
import { benefitYear, covers, type Day, type Instant } from './day.ts'
import {
  caseOf,
  coverageOn,
  dayOf,
  findCoverage,
  reasonAway,
  refuseNeeds,
  schemesFor,
} from './entitlement.ts'
import { type Institution, refuseUndesignated } from './institution.ts'
import { checkClaim } from './intake.ts'
import type { Coverage, Person } from './person.ts'
import type { Facts } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { type Directory, type Route, route } from './route.ts'
import { type CompiledRule, findRule, type Rulebook, type Rulebooks } from './rulebook.ts'
import { scope } from './scope.ts'
import type { ScopedClaim } from './scoped.ts'
import {
  type AccountDraw,
  assertIdentities,
  type Settlement,
  type Split,
  type Warning,
} from './settlement.ts'
import { admissionsOf, applyDeltas, type HomeFacts, join, split } from './split.ts'
import { always, type TallySetting } from './tally.ts'
import { type Fen, subtract, sum, zero } from './money.ts'

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
  const found = consider(claim, facts, world)
  if (isRefusal(found)) return { kind: 'refuse', refusal: found }
  const { care, route: way } = found
  const scoped = scopeFor(claim, found, care)
  if (isRefusal(scoped)) return { kind: 'refuse', refusal: scoped }
  if (!way.computedHere) return { kind: 'askHome', scoped, home: way.home.division }
  const computed = computeAtHome(scoped, claim, found, facts, world)
  if (isRefusal(computed)) return { kind: 'refuse', refusal: computed }
  const settlement = settle(claim, scoped, computed, found, facts, world)
  assertIdentities(settlement, facts.balances.get(found.person.id) ?? zero)
  return { kind: 'settle', settlement }
}

/** A claim whose parties are known and may settle: who, where, under which coverage, by which way. */
interface Considered {
  readonly institution: Institution
  readonly person: Person
  readonly coverage: Coverage
  readonly route: Route
  readonly care: Rulebook
  readonly warnings: readonly Warning[]
}

function consider(claim: Claim, facts: Facts, world: World): Considered | Refusal {
  const { institution, person, card } = facts
  if (!institution) return refuse('institution-unknown', { institution: claim.institution })
  const bad = checkClaim(claim, world.today)
  if (bad) return bad
  if (!person)
    return refuse(claim.credential.type === 'citizen-number' ? 'person-unknown' : 'card-unknown')
  const presented = {
    credential: claim.credential,
    card,
    person,
    institution,
    now: world.now,
    day: world.today,
  }
  const blocked = refuseCredential(presented)
  if (blocked) return blocked
  const careRegion = world.regions.regionOf(institution.division)
  const care = careRegion && world.rulebooks.of(careRegion.division)
  if (!care) return refuse('no-rule-for-care', { region: institution.division })
  const coverage = coverageFor(person, claim)
  const on = dayOf('discharge', claim)
  const way = isRefusal(coverage) ? undefined : wayOf(careRegion, coverage, world.regions)
  const undesignated = refuseUndesignated(institution, {
    care: claim.care,
    scheme: isRefusal(coverage) ? 'employee' : (coverage.scheme as Scheme),
    place: way?.place ?? 'local',
    on,
  })
  return (
    undesignated ??
    refusePerson(person, on) ??
    (isRefusal(coverage)
      ? coverage
      : way
        ? {
            institution,
            person,
            coverage,
            route: way,
            care,
            warnings: [...warnOfCard(presented), ...warnOfRegion(facts, coverage, world)],
          }
        : refuse('home-region-not-served', { region: coverage.region }))
  )
}

/** Which of admission and discharge counts is the rule's to say, so here either will do. */
function coverageFor(person: Person, claim: Claim): Coverage | Refusal {
  const wanted = schemesFor(claim)
  const admitted = findCoverage(person, wanted, dayOf('admission', claim))
  if (!claim.stay || !isRefusal(admitted)) return admitted
  const discharged = findCoverage(person, wanted, dayOf('discharge', claim))
  return isRefusal(discharged) ? admitted : discharged
}

function wayOf(care: Route['care'], coverage: Coverage, regions: Directory): Route | undefined {
  const home = regions.regionOf(coverage.region)
  return home && route(care, home, regions)
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

function scopeFor(claim: Claim, at: Considered, care: Rulebook): ScopedClaim | Refusal {
  const rule = care.rules.find(
    (r) =>
      r.scheme === underScheme(care, at.coverage.scheme as Scheme) &&
      r.care.includes(claim.care) &&
      r.from <= claim.day &&
      claim.day <= r.until,
  )
  const catalogue = claim.care.startsWith('workInjury') ? 'workInjury' : 'medical'
  return scope(claim, at.institution, {
    region: care.region.division,
    policy: rule?.scope ?? { catalogue, firstSelfPay: 'apply', priceLimit: 'apply', rates: [] },
    dates: rule?.dates ?? { catalogue: 'line' },
    item: care.item,
    cite: care.cite,
  })
}

/** Some schemes have no rules of their own and settle under another's, such as unemployment under employee. */
const underScheme = (book: Rulebook, scheme: Scheme): Scheme => book.settlesUnder[scheme] ?? scheme

interface Computed {
  readonly split: Split
  readonly rule: CompiledRule
}

/** The home region's part: its rule on the benefit day, its accumulators, its accounts (参保地政策). */
function computeAtHome(
  scoped: ScopedClaim,
  claim: Claim,
  at: Considered,
  facts: Facts,
  world: World,
): Computed | Refusal {
  const book = world.rulebooks.of(at.route.home.division)
  if (!book) return refuse('home-region-not-served', { region: at.route.home.division })
  const asked = { scoped, claim, at, facts, book, world }
  const first = ruleFor(asked, claim.day)
  if (isRefusal(first)) return first
  const { rule } = first
  const entitled = refuseEntitlement(at, rule, dayOf(rule.dates.entitlement, claim))
  if (entitled) return entitled
  const lacking =
    refuseNeeds(rule.needs, { claim, person: at.person, on: dayOf(rule.dates.benefit, claim) }) ??
    refuseInjury(claim, book)
  if (lacking) return lacking
  const parts = partsByYear(scoped, rule, claim, book)
  if (isRefusal(parts)) return parts
  let counters = facts.counters
  let balances = facts.balances
  let whole: Split | undefined
  for (const part of parts) {
    const next = split(
      part.scoped,
      homeFacts({ ...asked, facts: { ...facts, counters, balances } }, first, part),
    )
    counters = applyDeltas(counters, next.counters)
    balances = afterDraws(balances, next.draws)
    whole = whole ? join(whole, next) : next
  }
  return { split: whole as Split, rule }
}

/** Covered on the day that counts, by the claim's own scheme and by the one whose rules it settles under. */
function refuseEntitlement(
  { person, coverage }: Considered,
  rule: CompiledRule,
  on: Day,
): Refusal | undefined {
  for (const scheme of new Set([coverage.scheme as Scheme, rule.scheme])) {
    const found = findCoverage(person, [scheme], on)
    if (isRefusal(found)) return found
  }
  return undefined
}

/** The balances once a claim's draws are made. */
export function afterDraws(
  balances: ReadonlyMap<string, Fen>,
  draws: readonly AccountDraw[],
): Map<string, Fen> {
  const after = new Map(balances)
  for (const { owner, amount } of draws)
    after.set(owner, subtract(after.get(owner) ?? zero, amount))
  return after
}

interface Asked {
  readonly scoped: ScopedClaim
  readonly claim: Claim
  readonly at: Considered
  readonly facts: Facts
  readonly book: Rulebook
  readonly world: World
}

interface Ruled {
  readonly rule: CompiledRule
  readonly of: Case
}

/**
 * Which day a rule goes by is said by the rule itself, so it is looked up on the day of settlement first and again on
 * the benefit day that it names.
 */
function ruleFor(asked: Asked, on: Day): Ruled | Refusal {
  const { claim, at, book } = asked
  const scheme = underScheme(book, at.coverage.scheme as Scheme)
  const find = (day: Day, of: Case): CompiledRule | Refusal =>
    findRule(book, { scheme, care: claim.care, on: day, of })
  const plain = buildCase(asked, on, on, undefined)
  const guess = find(on, plain)
  if (isRefusal(guess)) return guess
  const benefitDay = dayOf(guess.dates.benefit, claim)
  const of = buildCase(asked, benefitDay, dayOf(guess.dates.group, claim), guess)
  const rule = find(benefitDay, of)
  return isRefusal(rule) ? rule : { rule, of }
}

function buildCase(
  { claim, at, facts, book, world }: Asked,
  benefitDay: Day,
  groupDay: Day,
  rule: CompiledRule | undefined,
): Case {
  const { place, care } = at.route
  const away = reasonAway(
    at.person,
    { care, place, emergency: claim.emergency, on: dayOf('admission', claim) },
    world.regions,
  )
  const scheme = underScheme(book, at.coverage.scheme as Scheme)
  const prefix = `${book.region.division}|${scheme}|`
  const year = yearOf(book, dayOf(rule?.dates.year ?? 'settlement', claim))
  const admissions =
    facts.counters.get(year)?.get(`${prefix}${admissionsOf(rule?.careGroup ?? '')}|year`) ?? 0n
  const parts =
    claim.visit === undefined
      ? 0n
      : (facts.counters.get(always)?.get(`${prefix}stay ${claim.visit}|parts`) ?? 0n)
  return caseOf({
    claim,
    institution: at.institution,
    person: at.person,
    coverage: coverageOn(at.person, at.coverage, groupDay),
    groupDay,
    benefitDay,
    place,
    ...away,
    admissions: Number(admissions),
    continued: claim.stay !== undefined && parts > 0n,
  })
}

const yearOf = (book: Rulebook, on: Day): string => benefitYear(on, book.region.yearStarts)

function refuseInjury(
  { externalInjury: injury }: Claim,
  { region }: Rulebook,
): Refusal | undefined {
  if (!injury) return undefined
  if (region.externalInjury === 'declaration' && injury.noThirdParty) return undefined
  return refuse('third-party-declaration-missing', { policy: region.externalInjury })
}

interface Part {
  readonly scoped: ScopedClaim
  readonly year: string
  readonly on: Day
  readonly later: boolean
}

/** A stay over the end of a benefit year: whole by one day, split by the days of its lines, or settled in parts by the hospital. */
function partsByYear(
  scoped: ScopedClaim,
  rule: CompiledRule,
  claim: Claim,
  book: Rulebook,
): Part[] | Refusal {
  const on = dayOf(rule.dates.year, claim)
  const year = yearOf(book, on)
  const years = [...new Set(scoped.lines.map((line) => yearOf(book, line.day)))].sort()
  const { acrossYears } = rule.dates
  if (!claim.stay || acrossYears === 'whole' || years.length < 2) {
    const lineYear = years[0] ?? year
    const own = acrossYears === 'whole' || !claim.stay ? year : lineYear
    return [{ scoped, year: own, on, later: false }]
  }
  if (acrossYears === 'forced-interim') return refuse('interim-settlement-required', { years })
  return years.map((own, index) => {
    const lines = scoped.lines.filter((line) => yearOf(book, line.day) === own)
    const last = index === years.length - 1
    const stay = scoped.stay && { ...scoped.stay, interim: last ? scoped.stay.interim : true }
    const total = sum(lines.map((line) => line.amount))
    return { scoped: { ...scoped, stay, lines, total }, year: own, on, later: index > 0 }
  })
}

function homeFacts({ claim, at, facts, book }: Asked, { rule, of }: Ruled, part: Part): HomeFacts {
  const scheme = rule.scheme
  const benefitDay = dayOf(rule.dates.benefit, claim)
  const disease = at.person.diseases.find((d) => d.code === claim.disease && covers(d, benefitDay))
  const tally: TallySetting = {
    region: book.region.division,
    scheme,
    year: part.year,
    on: part.on,
    // A stay without a visit number still needs a name while a bill is split at the end of a year.
    stay: claim.stay && (claim.visit ?? `of ${claim.stay.admission}`),
    disease: claim.disease,
    eligibleFrom: disease?.from,
    institution: at.institution.code,
    carryOver: book.region.carryOver,
    readings: (accumulator) => book.readings(scheme, accumulator),
  }
  return {
    person: at.person.id,
    of: part.later ? { ...of, continued: true } : of,
    rule,
    parameters: book.parametersOn(benefitDay),
    tally,
    counters: facts.counters,
    balances: facts.balances,
    families: at.person.familyShares,
    on: benefitDay,
  }
}

function settle(
  claim: Claim,
  scoped: ScopedClaim,
  { split: parts, rule }: Computed,
  at: Considered,
  facts: Facts,
  world: World,
): Settlement {
  const warnings = [...at.warnings]
  if (facts.sameBills.length > 0)
    warnings.push({ code: 'same-bill-settled', facts: { settlements: facts.sameBills } })
  if (parts.trace.some((step) => step.illustrative))
    warnings.push({ code: 'illustrative-rules', facts: { notice: '示例，非现行政策' } })
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
  }
}
