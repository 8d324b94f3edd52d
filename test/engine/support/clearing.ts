import { type Kept, subjectKey } from '../../../engine/dossier.ts'
import type { ClearingWriting } from '../../../engine/clearingRun.ts'
import type { Transfer } from '../../../engine/ledger.ts'
import { type Entered, type Found, noFacts } from '../../../engine/ports.ts'
import { isRefusal, type Refusal } from '../../../engine/refusal.ts'
import { day } from './packs.ts'

/** What clearing keeps and books, step by step, in memory. */
export class ClearingBooks {
  readonly dossiers = new Map<string, Kept[]>()
  readonly transfers: Transfer[] = []
  readonly written: ClearingWriting[] = []

  found(): Found {
    return { dossiers: this.dossiers, facts: noFacts, now: 0, today: day('2027-01-05') }
  }

  /** Writes what a step comes to; gives why it was refused, or `done`. */
  take(done: Entered | Refusal): string {
    if (isRefusal(done)) return done.code
    for (const { subject, kind, body } of done.entries) {
      const kept = this.dossiers.get(subjectKey(subject)) ?? []
      this.dossiers.set(subjectKey(subject), kept)
      kept.push({ version: kept.length + 1, kind, body, institution: 'agency', at: 0 })
    }
    if (done.clearing) this.written.push(done.clearing)
    this.transfers.push(...(done.clearing?.posting?.transfers ?? []))
    return 'done'
  }

  versionOf(subject: { readonly owner: string; readonly name: string }): number {
    return this.dossiers.get(subjectKey(subject))?.length ?? 0
  }

  balance(account: string): bigint {
    return this.transfers.reduce(
      (all, { debit, credit, amount }) =>
        all + (credit === account ? amount : 0n) - (debit === account ? amount : 0n),
      0n,
    )
  }
}
