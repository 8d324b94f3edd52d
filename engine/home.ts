import { reasonAway } from './awayReason.ts'
import type { Case } from './case.ts'
import type { Claim, Scheme } from './claim.ts'
import { type Day, covers } from './day.ts'
import type { World } from './decide.ts'
import { caseOf, coverageOn, dayOf, findCoverage, refuseNeeds } from './entitlement.ts'
import { type Fen, subtract, zero } from './money.ts'
import type { Parties } from './parties.ts'
import type { Person } from './person.ts'
import type { Facts } from './ports.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { type CompiledRule, type Rulebook, findRule } from './rulebook.ts'
import type { ScopedClaim } from './scoped.ts'
import type { AccountDraw, Split } from './settlement.ts'
import { type HomeFacts, admissionsOf, applyDeltas, join, split } from './split.ts'
import { type TallySetting, addVisitSums, always, storedUnder } from './tally.ts'
import { type YearPart, partsByYear, yearsOf } from './years.ts'

/** Some schemes have no rules of their own and settle under another's, such as unemployment under employee. */
export const underScheme = (book: Rulebook, scheme: Scheme): Scheme =>
  book.settlesUnder[scheme] ?? scheme

/** What the home region computed, and by which rule. */
export interface Computed {
  readonly split: Split
  readonly rule: CompiledRule
}

/** The home region's part: its rule on the benefit day, its accumulators, its accounts (参保地政策). */
export function computeAtHome(
  scoped: ScopedClaim,
  claim: Claim,
  at: Parties,
  facts: Facts,
  world: World,
): Computed | Refusal {
  const book = world.rulebooks.of(at.route.home.division)
  if (!book) return refuse('home-region-not-served', { region: at.route.home.division })
  const asked = { scoped, claim, at, facts, book, world }
  const first = ruleFor(asked)
  if (isRefusal(first)) return first
  const { rule } = first
  const entitled = refuseEntitlement(at, rule, dayOf(rule.dates.entitlement, claim))
  if (entitled) return entitled
  const lacking =
    refuseNeeds(rule.needs, { claim, person: at.person, on: dayOf(rule.dates.benefit, claim) }) ??
    refuseInjury(claim, book)
  if (lacking) return lacking
  const parts = partsByYear(scoped, rule, book)
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
  { person, coverage }: Parties,
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
  readonly at: Parties
  readonly facts: Facts
  readonly book: Rulebook
  readonly world: World
}

interface Ruled {
  readonly rule: CompiledRule
  readonly of: Case
}

/**
 * Which day a rule goes by is said by the rule itself, so a rule is looked for on each day of the bill and again on the
 * benefit day that it names. A stay discharged within a pack's period may be settled after its end.
 */
function ruleFor(asked: Asked): Ruled | Refusal {
  const { claim } = asked
  const found = ruleFrom(asked, claim.day)
  if (!isRefusal(found) || !claim.stay) return found
  const earlier = [claim.stay.discharge, claim.stay.admission].filter((day) => day !== claim.day)
  for (const day of earlier) {
    const other = ruleFrom(asked, day)
    if (!isRefusal(other)) return other
  }
  return found
}

function ruleFrom(asked: Asked, on: Day): Ruled | Refusal {
  const { claim, at, book } = asked
  const scheme = underScheme(book, at.coverage.scheme as Scheme)
  const find = (day: Day, of: Case): CompiledRule | Refusal =>
    findRule(book, { scheme, care: claim.care, on: day, of })
  const guess = find(on, buildCase(asked, on, on, undefined))
  if (isRefusal(guess)) return guess
  const benefitDay = dayOf(guess.dates.benefit, claim)
  const of = buildCase(asked, benefitDay, dayOf(guess.dates.group, claim), guess)
  const rule = find(benefitDay, of)
  return isRefusal(rule) ? rule : { rule, of }
}

function buildCase(
  { scoped, claim, at, facts, book, world }: Asked,
  benefitDay: Day,
  groupDay: Day,
  rule: CompiledRule | undefined,
): Case {
  const away = reasonAway(
    at.person,
    {
      ...at.route,
      emergency: claim.emergency,
      from: dayOf('admission', claim),
      until: dayOf('discharge', claim),
    },
    book.region.filing,
    world.regions,
  )
  const scheme = underScheme(book, at.coverage.scheme as Scheme)
  const prefix = `${book.region.division}|${scheme}|`
  const inStay = (name: string): bigint =>
    facts.counters.get(always)?.get(`${prefix}stay ${stayName(claim)}|${name}`) ?? 0n
  const continued = claim.stay !== undefined && inStay('parts') > 0n
  const [year = ''] = rule ? yearsOf(scoped, rule, book) : []
  const admissions = storedUnder(
    `${prefix}${admissionsOf(rule?.careGroup ?? '')}|year`,
    facts.counters.get(year),
    book.region.carryOver,
  )
  return caseOf({
    claim,
    institution: at.institution,
    person: at.person,
    coverage: coverageOn(at.person, at.coverage, groupDay),
    groupDay,
    benefitDay,
    place: at.route.place,
    ...away,
    // A stay keeps the ordinal it began with, whatever is counted while it lasts.
    admission: Number(continued ? inStay('admission') || admissions || 1n : admissions + 1n),
    continued,
  })
}

function refuseInjury(
  { externalInjury: injury }: Claim,
  { region }: Rulebook,
): Refusal | undefined {
  if (!injury || region.externalInjury === 'advance') return undefined
  if (region.externalInjury === 'declaration' && injury.noThirdParty) return undefined
  return refuse('third-party-declaration-missing', { policy: region.externalInjury })
}

/** A visit number is its institution's own; a stay without one still needs a name while its bill is split at the end of a year. */
const stayName = ({ institution, visit, stay }: Claim): string =>
  `${institution} ${visit ?? `of ${stay?.admission ?? ''}`}`

/** What bills of one outpatient visit must have in common to count together: layers of other rules are other layers. */
const visitUnder = ({ region }: Rulebook, { scheme, id }: CompiledRule): string =>
  `${region.division}|${scheme}|${id}`

/** The first day of the entitlement (待遇享受期) that a cap per eligibility period counts in. */
export function eligibleFrom(claim: Claim, person: Person, on: Day): Day | undefined {
  const { disease, maternity, injury } = claim
  const filed =
    disease !== undefined && person.diseases.find((d) => d.code === disease && covers(d, on))
  if (filed) return filed.from
  if (maternity)
    return person.maternity.find(
      (m) => covers(m, on) && (maternity.registration ?? m.registration) === m.registration,
    )?.from
  return person.injuries.find((i) => i.certification === injury?.certification)?.from
}

function homeFacts(
  { claim, at, facts, book }: Asked,
  { rule, of }: Ruled,
  part: YearPart,
): HomeFacts {
  const scheme = rule.scheme
  const benefitDay = dayOf(rule.dates.benefit, claim)
  const under = visitUnder(book, rule)
  const tally: TallySetting = {
    region: book.region.division,
    scheme,
    year: part.year,
    on: part.on,
    stay: claim.stay && stayName(claim),
    visit: claim.earlier && under,
    earlier: claim.earlier && addVisitSums(claim.earlier, under),
    disease: claim.disease,
    eligibleFrom: eligibleFrom(claim, at.person, benefitDay),
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
