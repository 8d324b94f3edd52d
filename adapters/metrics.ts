import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import { addWatched, type Watched, watchCrossings } from './gauges.ts'

const outcomes = [
  'settled',
  'entered',
  'undone',
  'reversed',
  'moved',
  'refused',
  'differs',
  'inProgress',
  'busy',
  'unknown',
  'bug',
] as const

/** What is counted of the engine's work. Labels are words of ours, never what a caller sent. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  /** The same as data, for whoever adds up the counters of several processes. */
  parts(): Promise<MetricParts>
  settled(outcome: (typeof outcomes)[number], took_ms: number): void
  /** How many were answered within a time, of all outcomes together; each counts those of shorter times as well. */
  took(): Promise<readonly { readonly upTo_seconds: number; readonly count: number }[]>
  refused(code: string): void
  routed(place: string): void
  replayed(): void
  answered(method: string, path: string, status: number, took_ms: number): void
  batch(size: number): void
  /** A request of the national interface, by infno; one that nobody knows is `unknown`. */
  transacted(infno: string, result: string, took_ms: number): void
  /** A cryptogram of a card or a MAC of a terminal that is not what its keys compute. */
  forged(what: 'card' | 'terminal'): void
  retried(reason: 'conflict' | 'halved'): void
  violated(): void
  /** A PIN that was looked at, or was not because its terminal has had too many wrong ones. */
  pinTried(outcome: 'right' | 'wrong' | 'pause'): void
  /** A run of a sweep, by the sweep's own name. */
  swept(sweep: string, outcome: 'done' | 'elsewhere' | 'failed', count: number): void
  /** A message to another region (`out`) or of one (`in`), by what it asked and what became of it. */
  exchanged(exchange: Exchanged): void
  /** Whether a region is asked (0), tried again (1) or left alone for a while (2). */
  breaker(region: string, state: number): void
  /** Gauges that are read only when somebody looks. */
  watch(gauge: Watched, read: () => number | Promise<number>): void
  /** Requests to other regions that are not over, by where they stand. */
  watchCrossings(read: () => Promise<readonly CrossingCount[]>): void
}

/** Counters and gauges of one process, as they are sent to another. */
export type MetricParts = MetricObjectWithValues<MetricValue<string>>[]

/** Adds up what several processes count: sums, unless a gauge is of a kind whose sum says nothing. */
export const addUp = (all: readonly MetricParts[]): Registry =>
  AggregatorRegistry.aggregate([...all])

/** How many requests to other regions stand somewhere, and how long the oldest has waited. */
export interface CrossingCount {
  readonly state: string
  readonly count: number
  readonly oldest_seconds: number
}

/** One message and its answer; a region is one of the directory or `unknown`. */
export interface Exchanged {
  readonly direction: 'in' | 'out'
  readonly region: string
  readonly kind: string
  readonly outcome: string
  readonly took_ms: number
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The buckets of a histogram, those of all its labels added up. */
async function takenWithin(
  histogram: Histogram,
): Promise<{ readonly upTo_seconds: number; readonly count: number }[]> {
  const { values } = await histogram.get()
  return [...seconds, Number.POSITIVE_INFINITY].map((upTo_seconds) => ({
    upTo_seconds,
    count: values
      .filter(({ labels }) => 'le' in labels && boundOf(labels) === upTo_seconds)
      .reduce((sum, { value }) => sum + value, 0),
  }))
}

const boundOf = ({ le }: { readonly le?: string | number }): number =>
  le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)

/** Requests of the national interface by transaction and result. */
function nationalMeter(registry: Registry, prefix: string): Metrics['transacted'] {
  const registers = [registry]
  const transactions = new Counter({
    name: `${prefix}national_requests_total`,
    help: 'Requests of the national interface',
    labelNames: ['infno', 'result'],
    registers,
  })
  const time = new Histogram({
    name: `${prefix}national_request_seconds`,
    help: 'From asked to answered over the national interface',
    buckets: seconds,
    labelNames: ['infno'],
    registers,
  })
  return (infno, result, took_ms) => {
    transactions.inc({ infno, result })
    time.observe({ infno }, took_ms / 1000)
  }
}

