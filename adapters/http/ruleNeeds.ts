import type { Division } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }

/** The rules in force of one region, already as JSON: amounts and rates are decimal text. */
export interface RuleQueries {
  list(): readonly RegionRules[]
  /** Undefined where the region has no pack. */
  on(region: Division, day: Day): Json | undefined
  /** Absent where nobody can run them. */
  readonly cases?: (region: Division) => Promise<readonly RanCase[]>
}

/** A case of the rules (案例) and how it came out: no differences means as it says. */
export interface RanCase {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly differences: readonly string[]
}

export interface RegionRules {
  readonly region: Division
  readonly name: string
  readonly divisions: readonly Division[]
  readonly hash: string
  readonly packs: readonly {
    readonly file: string
    readonly scheme: string
    readonly from: Day
    readonly until?: Day | undefined
  }[]
}
