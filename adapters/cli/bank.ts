import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import type { Collections } from '../bank/collections.ts'
import type { Payouts } from '../bank/payouts.ts'
import { simulatedBank } from '../bank/simulated.ts'
import { openCollections } from './collections.ts'
import { openPayouts } from './payouts.ts'
import type { World } from './serve.ts'

/** What a bank does for us, where one is connected. */
export interface Banked {
  readonly collections: Collections | undefined
  readonly payouts: Payouts | undefined
}

/** In the sandbox a bank that is simulated; production has none yet. */
export function openBank(world: World, submit: (ask: Ask) => Promise<Outcome>): Banked {
  if (world.config.mode === 'production') return { collections: undefined, payouts: undefined }
  const bank = world.place.common?.bank ?? simulatedBank()
  return {
    collections: openCollections(world, submit, bank),
    payouts: openPayouts(world, submit, bank),
  }
}
