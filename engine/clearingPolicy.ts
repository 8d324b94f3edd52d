import type { Division } from './claim.ts'
import type { WindowKind } from './clearingWindow.ts'
import { parseRatio, type Ratio } from './money.ts'
import type { Rulebooks } from './rulebook.ts'

/** What a region has decided about clearing (清算业务参数). No document with a number is known, so all of it is configuration. */
export interface ClearingPolicy {
  readonly window: WindowKind
  /** So many days after a window's last one it is closed by itself, so that what was still under way is in it. */
  readonly closesAfter_days: number
  /** How much of a prepaid fund is used when it is to be looked at, and when it is to be filled (预警). */
  readonly yellow: Ratio
  readonly red: Ratio
  /** 质量保证金: what is retained of a run until the year's final one. */
  readonly retained: Ratio
}

/** What holds where a region says nothing else. [own]: the usual text of procedures, unverified (facts 3.4). */
export const usualClearingPolicy: ClearingPolicy = {
  window: 'month',
  closesAfter_days: 1,
  yellow: parseRatio('0.7'),
  red: parseRatio('0.9'),
  retained: parseRatio('0.05'),
}

export const clearingPolicyOf = (books: Pick<Rulebooks, 'of'>, region: Division): ClearingPolicy =>
  books.of(region)?.region.clearing ?? usualClearingPolicy
