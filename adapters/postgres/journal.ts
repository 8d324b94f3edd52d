import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import { timeOfId } from './ids.ts'
import { holdHead, placeWaiting, rollUp, tryToWrite } from './sql/journal.ts'

export interface JournalOptions {
  readonly pool: pg.Pool
  readonly now: () => Instant
  /** Postings placed in one transaction, at most. */
  readonly batch?: number
  /** Positions between two rollups: what a question about balances has to add up by itself, at most. By default `duePositions`. */
  readonly rollUpEvery?: number
  readonly every_ms?: number
  /** Hears why a round failed; the next one tries again. */
  readonly onError?: (error: unknown) => void
}

export interface Journal {
  /** Places everything that waits now; gives the number placed. */
  run(): Promise<number>
  start(): void
  /** Stops after the round that is under way. */
  stop(): Promise<void>
  /** Age of the oldest posting that waits for a position, in milliseconds. */
  pendingAge_ms(): Promise<number>
}

/** While a rollup takes a core, claims wait for it; one of less is not worth its rows. */
const leastPositions = 250
/** What a question about balances can still add up by itself. */
const mostPositions = 50_000
/** Each rollup has a row for every account, which are to be few beside what they sum up. */
const positionsAnAccount = 5

/** How many positions it takes for a rollup to be due where the last one had so many accounts. */
export const duePositions = (accounts: number): number =>
  Math.min(mostPositions, Math.max(leastPositions, positionsAnAccount * accounts))

/**
 * Gives committed postings their positions, dense from 1: the only order there is. It may run in every process, because one
 * at a time holds the head, and may be killed anywhere, because a batch is one transaction.
 */
export function createJournal(options: JournalOptions): Journal {
  const { pool, now, every_ms = 200, onError = () => {} } = options
  let timer: NodeJS.Timeout | undefined
  let round: Promise<unknown> = Promise.resolve()
  let accounts = 0
  const run = async (): Promise<number> => {
    let all = 0
    for (;;) {
      const { placed, rolledUp } = await placeBatch(options, accounts)
      accounts = rolledUp ?? accounts
      all += placed
      if (placed === 0) return all
    }
  }
  const wake = (): void => {
    round = run()
      .catch(onError)
      .finally(() => {
        if (timer) timer = setTimeout(wake, every_ms)
      })
  }
  return {
    run,
    start() {
      timer ??= setTimeout(wake, every_ms)
    },
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await round
    },
    async pendingAge_ms() {
      const { rows } = await pool.query('select min(posting_id) as oldest from unjournaled')
      const oldest: string | null = rows[0].oldest
      return oldest === null ? 0 : Math.max(0, now() - timeOfId(oldest))
    },
  }
}

interface Placed {
  readonly placed: number
  /** Accounts of the rollup, where one was due. */
  readonly rolledUp?: number
}

/** One transaction: a batch of positions, and a rollup where one is due. */
async function placeBatch(
  { pool, now, batch = 500, rollUpEvery }: JournalOptions,
  accounts: number,
): Promise<Placed> {
  const client = await pool.connect()
  let failure: unknown
  try {
    await client.query('begin')
    const { rows } = await client.query(tryToWrite)
    if (!rows[0].ours) {
      await client.query('rollback')
      return { placed: 0 }
    }
    const head = (await client.query(holdHead)).rows[0]
    const done = await client.query(placeWaiting, [head.position, batch, now()])
    const placed = Number(done.rows[0].placed)
    const reached = head.position + BigInt(placed)
    const isDue = reached - head.rolled_up_to >= BigInt(rollUpEvery ?? duePositions(accounts))
    const summed = isDue
      ? await client.query<{ accounts: number }>(rollUp, [reached, head.rolled_up_to])
      : undefined
    await client.query('commit')
    return { placed, ...(summed?.rows[0] && { rolledUp: summed.rows[0].accounts }) }
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.release(failure !== undefined)
  }
}
