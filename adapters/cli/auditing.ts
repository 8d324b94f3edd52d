import type { Clock } from '../../engine/ports.ts'
import { digestParts } from '../crypto/sealKeys.ts'
import { sm2Verify } from '../crypto/sm2.ts'
import type { Desk } from '../http/needs.ts'
import type { Watched } from '../gauges.ts'
import { type AuditState, createAudit, readAuditState } from '../postgres/audit.ts'
import { proveAsked } from '../postgres/auditAsked.ts'
import type { Ground } from './ground.ts'
import { accessOrigin, journalOrigin, sealKeyOf } from './sealing.ts'
import { sparing } from './sparing.ts'
import { withFault } from './withFault.ts'

/** Starts the self-audit, in the process that writes the journal; gives what is known of its last round. */
export function startAuditing(
  { config, log, pool, crypto }: Ground,
  clock: Clock,
  stack: AsyncDisposableStack,
): () => AuditState | undefined {
  let last: AuditState | undefined
  if (config.auditShare === 0) return () => last
  const audit = createAudit({
    pool,
    crypto,
    digest: digestParts,
    verify: sm2Verify,
    origin: journalOrigin(config),
    accessOrigin: accessOrigin(config),
    signer: sealKeyOf(config),
    now: () => clock.now(),
    share: config.auditShare,
    onFinding: (finding) =>
      log.error({ finding }, 'the self-audit found what is not as it was written'),
    onRound(state) {
      last = state
    },
    onError: sparing(60_000, (error, leftOut) =>
      log.warn({ err: error, leftOut }, 'the self-audit could not go on; it begins anew'),
    ),
  })
  // What was found before a restart is no better after it.
  readAuditState(pool).then(
    (state) => (last ??= state),
    () => {},
  )
  audit.start()
  stack.defer(() => audit.stop())
  return () => last
}

export function auditDeskOf({
  pool,
  crypto,
}: Pick<Ground, 'pool' | 'crypto'>): NonNullable<Desk['audit']> {
  return {
    last: withFault(() => readAuditState(pool)),
    prove: withFault((asked) => proveAsked({ pool, crypto, digest: digestParts }, asked)),
  }
}

/** Gauges of the self-audit: what an operator is woken by. */
export function watchAudit(
  metrics: { watch(gauge: Watched, read: () => number): void },
  last: () => AuditState | undefined,
  clock: Clock,
): void {
  metrics.watch('audit_findings', () => last()?.findings.length ?? 0)
  metrics.watch('audit_proved_age_seconds', () => {
    const provedAt = last()?.provedAt
    return provedAt === undefined ? -1 : (clock.now() - provedAt) / 1000
  })
}
