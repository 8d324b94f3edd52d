import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import { type Subject, subjectKey } from '../../engine/dossier.ts'
import { claimDue, countDue, hastenDue, listDue, type StoredDue } from './sql/due.ts'
import type { Statement } from './transaction.ts'

/** A subject that is to be looked at, and how often it was since it last changed. */
export interface DueSubject {
  readonly subject: Subject
  readonly attempts: number
}

export interface PuttingOff {
  readonly due: DueSubject
  readonly until: Instant
}

/** What is due among the subjects whose names begin alike. */
export interface DueQueries {
  list(now: Instant, limit: number): Promise<readonly DueSubject[]>
  /** Puts it off; false where somebody else was first, or it is not due any more. */
  claim(due: DueSubject, now: Instant, until: Instant): Promise<boolean>
  /** The same of several, each until its own moment; gives those that it was true of. */
  claimEach(puttingOff: readonly PuttingOff[], now: Instant): Promise<readonly DueSubject[]>
  /** Has what waits for longer looked at within so long; gives how many these are. */
  hasten(now: Instant, within_ms: number): Promise<number>
  /** How many were looked at so often and are still there. */
  stuck(attempts: number): Promise<number>
}

export function createDue(pool: pg.Pool, prefix: string): DueQueries {
  const ask = async (statement: Statement): Promise<pg.QueryResult> =>
    pool.query({ ...statement, values: [...statement.values] })
  const claimEach: DueQueries['claimEach'] = async (puttingOff, now) => {
    if (puttingOff.length === 0) return []
    const { rows } = await ask(claimDue(puttingOff.map(storedOf), now))
    const claimed = new Set(
      rows.map(({ owner_id: owner, subject: name }) => subjectKey({ owner, name })),
    )
    return puttingOff
      .map(({ due }) => due)
      .filter(({ subject }) => claimed.has(subjectKey(subject)))
  }
  return {
    async list(now, limit) {
      const { rows } = await ask(listDue(prefix, now, limit))
      return (rows as StoredDue[]).map(({ owner_id: owner, subject: name, attempts }) => ({
        subject: { owner, name },
        attempts,
      }))
    },
    claim: async (due, now, until) => (await claimEach([{ due, until }], now)).length === 1,
    claimEach,
    hasten: async (now, within_ms) => (await ask(hastenDue(prefix, now, within_ms))).rowCount ?? 0,
    stuck: async (attempts) => (await ask(countDue(prefix, attempts))).rows[0].count,
  }
}

const storedOf = ({ due, until }: PuttingOff): StoredDue & { readonly until: Instant } => ({
  owner_id: due.subject.owner,
  subject: due.subject.name,
  attempts: due.attempts,
  until,
})
