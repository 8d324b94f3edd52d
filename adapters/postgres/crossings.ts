import type pg from 'pg'
import {
  type Crossing,
  crossingPrefix,
  crossingSubject,
  type CrossingState,
  readCrossing,
} from '../../engine/crossing.ts'
import type { Instant } from '../../engine/day.ts'
import type { Kept } from '../../engine/dossier.ts'
import type { Key } from '../../engine/ports.ts'
import { createDossiers } from './dossiers.ts'
import { keyHash } from './hashes.ts'
import type { Crypto } from './needs.ts'
import {
  countCrossings,
  dueNow,
  findCrossing,
  listCrossings,
  type StoredCrossing,
  type StoredCrossingCount,
} from './sql/crossings.ts'
import { findKey } from './sql/resolve.ts'
import type { Statement } from './transaction.ts'

/** A request to another region that is not over, and when it is looked at next. */
export interface OpenCrossing {
  readonly crossing: Crossing
  readonly attempts: number
  readonly dueAt: Instant
}

/** Requests to other regions, for whoever operates this one. */
export interface CrossingQueries {
  /** Those that are not over, by reference; `next` is where the following page begins. */
  list(asked: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly items: readonly OpenCrossing[]
    readonly next?: string | undefined
  }>
  counts(
    now: Instant,
  ): Promise<readonly { state: CrossingState; count: number; oldest_seconds: number }[]>
  /** One by its reference with everything that happened to it. */
  find(
    reference: string,
  ): Promise<{ readonly crossing: Crossing; readonly kept: readonly Kept[] } | undefined>
  /** Whether anything stands under a key, be it of a request that crosses or not. */
  stands(key: Pick<Key, 'institution' | 'key'>): Promise<boolean>
  /** Has it looked at as soon as the next sweep runs; false where it is over or was never there. */
  retry(reference: string, now: Instant): Promise<boolean>
}

/** Whose request a reference names, and under which key: no code of an institution has a space. */
const keyIn = (reference: string): Pick<Key, 'institution' | 'key'> => {
  const [institution = ''] = reference.split(' ', 1)
  return { institution, key: reference.slice(institution.length + 1) }
}

export function createCrossingQueries({
  pool,
  crypto,
}: {
  pool: pg.Pool
  crypto: Crypto
}): CrossingQueries {
  const dossiers = createDossiers({ pool, crypto })
  const ask = async ({ values, ...statement }: Statement) =>
    pool.query({ ...statement, values: [...values] })
  const ownerOf = async (reference: string): Promise<string | undefined> =>
    (await ask(findCrossing(crossingPrefix + reference, keyHash(crypto, keyIn(reference))))).rows[0]
      ?.owner_id
  const find: CrossingQueries['find'] = async (reference) => {
    const owner = await ownerOf(reference)
    if (owner === undefined) return undefined
    const subject = crossingSubject(owner, reference)
    const kept = await dossiers.read(subject)
    const crossing = readCrossing(subject, kept)
    return crossing && { crossing, kept }
  }
  const open = async (row: StoredCrossing): Promise<OpenCrossing[]> => {
    const found = await find(row.subject.slice(crossingPrefix.length))
    if (!found) return []
    return [{ crossing: found.crossing, attempts: row.attempts, dueAt: Number(row.due_at_ms) }]
  }
  return {
    find,
    stands: async (key) => (await ask(findKey(keyHash(crypto, key)))).rowCount === 1,
    async list({ after = '', limit }) {
      const rows: StoredCrossing[] = (await ask(listCrossings(after, limit + 1))).rows
      const page = rows.slice(0, limit)
      const items = (await Promise.all(page.map(open))).flat()
      const next = rows.length > limit ? page.at(-1)?.subject : undefined
      return { items, ...(next !== undefined && { next }) }
    },
    async counts(now) {
      const { rows } = await ask(countCrossings(now))
      return (rows as StoredCrossingCount[]).map(({ state, ...row }) => ({
        ...row,
        state: state as CrossingState,
      }))
    },
    async retry(reference, now) {
      const owner = await ownerOf(reference)
      if (owner === undefined) return false
      const { rowCount } = await ask(dueNow(owner, crossingPrefix + reference, now))
      return rowCount === 1
    },
  }
}
