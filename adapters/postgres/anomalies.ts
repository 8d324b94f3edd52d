import pg from 'pg'
import { Fault } from '../../engine/ports.ts'
import { readThresholds, type StoredThreshold, type Threshold, thresholdOf } from './thresholds.ts'

/** Something worth a look (疑点): what a view `anomaly_…` found. */
interface FoundAnomaly {
  /** What it is told apart by within its view. */
  readonly subject: string
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly settlements: readonly string[]
  readonly day?: string | undefined
  readonly facts: Readonly<Record<string, unknown>>
}

interface Counted {
  readonly name: string
  readonly thresholds: readonly Threshold[]
  /** Found, at most `mostCounted`; undefined where counting took too long. */
  readonly count?: number | undefined
}

interface AnomalyQueries {
  /** Every view with the thresholds that hold now and how much it finds. */
  list(names: readonly string[]): Promise<readonly Counted[]>
  /** What one view finds, the newest day first. */
  find(
    name: string,
    asked: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<{ readonly items: readonly FoundAnomaly[]; readonly next?: string | undefined }>
}

/** As many are counted and no more: whoever sets a threshold that finds thousands has to set another. */
const mostCounted = 1000

/** Nobody at a till waits for it, and it must not hold the database's memory and processors for long either. */
const longest_ms = 20_000
/** All views are counted for one answer. */
const longestCount_ms = 5_000
/** A count is heavier than a page, and a little older does as well. */
const goodFor_ms = 60_000
/** One at a time is enough for auditors; so many wait, and further ones are told that we are busy. */
const mostWaiting = 20

/**
 * What is worth a look, asked on a connection of its own, one question at a time: a view that reads much takes neither a
 * connection nor more than one processor from the claims' path.
 */
export function createAnomalyQueries(pool: pg.Pool): AnomalyQueries {
  const turns = createTurns()
  let last: { readonly at: number; readonly counts: Promise<readonly Counted[]> } | undefined
  const count = async (names: readonly string[]): Promise<readonly Counted[]> =>
    turns(() => apart(pool, async (client) => countAll(client, names)))
  return {
    async list(names) {
      if (!last || performance.now() - last.at > goodFor_ms) {
        last = { at: performance.now(), counts: count(names) }
        last.counts.catch(() => (last = undefined))
      }
      return last.counts
    },
    find: async (name, asked) =>
      turns(() => apart(pool, async (client) => page(client, name, asked))),
  }
}

function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let waiting = 0
  let before: Promise<unknown> = Promise.resolve()
  return async (work) => {
    if (waiting >= mostWaiting) throw new Fault('unavailable', 'too many ask for anomalies')
    waiting++
    const turn = before.then(work)
    before = turn.catch(() => {}).finally(() => waiting--)
    return turn
  }
}

async function apart<T>(pool: pg.Pool, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...pool.options,
    query_timeout: longest_ms + 1_000,
    statement_timeout: longest_ms,
    idle_in_transaction_session_timeout: longest_ms,
    application_name: 'jiesuan anomalies',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(
      `begin read only; set local jit = off; set local max_parallel_workers_per_gather = 0; set local work_mem = '32MB'`,
    )
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Views are named by what they find: `two-places` is asked of `anomaly_two_places`. */
const viewOf = (name: string): string => {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) throw new TypeError(`no view is called ${name}`)
  return `anomaly_${name.replaceAll('-', '_')}`
}

async function countAll(client: pg.Client, names: readonly string[]): Promise<Counted[]> {
  const { rows } = await client.query<StoredThreshold>(readThresholds)
  await client.query(`set local statement_timeout = ${longestCount_ms}`)
  const thresholds = rows.map(thresholdOf)
  const counted: Counted[] = []
  for (const name of names)
    counted.push({
      name,
      thresholds: thresholds.filter((one) => one.name.startsWith(`${name}.`)),
      count: await countOne(client, viewOf(name)),
    })
  return counted
}

async function countOne(client: pg.Client, view: string): Promise<number | undefined> {
  await client.query('savepoint before_view')
  try {
    const { rows } = await client.query<{ count: string }>(
      `select count(*)::text as count from (select from ${view} limit ${mostCounted}) found`,
    )
    return Number(rows[0]?.count)
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error
    await client.query('rollback to savepoint before_view')
    return undefined
  }
}

interface Stored {
  readonly subject: string
  readonly person: string | null
  readonly institution: string | null
  readonly settlements: readonly string[]
  readonly day: string | null
  readonly facts: Record<string, unknown>
}

/** A day and a subject are a place in the list that nothing moves: what is found later of that day or another has its own. */
async function page(
  client: pg.Client,
  name: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): ReturnType<AnomalyQueries['find']> {
  const [, day, subject] = /^(\d{4}-\d{2}-\d{2}) (.*)$/.exec(after ?? '') ?? []
  if (after !== undefined && day === undefined) throw new SyntaxError('no place in this list')
  const { rows } = await client.query<Stored>(
    `select subject, person, institution, settlements, day::text as day, facts from ${viewOf(name)}
     where $1::date is null or (day, subject collate "C") < ($1::date, $2)
     order by day desc, subject collate "C" desc limit $3`,
    [day ?? null, subject ?? null, limit + 1],
  )
  const items = rows.slice(0, limit).map(
    ({ person, institution, day: on, ...rest }): FoundAnomaly => ({
      ...rest,
      person: person ?? undefined,
      institution: institution ?? undefined,
      day: on ?? undefined,
    }),
  )
  const end = rows.length > limit ? items.at(-1) : undefined
  return { items, next: end && `${end.day ?? ''} ${end.subject}` }
}
