import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Books } from '../../engine/books.ts'
import { policyOf } from '../../engine/cardPolicy.ts'
import type { Clock } from '../../engine/ports.ts'
import { type Ports, startProcess } from '../../engine/process.ts'
import type { Directory } from '../../engine/route.ts'
import { type Config, ConfigError } from '../config.ts'
import { consolePages } from '../console/console.ts'
import { openCardRoots } from '../crypto/cardRoots.ts'
import { createCipher } from '../crypto/cipher.ts'
import { type DataKeys, proofsOf, readDataKeys } from '../crypto/dataKey.ts'
import type { KeyStore } from '../crypto/keyStore.ts'
import { openKeyStore } from '../crypto/openKeyStore.ts'
import { testAlgorithms } from '../crypto/selfTest.ts'
import { createVerifyPool, type VerifyPool } from '../crypto/verifyPool.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { hmacSm3, sm3 } from '../crypto/sm3.ts'
import { refuseOpenDoor } from '../http/caller.ts'
import type { Desk, Door } from '../http/needs.ts'
import { buildServer } from '../http/server.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import type { Settings } from '../nhsa/settings.ts'
import { type Batcher, createBatcher } from '../postgres/batcher.ts'
import { createBooks } from '../postgres/books.ts'
import { createClockMark } from '../postgres/clockMark.ts'
import { createIds } from '../postgres/ids.ts'
import { createJournal, type Journal } from '../postgres/journal.ts'
import { checkKeys } from '../postgres/keyCheck.ts'
import type { Crypto } from '../postgres/needs.ts'
import { createOpening } from '../postgres/opening.ts'
import { createRegister } from '../postgres/register.ts'
import type { RegionDirectory } from '../region/directory.ts'
import type { RegionLines } from '../region/line.ts'
import { loadRules } from '../rulepacks/load.ts'
import { dayInChina, machineClock, morningOf, startSandboxClock } from '../sandbox/clock.ts'
import type { Registry } from '../sandbox/needs.ts'
import { enterWorld, readWorld, servedPart } from '../sandbox/world.ts'
import type { CrossingWorld } from '../region/crossingNeeds.ts'
import { openBank } from './bank.ts'
import { openClearing, statementsOver } from './clearing.ts'
import { noLines, openRegional } from './crossings.ts'
import { openDatabase, poolSize } from './database.ts'
import { deskOf } from './desk.ts'
import { openGateway, openSettings } from './gateway.ts'
import { listen } from './listen.ts'
import { nationalWorldOf } from './nationalWorld.ts'
import { openDirectory, openRegionDoor, openRegionLines, regionsOf } from './regions.ts'
import { pinIn } from './sandboxPins.ts'
import { createReviving } from './reviving.ts'
import { sparing } from './sparing.ts'
import { createTaking } from './taking.ts'
import { startSweeping } from './sweeps.ts'

/** So long a closing server answers "closing" to whoever still comes, so that no connection is cut with a request on it. */
const lastLook_ms = 1_000

export interface Running {
  readonly url: string
  /** The same desk that HTTP asks, for whoever runs the server in its own process. */
  readonly desk: Desk
  /** The lines to other regions, for the same; absent in a production without REGION_DIRECTORY. */
  readonly lines: RegionLines | undefined
  /** Lets everything that was accepted be answered, then ends. */
  stop(): Promise<void>
}

