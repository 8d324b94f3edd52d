import type pg from 'pg'
import { addBills, addMoved, holdSums, moveSums, readReach, tryToSum } from './sql/sums.ts'

export interface SumsOptions {
  readonly pool: pg.Pool
  /** Positions added up in one transaction, at most. */
  readonly slice?: number
  /** How far the sums may fall behind while the journal goes on; what is left is added once it stands still. */
  readonly behind?: number
  readonly every_ms?: number
  /** Hears why a round failed; the next one tries again. */
  readonly onError?: (error: unknown) => void
}

/** Keeps the sums of bills and accounts by day and month (费用汇总). */
export interface Sums {
  /** Adds up everything that has its place now; gives the number of positions. */
  run(): Promise<number>
  start(): void
  /** Stops after the slice that is under way. */
  stop(): Promise<void>
}

/** While a slice takes a core claims wait for it; of smaller ones each sum is written more often. */
const wholeSlice = 250
/** Where books that are full begin to be added up, slices are so many times larger. */
const whileFarBehind = 20

/**
 * Goes over the journal behind its writer and adds to the sums what was placed. It may run in every process, because one at a
 * time holds the head, and may be killed anywhere, because a slice is one transaction. Nobody waits for it: a question adds
 * what is left. So it goes on only when there is a slice or the journal stands still, and rests as long as it worked.
 */
export function createSums(options: SumsOptions): Sums {
  const { pool, slice = wholeSlice, behind = slice, every_ms = 1_000, onError = () => {} } = options
  let timer: NodeJS.Timeout | undefined
  let round: Promise<unknown> = Promise.resolve()
  let seen = -1n
  /** One slice where one is due. Gives how many positions it had. */
  const look = async (): Promise<number> => {
    const { summed, placed } = (await pool.query<Reach>(readReach)).rows[0] as Reach
    const standsStill = placed === seen
    seen = placed
    const left = placed - summed
    const isDue = left >= BigInt(behind) || (standsStill && left > 0n)
    const isFar = left > BigInt(4 * whileFarBehind * slice)
    return isDue ? addSlice(pool, isFar ? whileFarBehind * slice : slice) : 0
  }
  const wake = (): void => {
    const begun = performance.now()
    round = look()
      .then((added) => (added < slice ? every_ms : performance.now() - begun))
      .catch((error: unknown) => {
        onError(error)
        return every_ms
      })
      .then((rest_ms) => {
        if (timer) timer = setTimeout(wake, rest_ms)
      })
  }
  return {
    async run() {
      for (let all = 0; ; ) {
        const added = await addSlice(pool, slice)
        all += added
        if (added === 0) return all
      }
    },
    start() {
      timer ??= setTimeout(wake, every_ms)
    },
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await round
    },
  }
}

interface Reach {
  readonly summed: bigint
  readonly placed: bigint
}

/** One transaction: the next positions, to both kinds of sums. Gives how many there were; none where somebody else is at it. */
async function addSlice(pool: pg.Pool, slice: number): Promise<number> {
  const client = await pool.connect()
  let failure: unknown
  try {
    await client.query('begin')
    const { rows } = await client.query(tryToSum)
    const from: bigint | undefined = rows[0].ours
      ? (await client.query(holdSums)).rows[0].position
      : undefined
    const placed = (await client.query<Reach>(readReach)).rows[0]?.placed ?? 0n
    const until = from === undefined ? 0n : least(from + BigInt(slice), placed)
    if (from === undefined || until <= from) {
      await client.query('rollback')
      return 0
    }
    await client.query(addBills, [from, until])
    await client.query(addMoved, [from, until])
    await client.query(moveSums, [until])
    await client.query('commit')
    return Number(until - from)
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.release(failure !== undefined)
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