/** Runs of sweeps, and what they did. */
function sweepMeter(registry: Registry, prefix: string): Metrics['swept'] {
  const registers = [registry]
  const runs = new Counter({
    name: `${prefix}sweep_runs_total`,
    help: 'Runs of sweeps by outcome',
    labelNames: ['name', 'outcome'],
    registers,
  })
  const things = new Counter({
    name: `${prefix}sweep_things_total`,
    help: 'Things that sweeps did',
    labelNames: ['name'],
    registers,
  })
  return (name, outcome, count) => {
    runs.inc({ name, outcome })
    things.inc({ name }, count)
  }
}

/** Messages between regions. */
function regionMeter(registry: Registry, prefix: string): Pick<Metrics, 'exchanged' | 'breaker'> {
  const registers = [registry]
  const exchanges = new Counter({
    name: `${prefix}region_exchanges_total`,
    help: 'Messages to other regions (out) and of other regions (in)',
    labelNames: ['direction', 'region', 'kind', 'outcome'],
    registers,
  })
  const time = new Histogram({
    name: `${prefix}region_exchange_seconds`,
    help: 'From asked to answered between regions',
    buckets: seconds,
    labelNames: ['direction', 'region', 'kind'],
    registers,
  })
  const breakers = new Gauge({
    name: `${prefix}region_breaker`,
    help: 'Regions that are asked (0), tried again (1), left alone for a while (2)',
    labelNames: ['region'],
    // Each process finds out by itself; a region that one of them leaves alone is worth a look.
    aggregator: 'max',
    registers,
  })
  return {
    exchanged: ({ direction, region, kind, outcome, took_ms }) => {
      exchanges.inc({ direction, region, kind, outcome })
      time.observe({ direction, region, kind }, took_ms / 1000)
    },
    breaker: (region, state) => breakers.set({ region }, state),
  }
}

/** Gauges that are read when somebody looks. */
const watchers = (
  registry: Registry,
  prefix: string,
  { readsBooks = true }: { readonly readsBooks?: boolean },
): Pick<Metrics, 'watch' | 'watchCrossings'> => ({
  watch: (gauge, read) => addWatched(registry, prefix, { gauge, read, readsBooks }),
  watchCrossings: (read) => void (readsBooks && watchCrossings(registry, prefix, read)),
})

/**
 * Builds the counters of one process on a registry of their own, so that tests do not share them. Of several processes that
 * serve together all but one leave out what is read from the database.
 */
export function createMetrics(options: { readonly readsBooks?: boolean } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const prefix = 'jiesuan_'
  collectDefaultMetrics({ register: registry, prefix })
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: prefix + name, help, labelNames, registers })
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name: prefix + name, help, buckets, labelNames, registers })

  const claims = counter('settlements_total', 'Claims and cancellations by outcome', ['outcome'])
  const refusals = counter('refusals_total', 'Refusals by code', ['code'])
  const routes = counter('routes_total', 'Settlements by route', ['route'])
  const replays = counter('replays_total', 'Repeats answered from the store')
  const forgeries = counter(
    'forgeries_total',
    'Cryptograms and MACs that no key of ours computes',
    ['what'],
  )
  const retries = counter('retries_total', 'Transactions done again', ['reason'])
  const violations = counter('invariant_violations_total', 'Rules of our own that did not hold')
  const pins = counter('pin_tries_total', 'PINs tried', ['outcome'])
  const latency = histogram('settlement_seconds', 'From asked to answered', seconds, ['outcome'])
  const requests = histogram('http_request_seconds', 'HTTP requests', seconds, [
    'method',
    'path',
    'status',
  ])
  const batches = histogram(
    'transaction_claims',
    'Claims a transaction',
    [1, 2, 5, 10, 20, 50, 100],
  )
  for (const outcome of outcomes) claims.inc({ outcome }, 0)

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    parts: () => registry.getMetricsAsJSON(),
    settled: (outcome, took_ms) => {
      claims.inc({ outcome })
      latency.observe({ outcome }, took_ms / 1000)
    },
    took: () => takenWithin(latency),
    refused: (code) => refusals.inc({ code }),
    routed: (route) => routes.inc({ route }),
    replayed: () => replays.inc(),
    answered: (method, path, status, took_ms) =>
      requests.observe({ method, path, status: String(status) }, took_ms / 1000),
    batch: (size) => batches.observe(size),
    transacted: nationalMeter(registry, prefix),
    forged: (what) => forgeries.inc({ what }),
    retried: (reason) => retries.inc({ reason }),
    violated: () => violations.inc(),
    pinTried: (outcome) => pins.inc({ outcome }),
    swept: sweepMeter(registry, prefix),
    ...regionMeter(registry, prefix),
    ...watchers(registry, prefix, options),
  }
}
