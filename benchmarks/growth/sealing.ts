import type pg from 'pg'
import { sm2Verify } from '../../adapters/crypto/sm2.ts'
import { digestParts, sandboxSealKey } from '../../adapters/crypto/sealKeys.ts'
import { journalLog } from '../../adapters/postgres/sealedLogs.ts'
import { createSealer, type Sealer } from '../../adapters/postgres/sealer.ts'
import { enterSealKey } from '../../adapters/postgres/sealKeys.ts'
import type { Instant } from '../../engine/day.ts'

/** The region whose sandbox is seeded: the first of REGIONS where nothing is set. */
const ownRegion = '510100'

/** What seals a journal as a server of the sandbox would. */
export async function openSealing(pool: pg.Pool, now: () => Instant): Promise<Sealer> {
  const signer = sandboxSealKey(ownRegion)
  const crypto = { digest: digestParts, verify: sm2Verify }
  await enterSealKey({ pool, ...crypto }, signer)
  const log = journalLog(digestParts)
  return createSealer({ pool, ...crypto, log, origin: `${ownRegion} journal`, signer, now })
}
