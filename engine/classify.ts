import type { Claim, Scheme } from './claim.ts'
import type { World } from './decide.ts'
import { schemesFor } from './entitlement.ts'
import { underScheme } from './home.ts'
import { coverageFor } from './parties.ts'
import type { Facts } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import type { Rulebook } from './rulebook.ts'
import { type CareRules, type Classified, classify } from './scope.ts'

/** The care region's part of the rules for a claim of a scheme; what no rule covers goes by the usual policy. */
export function careRulesOf(
  book: Rulebook,
  claim: Pick<Claim, 'care' | 'day'>,
  scheme: Scheme,
): CareRules {
  const rule = book.rules.find(
    (r) =>
      r.scheme === underScheme(book, scheme) &&
      r.care.includes(claim.care) &&
      r.from <= claim.day &&
      claim.day <= r.until,
  )
  const catalogue = claim.care.startsWith('workInjury') ? 'workInjury' : 'medical'
  return {
    region: book.region.division,
    policy: rule?.scope ?? { catalogue, firstSelfPay: 'apply', priceLimit: 'apply', rates: [] },
    dates: rule?.dates ?? { catalogue: 'line' },
    item: book.item,
    cite: book.cite,
  }
}

/**
 * How the lines of a bill that is not asked for yet will be classified (费用明细上传 2204, 2301). Whether it may be settled
 * at all is not asked: who is not insured today may bring the coverage tomorrow.
 */
export function classifyLines(
  claim: Claim,
  { institution, person }: Pick<Facts, 'institution' | 'person'>,
  { regions, rulebooks }: Pick<World, 'regions' | 'rulebooks'>,
): Classified[] | Refusal {
  if (!institution) return refuse('institution-unknown', { institution: claim.institution })
  const region = regions.regionOf(institution.division)
  const book = region && rulebooks.of(region.division)
  if (!book) return refuse('no-rule-for-care', { region: institution.division })
  const coverage = person && coverageFor(person, claim, { regions, rulebooks })
  const [likeliest = 'employee'] = schemesFor(claim)
  const scheme = !coverage || isRefusal(coverage) ? likeliest : (coverage.scheme as Scheme)
  const rules = careRulesOf(book, claim, scheme)
  return claim.lines.map((line) => classify(line, claim, institution, rules))
}
