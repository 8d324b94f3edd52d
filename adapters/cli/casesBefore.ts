import type { Claim } from '../../engine/claim.ts'
import { benefitYear } from '../../engine/day.ts'
import { dayOf } from '../../engine/entitlement.ts'
import { parseYuan } from '../../engine/money.ts'
import { eligibleFrom } from '../../engine/home.ts'
import type { Person } from '../../engine/person.ts'
import type { Counters } from '../../engine/ports.ts'
import type { CompiledRule } from '../../engine/rulebook.ts'
import { admissionsOf, applyDeltas } from '../../engine/split.ts'
import { Tally } from '../../engine/tally.ts'
import type { Say } from '../rulepacks/tables.ts'
import type { CaseWorld } from './casesWorld.ts'

/** The rules that a claim may fall under: those of its scheme and care, in force on its day if any is. */
function rulesFor(claim: Claim, { home, under }: CaseWorld): CompiledRule[] {
  const scheme = claim.scheme ?? (claim.care.startsWith('workInjury') ? 'workInjury' : under)
  const ofCare = home.rules.filter((r) => r.scheme === scheme && r.care.includes(claim.care))
  const inForce = ofCare.filter((r) => r.from <= claim.day && claim.day <= r.until)
  return inForce.length > 0 ? inForce : ofCare
}

/** The tally of one claim, so that a case's sums are filed exactly as the engine will look for them. */
function tallyFor(
  counters: Counters,
  rule: CompiledRule,
  { claim, person, world }: { claim: Claim; person: Person; world: CaseWorld },
): Tally {
  const { region } = world.home
  const on = dayOf(rule.dates.year, claim)
  return new Tally(counters, {
    region: region.division,
    scheme: rule.scheme,
    year: benefitYear(on, region.yearStarts),
    on,
    stay: claim.stay && claim.visit,
    disease: claim.disease,
    eligibleFrom: eligibleFrom(claim, person, dayOf(rule.dates.benefit, claim)),
    institution: claim.institution,
    carryOver: { regions: false, schemes: false },
    readings: (accumulator) => world.home.readings(rule.scheme, accumulator),
  })
}

/** The running sums that a case starts from. Names are those of the pack, or the bare words of the contract. */
export function countersBefore(
  before: Readonly<Record<string, string>> | undefined,
  parties: { claim: Claim; person: Person; world: CaseWorld },
  say: Say,
): Counters {
  let counters: Counters = new Map()
  const rules = rulesFor(parties.claim, parties.world)
  const [rule] = rules
  for (const [name, amount] of Object.entries(before ?? {})) {
    const names = rule === undefined ? [] : namesOf(name, rules, parties.world)
    // Nothing is nothing under any name, so a case may spell out a sum that this region does not keep.
    if (names.length === 0 && parseYuan(amount) !== 0n)
      say(
        ['before', name],
        `no accumulator "${name}" here; known: ${[...known(parties.world)].join(', ')}`,
      )
    if (rule === undefined) continue
    const tally = tallyFor(counters, rule, parties)
    for (const each of names) tally.feed(each, valueOf(each, amount))
    counters = applyDeltas(counters, tally.deltas())
  }
  return counters
}

const isCount = (name: string): boolean =>
  name.startsWith('admissions.') || name.endsWith('.visits')

const valueOf = (name: string, amount: string): bigint =>
  isCount(name) ? BigInt(amount.split('.')[0] as string) : parseYuan(amount)

/** The accumulators that some rule of the region keeps. */
function known({ home }: CaseWorld): Set<string> {
  const names = new Set(['inScope', 'burden'])
  for (const rule of home.rules) {
    names.add(admissionsOf(rule.careGroup))
    for (const layer of rule.layers)
      for (const name of [
        layer.deductible?.accumulator,
        layer.payment.accumulator,
        ...layer.caps.map((cap) => cap.accumulator),
        ...layer.feeds,
        ...layer.feedsBase,
      ])
        if (name !== undefined) names.add(name)
  }
  return names
}

/**
 * Which accumulators a name in a case means: the pack's own name; the bare `deductible`, `admissions` and the like of
 * this care; or a payer, for everything that its layers feed.
 */
function namesOf(name: string, rules: readonly CompiledRule[], world: CaseWorld): string[] {
  const all = known(world)
  const groups = new Set(rules.map((rule) => rule.careGroup))
  const layers = rules.flatMap((rule) => rule.layers)
  if (name === 'deductible') {
    const own = layers.flatMap((layer) => layer.deductible ?? [])
    const charged = own
      .filter((d) => d.mode === 'yearToppedUp')
      .map((d) => `${d.accumulator}.charged`)
    return [...new Set([...own.map((d) => d.accumulator), ...charged])]
  }
  const base = name.replace(/\.(charged|visits)$/, '')
  if (all.has(base)) return [name]
  const ofGroup = [...groups].map((group) => `${name}.${group}`).filter((n) => all.has(n))
  if (ofGroup.length > 0) return ofGroup
  return [...new Set(layers.filter((l) => l.payer === name).flatMap((l) => l.feeds))]
}
