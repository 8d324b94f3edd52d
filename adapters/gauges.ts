import { Gauge, type Registry } from 'prom-client'
import type { CrossingCount } from './metrics.ts'

const watched = {
  pool_connections: 'Connections of the database pool that are open',
  pool_connections_idle: 'Connections of the database pool that are free',
  pool_waiting: 'Work that waits for a connection',
  queue_length: 'Claims that wait for a transaction',
  log_lines_dropped: 'Log lines that nobody took',
  callers_stale:
    'Processes that cannot read the changed CALLERS_FILE, and know those of before still',
} as const

/** What is read from the database is the same for all processes that serve together: one of them reads it. */
const watchedOnce = {
  clearing_stuck: 'Windows of clearing that could not be closed for six times or more',
  collections_stuck:
    'Collections whose bank has been asked often and does not say what became of them',
  payouts_stuck: 'Payments whose bank has been asked often and does not say what became of them',
  crossings_stuck: 'Requests that another region has been asked about often without a word',
  audit_findings: 'What the last round of the self-audit found to be not as it was written',
  audit_proved_age_seconds:
    'Seconds since everything that stands in the books was last proved; -1 before the first round',
  pending_age_seconds: 'Age of the oldest committed row that has no place in the journal yet',
} as const

export type Watched = keyof typeof watched | keyof typeof watchedOnce

interface Watching {
  readonly gauge: Watched
  readonly read: () => number | Promise<number>
  readonly readsBooks: boolean
}

/** What is read from the database is left out by a process that leaves that to another. */
export function addWatched(
  registry: Registry,
  prefix: string,
  { gauge, read, readsBooks }: Watching,
): void {
  if (gauge in watched || readsBooks)
    addGauge(registry, prefix + gauge, { ...watched, ...watchedOnce }[gauge], read)
}

/** A gauge that is read only when somebody looks. */
export function addGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | Promise<number>,
): Gauge {
  return new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      try {
        this.set(await read())
      } catch {
        // While the database is away its gauges are empty; the other counters are needed most just then.
        this.reset()
      }
    },
  })
}

/** Both gauges are filled from one question, whichever of them is read first. */
export function watchCrossings(
  registry: Registry,
  prefix: string,
  read: () => Promise<readonly CrossingCount[]>,
): void {
  let asked: Promise<readonly CrossingCount[]> | undefined
  const counts = async (): Promise<readonly CrossingCount[]> => {
    asked ??= read().finally(() => {
      asked = undefined
    })
    return asked
  }
  const gauge = (name: string, help: string, valueOf: (one: CrossingCount) => number) =>
    new Gauge({
      name: prefix + name,
      help,
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        // While the database is away its gauges are empty.
        const found = await counts().catch(() => [])
        this.reset()
        for (const one of found) this.set({ state: one.state }, valueOf(one))
      },
    })
  gauge(
    'crossings_open',
    'Requests to other regions that are not over, by where they stand',
    ({ count }) => count,
  )
  gauge(
    'crossings_oldest_seconds',
    'How long ago the oldest open request to another region was asked, by where it stands',
    ({ oldest_seconds }) => oldest_seconds,
  )
}
