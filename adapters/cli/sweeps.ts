import type { Clearing } from '../clearing/clearing.ts'
import type { Desk } from '../http/needs.ts'
import { startSweeps } from '../jobs/sweeps.ts'
import type { Sweep } from '../jobs/sweep.ts'
import { window_ms } from '../nhsa/signature.ts'
import type { Resolver } from '../region/resolver.ts'
import { createChallenges } from '../postgres/challenges.ts'
import { forgetNonces } from '../postgres/nonces.ts'
import type { Banked } from './bank.ts'
import { lapseTemporaryLosses } from './lapses.ts'
import type { World } from './serve.ts'
import { sparing } from './sparing.ts'
import { witnessing } from './witnessing.ts'

/** What sweeps ask of. */
interface Swept extends Banked {
  readonly desk: Pick<Desk, 'submit'>
  readonly clearing: Clearing
  readonly resolver: Resolver
}

const challengesOf = ({ pool, clock }: World) => createChallenges({ pool, now: () => clock.now() })

/** What is looked for again and again, each on its own line. */
const sweepsOf = (
  world: World,
  { desk, collections, payouts, clearing, resolver }: Swept,
): readonly Sweep[] => [
  // A time stamp may be off to either side by the window, and as much again is to spare.
  { name: 'nonces', every_ms: 60_000, run: async () => forgetNonces(world.pool, 4 * window_ms) },
  { name: 'challenges', every_ms: 60_000, run: async () => challengesOf(world).sweep() },
  { name: 'losses', every_ms: 30_000, run: async () => lapseTemporaryLosses(world, desk, 200) },
  { name: 'clearing', every_ms: 60_000, run: async (signal) => clearing.closeDue(signal) },
  { name: 'crossings', every_ms: 2_000, run: resolver.resolve.bind(resolver) },
  ...(collections
    ? [{ name: 'collections', every_ms: 2_000, run: collections.resolve.bind(collections) }]
    : []),
  ...witnessing(world),
  ...(payouts ? [{ name: 'payouts', every_ms: 2_000, run: payouts.resolve.bind(payouts) }] : []),
]

/** Starts the sweeps of a process; they end before its connections do. */
export function startSweeping(world: World, stack: AsyncDisposableStack, swept: Swept): void {
  const { pool, log, metrics } = world
  const told = new Map<string, (error: unknown) => void>()
  const toldOf = (name: string): ((error: unknown) => void) =>
    sparing(60_000, (error, leftOut) =>
      log.warn({ err: error, sweep: name, leftOut }, 'a sweep failed; it is tried again'),
    )
  const running = startSweeps({
    pool,
    sweeps: sweepsOf(world, swept),
    onRun: (name, outcome, count) => metrics.swept(name, outcome, count),
    onError(name, error) {
      const tell = told.get(name) ?? toldOf(name)
      told.set(name, tell)
      tell(error)
    },
  })
  stack.defer(() => running.stop())
}
