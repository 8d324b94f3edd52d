// `npm start`: serves until it is told to stop.
import { closeInOrder } from './cli/closing.ts'
import { readConfig } from './config.ts'
import { createLog, openOutput } from './log.ts'

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const output = openOutput()
  const log = createLog(config.logLevel, output.stream)
  // Who starts others to serve needs nothing of what serves.
  const starting =
    config.workers > 1
      ? (await import('./cli/workers.ts')).serveWithWorkers(config, log, output.dropped)
      : (await import('./cli/serve.ts')).serve(config, log, output.dropped)
  // Before it listens, so that whoever reads that it does may tell it to end at once.
  closeInOrder(log, async () => {
    const running = await starting.catch(() => undefined)
    await running?.stop()
  })
  await starting
}

try {
  await main()
} catch (error) {
  // What stops a start is for the operator to read, not for a programmer.
  console.error(`jiesuan cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
