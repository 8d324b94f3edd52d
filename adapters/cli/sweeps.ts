import type { Collections } from '../bank/collections.ts'
import { startSweeps } from '../jobs/sweeps.ts'
import type { Sweep } from '../jobs/sweep.ts'
import { window_ms } from '../nhsa/signature.ts'
import { forgetNonces } from '../postgres/nonces.ts'
import type { World } from './serve.ts'
import { sparing } from './sparing.ts'

/** What is looked for again and again, each on its own line. */
const sweepsOf = ({ pool }: World, collections: Collections | undefined): readonly Sweep[] => [
  // A time stamp may be off to either side by the window, and as much again is to spare.
  { name: 'nonces', every_ms: 60_000, run: async () => forgetNonces(pool, 4 * window_ms) },
  ...(collections
    ? [{ name: 'collections', every_ms: 2_000, run: collections.resolve.bind(collections) }]
    : []),
]

/** Starts the sweeps of a process; they end before its connections do. */
export function startSweeping(
  world: World,
  stack: AsyncDisposableStack,
  collections: Collections | undefined,
): void {
  const { pool, log, metrics } = world
  const told = new Map<string, (error: unknown) => void>()
  const toldOf = (name: string): ((error: unknown) => void) =>
    sparing(60_000, (error, leftOut) =>
      log.warn({ err: error, sweep: name, leftOut }, 'a sweep failed; it is tried again'),
    )
  const running = startSweeps({
    pool,
    sweeps: sweepsOf(world, collections),
    onRun: (name, outcome, count) => metrics.swept(name, outcome, count),
    onError(name, error) {
      const tell = told.get(name) ?? toldOf(name)
      told.set(name, tell)
      tell(error)
    },
  })
  stack.defer(() => running.stop())
}
