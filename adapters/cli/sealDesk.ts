import { digestParts } from '../crypto/sealKeys.ts'
import type { Desk } from '../http/needs.ts'
import { exportLines } from '../postgres/auditExport.ts'
import { KeptHeads } from '../postgres/keptHeads.ts'
import { SealQueries } from '../postgres/sealQueries.ts'
import { journalOrigin } from './sealing.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

export function sealDeskOf({ pool, clock, config }: World): NonNullable<Desk['seal']> {
  const queries = new SealQueries(pool, digestParts)
  const kept = new KeptHeads(pool)
  const options = {
    pool,
    digest: digestParts,
    origin: journalOrigin(config),
    now: () => clock.now(),
  }
  return {
    heads: withFault((asked) => queries.heads(asked)),
    consistency: withFault((from, until) => queries.consistency(from, until)),
    proofs: withFault((id) => queries.proofs(id)),
    keys: withFault(() => queries.keys()),
    sealedUpTo: withFault(() => queries.sealedUpTo()),
    kept: withFault((asked) => kept.list(asked)),
    export: (asked, signal) => exportLines(options, asked, signal),
  }
}
