import type { CareKind, CatalogueFund, ChargeClass, Division, Scheme } from './claim.ts'
import type { Day, Span } from './day.ts'
import type { HospitalLevel } from './institution.ts'
import type { Fen, Ratio, UnitPrice } from './money.ts'
import type { RegionPack } from './regionPack.ts'
import type { PoolingArea } from './route.ts'
import type { Source } from './source.ts'
import type { Amount, Path, Table, When } from './when.ts'

export type * from './regionPack.ts'
export type * from './source.ts'
export type * from './when.ts'

/** How a deductible (起付线) is charged: the six modes in use, see docs of each rule schema. */
export const deductibleModes = [
  'visit', // 按次: each visit or stay
  'year', // 按年: accumulated within the benefit year
  'quarter', // 按季度
  'month', // 按月
  'firstVisitOfInstitution', // 每家医院每年: first visit in each institution only
  'yearToppedUp', // 按年收取一次不足补齐: charged once; a higher standard later pays the difference
] as const
export type DeductibleMode = (typeof deductibleModes)[number]

/** A deductible (起付线) as a pack states it. */
export interface Deductible {
  readonly mode: DeductibleMode
  readonly amount: Table<Amount>
  /** Changes to the standard, applied in order: half from the second admission, 100 yuan less, 20 % more unfiled. */
  readonly adjust: readonly {
    readonly when: When
    readonly times?: Ratio
    readonly less?: Fen
    readonly path: Path
  }[]
  /** Accumulates under this name; layers and kinds of care that name the same share one deductible. */
  readonly accumulator: string
  readonly by?: 'disease' | 'institution' | undefined
  readonly source: string
}

/** Parts of the person's side that a layer may take as its base; what it pays leaves that part. */
export const burdenParts = [
  'inScope', // 符合政策范围, not yet taken up by any layer
  'crossRegionFirstPay', // 转外先自付
  'deductible', // 起付线以下
  'copay', // 统筹自付
  'aboveCap', // 封顶线以上
  'firstSelfPay', // 先行自付
  'overLimit', // 超限价
  'selfPaid', // 全自费
] as const
export type BurdenPart = (typeof burdenParts)[number]

/** The fee lines a layer pays for, where not all; every key given must hold. */
export interface LineFilter {
  readonly kind?: readonly string[] | undefined
  readonly exceptKind?: readonly string[] | undefined
  readonly class?: readonly ChargeClass[] | undefined
  readonly items?: readonly string[] | undefined
}

/** One segment of a table (分段), at one rate up to its boundary. */
export interface Segment {
  /** The upper boundary; absent in the last segment. */
  readonly upTo?: Table<Amount> | undefined
  readonly rate: Table<Ratio>
}

/** Segment tables (分段) count from zero (the deductible lies in the first) or from the deductible's end. */
export interface Tiers {
  readonly countedFrom: 'zero' | 'deductible'
  /** A visit (one stay, interim parts together) or the benefit year under the accumulator named. */
  readonly over: 'visit' | 'year'
  readonly accumulator?: string | undefined
  readonly segments: readonly Segment[]
}

/** How a layer pays: at a rate (比例), by segments (分段), or a fixed amount (定额). */
export type Payment =
  | { readonly kind: 'rate'; readonly rate: Table<Ratio> }
  | { readonly kind: 'tiers'; readonly tiers: Tiers }
  /** A fixed amount (定额) whatever the bill, at most the base. */
  | { readonly kind: 'fixed'; readonly amount: Table<Amount> }

/** The periods that a limit may hold for. */
export const capPeriods = [
  'visit',
  'day',
  'month',
  'quarter',
  'year',
  'eligibility',
  'lifetime',
] as const
export type CapPeriod = (typeof capPeriods)[number]

/** A limit (封顶线, 限额) on what a layer pays, or on the base it may pay from, over a period. */
export interface Cap {
  readonly per: CapPeriod
  readonly amount: Table<Amount>
  readonly counts: 'paid' | 'base'
  /** Counts what every layer feeding this name paid; absent only for caps per visit. */
  readonly accumulator?: string | undefined
  readonly by?: 'disease' | 'institution' | undefined
  readonly source: string
}

/** One payer's step in the waterfall (支付层). */
export interface Layer {
  readonly id: string
  readonly name: { readonly zh: string; readonly en: string }
  /** A fund's name, or `hospital` 医院负担, or `employer` 单位负担 (a memo, collected at the window). */
  readonly payer: string
  readonly when: When
  readonly base: readonly BurdenPart[]
  readonly lines?: LineFilter | undefined
  readonly deductible?: Deductible | undefined
  readonly pays: Payment
  /** Rates added to the rate, such as an age bonus; the sum is at most 100 %. */
  readonly bonus?: Table<Ratio> | undefined
  /** The person's own rate is this times what the rate leaves: 0.6 for retirees where so ruled. */
  readonly selfTimes?: Table<Ratio> | undefined
  /** Does a cross-region reduction of coefficient or points apply to this layer? */
  readonly reduced: boolean
  readonly caps: readonly Cap[]
  /** Accumulators that grow by what this layer pays, and by the base it had. */
  readonly feeds: readonly string[]
  readonly feedsBase: readonly string[]
  readonly source: string
  readonly illustrative: boolean
  readonly path: Path
}

