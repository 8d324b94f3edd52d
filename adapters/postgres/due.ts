import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import type { Subject } from '../../engine/dossier.ts'
import { claimDue, countDue, hastenDue, listDue, type StoredDue } from './sql/due.ts'
import type { Result, Statement } from './transaction.ts'

/** A subject that is to be looked at, and how often it was since it last changed. */
export interface DueSubject {
  readonly subject: Subject
  readonly attempts: number
}

/** What is due among the subjects whose names begin alike. */
export interface DueQueries {
  list(now: Instant, limit: number): Promise<readonly DueSubject[]>
  /** Puts it off; false where somebody else was first, or it is not due any more. */
  claim(due: DueSubject, now: Instant, until: Instant): Promise<boolean>
  /** Has what waits for longer looked at within so long; gives how many these are. */
  hasten(now: Instant, within_ms: number): Promise<number>
  /** How many were looked at so often and are still there. */
  stuck(attempts: number): Promise<number>
}

export function createDue(pool: pg.Pool, prefix: string): DueQueries {
  const ask = async (statement: Statement): Promise<Result> =>
    pool.query({ ...statement, values: [...statement.values] })
  return {
    async list(now, limit) {
      const { rows } = await ask(listDue(prefix, now, limit))
      return (rows as StoredDue[]).map(({ owner_id: owner, subject: name, attempts }) => ({
        subject: { owner, name },
        attempts,
      }))
    },
    async claim({ subject: { owner: owner_id, name: subject }, attempts }, now, until) {
      const { rowCount } = await ask(claimDue({ owner_id, subject, attempts }, now, until))
      return rowCount === 1
    },
    hasten: async (now, within_ms) => (await ask(hastenDue(prefix, now, within_ms))).rowCount ?? 0,
    stuck: async (attempts) => (await ask(countDue(prefix, attempts))).rows[0].count,
  }
}
