import { playByConnections } from './connections.ts'
import { hasPgbench, playByPgbench } from './pgbench.ts'
import type { Play, Ran, RunOptions } from './step.ts'

/** Plays SQL over and over: pgbench where the machine has it, else our own connections. */
export async function drive(play: Play, options: RunOptions): Promise<Ran> {
  const driver = options.driver ?? (hasPgbench() ? 'pgbench' : 'connections')
  return driver === 'pgbench' ? playByPgbench(play, options) : playByConnections(play, options)
}
