import { bookCryptoOf } from '../../adapters/crypto/bookCrypto.ts'
import type pg from 'pg'
import { openRegional, type Regional } from '../../adapters/cli/crossings.ts'
import { readDataKeys } from '../../adapters/crypto/dataKey.ts'
import { drawBytes } from '../../adapters/crypto/drawnBytes.ts'
import { sm3 } from '../../adapters/crypto/sm3.ts'
import { createLog } from '../../adapters/log.ts'
import { createMetrics } from '../../adapters/metrics.ts'
import { createBatcher } from '../../adapters/postgres/batcher.ts'
import { createBooks } from '../../adapters/postgres/books.ts'
import { createIds } from '../../adapters/postgres/ids.ts'
import { createOpening } from '../../adapters/postgres/opening.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { createRegister } from '../../adapters/postgres/register.ts'
import { loadRules } from '../../adapters/rulepacks/load.ts'
import { dayInChina } from '../../adapters/sandbox/clock.ts'
import type { RegionLine } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { Ask, Key } from '../../engine/ports.ts'
import { startProcess } from '../../engine/process.ts'
import type { Random } from '../faults/random.ts'
import { Generation, type Plant } from './generation.ts'
import type { Strike, Timeline } from './timeline.ts'
import type { Work } from './work.ts'

const rules = loadRules('rules', { sandbox: true })
const crypto = bookCryptoOf(readDataKeys({ file: undefined, mode: 'sandbox' }))

export interface RegionOptions {
  readonly name: string
  readonly url: string
  readonly served: readonly [Division, ...Division[]]
  readonly reached: readonly Division[]
  readonly timeline: Timeline
  readonly work: Work
  readonly random: Random
  readonly plant?: Plant | undefined
  /** The line of one of its lives, in the name of a division. */
  readonly line: (life: Life, from: Division) => RegionLine
  readonly revive: (key: Key) => Ask | undefined
  readonly onKilled: (region: Region) => void
  readonly onStrike: (kind: Strike['kind']) => void
  readonly onAlarm: () => void
  readonly onViolation: (what: string) => void
}

/** A process of a region, until it is killed. */
export interface Life extends Regional {
  readonly generation: Generation
  readonly region: Region
}

/** One region: its books outlive its processes. */
export class Region {
  readonly name: string
  readonly pool: pg.Pool
  readonly served: readonly [Division, ...Division[]]
  readonly #options: RegionOptions
  #life: Life | undefined

  constructor(options: RegionOptions) {
    this.#options = options
    this.name = options.name
    this.served = options.served
    const { url, name } = options
    this.pool = createPool({ url, max: 12, applicationName: name, onError: () => {} })
    // Neither power nor the server fails here; only processes of ours do.
    Object.assign(this.pool.options, {
      options: '-c synchronous_commit=off',
      connectionTimeoutMillis: 60_000,
      lock_timeout: 60_000,
      statement_timeout: 60_000,
      query_timeout: 90_000,
      idle_in_transaction_session_timeout: 120_000,
    })
  }

  /** Undefined while no process runs. */
  get life(): Life | undefined {
    return this.#life
  }

  get register(): ReturnType<typeof createRegister> {
    return createRegister({ pool: this.pool, crypto, now: this.#clock.now })
  }

  get opening(): ReturnType<typeof createOpening> {
    return createOpening({
      pool: this.pool,
      crypto,
      ids: createIds({ sm3, drawBytes }),
      now: this.#clock.now,
    })
  }

  readonly #clock = {
    now: () => this.#options.timeline.now,
    today: () => dayInChina(this.#options.timeline.now),
  }

  start(): void {
    if (this.#life) return
    const { work, plant, random, line, revive, onStrike, onAlarm } = this.#options
    const generation = new Generation({
      work,
      plant,
      onStrike,
      onKilled: () => {
        this.#life = undefined
        this.#options.onKilled(this)
      },
    })
    const pool = generation.pool(this.pool)
    const regions = this.#directory()
    const process = startProcess({
      books: generation.books(createBooks({ pool: this.pool, crypto, clock: this.#clock })),
      clock: this.#clock,
      ids: createIds({ sm3, drawBytes }),
      rulebooks: rules.rulebooks,
      regions,
      packHash: rules.hashes.whole,
      dayOf: dayInChina,
      pause: async () => {},
      tell: (event) => {
        if (event.kind === 'bug')
          this.#options.onViolation(`a bug in ${this.name}: ${String(event.error)}`)
      },
    })
    const batcher = createBatcher({ settleBatch: (asks) => process.settle(asks), inFlight: 4 })
    const log = Object.assign(createLog('silent'), { error: onAlarm })
    const world = { pool, crypto, clock: this.#clock, log, metrics: createMetrics(), regions }
    const life: Life = {
      generation,
      region: this,
      ...openRegional(world, {
        process,
        take: (ask, lane) => batcher.submit(ask, lane),
        lines: { from: (division) => line(life, division) },
        own: this.served[0],
        revive: async ({ key }) => revive(key),
        jitter: () => 0.8 + random.next() * 0.4,
      }),
    }
    this.#life = life
  }

  #directory() {
    const { served, reached } = this.#options
    const known = rules.rulebooks.directory([])
    const others = reached.flatMap((one) => known.regionOf(one) ?? [])
    return rules.rulebooks.directory(served, others)
  }
}
