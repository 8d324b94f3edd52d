import type { CareKind } from './claim.ts'
import type { HospitalLevel } from './institution.ts'
import type { Fen, Ratio } from './money.ts'
import type { Group } from './person.ts'
import type { Place } from './route.ts'

/** Where a value stands in its file, so that a complaint found while compiling can name line and column. */
export type Path = readonly (string | number)[]

/** A range of numbers: from one, included, to below another. */
export interface Band {
  readonly from?: number | undefined
  readonly below?: number | undefined
}

/** What a rule may match on. Every key given must hold; a list means any of its members. */
export interface When {
  readonly level?: readonly HospitalLevel[] | undefined
  readonly institutionType?: readonly string[] | undefined
  readonly institution?: readonly string[] | undefined
  readonly care?: readonly CareKind[] | undefined
  readonly group?: readonly Group[] | undefined
  readonly age?: Band | undefined
  readonly premiumTier?: readonly string[] | undefined
  readonly identity?: readonly string[] | undefined
  readonly benefit?: readonly string[] | undefined
  readonly civilServant?: boolean | undefined
  readonly contributionMonths?: Band | undefined
  /** The ordinal of this admission in the benefit year, from 1. */
  readonly admission?: Band | undefined
  readonly place?: readonly Place[] | undefined
  readonly reason?: readonly CrossRegionReason[] | undefined
  readonly filed?: boolean | undefined
  readonly disease?: readonly string[] | undefined
  readonly maternityKind?: readonly string[] | undefined
  readonly fetuses?: Band | undefined
  readonly emergency?: boolean | undefined
  readonly prescription?: boolean | undefined
  /** Has this person an interim part of the same stay already settled? */
  readonly continued?: boolean | undefined
}

/** Why somebody is treated away from home (异地就医类别). */
export type CrossRegionReason = 'none' | 'long-term' | 'referral' | 'emergency' | 'other'

/**
 * Values by case. Unless `first`, exactly one row must fit every case that can occur: two or none is an error at load.
 * With `first`, rows are tried in order and the first that fits is taken; the last must fit everything.
 */
export interface Table<V> {
  readonly rows: readonly { readonly when: When; readonly value: V; readonly path: Path }[]
  readonly pick: 'only' | 'first'
  readonly path: Path
}

/** An amount, or a multiple of a dated parameter such as the average wage (社会平均工资). */
export type Amount =
  | { readonly fen: Fen }
  | { readonly times: Ratio; readonly parameter: string }
  | { readonly unlimited: true }
