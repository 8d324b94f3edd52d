import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { serve } from './serve.ts'

/** What a second region of the demo tells whoever started it. */
export type RegionWord = { readonly url: string } | { readonly error: string }

/** Serves until whoever started it is gone, however that ended: nobody else would end it. */
async function main(): Promise<void> {
  const starting = serve(readConfig(process.env), createLog('error', process.stderr))
  let stopping: Promise<void> | undefined
  const end = async (): Promise<void> => (await starting.catch(() => undefined))?.stop()
  const stop = (): void => {
    stopping ??= end().finally(() => process.exit())
  }
  const tell = (word: RegionWord): void => void (process.connected && process.send?.(word))
  process.once('disconnect', stop)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  try {
    const { url } = await starting
    tell({ url })
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) })
    process.exitCode = 1
    if (process.connected) process.disconnect?.()
  }
}

await main()
