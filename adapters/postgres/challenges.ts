import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'

/** A challenge that waits for a card's answer (挑战码): good for one answer, here, for a while. */
export interface Challenge {
  readonly id: string
  readonly institution: string
  readonly terminal?: string | undefined
  /** Sixteen bytes. */
  readonly random: Buffer
  readonly until: Instant
}

export interface Challenges {
  give(challenge: Challenge): Promise<void>
  /** Whoever takes it has it alone: it is gone, whatever the answer is worth. */
  take(asked: Pick<Challenge, 'id' | 'institution' | 'terminal'>): Promise<Buffer | undefined>
  /** Removes those that nobody answered in time. */
  sweep(): Promise<number>
}

export function createChallenges({
  pool,
  now,
}: {
  readonly pool: pg.Pool
  readonly now: () => Instant
}): Challenges {
  return {
    async give({ id, institution, terminal, random, until }) {
      await pool.query(
        'insert into challenge (id, institution, terminal, random, expires_at) values ($1, $2, $3, $4, $5)',
        [id, institution, terminal ?? null, random, new Date(until)],
      )
    },
    async take({ id, institution, terminal }) {
      const { rows } = await pool.query(
        `delete from challenge
         where id = $1 and institution = $2 and terminal is not distinct from $3 and expires_at > $4
         returning random`,
        [id, institution, terminal ?? null, new Date(now())],
      )
      return rows[0]?.random
    },
    async sweep() {
      const done = await pool.query('delete from challenge where expires_at <= $1', [
        new Date(now()),
      ])
      return done.rowCount ?? 0
    },
  }
}
