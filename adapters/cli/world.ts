import type { Logger } from 'pino'
import { type Config, ConfigError } from '../config.ts'
import { openCardRoots } from '../crypto/cardRoots.ts'
import { openKeyStore } from '../crypto/openKeyStore.ts'
import { createVerifyPool, type VerifyPool } from '../crypto/verifyPool.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import { loadRules } from '../rulepacks/load.ts'
import { poolSizeOf } from './database.ts'
import { openSettings } from './gateway.ts'
import { openClock, openGround } from './ground.ts'
import { type Place, shareOf } from './place.ts'
import { openDirectory, regionsOf } from './regions.ts'
import type { World } from './serve.ts'

/** Reads rules and keys, and opens the database and the clock. */
export async function openWorld(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  place: Place,
): Promise<World> {
  const rules = loadRules(config.rulesDirectory, { sandbox: config.mode === 'sandbox' })
  refuseRegionsWithoutRules(config, rules)
  refuseOtherRules(rules, place)
  const settings = openSettings({ config, rules })
  const regionDirectory = openDirectory(config, rules)
  const regions = regionsOf(config, rules, regionDirectory)
  const ground = await openGround(config, log, stack, poolSizeOf(place.of))
  const clock = place.common?.clock ?? (await openClock(ground, stack))
  const keyStore = openKeyStore({
    file: config.keyStoreFile,
    secretFile: config.keyStoreSecretFile,
    mode: config.mode,
    regions: config.regions,
  })
  const verifyPool = openVerifyPool(config, log, stack, place)
  const metrics = openMetrics(place)
  const opened = { ...ground, place, metrics, keyStore, verifyPool, clock }
  return { ...opened, rules, settings, regions, regionDirectory }
}

function refuseRegionsWithoutRules({ regions }: Config, { rulebooks }: World['rules']): void {
  const missing = regions.filter((region) => !rulebooks.of(region))
  if (missing.length > 0)
    throw new ConfigError(
      `REGIONS names ${missing.join(', ')}, for which RULES_DIR has no rules; it has ` +
        `${rulebooks.all.map(({ region }) => region.division).join(', ')}.`,
    )
}

/** A process that takes the place of another must not decide otherwise than those beside it. */
function refuseOtherRules({ hashes }: World['rules'], { common }: Place): void {
  if (common?.packHash !== undefined && common.packHash !== hashes.whole)
    throw new ConfigError(
      'RULES_DIR has other rules than those that are served. Put them back, or start the server anew.',
    )
}

/** Whoever asks one process for its counters is told those of all. */
function openMetrics({ slot, common }: Place): Metrics {
  const metrics = createMetrics({ readsBooks: slot === 1 })
  return common ? { ...metrics, text: () => common.metrics() } : metrics
}

/** So many threads check certificates of cards at most; each serves some 1,200 cards a second. */
const verifyThreads = 2

function openVerifyPool(
  { mode, cardRootsFile: file, cardRevokedFile: revokedFile }: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  place: Place,
): VerifyPool | undefined {
  const trusted = openCardRoots({ file, revokedFile, mode })
  if (!trusted) return undefined
  const pool = createVerifyPool({
    trusted,
    threads: shareOf(verifyThreads, place),
    onFallback: (error) => log.warn({ err: error }, 'certificates are checked on the main thread'),
  })
  stack.defer(() => pool.close())
  return pool
}
