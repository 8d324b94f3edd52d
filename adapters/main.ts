// `npm start`: serves until it is told to stop.
import closeWithGrace from 'close-with-grace'
import { serve } from './cli/serve.ts'
import { readConfig } from './config.ts'
import { createLog, openOutput } from './log.ts'

/** A supervisor kills after this; whoever was accepted before has an answer long since. */
const grace_ms = 30_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const output = openOutput()
  const log = createLog(config.logLevel, output.stream)
  const running = await serve(config, log, output.dropped)
  // A second signal does not wait: close-with-grace ends the process at once.
  const logger = { error: (...what: unknown[]) => log.error(what.map(String).join(' ')) }
  closeWithGrace({ delay: grace_ms, logger, skip: ['beforeExit'] }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'closing after an error that nobody caught')
    else log.info(`closing after ${signal}`)
    await running.stop()
    log.info('closed')
  })
}

try {
  await main()
} catch (error) {
  // What stops a start is for the operator to read, not for a programmer.
  console.error(`jiesuan cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
