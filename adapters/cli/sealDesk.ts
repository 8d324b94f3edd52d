import { digestParts } from '../crypto/sealKeys.ts'
import type { Desk } from '../http/needs.ts'
import { exportLines } from '../postgres/auditExport.ts'
import { KeptHeads } from '../postgres/keptHeads.ts'
import { accessLog } from '../postgres/sealedLogs.ts'
import { SealQueries } from '../postgres/sealQueries.ts'
import { accessOrigin, journalOrigin } from './sealing.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

export function sealDeskOf({ pool, clock, config }: World): NonNullable<Desk['seal']> {
  const queries = new SealQueries(pool, digestParts)
  const logs = {
    journal: queries,
    access: new SealQueries(pool, digestParts, accessLog(digestParts)),
  }
  const kept = new KeptHeads(pool)
  const options = {
    pool,
    digest: digestParts,
    origin: journalOrigin(config),
    now: () => clock.now(),
  }
  return {
    heads: withFault((asked, log) => logs[log].heads(asked)),
    consistency: withFault((from, until, log) => logs[log].consistency(from, until)),
    proofs: withFault((id) => queries.proofs(id)),
    keys: withFault(() => queries.keys()),
    sealedUpTo: withFault(() => queries.sealedUpTo()),
    kept: withFault((asked) => kept.list(asked)),
    export: (asked, signal) =>
      exportLines(
        asked.log === 'access' ? { ...options, origin: accessOrigin(config) } : options,
        asked,
        signal,
      ),
  }
}
