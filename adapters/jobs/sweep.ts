import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** Work that is looked for again and again: it may be woken twice, at once or never, and does no harm. */
export interface Sweep {
  readonly name: string
  readonly every_ms: number
  /** Gives the number of things done; `signal` asks it to end after the one under way. */
  run(signal: AbortSignal): Promise<number>
}

/** How a run of a sweep ended; `elsewhere` means that another process was at it. */
export type SweepOutcome = 'done' | 'elsewhere' | 'failed'

/** A transaction that fences a sweep stands still for as long as that runs, which no other of ours may. */
const longest_ms = 60_000

/** PostgreSQL does not lengthen a limit of a transaction that has begun; it only ends one, and begins one where none is (17 on). */
const limit = (ms: number): string => `
  select set_config('transaction_timeout', '${ms}', true)
  where current_setting('server_version_num')::int >= 170000`

const openFence = `
  begin;
  select set_config('idle_in_transaction_session_timeout', '${longest_ms}', true);
  ${limit(0)};
  ${limit(longest_ms)}`

const takeFence = `select pg_try_advisory_xact_lock(hashtextextended('sweep ' || $1, 0)) as ours`

/**
 * Runs a sweep where no other process does. The fence is a lock of a transaction of our own, so that it ends with its
 * owner however that ends; where it is lost the sweep runs twice, which it must bear anyway.
 */
export async function runFenced(
  pool: pg.Pool,
  sweep: Sweep,
  signal: AbortSignal,
): Promise<{ readonly outcome: SweepOutcome; readonly count: number }> {
  const client = await pool.connect()
  let failure: unknown
  const onError = (error: Error): void => void (failure = error)
  client.on('error', onError)
  try {
    await client.query(openFence)
    const { rows } = await client.query<{ ours: boolean }>(takeFence, [sweep.name])
    const ours = rows[0]?.ours === true
    const count = ours ? await untilGivenUp(sweep.run(signal), signal) : 0
    await client.query('rollback')
    return { outcome: ours ? 'done' : 'elsewhere', count }
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.off('error', onError)
    // A connection that may still hold the fence is not used again.
    client.release(failure !== undefined)
  }
}

/** A sweep that was told to end and does not is left to its own time-outs, so that nobody waits for its connection. */
const patience_ms = 1_200

async function untilGivenUp<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController()
  const givenUp = async (): Promise<never> => {
    if (!signal.aborted) await once(signal, 'abort', { signal: done.signal })
    await sleep(patience_ms, undefined, { signal: done.signal })
    throw new Error('the sweep did not end when it was told to')
  }
  try {
    return await Promise.race([work, givenUp()])
  } finally {
    done.abort()
  }
}