/** Starts whatever the configuration asks for; what was started is ended again where a later step fails. */
export async function serve(
  config: Config,
  log: Logger,
  dropped: () => number = () => 0,
): Promise<Running> {
  testAlgorithms()
  refuseOpenDoor(config)
  if (config.workers > 1) log.warn('WORKERS: this version serves with one process')
  await using stack = new AsyncDisposableStack()
  const world = await openWorld(config, log, stack)
  const { metrics } = world
  const books = createBooks(world)
  const engine = startProcess(portsOf(world, books))
  const batcher = createBatcher({
    settleBatch: (asks) => engine.settle(asks),
    inFlight: Number(process.env['INFLIGHT'] ?? 4),
    queue: mostWaiting,
    onBatch: (size) => metrics.batch(size),
  })
  if (config.mode === 'sandbox') await openSandbox(world)
  const journal = startJournal(world, stack)
  watch(world, batcher, journal)
  metrics.watch('log_lines_dropped', dropped)
  const take = createTaking(world, batcher)
  const revive: CrossingWorld['revive'] = ({ key }) => reviving(key)
  const lines = openRegionLines(world, stack)
  const [own] = config.regions
  const parts = { process: engine, take, lines: lines ?? noLines, own, revive }
  const regional = openRegional(world, parts)
  const { crossings, resolver, homeDesk } = regional
  const banked = openBank(world, (ask) => crossings.submit(ask))
  const door: Door = { closing: false }
  const clearing = openClearing(world, engine, statementsOver(lines ?? noLines))
  const desk = deskOf(world, { crossings, batcher, ...banked, clearing })
  const national = nationalWorldOf(world, crossings, desk)
  const reviving = createReviving(world, desk, national)
  startSweeping(world, stack, { desk, ...banked, clearing, resolver })
  const gateway = openGateway(world, () => national, door)
  const regions = openRegionDoor(world, homeDesk, door)
  const doors = [gateway, regions, consolePages]
  const app = await buildServer(desk, config, { log, metrics }, door, doors)
  const url = await listen(app, config)
  const everything = stack.move()
  return {
    url,
    desk,
    lines,
    async stop() {
      door.closing = true
      await sleep(lastLook_ms)
      await app.close()
      await batcher.drained()
      await everything.disposeAsync()
    },
  }
}

/** Reads rules and keys, and opens the database and the clock. */
async function openWorld(config: Config, log: Logger, stack: AsyncDisposableStack): Promise<World> {
  const rules = loadRules(config.rulesDirectory, { sandbox: config.mode === 'sandbox' })
  refuseRegionsWithoutRules(config, rules)
  const settings = openSettings({ config, rules })
  const regionDirectory = openDirectory(config, rules)
  const regions = regionsOf(config, rules, regionDirectory)
  const keys = readDataKeys({ file: config.dataKeyFile, mode: config.mode })
  const crypto = openCrypto(keys)
  const metrics = createMetrics()
  const pool = await openDatabase(config, log, stack)
  await checkKeys({ pool, crypto, proofs: proofsOf(keys), mode: config.mode })
  const clock = await openClock(config, pool, stack)
  const keyStore = openKeyStore({
    file: config.keyStoreFile,
    secretFile: config.keyStoreSecretFile,
    mode: config.mode,
    regions: config.regions,
  })
  const verifyPool = openVerifyPool(config, log, stack)
  const opened = { config, log, metrics, pool, crypto, keyStore, verifyPool, clock }
  return { ...opened, rules, settings, regions, regionDirectory }
}

/** More would only wait until their callers have given up: telling them at once that we are full serves them better. */
const mostWaiting = 400

/** What most pieces are made from. */
export interface World {
  readonly config: Config
  readonly log: Logger
  readonly metrics: Metrics
  readonly pool: pg.Pool
  readonly crypto: Crypto
  /** Absent in a production without keys: there no card is proved, no PIN checked, no token signed. */
  readonly keyStore: KeyStore | undefined
  /** Absent where no root certificates are here: then no signature of a card proves anything. */
  readonly verifyPool: VerifyPool | undefined
  readonly clock: Clock
  readonly rules: ReturnType<typeof loadRules>
  /** How each region speaks the national interface, and which kinds of care it clears together. */
  readonly settings: Settings
  /** Which divisions belong together, which regions are served here, and which can be asked. */
  readonly regions: Directory
  /** Other regions and everybody's keys; absent where no other region is spoken to. */
  readonly regionDirectory: RegionDirectory | undefined
}

function refuseRegionsWithoutRules({ regions }: Config, { rulebooks }: World['rules']): void {
  const missing = regions.filter((region) => !rulebooks.of(region))
  if (missing.length > 0)
    throw new ConfigError(
      `REGIONS names ${missing.join(', ')}, for which RULES_DIR has no rules; it has ` +
        `${rulebooks.all.map(({ region }) => region.division).join(', ')}.`,
    )
}

