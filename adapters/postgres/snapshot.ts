import type pg from 'pg'
import { Fault } from '../../engine/ports.ts'
import type { Readers } from './readers.ts'
import { readReach } from './sql/sums.ts'

/** What asks within one snapshot. */
export type Read = <R extends pg.QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<readonly R[]>

/** How far the sums go, and how far the journal does. */
export interface Reach {
  readonly summed: bigint
  readonly placed: bigint
}

/** So many positions after the sums a question adds in its usual time; for more it has a connection with other limits. */
const fewPositions = 50_000n

/**
 * Asks the sums and what came after them in one snapshot. The sums are changed in place, so that how far they go belongs to
 * it; and once its value is known, the planner sees how little follows.
 */
export async function besideSums<T>(
  pool: pg.Pool,
  readers: Readers | undefined,
  work: (read: Read, reach: Reach) => Promise<T>,
): Promise<T> {
  const { rows } = await pool.query<Reach>(readReach)
  const isFar = rows.some(({ summed, placed }) => placed - summed > fewPositions)
  const asked = async (read: Read): Promise<T> => {
    const [reach] = await read<Reach & pg.QueryResultRow>(readReach)
    return work(read, reach ?? { summed: 0n, placed: 0n })
  }
  if (!isFar || !readers) return inSnapshot(pool, asked)
  const reader = await readers.open()
  if (!reader) throw new Fault('unavailable', 'as many read long as may')
  try {
    return await asked(async (text, values) => reader.read(text, values))
  } finally {
    await reader.end()
  }
}

/** Several questions about one state of the books. */
async function inSnapshot<T>(pool: pg.Pool, work: (read: Read) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: unknown
  try {
    await client.query('begin isolation level repeatable read read only')
    const told = await work(
      async (text, values = []) => (await client.query(text, [...values])).rows,
    )
    await client.query('commit')
    return told
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.release(failure !== undefined)
  }
}
