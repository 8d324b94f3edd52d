import type { Logger } from 'pino'
import { sandboxCallerKey } from '../crypto/callerKeys.ts'
import { openCallers, sandboxCallers } from '../crypto/callers.ts'
import { ConfigError } from '../config.ts'
import type { CallerDesk } from '../http/callerNeeds.ts'
import type { World } from './serve.ts'
import { sparing } from './sparing.ts'

/** So often the log says at most that the changed file cannot be read. */
const tellTrouble_ms = 60_000

/** Who has a key: those of CALLERS_FILE, and in the sandbox its own. */
export function callerDeskOf({
  config,
  log,
  metrics,
}: Pick<World, 'config' | 'log' | 'metrics'>): CallerDesk {
  const { callersFile: file, mode } = config
  const onTrouble = sparing<Error>(tellTrouble_ms, (error) =>
    log.error(
      { err: error },
      'CALLERS_FILE has changed and cannot be read; those of before are known still',
    ),
  )
  try {
    const callers = openCallers({ file, mode, onTrouble })
    metrics.watch('callers_stale', () => Number(callers.isStale()))
    return {
      find: (key) => callers.find(key),
      required: mode === 'production' && file !== undefined,
    }
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}

/** The keys of the sandbox, which everybody may know. */
export const sandboxKeyList = (): readonly { readonly id: string; readonly key: string }[] =>
  sandboxCallers.map(({ id }) => ({ id, key: sandboxCallerKey(id) }))

export function tellSandboxKeys(log: Logger): void {
  for (const { id, key } of sandboxKeyList())
    log.info(`sandbox key of ${id}, which everybody may know: ${key}`)
}
