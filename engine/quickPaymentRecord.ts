import type { QuickClaim } from './claim.ts'
import type { Instant } from './day.ts'
import type { Entry, Json, Kept } from './dossier.ts'
import { type Fen, toYuan, zero } from './money.ts'
import type { EnterAsk, Key } from './ports.ts'
import { recordSubject } from './quickPaymentTaps.ts'
import type { Refusal } from './refusal.ts'
import type { Settlement } from './settlement.ts'

/** A payment that a terminal kept while it had no line, as far as its pharmacy is told what became of it. */
export interface ToldRecord {
  readonly institution: string
  readonly quick: QuickClaim
  readonly total: Fen
}

/** What became of a record (离线交易结果): settled, or refused with the reason. */
export interface RecordOutcome {
  readonly terminal: QuickClaim['terminal']
  readonly sequence: number
  readonly counter: number
  readonly at: Instant
  readonly total: string
  readonly settlement?: string | undefined
  /** What the person owes, because the account did not have it. */
  readonly receivable?: string | undefined
  readonly warnings?: readonly string[] | undefined
  readonly refusal?: Refusal | undefined
}

const entryOf = (
  { institution, quick, total }: ToldRecord,
  kind: 'settled' | 'refused',
  more: Partial<RecordOutcome>,
): Entry => {
  const { terminal, sequence = 0, counter, at } = quick
  const body: RecordOutcome = { terminal, sequence, counter, at, total: toYuan(total), ...more }
  return { subject: recordSubject({ institution, quick }), kind, body: body as unknown as Json }
}

export const settledRecord = (
  record: ToldRecord,
  settlement: string,
  { receivable = zero, warnings }: Settlement,
): Entry =>
  entryOf(record, 'settled', {
    settlement,
    ...(receivable > zero && { receivable: toYuan(receivable) }),
    warnings: warnings.map(({ code }) => code),
  })

export const refusedRecord = (record: ToldRecord, refusal: Refusal): Entry =>
  entryOf(record, 'refused', { refusal })

export const readRecord = ({ body }: Pick<Kept, 'body'>): RecordOutcome =>
  body as unknown as RecordOutcome

/** Asks to list a record that is nobody's: forged, or of a card that is not known. It touches no person and no counter. */
export function noteRecord(record: ToldRecord, key: Key, refusal: Refusal): EnterAsk {
  const { institution } = record
  return {
    kind: 'enter',
    key,
    institution,
    owner: `institution:${institution}`,
    subjects: [recordSubject(record)],
    enter: () => ({
      entries: [refusedRecord(record, refusal)],
      result: { refusal: refusal as unknown as Json },
    }),
  }
}
