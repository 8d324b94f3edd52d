import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

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
  settled(outcome: (typeof outcomes)[number], took_ms: number): void
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

const watched = {
  pool_connections: 'Connections of the database pool that are open',
  pool_connections_idle: 'Connections of the database pool that are free',
  pool_waiting: 'Work that waits for a connection',
  queue_length: 'Claims that wait for a transaction',
  log_lines_dropped: 'Log lines that nobody took',
  clearing_stuck: 'Windows of clearing that could not be closed for six times or more',
  collections_stuck:
    'Collections whose bank has been asked often and does not say what became of them',
  payouts_stuck: 'Payments whose bank has been asked often and does not say what became of them',
  crossings_stuck: 'Requests that another region has been asked about often without a word',
  pending_age_seconds: 'Age of the oldest committed row that has no place in the journal yet',
} as const

export type Watched = keyof typeof watched

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

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

/** Builds the counters of one process on a registry of their own, so that tests do not share them. */
export function createMetrics(): Metrics {
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
    settled: (outcome, took_ms) => {
      claims.inc({ outcome })
      latency.observe({ outcome }, took_ms / 1000)
    },
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
    watch: (gauge, read) => void addGauge(registry, prefix + gauge, watched[gauge], read),
    watchCrossings: (read) => watchCrossings(registry, prefix, read),
  }
}

function addGauge(
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
function watchCrossings(
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
