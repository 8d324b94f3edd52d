import pg from 'pg'
import { Fault } from '../../engine/ports.ts'
import { Bug } from '../../engine/refusal.ts'

/** Somebody else was first, or the server chose us to yield: the same work may succeed at once. */
const conflicts = new Set(['23505', '40001', '40P01'])

const isOfServer = (error: unknown): error is pg.DatabaseError => error instanceof pg.DatabaseError

/**
 * The server said no, and may go on. Whether it does is seen by its answer to what comes next: how grave an error is it says in its own
 * language.
 */
export const isRefusal = (error: unknown): boolean =>
  isOfServer(error) && !error.code?.startsWith('57P') && !error.code?.startsWith('08')

/** A lost race leaves a sound connection; any other error may come from one that no longer is. */
export const isLostRace = (error: unknown): boolean =>
  isRefusal(error) && conflicts.has((error as pg.DatabaseError).code ?? '')

/** A mistake of ours, such as a CHECK that does not hold: no fault of the world, and no repeat will help. */
function isBug(error: unknown): boolean {
  if (!isOfServer(error))
    return error instanceof Bug || error instanceof TypeError || error instanceof RangeError
  const { code = '' } = error
  return /^(22|23|42)/.test(code) && code !== '23505'
}

/** What an error before COMMIT means: the transaction is gone, so it is never unknown. */
export function faultBefore(error: unknown): unknown {
  if (error instanceof Fault || isBug(error)) return error
  if (isOfServer(error) && conflicts.has(error.code ?? ''))
    return new Fault('conflict', `another transaction was first (${error.code})`, error)
  return new Fault('unavailable', 'the database is away', error)
}

/** What an error means once COMMIT was sent: only of a server that refused and goes on is it known that nothing happened. */
export function faultAfter(error: unknown, goesOn: boolean): unknown {
  if (error instanceof Fault) return error
  if (isRefusal(error) && goesOn) return faultBefore(error)
  return new Fault('unknown', 'a commit was sent and no reply came', error)
}
