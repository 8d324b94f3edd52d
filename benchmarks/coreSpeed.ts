import { splitFor } from './figures/splitAlone.ts'
import { inpatientBills } from './inpatients.ts'

/**
 * How many bills `split` computes now in a second of a core, as in B8. Shared machines are twice as fast at one hour as at another: this tells
 * which hour it was, so that milliseconds and rates of two runs can be set beside each other.
 */
export function coreSpeed(): number {
  const some = inpatientBills(200, 'core speed')
  splitFor(1.5, some)
  return Math.round(splitFor(1, some).ofCore)
}