/** The three ways to pay less away from home (异地降低待遇); each may be by reason, filing and place. */
export interface CrossRegion {
  /** Multiplies the rates of reduced layers. */
  readonly coefficient?: Table<Ratio> | undefined
  /** Percentage points taken off the rates of reduced layers. */
  readonly points?: Table<Ratio> | undefined
  /** Extra first self-pay: a part of the in-scope amount set aside before the deductible. */
  readonly firstPay?: Table<Ratio> | undefined
  readonly source: string
}

/** What a personal account (个人账户) may pay, and what a family account (家庭共济) may. */
export interface AccountPolicy {
  readonly own: readonly BurdenPart[]
  readonly family: readonly BurdenPart[]
  /** Relations whose accounts may be drawn on; empty means no family sharing. */
  readonly relations: readonly string[]
  readonly order: 'own-first' | 'family-first'
  /** Does what an account pays still count as the person's burden of the year? It does unless this is false. */
  readonly countsAsBurden?: boolean | undefined
  readonly source: string
}

/** How the lines are classified for this rule. */
export interface ScopePolicy {
  readonly catalogue: CatalogueFund
  readonly firstSelfPay: 'apply' | 'none'
  readonly priceLimit: 'apply' | 'none'
  /** First self-payment ratios by kind of item where the scheme differs from the catalogue. */
  readonly rates: readonly { readonly kind: string; readonly rate: Ratio }[]
}

/** A day of a claim that may decide (日期口径). */
export type DateBasis = 'admission' | 'discharge' | 'settlement'

/** Which day decides what (待遇日期口径); for outpatient care all are the same day. */
export interface DatePolicy {
  readonly entitlement: DateBasis
  readonly group: DateBasis
  /** Deductible, ratio and cap: which rule applies. */
  readonly benefit: DateBasis
  readonly year: DateBasis
  readonly catalogue: 'line' | DateBasis
  /** A stay over the end of a benefit year. */
  readonly acrossYears: 'whole' | 'split' | 'forced-interim'
}

/** The rule of one scheme for some kinds of care over a span of days. */
export interface Rule extends Span {
  readonly id: string
  readonly care: readonly CareKind[]
  /** Limits the rule to a case; rules of the same care and days must not overlap. */
  readonly when: When
  readonly scope: ScopePolicy
  readonly dates: DatePolicy
  /** Which accumulators "this care" counts in, such as inpatient or outpatient. */
  readonly careGroup: string
  readonly countsAdmission: boolean
  readonly needs: readonly Need[]
  readonly layers: readonly Layer[]
  readonly account: AccountPolicy
  readonly crossRegion?: CrossRegion | undefined
  readonly source: string
  readonly path: Path
}

/** What a claim must bring before the rule applies. */
export const needs = [
  'injuryCertification', // 工伤认定
  'injuryConsent', // 康复、辅助器具、复发确认
  'maternityRegistration', // 生育登记
  'filedDisease', // 慢特病备案
  'prescription', // 处方
] as const
export type Need = (typeof needs)[number]

/** A span with both ends stated. */
export interface Period {
  readonly from: Day
  readonly until: Day
}

/** One YAML file of a region: the rules of one scheme. */
export interface SchemePack {
  readonly file: string
  readonly region: Division
  readonly scheme: Scheme
  readonly period: Period
  readonly sources: Readonly<Record<string, Source>>
  /** Settles under the rules of another scheme, such as unemployment under employee. */
  readonly rules: readonly Rule[]
}

/** Layers added after the rules of others: the illustrative unemployment and pension layers. */
export interface Overlay {
  readonly file: string
  readonly name: string
  readonly regions: readonly Division[]
  readonly schemes: readonly Scheme[]
  readonly care: readonly CareKind[]
  readonly span: Period
  /** Claims of these schemes are settled by the rules of another, with this overlay. */
  readonly settlesUnder: Readonly<Partial<Record<Scheme, Scheme>>>
  readonly layers: readonly Layer[]
  readonly sources: Readonly<Record<string, Source>>
  readonly sandboxOnly: boolean
}

/** One dated entry of a catalogue (目录). */
export interface CatalogueItem extends Span {
  readonly code: string
  readonly name: string
  readonly class: ChargeClass
  readonly firstSelfPayRate: Ratio
  readonly limits: Readonly<Partial<Record<HospitalLevel, UnitPrice>>>
  readonly funds: readonly CatalogueFund[]
  readonly kind?: string | undefined
  readonly diseases?: readonly string[] | undefined
  readonly prescriptionOnly?: boolean | undefined
  readonly source: string
}

/** A catalogue (目录) of items with their classes, ratios and price ceilings. */
export interface Catalogue {
  readonly file: string
  /** The provinces or regions it holds for, by division; the closest wins. */
  readonly regions: readonly Division[]
  readonly items: readonly CatalogueItem[]
  readonly sources: Readonly<Record<string, Source>>
}

/** Everything read from a rules directory, decoded but not yet compiled. */
export interface Packs {
  readonly regions: readonly RegionPack[]
  /** Regions without rules of their own; none where only those with a pack are known. */
  readonly areas?: readonly PoolingArea[] | undefined
  readonly schemes: readonly SchemePack[]
  readonly overlays: readonly Overlay[]
  readonly catalogues: readonly Catalogue[]
}
