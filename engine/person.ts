import type { Division, Scheme } from './claim.ts'
import type { Day, Span } from './day.ts'
import type { FilingKind, FilingReason } from './filingPolicy.ts'

/** A population group (人员类别, psn_type) that rules tell apart. */
export const groups = [
  'working',
  'retired',
  'retiredCadre',
  'adult',
  'child',
  'student',
  'elder',
] as const
export type Group = (typeof groups)[number]

/** One row of coverage (参保信息, insuinfo): a scheme in a place for a span of days. */
export interface Coverage extends Span {
  readonly scheme: Scheme | 'civilServant' | 'enterpriseSupplement'
  /** The insured place (参保地, insuplc_admdvs), per scheme. Routing follows it, never the card. */
  readonly region: Division
  readonly group: Group
  /** The first day without benefits (暂停参保日期, paus_insu_date). */
  readonly paused?: Day | undefined
  /** The premium tier (缴费档次) of residents. */
  readonly premiumTier?: string | undefined
  /** Months of continuous contribution (连续缴费月数), where a rule asks. */
  readonly contributionMonths?: number | undefined
}

/**
 * Care away from home filed with the home region (异地就医备案). Those that were recorded before more was kept of them say only
 * why, where and when.
 */
export interface Filing extends Span {
  readonly kind: FilingReason
  /** A pooling area, a province, or `country`. */
  readonly careRegion: Division
  /** What it was filed as. */
  readonly as?: FilingKind | undefined
  /** The region that it was filed with: no other goes by it. */
  readonly home?: Division | undefined
  /** The day on which it was made: for what was over before it comes too late. */
  readonly filedOn?: Day | undefined
  /** What its dossier is called (备案编号). */
  readonly number?: string | undefined
}

/** A filed special outpatient disease (门诊慢特病备案). */
export interface FiledDisease extends Span {
  readonly code: string
  readonly name: string
  readonly institutions?: readonly string[] | undefined
}

/** A certified work injury (工伤认定). */
export interface InjuryCertification extends Span {
  readonly certification: string
  readonly employer: string
  readonly diagnoses: readonly string[]
}

/** Leave to draw on another person's account (家庭共济授权), filed by that account's owner. */
export interface FamilyShare extends Span {
  /** The account owner's person number. */
  readonly owner: string
  readonly relation: string
}

/** An insured person (参保人, psn_no) as the engine needs to know them; no name, no citizen number. */
export interface Person {
  readonly id: string
  readonly birth: Day
  readonly sex: 'male' | 'female'
  readonly coverages: readonly Coverage[]
  readonly civilServant: boolean
  /** Identity classes (人员身份类别, psn_idet_type) such as "minimum-living" 低保, with their days. */
  readonly identities: readonly ({ readonly kind: string } & Span)[]
  /** Benefits being drawn: "unemployment" 失业保险金, "pension" 养老金. */
  readonly benefits: readonly ({ readonly kind: string } & Span)[]
  readonly diseases: readonly FiledDisease[]
  readonly filings: readonly Filing[]
  readonly injuries: readonly InjuryCertification[]
  readonly maternity: readonly ({ readonly registration: string } & Span)[]
  /** Whose accounts this person may draw on, in the order to be used. */
  readonly familyShares: readonly FamilyShare[]
  readonly died?: Day | undefined
  /** Direct settlement suspended for abuse (暂停联网结算). */
  readonly directSettlementSuspended?: Span | undefined
}
