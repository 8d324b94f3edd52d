import type { Clock } from '../../engine/ports.ts'
import type { Config } from '../config.ts'
import { digestParts, openSealKey, sandboxSealKey, type SealKeyPair } from '../crypto/sealKeys.ts'
import { sm2Verify } from '../crypto/sm2.ts'
import { enterSealStart } from '../postgres/auditor.ts'
import { accessLog, journalLog } from '../postgres/sealedLogs.ts'
import { createSealer } from '../postgres/sealer.ts'
import { checkSealKey, enterSealKey } from '../postgres/sealKeys.ts'
import type { Ground } from './ground.ts'
import { sparing } from './sparing.ts'

/** Which log its heads say they are of. */
export const journalOrigin = ({ regions: [own] }: Pick<Config, 'regions'>): string =>
  `${own} journal`

export const accessOrigin = ({ regions: [own] }: Pick<Config, 'regions'>): string => `${own} access`

/** The key that heads are signed with; a production without one seals nothing. */
export function sealKeyOf({ sealKeyFile, mode, regions: [own] }: Config): SealKeyPair | undefined {
  if (sealKeyFile !== undefined) return openSealKey(sealKeyFile, 'SEAL_KEY_FILE')
  return mode === 'sandbox' ? sandboxSealKey(own) : undefined
}

/**
 * Seals the journal and the access log as they grow, in the process that writes the journal. A key that may not sign stops the
 * start; nothing is written before the whole start has come to its end, when what is given back is called.
 */
export async function prepareSealing(
  { config, log, pool, crypto }: Pick<Ground, 'config' | 'log' | 'pool' | 'crypto'>,
  clock: Clock,
  stack: AsyncDisposableStack,
): Promise<() => void> {
  const signer = sealKeyOf(config)
  if (!signer) {
    log.warn(
      'SEAL_KEY_FILE is not set: nothing is sealed, and nobody can prove that nothing was changed',
    )
    return () => {}
  }
  const checking = { pool, digest: digestParts, verify: sm2Verify }
  await checkSealKey(checking, signer)
  let entered: Promise<void> | undefined
  const enter = async (): Promise<void> => {
    await enterSealStart(pool, crypto)
    await enterSealKey(checking, signer)
  }
  const before = async (): Promise<void> => {
    entered ??= enter().catch((error: unknown) => {
      entered = undefined
      throw error
    })
    return entered
  }
  const logs = [
    [journalLog(digestParts), journalOrigin(config)],
    [accessLog(digestParts), accessOrigin(config)],
  ] as const
  const sealers = logs.map(([of, origin]) =>
    createSealer({
      pool,
      digest: digestParts,
      verify: sm2Verify,
      log: of,
      origin,
      signer,
      before,
      now: () => clock.now(),
      onError: sparing(10_000, (error, leftOut) =>
        log.error({ err: error, leftOut }, 'sealing could not go on; it tries again'),
      ),
    }),
  )
  return () => {
    for (const sealer of sealers) {
      sealer.start()
      stack.defer(() => sealer.stop())
    }
  }
}
