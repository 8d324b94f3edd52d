import type { ClearingWriting } from '../../engine/clearingRun.ts'
import type { Instant } from '../../engine/day.ts'
import { sealedTransfers, sealPosting } from './digests.ts'
import { canonicalJson } from './document.ts'
import type { Crypto } from './needs.ts'
import {
  type DisputeRow,
  insertDisputes,
  insertOrders,
  insertPostings,
  insertRows,
  insertRuns,
  insertTaken,
  insertTotals,
  type PostingRow,
  type RunRow,
  type TotalRow,
} from './sql/clearingInserts.ts'
import { insertTransfers, insertUnjournaled } from './sql/inserts.ts'
import { arrayLiteral } from './sql/settlement.ts'
import type { Statement } from './transaction.ts'

/** The rows of clearing that a transaction writes. */
export class ClearingPostings {
  readonly #crypto: Crypto
  readonly #at: Instant
  readonly #writings: ClearingWriting[] = []
  readonly #postings: PostingRow[] = []

  constructor(crypto: Crypto, at: Instant) {
    this.#crypto = crypto
    this.#at = at
  }

  /** `versionOf` gives which version the entry of a subject has that this writing added. */
  add(writing: ClearingWriting, versionOf: (owner: string, subject: string) => number): void {
    this.#writings.push(writing)
    const { posting, run } = writing
    if (!posting) return
    const { owner, subject, transfers } = posting
    const version = versionOf(owner, subject)
    const at = this.#at
    this.#postings.push({
      posting,
      version,
      participants: [...new Set([owner, ...transfers.map((one) => one.owner)])],
      at,
      canonical: canonicalJson({ ...posting, version, postedAt: at, run }),
    })
  }

  statements(): (Statement | undefined)[] {
    const runs = this.#writings.flatMap(({ run }) => run ?? [])
    const inRun = <T, R>(rows: readonly T[] | undefined, of: (row: T, i: number) => R): R[] =>
      (rows ?? []).map(of)
    return [
      fill(insertRuns, runs),
      fill(
        insertTotals,
        runs.flatMap(({ owner, id, totals }) =>
          totals.map((total): TotalRow => ({ ...total, owner, run: id })),
        ),
      ),
      fill(
        insertRows,
        this.#writings.flatMap(({ run, rows }) =>
          inRun(rows, (row): RunRow => ({ owner: run?.owner ?? '', run: run?.id ?? '', row })),
        ),
      ),
      fill(
        insertDisputes,
        this.#writings.flatMap(({ run, disputes }) =>
          inRun(
            disputes,
            (one, i): DisputeRow => ({
              ...one,
              owner: run?.owner ?? '',
              run: run?.id ?? '',
              number: i + 1,
            }),
          ),
        ),
      ),
      fill(
        insertTaken,
        this.#writings.flatMap(({ taken }) => taken ?? []),
      ),
      fill(
        insertOrders,
        this.#writings.flatMap(({ orders }) => orders ?? []),
      ),
      fill(insertPostings, this.#postings),
      fill(
        insertTransfers,
        this.#postings.flatMap(({ posting: { id: posting, transfers } }) =>
          transfers.map((one) => ({ ...one, posting })),
        ),
      ),
      fill(
        insertUnjournaled,
        this.#postings.map((row) => this.#placeOf(row)),
      ),
    ]
  }

  #placeOf({ posting: { owner, id: posting, transfers }, participants, canonical }: PostingRow) {
    const seal = sealPosting(this.#crypto, {
      owner,
      posting,
      transfers: sealedTransfers(transfers),
      balances: [],
      years: [],
      document: canonical,
    })
    return { owner, posting, participants: arrayLiteral(participants), ...seal }
  }
}

const fill = <T>(
  insert: (rows: readonly T[]) => Statement,
  rows: readonly T[],
): Statement | undefined => (rows.length > 0 ? insert(rows) : undefined)
