import type { Ask } from '../../engine/ports.ts'
import type { Taken } from '../../engine/process.ts'
import type { Lane } from '../http/needs.ts'
import type { Metrics } from '../metrics.ts'
import { isRegion } from '../../engine/institution.ts'
import { refuseApplied } from '../nhsa/clearing.ts'
import type { Batcher } from '../postgres/batcher.ts'
import type { World } from './serve.ts'

/** Gives an ask to the engine and counts what becomes of it. */
export type Taking = (ask: Ask, lane?: Lane) => Promise<Taken>

export const createTaking =
  (world: World, batcher: Batcher): Taking =>
  async (ask, lane) => {
    const asked = performance.now()
    const taken = await batcher.submit(heedClearing(ask, world), lane)
    if (taken.kind !== 'asking') count(taken, performance.now() - asked, world.metrics)
    return taken
  }

function count(outcome: Exclude<Taken, { kind: 'asking' }>, took_ms: number, metrics: Metrics) {
  metrics.settled(outcome.kind, took_ms)
  if (outcome.kind === 'refused') metrics.refused(outcome.refusal.code)
  if (outcome.kind === 'settled' && !outcome.replayed) metrics.routed(outcome.row.content.route)
  if ('replayed' in outcome && outcome.replayed) metrics.replayed()
}

/**
 * However a cancellation is asked for: what lies in a period that is applied for is the agency's to adjust (decision 17),
 * whose desk records that it passed it over. What another region cancels, that region's own periods have let pass.
 */
const heedClearing = (ask: Ask, { settings }: World): Ask =>
  ask.kind === 'resettle' || (ask.kind === 'cancel' && !isRegion(ask.key.institution))
    ? {
        ...ask,
        blocked: (found, head) => refuseApplied(found, settings.of(head.content.careRegion), head),
      }
    : ask
