import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { simulatedBank } from '../bank/simulated.ts'
import type { Config } from '../config.ts'
import { machineClock } from '../sandbox/clock.ts'
import { createWorkerMetrics, type WorkerMetrics } from '../workerMetrics.ts'
import { type Crew, type Member, openCrew } from './crew.ts'
import { mostProcesses } from './database.ts'
import { checkBefore, openGround, openSandboxClock, startJournal } from './ground.ts'
import { holdPort } from './heldPort.ts'
import { listeningOn } from './listen.ts'
import type { ParentAnswers } from './place.ts'
import { startAuditing, watchAudit } from './auditing.ts'
import { prepareSealing } from './sealing.ts'
import { startSums } from './summing.ts'
import { createTurns, type SharedTurns } from './turns.ts'

/** For the journal, its seal, the sums and the clock. */
const connections = 3

/** A process whose answer takes longer is left out, so that one that hangs keeps nobody waiting. */
const patience_ms = 1_000

/**
 * Serves with several processes that share a port (多进程). This one takes no request: it has what there is to be one of, hands
 * connections out in turns, and starts another process where one has ended.
 */
export async function serveWithWorkers(
  config: Config,
  log: Logger,
  dropped: () => number,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  checkBefore(config)
  await using stack = new AsyncDisposableStack()
  const ground = await openGround(config, log, stack, connections)
  const { pool } = ground
  const of = workersFor(config, await mostProcesses(pool), log)
  const port = await holdPort(config, stack)
  const metrics = createWorkerMetrics(() => crew.members().filter(({ serves }) => serves).length)
  const turns = createTurns()
  let packHash: string | undefined
  const crew = openCrew({
    log,
    beginning: (slot) => {
      const clock = sandbox && { beginning: sandbox.beginning, limit: sandbox.limit() }
      return { slot, of, packHash, clock, databaseUrl: pool.options.connectionString as string }
    },
    answers: answersFor({ crew: () => crew, port, metrics, turns }),
    onLost: ({ slot, counted }) => {
      turns.giveAll(slot)
      metrics.lost(counted)
    },
  })
  const limitClocks = (limit: number): void =>
    crew.members().forEach(({ calls }) => void calls.call('limitClock', limit).catch(() => {}))
  const sandbox =
    config.mode === 'sandbox'
      ? await openSandboxClock({ config, pool }, stack, limitClocks)
      : undefined
  const clock = sandbox ?? machineClock()
  const seal = await prepareSealing(ground, clock, stack)
  watchAudit(metrics, startAuditing(ground, clock, stack), clock)
  const journal = startJournal({ pool, log }, clock, stack)
  startSums({ pool, log }, stack)
  metrics.watch('pending_age_seconds', async () => (await journal.pendingAge_ms()) / 1000)
  metrics.watch('log_lines_dropped', dropped)
  stack.defer(() => crew.stop())
  const first = await crew.hire(1)
  packHash = first.packHash
  await Promise.all(Array.from({ length: of - 1 }, (_, i) => crew.hire(i + 2)))
  seal()
  log.info(listeningOn(first.url))
  const everything = stack.move()
  return { url: first.url, stop: () => everything.disposeAsync() }
}

/** More processes than the database has connections for would only find it full. */
function workersFor({ workers }: Config, most: number, log: Logger): number {
  if (workers > most)
    log.warn(
      `WORKERS is ${workers}, but max_connections of the database are enough for ${most}: so many serve`,
    )
  return Math.max(1, Math.min(workers, most))
}

interface Answering {
  readonly crew: () => Crew
  readonly port: () => Promise<number>
  readonly metrics: WorkerMetrics
  readonly turns: SharedTurns
}

/** What the process in a slot may call us for. In the sandbox the bank is among it, for it is one for all. */
function answersFor({ crew, port, metrics, turns }: Answering): (slot: number) => ParentAnswers {
  const bank = simulatedBank()
  return (slot) => ({
    port,
    ...turns.of(slot),
    metrics: () => addUpAll(crew(), metrics),
    tell: async (word) => {
      const others = crew()
        .members()
        .filter((member) => member.serves && member.slot !== slot)
      await Promise.all(others.map(({ calls }) => inTime(calls.call('hear', word))))
    },
    collect: (order) => bank.collect(order),
    query: (reference) => bank.query(reference),
    returnMoney: (reference) => bank.returnMoney(reference),
    pay: (order) => bank.pay(order),
    queryPayment: (reference) => bank.queryPayment(reference),
  })
}

/** Of a process that does not answer counts what it told last; one that ends meanwhile is counted with those that are gone. */
async function addUpAll(crew: Crew, metrics: WorkerMetrics): Promise<string> {
  const ask = async (member: Member): Promise<void> => {
    member.counted = (await inTime(member.calls.call('metrics'))) ?? member.counted
  }
  await Promise.all(
    crew
      .members()
      .filter(({ serves }) => serves)
      .map(ask),
  )
  return metrics.text(crew.members().map(({ counted }) => counted))
}

const inTime = async <T>(call: Promise<T>): Promise<T | undefined> =>
  Promise.race([call.catch(() => undefined), sleep(patience_ms, undefined, { ref: false })])