/** So many threads check certificates of cards at most; each serves some 1,200 cards a second. */
const verifyThreads = 2

function openVerifyPool(
  { mode, cardRootsFile: file, cardRevokedFile: revokedFile }: Config,
  log: Logger,
  stack: AsyncDisposableStack,
): VerifyPool | undefined {
  const trusted = openCardRoots({ file, revokedFile, mode })
  if (!trusted) return undefined
  const pool = createVerifyPool({
    trusted,
    threads: verifyThreads,
    onFallback: (error) => log.warn({ err: error }, 'certificates are checked on the main thread'),
  })
  stack.defer(() => pool.close())
  return pool
}

function openCrypto(keys: DataKeys): Crypto {
  return { cipher: createCipher(keys), sm3, index: (input) => hmacSm3(keys.index, input) }
}

/** The sandbox has a clock of its own, which never runs backwards over a restart. */
async function openClock(
  { mode, clock, rulesDirectory }: Config,
  pool: pg.Pool,
  stack: AsyncDisposableStack,
): Promise<Clock> {
  if (mode === 'production') return machineClock()
  const sandbox = await startSandboxClock({
    start_ms: clock?.start_ms ?? morningOf(readWorld(rulesDirectory).day),
    rate: clock?.rate ?? 1,
    mark: createClockMark(pool),
  })
  stack.defer(() => sandbox.stop())
  return sandbox
}

function startJournal({ pool, clock, log }: World, stack: AsyncDisposableStack): Journal {
  const journal = createJournal({
    pool,
    now: () => clock.now(),
    // It tries several times a second, and one word in a while is enough.
    onError: sparing(10_000, (error, leftOut) =>
      log.warn({ err: error, leftOut }, 'the journal could not go on; it tries again'),
    ),
  })
  journal.start()
  stack.defer(() => journal.stop())
  return journal
}

function portsOf({ log, metrics, clock, rules, regions }: World, books: Books): Ports {
  return {
    books,
    clock,
    ids: createIds({ sm3, drawBytes }),
    rulebooks: rules.rulebooks,
    regions,
    packHash: rules.hashes.whole,
    dayOf: dayInChina,
    pause: (attempt) => sleep(randomInt(1, 4 * 2 ** attempt)),
    tell(event) {
      if (event.kind === 'retry') metrics.retried('conflict')
      if (event.kind === 'unknown')
        log.warn({ asks: event.asks }, 'a commit was sent and no reply came')
      if (event.kind !== 'bug') return
      metrics.violated()
      log.error({ err: event.error, reference: event.reference }, 'a rule of our own did not hold')
    },
  }
}

async function openSandbox({
  config,
  pool,
  crypto,
  clock,
  log,
  keyStore,
  rules,
}: World): Promise<void> {
  const now = () => clock.now()
  const register = createRegister({ pool, crypto, now })
  if ((await register.institutions()).length > 0) return
  const opening = createOpening({ pool, ids: createIds({ sm3, drawBytes }), now })
  const world = servedPart(readWorld(config.rulesDirectory), config.regions)
  const registry: Registry = {
    ...register,
    putCard: async (card, pin) => {
      const { pinTries } = policyOf(rules.rulebooks, card.managedIn)
      return register.putCard(card, keyStore && pinIn(keyStore, card, pin, pinTries))
    },
    openAccounts: (balances) => opening.open(balances),
  }
  await enterWorld(world, registry, config.mode)
  log.info(
    `the sandbox has ${world.people.length} invented people and ${world.institutions.length} institutions`,
  )
}

/** Gauges are read when somebody looks. */
function watch({ metrics, pool }: World, batcher: Batcher, journal: Journal): void {
  metrics.watch('pool_connections', () => pool.totalCount)
  metrics.watch('pool_connections_idle', () => pool.idleCount)
  metrics.watch('pool_waiting', () => pool.waitingCount)
  metrics.watch('queue_length', () => batcher.waiting())
  metrics.watch('pending_age_seconds', async () => (await journal.pendingAge_ms()) / 1000)
}
