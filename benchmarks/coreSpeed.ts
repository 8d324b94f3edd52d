import { splitFor } from './figures/splitAlone.ts'
import { inpatientBills } from './inpatients.ts'

/**
 * How many bills `split` computes now in a second of a core, much as in B8. One machine is three times as fast as another that has as many cores, and a
 * shared one is not the same at every hour: this tells how far milliseconds and rates of two runs can be set beside each other.
 */
export function coreSpeed(): number {
  const some = inpatientBills(200, 'core speed')
  splitFor(1.5, some)
  return Math.round(splitFor(1, some).ofCore)
}
