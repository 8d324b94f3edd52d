import type { Case } from './case.ts'
import { type Claim, medicalSchemes, type Scheme } from './claim.ts'
import { ageOn, covers, type Day } from './day.ts'
import { hasAgreement, type Institution } from './institution.ts'
import type { CrossRegionReason, DateBasis } from './pack.ts'
import type { Coverage, Person } from './person.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Place } from './route.ts'

/** The day a basis names; for care without a stay all are the same day. */
export function dayOf(basis: DateBasis, { day, stay }: Pick<Claim, 'day' | 'stay'>): Day {
  if (!stay || basis === 'settlement') return day
  return basis === 'admission' ? stay.admission : stay.discharge
}

/** The schemes a claim may be meant for, the likeliest first, where it does not say. */
export function schemesFor({ scheme, care }: Pick<Claim, 'scheme' | 'care'>): readonly Scheme[] {
  if (scheme) return [scheme]
  return care.startsWith('workInjury') ? ['workInjury'] : medicalSchemes
}

/** The coverage that answers for a claim on a day, or why there is none. */
export function findCoverage(
  person: Person,
  wanted: readonly Scheme[],
  on: Day,
): Coverage | Refusal {
  const rows = wanted.flatMap((scheme) =>
    person.coverages.filter((c) => c.scheme === scheme && covers(c, on)),
  )
  const active = rows.find((c) => c.paused === undefined || on < c.paused)
  if (active) return active
  const paused = rows[0]?.paused
  return paused === undefined
    ? refuse('not-insured', { day: on, schemes: wanted })
    : refuse('coverage-paused', { day: on, paused })
}

/** The same scheme's row on another day, as when somebody retires during a stay. */
export function coverageOn(person: Person, coverage: Coverage, on: Day): Coverage {
  return person.coverages.find((c) => c.scheme === coverage.scheme && covers(c, on)) ?? coverage
}

/** What a case is made of, from the claim and from what is known of the person. */
export interface CaseFacts {
  readonly claim: Claim
  readonly institution: Institution
  readonly person: Person
  readonly coverage: Coverage
  readonly groupDay: Day
  readonly benefitDay: Day
  readonly place: Place
  readonly reason: CrossRegionReason
  readonly filed: boolean
  /** The ordinal of this admission in the year, from 1, and whether a part of this stay is settled already. */
  readonly admission: number
  readonly continued: boolean
}

/** A pharmacy's sale is pooled only under an agreement for it (decision 14); elsewhere a prescription is just one. */
function sellsPooled(
  claim: Claim,
  institution: Institution,
  { scheme }: Coverage,
  on: Day,
): boolean {
  return (
    claim.care !== 'pharmacy' || hasAgreement(institution, 'pooledPharmacy', scheme as Scheme, on)
  )
}

/** Everything a rule may match on, taken from the claim and from what is known of the person. */
export function caseOf(f: CaseFacts): Case {
  const { claim, institution, person, coverage, benefitDay: on } = f
  const group = coverageOn(person, coverage, f.groupDay)
  const drawn = person.benefits.filter((b) => covers(b, on)).map((b) => b.kind)
  const otherSchemes = person.coverages
    .filter((c) => covers(c, on) && (c.paused === undefined || on < c.paused))
    .map((c) => c.scheme)
  return {
    level: institution.deductibleLevel ?? institution.level,
    institutionType: institution.type,
    institution: institution.code,
    care: claim.care,
    group: group.group,
    age: ageOn(person.birth, on),
    premiumTier: group.premiumTier,
    identities: person.identities.filter((i) => covers(i, on)).map((i) => i.kind),
    benefits: [
      ...new Set([
        ...drawn,
        ...otherSchemes.filter((s) => s === 'unemployment' || s === 'pension'),
      ]),
    ],
    civilServant: person.civilServant || otherSchemes.includes('civilServant'),
    contributionMonths: group.contributionMonths ?? 0,
    admission: f.admission,
    place: f.place,
    reason: f.reason,
    filed: f.filed,
    disease: claim.disease,
    maternityKind: claim.maternity?.kind,
    fetuses: claim.maternity?.fetuses ?? 1,
    emergency: claim.emergency,
    prescription: claim.prescription !== undefined && sellsPooled(claim, institution, coverage, on),
    continued: f.continued,
  }
}

/** What a rule needs of a claim before it pays: certifications, registrations, filed diseases, prescriptions. */
export function refuseNeeds(
  needs: readonly string[],
  { claim, person, on }: { claim: Claim; person: Person; on: Day },
): Refusal | undefined {
  for (const need of needs) {
    const refusal = checks[need]?.(claim, person, on)
    if (refusal) return refusal
  }
  return undefined
}

type Check = (claim: Claim, person: Person, on: Day) => Refusal | undefined

const checks: Record<string, Check> = {
  injuryCertification: (claim, person, on) => {
    const asked = claim.injury
    const own = person.injuries.find(
      (i) => i.certification === asked?.certification && covers(i, on),
    )
    if (!asked || !own)
      return refuse('injury-not-certified', { certification: asked?.certification ?? 'none given' })
    const other = asked.diagnoses.find((d) => !own.diagnoses.includes(d))
    return other === undefined
      ? undefined
      : refuse('injury-diagnosis-not-covered', { diagnosis: other, certified: own.diagnoses })
  },
  injuryConsent: (claim) =>
    claim.injury?.consent === undefined ? refuse('injury-consent-missing') : undefined,
  maternityRegistration: (claim, person, on) => {
    const number = claim.maternity?.registration
    const own = person.maternity.some(
      (m) => covers(m, on) && (number === undefined || m.registration === number),
    )
    return own && claim.maternity ? undefined : refuse('maternity-not-registered', { day: on })
  },
  filedDisease: (claim, person, on) => {
    if (claim.disease === undefined) return refuse('disease-missing')
    const own = person.diseases.find((d) => d.code === claim.disease && covers(d, on))
    if (!own) return refuse('disease-not-filed', { disease: claim.disease, day: on })
    if (own.institutions?.includes(claim.institution) === false)
      return refuse('disease-not-filed-here', { disease: own.code, institutions: own.institutions })
    return undefined
  },
  prescription: (claim) => (claim.prescription ? undefined : refuse('prescription-missing')),
}
