import type pg from 'pg'
import type { Logger } from 'pino'
import { createSums } from '../postgres/sums.ts'
import { sparing } from './sparing.ts'

/** Adds up what the journal has placed, for as long as the process that writes the journal lives. */
export function startSums(
  { pool, log }: { readonly pool: pg.Pool; readonly log: Logger },
  stack: AsyncDisposableStack,
): void {
  const sums = createSums({
    pool,
    onError: sparing(10_000, (error, leftOut) =>
      log.warn({ err: error, leftOut }, 'sums could not go on; they are tried again'),
    ),
  })
  sums.start()
  stack.defer(() => sums.stop())
}
