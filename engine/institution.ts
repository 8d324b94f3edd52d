import type { CareKind, Division, Scheme } from './claim.ts'
import { covers, type Day, type Span } from './day.ts'
import type { Place } from './route.ts'
import { type Refusal, refuse } from './refusal.ts'

/** A hospital level (医院等级) as deductibles and ratios go by it. */
export const hospitalLevels = ['community', 'primary', 'secondary', 'tertiary', 'none'] as const
export type HospitalLevel = (typeof hospitalLevels)[number]

/** What an institution may be designated for (协议). */
export const agreementKinds = [
  'outpatient',
  'inpatient',
  'specialOutpatient',
  'workInjury',
  'maternity',
  'crossRegion',
  'pharmacy',
  'pooledPharmacy',
] as const
export type AgreementKind = (typeof agreementKinds)[number]

/** A designation (定点协议) for one kind of care, over a span of days. */
export interface Agreement extends Span {
  readonly kind: AgreementKind
  /** The schemes it holds for; absent means all. */
  readonly schemes?: readonly Scheme[] | undefined
}

/** A designated institution (定点医药机构, fixmedins_code). */
export interface Institution {
  readonly code: string
  readonly name: string
  readonly type: string
  readonly level: HospitalLevel
  /** The level for deductibles (起付线医院等级, dedc_hosp_lv), where it differs. */
  readonly deductibleLevel?: HospitalLevel | undefined
  /** The level for price limits (限价医院等级, lmtpric_hosp_lv), where it differs. */
  readonly priceLevel?: HospitalLevel | undefined
  readonly division: Division
  readonly cardEvidence: 'verified' | 'reader-trusted'
  readonly agreements: readonly Agreement[]
  readonly suspended?: Span | undefined
  /** The last day of the contract (协议终止). */
  readonly terminated?: Day | undefined
}

/** What everybody may know of an institution (定点医药机构名录). */
export type ListedInstitution = Pick<Institution, 'code' | 'name' | 'type' | 'level' | 'division'>

/** The agency itself asks (经办机构): a card desk such as `desk:510100`, or an office such as `agency:510100`. */
export const isOffice = (asker: string): boolean => /^(desk|agency):/.test(asker)

/** What belongs to a region or an institution rather than to a person; agencies alone enter something of the former. */
export const isOfficeOwner = (asker: string, owner: string): boolean =>
  isOffice(asker) && /^(region|institution):/.test(owner)
/** The insured themselves ask (自助办理): `self:` and their number. */
export const selfOf = (person: string): string => `self:${person}`
export const isSelf = (asker: string): boolean => asker.startsWith('self:')

/** Another region asks for one of its own people or institutions (异地请求方). */
export const regionAsker = (region: Division): string => `region:${region}`

export const isRegion = (asker: string): boolean => asker.startsWith('region:')

const agreementFor: Record<CareKind, AgreementKind> = {
  outpatient: 'outpatient',
  emergency: 'outpatient',
  specialOutpatient: 'specialOutpatient',
  inpatient: 'inpatient',
  daySurgery: 'inpatient',
  pharmacy: 'pharmacy',
  maternityOutpatient: 'maternity',
  delivery: 'maternity',
  familyPlanning: 'maternity',
  workInjury: 'workInjury',
  workInjuryInpatient: 'workInjury',
  workInjuryRehabilitation: 'workInjury',
}

export function hasAgreement(
  institution: Institution,
  kind: AgreementKind,
  scheme: Scheme,
  on: Day,
): boolean {
  return institution.agreements.some(
    (a) => a.kind === kind && covers(a, on) && (a.schemes?.includes(scheme) ?? true),
  )
}

/** Is the institution designated for this care, scheme and place on the benefit day? */
export function refuseUndesignated(
  institution: Institution,
  asked: { care: CareKind; scheme: Scheme; place: Place; on: Day },
): Refusal | undefined {
  const { code } = institution
  const { care, scheme, place, on } = asked
  if (institution.terminated !== undefined && on > institution.terminated)
    return refuse('institution-terminated', {
      institution: code,
      terminated: institution.terminated,
    })
  if (institution.suspended && covers(institution.suspended, on))
    return refuse('institution-suspended', { institution: code, from: institution.suspended.from })
  const needed = agreementFor[care]
  if (!hasAgreement(institution, needed, scheme, on))
    return refuse('institution-not-designated', { institution: code, agreement: needed, day: on })
  if (place !== 'local' && !hasAgreement(institution, 'crossRegion', scheme, on))
    return refuse('institution-not-designated', {
      institution: code,
      agreement: 'crossRegion',
      day: on,
    })
  return undefined
}
