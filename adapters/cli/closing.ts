import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'

/** A supervisor kills after this; whoever was accepted before has an answer long since. */
const grace_ms = 30_000

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** Ends the process in order when it is told to, and after an error that nobody caught. A second signal does not wait. */
export function closeInOrder(
  log: Logger,
  stop: () => Promise<void>,
  { heedsSignals = true }: { readonly heedsSignals?: boolean } = {},
): void {
  const logger = { error: (...what: unknown[]) => log.error(what.map(String).join(' ')) }
  const skip = ['beforeExit' as const, ...(heedsSignals ? [] : signals)]
  closeWithGrace({ delay: grace_ms, logger, skip }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'closing after an error that nobody caught')
    else log.info(`closing after ${signal}`)
    await stop()
    log.info('closed')
  })
  // A terminal and a supervisor signal a whole group of processes; who started this one tells it what to do.
  if (!heedsSignals) for (const signal of signals) process.on(signal, () => {})
}
