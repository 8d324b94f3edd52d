import type { Day, Instant } from '../../engine/day.ts'
import type { Kept, Subject } from '../../engine/dossier.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Row } from '../../engine/ports.ts'

/** What collections ask of the rest of the world. */
export interface World {
  submit(ask: Ask): Promise<Outcome>
  /** The newest row of a settlement. */
  head(settlement: string): Promise<Row | undefined>
  kept(subject: Subject): Promise<readonly Kept[]>
  bankAccount(person: string): Promise<string | undefined>
  readonly due: Due
  /** SM3 of a canonical input, in hexadecimal. */
  fingerprint(input: string): string
  newReference(owner: string): string
  /** The day in China of a moment. */
  dayOf(at: Instant): Day
  now(): Instant
  /** Told of what somebody has to look at: a bank that does not say what became of a collection. */
  alarm(settlement: string, attempts: number): void
}

export interface DueSubject {
  readonly subject: Subject
  readonly attempts: number
}

/** Which collections are to be looked at, as the books keep them. */
export interface Due {
  list(now: Instant, limit: number): Promise<readonly DueSubject[]>
  /** Of all who want to look at one now, one is told true. */
  claim(due: DueSubject, now: Instant, until: Instant): Promise<boolean>
}

/** What payments of cases ask of the rest of the world. */
export interface PayoutWorld
  extends Pick<
    World,
    'submit' | 'kept' | 'bankAccount' | 'due' | 'fingerprint' | 'dayOf' | 'now' | 'alarm'
  > {}
