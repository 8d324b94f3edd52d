import type { CareKind, Division, Scheme } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import { agreementKinds, type Institution } from '../../engine/institution.ts'
import { parseYuan, type Fen, zero } from '../../engine/money.ts'
import { reasonOf } from '../../engine/filingPolicy.ts'
import type {
  Coverage,
  FamilyShare,
  FiledDisease,
  Filing,
  Group,
  Person,
} from '../../engine/person.ts'
import type { PersonFields, VisitFields } from '../rulepacks/caseShape.ts'
import type { CaseWorld } from './casesWorld.ts'

/** A visit as written, with what the case says for all of its visits. */
export type Visit = Omit<VisitFields, 'expect'>

const since = '1900-01-01' as Day

const usualGroup: Record<Scheme, Group> = {
  employee: 'working',
  resident: 'adult',
  retiredCadre: 'retiredCadre',
  workInjury: 'working',
  maternity: 'working',
  unemployment: 'working',
  pension: 'retired',
}

const usualAge: Record<Group, number> = {
  working: 40,
  retired: 65,
  retiredCadre: 95,
  adult: 40,
  child: 6,
  student: 15,
  elder: 70,
}

const yes = (value: 'true' | 'false' | undefined, otherwise: boolean): boolean =>
  value === undefined ? otherwise : value === 'true'

export const personId = 'case-person'

/** Someone who is exactly so old on a day, and turned so that very day. */
function birthdayOf(age: number, on: Day): Day {
  const year = Number(on.slice(0, 4)) - age
  const rest = on.slice(4) === '-02-29' ? '-02-28' : on.slice(4)
  return `${String(year).padStart(4, '0')}${rest}` as Day
}

/** The person of a visit, entitled to whatever the case does not deny. */
export function personOf(visit: Visit, world: CaseWorld, day: Day): Person {
  const fields = visit.person ?? {}
  const { scheme } = world
  const group = fields.group ?? usualGroup[scheme]
  const age = Number(fields.age ?? usualAge[group])
  return {
    id: personId,
    birth: birthdayOf(
      age,
      visit.stay?.admission === undefined ? day : (visit.stay.admission as Day),
    ),
    sex: detailsOf(visit.maternity) ? 'female' : 'male',
    coverages: coveragesOf(visit, world, group),
    civilServant: yes(fields.civilServant, false),
    identities: (fields.identities ?? []).map((kind) => ({ kind, from: since })),
    benefits: (fields.benefits ?? []).map((kind) => ({ kind, from: since })),
    diseases: (fields.diseases ?? []).map(diseaseOf),
    filings: filingsOf(visit),
    injuries: injuriesOf(visit),
    maternity: registrationsOf(visit),
    familyShares: familyOf(visit).map(({ owner, relation }) => ({ owner, relation, from: since })),
  }
}

/** What a case says of an injury and the like: its fields, none of them where it says true, or nothing. */
export function detailsOf<T extends object>(
  given: 'true' | 'false' | T | undefined,
): Partial<T> | undefined {
  if (given === undefined || given === 'false') return undefined
  return given === 'true' ? {} : given
}

export const certification = 'CASE-INJURY'
export const registration = 'CASE-MATERNITY'

function coveragesOf(visit: Visit, { home, scheme, under }: CaseWorld, group: Group): Coverage[] {
  const fields = visit.person ?? {}
  const region = home.region.division
  const details = {
    premiumTier: fields.premiumTier,
    contributionMonths:
      fields.contributionMonths === undefined ? undefined : Number(fields.contributionMonths),
  }
  const row = (of: Scheme): Coverage => ({ scheme: of, region, group, from: since, ...details })
  if (fields.coverages) return fields.coverages.map((c) => givenCoverage(c, row(scheme)))
  const schemes: Scheme[] = [scheme, under]
  // Somebody treated for an injury is insured against it, whatever pays the rest of their care.
  if (visit.injury !== undefined || careOf(visit).startsWith('workInjury'))
    schemes.push('workInjury')
  return [...new Set(schemes)].map(row)
}

