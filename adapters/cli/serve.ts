import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Books } from '../../engine/books.ts'
import type { Clock } from '../../engine/ports.ts'
import { type Ports, type Process, startProcess } from '../../engine/process.ts'
import type { Directory } from '../../engine/route.ts'
import type { Config } from '../config.ts'
import { consolePages } from '../console/console.ts'
import type { KeyStore } from '../crypto/keyStore.ts'
import type { VerifyPool } from '../crypto/verifyPool.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3 } from '../crypto/sm3.ts'
import type { Desk, Door } from '../http/needs.ts'
import { buildServer } from '../http/server.ts'
import type { MetricParts, Metrics } from '../metrics.ts'
import type { Settings } from '../nhsa/settings.ts'
import { type Batcher, createBatcher } from '../postgres/batcher.ts'
import { createBooks } from '../postgres/books.ts'
import { createIds } from '../postgres/ids.ts'
import type { RegionDirectory } from '../region/directory.ts'
import type { RegionLines } from '../region/line.ts'
import type { loadRules } from '../rulepacks/load.ts'
import { dayInChina } from '../sandbox/clock.ts'
import type { CrossingWorld } from '../region/crossingNeeds.ts'
import { openBank } from './bank.ts'
import { openClearing, statementsOver } from './clearing.ts'
import { noLines, openRegional } from './crossings.ts'
import { transactionsAtOnce } from './database.ts'
import { tellSandboxKeys } from './callerDesk.ts'
import { deskOf } from './desk.ts'
import { startIndexingNames } from './findDesk.ts'
import { openGateway } from './gateway.ts'
import { collectSeldom } from './collecting.ts'
import { checkBefore, type Ground, startJournal } from './ground.ts'
import { listen } from './listen.ts'
import { nationalWorldOf } from './nationalWorld.ts'
import { alone, type Place } from './place.ts'
import { openRegionDoor, openRegionLines } from './regions.ts'
import { createReviving } from './reviving.ts'
import { openSandbox } from './sandboxWorld.ts'
import { startAuditing, watchAudit } from './auditing.ts'
import { prepareSealing } from './sealing.ts'
import { sparing } from './sparing.ts'
import { createTaking } from './taking.ts'
import { startSums } from './summing.ts'
import { startSweeping } from './sweeps.ts'
import { openHeadDoor } from './witnessing.ts'
import { openWorld } from './world.ts'

/** So long a closing server answers "closing" to whoever still comes, so that no connection is cut with a request on it. */
const lastLook_ms = 1_000

export interface Running {
  readonly url: string
  /** The same desk that HTTP asks, for whoever runs the server in its own process. */
  readonly desk: Desk
  /** The lines to other regions, for the same; absent in a production without REGION_DIRECTORY. */
  readonly lines: RegionLines | undefined
  /** Which rules it decides by. */
  readonly packHash: string
  /** What this process has counted. */
  counted(): Promise<MetricParts>
  /** Lets everything that was accepted be answered, then ends. */
  stop(): Promise<void>
}

/**
 * Serves in this process, alone or in its place among several; what was started is ended again where a later step fails.
 */
export async function serve(
  config: Config,
  log: Logger,
  dropped: () => number = () => 0,
  place: Place = alone,
): Promise<Running> {
  collectSeldom()
  checkBefore(config)
  await using stack = new AsyncDisposableStack()
  const world = await openWorld(config, log, stack, place)
  const { metrics } = world
  const books = createBooks(world)
  const engine = startProcess(portsOf(world, books))
  const batcher = openBatcher(world, engine)
  if (config.mode === 'sandbox' && place.slot === 1) {
    await openSandbox(world)
    tellSandboxKeys(log)
  }
  watch(world, batcher, stack)
  const seal = place.common ? undefined : await prepareSealing(world, world.clock, stack)
  metrics.watch('log_lines_dropped', dropped)
  const take = createTaking(world, batcher)
  const revive: CrossingWorld['revive'] = ({ key }) => reviving(key)
  const lines = openRegionLines(world, stack)
  const [own] = config.regions
  const turns = place.common?.turns
  const parts = { process: engine, take, lines: lines ?? noLines, own, revive, turns }
  const regional = openRegional(world, parts)
  const { crossings, resolver, homeDesk } = regional
  const banked = openBank(world, (ask) => crossings.submit(ask))
  const door: Door = { closing: false }
  const clearing = openClearing(world, engine, statementsOver(lines ?? noLines))
  const desk = deskOf(world, { crossings, batcher, ...banked, clearing })
  const national = nationalWorldOf(world, crossings, desk)
  const reviving = createReviving(world, desk, national)
  if (place.slot === 1) startSweeping(world, stack, { desk, ...banked, clearing, resolver })
  const gateway = openGateway(world, () => national, door, desk.access)
  const regions = openRegionDoor(world, homeDesk, door)
  const doors = [gateway, regions, openHeadDoor(world), consolePages]
  const app = await buildServer(desk, config, { log, metrics }, door, doors)
  const url = await listen(app, config, place)
  seal?.()
  // Nobody waits for it, and while a server starts its connections are wanted.
  if (place.slot === 1) startIndexingNames(world, stack)
  const everything = stack.move()
  return {
    url,
    desk,
    lines,
    packHash: world.rules.hashes.whole,
    counted: () => metrics.parts(),
    async stop() {
      door.closing = true
      await sleep(lastLook_ms)
      await app.close()
      await batcher.drained()
      await everything.disposeAsync()
    },
  }
}

/** More would only wait until their callers have given up: telling them at once that we are full serves them better. */
const mostWaiting = 400
/** A process that is one of several holds less, but no fewer than four uploads have in the works. */
const fewestWaiting = 256

/** So often others are told at most that somebody stands at a till here. */
const tellBeside_ms = 100

function openBatcher({ metrics, place }: World, engine: Process): Batcher {
  const { siblings, of } = place
  const tellBeside = sparing<void>(tellBeside_ms, () => void siblings.tell('beside'))
  const batcher = createBatcher({
    settleBatch: (asks) => engine.settle(asks),
    inFlight: transactionsAtOnce,
    queue: Math.max(fewestWaiting, Math.ceil(mostWaiting / of)),
    onBatch: (size) => metrics.batch(size),
    onBeside: () => tellBeside(),
  })
  siblings.hear('beside', () => batcher.noteBeside())
  return batcher
}

/** What most pieces are made from. */
export interface World extends Ground {
  readonly place: Place
  readonly metrics: Metrics
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

/** Gauges are read when somebody looks. Who serves alone writes the journal as well. */
function watch(world: World, batcher: Batcher, stack: AsyncDisposableStack): void {
  const { metrics, pool, clock, place } = world
  metrics.watch('pool_connections', () => pool.totalCount)
  metrics.watch('pool_connections_idle', () => pool.idleCount)
  metrics.watch('pool_waiting', () => pool.waitingCount)
  metrics.watch('queue_length', () => batcher.waiting())
  if (place.common) return
  watchAudit(metrics, startAuditing(world, clock, stack), clock)
  const journal = startJournal(world, clock, stack)
  startSums(world, stack)
  metrics.watch('pending_age_seconds', async () => (await journal.pendingAge_ms()) / 1000)
}
