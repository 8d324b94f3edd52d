import { bookCryptoOf } from '../crypto/bookCrypto.ts'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../../engine/ports.ts'
import type { Config } from '../config.ts'
import { proofsOf, readDataKeys } from '../crypto/dataKey.ts'
import { testAlgorithms } from '../crypto/selfTest.ts'
import { refuseOpenDoor } from '../http/caller.ts'
import { createClockMark } from '../postgres/clockMark.ts'
import { createJournal, type Journal } from '../postgres/journal.ts'
import { checkKeys } from '../postgres/keyCheck.ts'
import type { Crypto } from '../postgres/needs.ts'
import { machineClock, morningOf, type SandboxClock, startSandboxClock } from '../sandbox/clock.ts'
import { readWorld } from '../sandbox/world.ts'
import { openDatabase } from './database.ts'
import { sparing } from './sparing.ts'

/** What every process stands on: its configuration and a database that was filled with its keys. */
export interface Ground {
  readonly config: Config
  readonly log: Logger
  readonly pool: pg.Pool
  readonly crypto: Crypto
}

/** Opens the database with so many connections; it is touched only once the keys have been compared with its own. */
export async function openGround(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  connections: number,
): Promise<Ground> {
  const keys = readDataKeys({ file: config.dataKeyFile, mode: config.mode })
  const crypto = bookCryptoOf(keys)
  const pool = await openDatabase(config, log, stack, connections)
  await checkKeys({ pool, crypto, proofs: proofsOf(keys), mode: config.mode })
  return { config, log, pool, crypto }
}

/** What stops any process before it does anything. */
export function checkBefore(config: Config): void {
  testAlgorithms()
  refuseOpenDoor(config)
}

/** The sandbox has a clock of its own, which never runs backwards over a restart. */
export async function openClock(
  { config, pool }: Pick<Ground, 'config' | 'pool'>,
  stack: AsyncDisposableStack,
): Promise<Clock> {
  const { mode } = config
  return mode === 'production' ? machineClock() : openSandboxClock({ config, pool }, stack)
}

export async function openSandboxClock(
  { config: { clock, rulesDirectory }, pool }: Pick<Ground, 'config' | 'pool'>,
  stack: AsyncDisposableStack,
  onLimit?: (limit: number) => void,
): Promise<SandboxClock> {
  const sandbox = await startSandboxClock({
    start_ms: clock?.start_ms ?? morningOf(readWorld(rulesDirectory).day),
    rate: clock?.rate ?? 1,
    mark: createClockMark(pool),
    ...(onLimit && { onLimit }),
  })
  stack.defer(() => sandbox.stop())
  return sandbox
}

export function startJournal(
  { pool, log }: Pick<Ground, 'pool' | 'log'>,
  clock: Clock,
  stack: AsyncDisposableStack,
): Journal {
  const journal = createJournal({
    pool,
    now: () => clock.now(),
    // It tries several times a second, and one word in a while is enough.
    onError: sparing(10_000, (error, leftOut) =>
      log.warn({ err: error, leftOut }, 'the journal could not go on; it tries again'),
    ),
  })
  journal.start()
  stack.defer(() => journal.stop())
  return journal
}
