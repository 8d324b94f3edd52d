// What auditors' own paths answer. They came with the console; a server that lacks one says so.
import type { Both } from '../words/both.ts'
import type { Json } from './types.ts'

export interface Me {
  readonly kind: string
  readonly role?: string | undefined
  readonly name?: string | undefined
  readonly institution?: string | undefined
  readonly may?: readonly string[] | undefined
}

export interface Identity {
  readonly name: string
  readonly citizenNumber: string
  readonly cards: readonly { readonly id: string; readonly number: string }[]
}

export interface Access {
  readonly position: string | number
  readonly at: string
  readonly caller: string
  readonly role: string
  readonly action: string
  readonly person?: string | undefined
  readonly subject?: string | undefined
  readonly reason?: string | undefined
}

export interface Found {
  readonly kind: string
  readonly id: string
  readonly title: Both
  readonly day?: string | undefined
  readonly person?: string | undefined
  readonly settlement?: string | undefined
  readonly institution?: string | undefined
}

export interface Refused {
  readonly at: string
  readonly institution: string
  readonly key: string
  readonly person?: string | undefined
  readonly code: string
  readonly kind: string
  readonly message: Both
}

export interface HistoryEvent {
  readonly at: string
  readonly event: string
  readonly row?: string | undefined
  readonly institution?: string | undefined
  readonly detail: Both
}

export interface Today {
  readonly day: string
  readonly now: string
  readonly minutes: readonly {
    readonly at: string
    readonly settled: number
    readonly undone: number
    readonly refused: number
  }[]
  readonly outcomes: { readonly settled: number; readonly undone: number; readonly refused: number }
  readonly latency: { readonly p50_ms: number | null; readonly p99_ms: number | null }
  readonly pendingCrossRegion: number
  readonly unjournaled: number
  readonly sealed: { readonly size: number | string; readonly at: string } | null
  readonly proved: { readonly at: string; readonly findings: number } | null
}

export interface Totals {
  readonly by: readonly string[]
  readonly basis: string
  readonly from: string
  readonly until: string
  readonly items: readonly (Readonly<Record<string, string | number>> & {
    readonly amount: string
    readonly settlements: number
  })[]
  readonly amount: string
  readonly settlements: number
}

export interface AnomalyView {
  readonly name: string
  readonly title: Both
  readonly thresholds: readonly Threshold[]
  /** Absent where counting took too long. */
  readonly count?: number | undefined
}

export interface Threshold {
  readonly name: string
  readonly region: string
  readonly from: string
  readonly value: string
  readonly unit: string
  readonly source: string
}

export interface Anomaly {
  readonly subject: string
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly settlements: readonly string[]
  readonly day?: string | undefined
  readonly problem: Both
  readonly facts?: Json | undefined
}

export interface Head {
  readonly size: number
  readonly root: string
  readonly at: string
  readonly note: string
}

export interface Consistency {
  readonly from: number
  readonly until: number
  readonly hashes: readonly string[]
}

/** A key that heads are signed with, since which size of the log, and what the key before says of it. */
export interface SealedBy {
  readonly name: string
  readonly publicKey: string
  readonly since: number
  readonly note?: string
}

export interface Proof {
  readonly settlement: string
  readonly head: Head
  readonly keys: readonly SealedBy[]
  readonly rows: readonly {
    readonly row: string
    readonly kind: string
    readonly position: number
    readonly leaf: string
    readonly text: string
    readonly hashes: readonly string[]
  }[]
}

export interface SealKey {
  readonly name: string
  readonly publicKey: string
  readonly keys: readonly SealedBy[]
}

export interface Audit {
  readonly provedAt?: string | undefined
  readonly secondsSince?: number | undefined
  readonly round: number
  readonly slices: readonly {
    readonly name: string
    readonly at: string
    readonly rows: number
    readonly took_ms: number
  }[]
  readonly findings: readonly Finding[]
}

export interface Finding {
  readonly check: string
  readonly subject: string
  readonly problem: Both | string
}

export interface AuditNow {
  readonly findings: readonly Finding[]
  readonly rows: number
  readonly took_ms: number
}

export interface CasesRun {
  readonly items: readonly {
    readonly name: string
    readonly file: string
    readonly line: number
    readonly differences: readonly string[]
  }[]
}