function givenCoverage(
  fields: NonNullable<PersonFields['coverages']>[number],
  usual: Coverage,
): Coverage {
  const { scheme, group = usual.group, from, until, paused } = fields
  return {
    ...usual,
    scheme,
    group,
    from: (from ?? since) as Day,
    until: until as Day | undefined,
    paused: paused as Day | undefined,
  }
}

function diseaseOf(fields: NonNullable<PersonFields['diseases']>[number]): FiledDisease {
  if (typeof fields === 'string') return { code: fields, name: fields, from: since }
  const { code, name = code, from, until, institutions } = fields
  return { code, name, from: (from ?? since) as Day, until: until as Day | undefined, institutions }
}

function filingsOf({ crossRegion }: Visit): Person['filings'] {
  if (crossRegion?.filings) return crossRegion.filings.map((f) => givenFiling(f, crossRegion))
  if (crossRegion?.careRegion === undefined) return []
  const { careRegion, reason = 'other', filed } = crossRegion
  const usual = reason === 'long-term' || reason === 'referral'
  return yes(filed, usual) ? [{ kind: reason, careRegion, from: since }] : []
}

type CrossRegionFields = NonNullable<Visit['crossRegion']>

function givenFiling(
  { kind, careRegion, from, until, filedOn }: NonNullable<CrossRegionFields['filings']>[number],
  where: CrossRegionFields,
): Filing {
  return {
    kind: reasonOf(kind),
    as: kind,
    careRegion: careRegion ?? where.careRegion ?? '',
    from: from as Day,
    until: until as Day | undefined,
    filedOn: (filedOn ?? from) as Day,
  }
}

function registrationsOf(visit: Visit): Person['maternity'] {
  const maternity = detailsOf(visit.maternity)
  if (!maternity || !yes(maternity.registered, true)) return []
  return [{ registration: maternity.registration ?? registration, from: since }]
}

function injuriesOf(visit: Visit): Person['injuries'] {
  const injury = detailsOf(visit.injury)
  if (!injury || !yes(injury.certified, true)) return []
  return [
    {
      certification: injury.certification ?? certification,
      employer: injury.employer ?? 'the employer of the case',
      diagnoses: injury.certifiedDiagnoses ?? injury.diagnoses ?? [],
      from: (injury.from ?? since) as Day,
      until: injury.until as Day | undefined,
    },
  ]
}

type Family = Pick<FamilyShare, 'owner' | 'relation'> & { readonly balance: Fen }

/** The family accounts a case gives, by owner; a bare balance is a spouse's. */
export function familyOf({ account }: Visit): Family[] {
  const { family } = account ?? {}
  if (family === undefined) return []
  const rows = typeof family === 'string' ? [{ balance: family }] : [family].flat()
  return rows.map((row: { balance: string; relation?: string }, i) => ({
    owner: `case-family-${i + 1}`,
    relation: row.relation ?? 'spouse',
    balance: parseYuan(row.balance),
  }))
}

/** What the accounts hold before the first visit. */
export function balancesOf(visit: Visit): Map<string, Fen> {
  const own = visit.account?.balance
  const family = familyOf(visit).map(({ owner, balance }) => [owner, balance] as const)
  return new Map([[personId, own === undefined ? zero : parseYuan(own)], ...family])
}

const usualType = (care: CareKind): string => (care === 'pharmacy' ? 'pharmacy' : 'hospital')

export const careOf = (visit: Visit): CareKind => visit.care ?? 'inpatient'

/** The institution of a visit, designated for everything unless the case lists its agreements. */
export function institutionOf(visit: Visit, care: CareKind, home: Division): Institution {
  const { level, type, deductibleLevel, priceLevel, code, agreements } = visit.institution ?? {}
  return {
    code: code ?? (care === 'pharmacy' ? 'P00000000001' : 'H00000000001'),
    name: 'the institution of the case',
    type: type ?? usualType(care),
    level: level ?? (care === 'pharmacy' ? 'none' : 'tertiary'),
    deductibleLevel,
    priceLevel,
    division: visit.crossRegion?.careRegion ?? home,
    cardEvidence: 'reader-trusted',
    agreements: (agreements ?? agreementKinds).map((kind) => ({ kind, from: since })),
  }
}
