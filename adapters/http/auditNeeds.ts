import type { Day, Instant } from '../../engine/day.ts'

export interface AuditFinding {
  readonly check: string
  readonly subject: string
  readonly problem: string
}

/** How far the self-audit is (自查): everything is proved again and again while the system serves. */
export interface AuditState {
  readonly round: number
  readonly beganAt: Instant
  /** When the last round began that found nothing; whatever stood then was proved since. */
  readonly provedAt: Instant | undefined
  readonly slices: readonly {
    readonly name: string
    readonly at: Instant
    readonly rows: number
    readonly took_ms: number
  }[]
  readonly findings: readonly AuditFinding[]
}

/** What an auditor wants proved now (专项核查). */
export interface AuditAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly region?: string | undefined
  readonly day?: Day | undefined
}

export interface AuditQueries {
  /** Undefined where no round has ended yet. */
  last(): Promise<AuditState | undefined>
  /** Undefined where that is more than one question may ask. */
  prove(asked: AuditAsked): Promise<
    | {
        readonly rows: number
        readonly took_ms: number
        readonly findings: readonly AuditFinding[]
      }
    | undefined
  >
}
