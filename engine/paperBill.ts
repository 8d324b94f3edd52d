import type { Claim, Division } from './claim.ts'
import type { World } from './decide.ts'
import { dayOf } from './entitlement.ts'
import { checkClaim } from './intake.ts'
import type { Institution } from './institution.ts'
import { add } from './money.ts'
import { coverageFor, type PartiesHere } from './parties.ts'
import type { Facts } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { type Region, route } from './route.ts'
import type { DeskMade, Settlement, Split } from './settlement.ts'

/** Why a bill was not settled directly (手工报销原因). */
export const paperReasons = [
  'unfiled', // 未办理备案
  'line-down', // 联网结算故障
  'emergency', // 网外急诊抢救
  'outside-network', // 未联网或非定点机构
  'card-lost', // 卡遗失
  'certification-late', // 认定补办
  'coverage-late', // 参保补缴
  'cross-region-refused', // 异地直接结算被拒
  'direct-settlement-suspended', // 暂停联网结算
  'other', // 其他
] as const
export type PaperReason = (typeof paperReasons)[number]

/** The number of an institution that has none with us. */
export const unlisted = 'unlisted'

/** A paper bill (手工报销单据) as the agency of the home region enters it. */
export interface PaperBill {
  readonly case: string
  /** The region whose agency enters it (参保地). */
  readonly region: Division
  readonly reason: PaperReason
  /** As the form says: nobody need have a contract with it. */
  readonly institution: Institution
  /** Where its division is on no map of ours. */
  readonly province?: string | undefined
}

/** Where it was: a region of ours, or a place of which only the province is known. */
export const placeOf = (
  division: Division,
  province: string | undefined,
  { regions }: Pick<World, 'regions'>,
): Region | Refusal =>
  regions.regionOf(division) ??
  (province === undefined
    ? refuse('division-unknown', { division })
    : { division, name: '', divisions: [division], province })

/** The person as the rules of one region know them: a coverage elsewhere is another region's to pay. */
export const insuredIn = (
  person: NonNullable<Facts['person']>,
  region: Division,
  { regions }: Pick<World, 'regions'>,
): NonNullable<Facts['person']> => ({
  ...person,
  coverages: person.coverages.filter((row) => regions.regionOf(row.region)?.division === region),
})

/**
 * The parties of a paper bill. Nothing is presented and nobody need be designated: that is why it is on paper. What counts is
 * that its person was insured in the region whose agency enters it.
 */
export function findPaperParties(
  claim: Claim,
  { region, institution, province }: PaperBill,
  facts: Facts,
  world: World,
): PartiesHere | Refusal {
  const bad = checkClaim(claim, world.today)
  if (bad) return bad
  if (!facts.person) return refuse('person-unknown')
  const { died } = facts.person
  const on = dayOf('discharge', claim)
  if (died !== undefined && on > died) return refuse('person-deceased', { day: on })
  const person = insuredIn(facts.person, region, world)
  const coverage = coverageFor(person, claim, world)
  if (isRefusal(coverage)) return coverage
  const care = placeOf(institution.division, province, world)
  if (isRefusal(care)) return care
  const home = world.regions.regionOf(region)
  const book = world.rulebooks.of(care.division) ?? world.rulebooks.of(region)
  // Nobody else is asked, whatever is on our map: its agency is here, or nobody's.
  if (!home || !book || !world.regions.serves(home.division))
    return refuse('home-region-not-served', { region })
  return {
    institution,
    person,
    coverage,
    route: route(care, home, world.regions),
    care: book,
    warnings: [],
  }
}

/** What its settlement says beside a direct one: all that funds and accounts pay goes to the person. */
export const paperPart = (
  { case: id, reason, institution: { name } }: PaperBill,
  { fundTotal, account }: Pick<Split, 'fundTotal' | 'account'>,
): Pick<Settlement, 'advanced'> & { readonly desk: DeskMade } => ({
  advanced: add(fundTotal, account),
  desk: { kind: 'paper', case: id, reason, issuer: name },
})
