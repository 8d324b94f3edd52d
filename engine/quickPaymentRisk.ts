import type { RiskRule } from './cardPolicy.ts'
import type { Division } from './claim.ts'
import type { Instant } from './day.ts'
import type { TapsBefore } from './quickPaymentTaps.ts'

const minute_ms = 60_000

/** Where and when a card is about to pay. */
export interface Paying {
  readonly at: Instant
  readonly region: Division
}

type Check<K extends RiskRule['kind']> = (
  rule: Extract<RiskRule, { kind: K }>,
  before: TapsBefore,
  paying: Paying,
) => boolean

/** What each kind of rule finds. Records come late and in any order, so a distance in time has no direction. */
const checks: { readonly [K in RiskRule['kind']]: Check<K> } = {
  velocity: ({ most, within_minutes }, { recent }, { at }) =>
    recent.filter((one) => Math.abs(at - one.at) < within_minutes * minute_ms).length >= most,
  travel: ({ within_minutes }, { recent }, { at, region }) =>
    recent.some(
      (one) => one.region !== region && Math.abs(at - one.at) < within_minutes * minute_ms,
    ),
  'terminal-counter': (_rule, { sequenceSeen }) => sequenceSeen,
}

/** The risk rules that a payment meets (风险规则). */
export const risksMet = (
  rules: readonly RiskRule[],
  before: TapsBefore,
  paying: Paying,
): RiskRule[] =>
  rules.filter((rule) =>
    (checks[rule.kind] as Check<typeof rule.kind>)(rule as never, before, paying),
  )
