import {
  adviceOf,
  type Crossing,
  crossingAlarm,
  isOpen,
  type Step,
  stepAfterAsking,
  stepAfterQuery,
  stepAfterReversal,
  undoAskOf,
} from '../../engine/crossing.ts'
import { type Crossings, crossingNow } from './crossings.ts'
import { hear, patience_ms } from './heard.ts'
import { type DueCrossing, type DueQueue, queuesOf } from './dueQueue.ts'
import type { CrossingWorld } from './crossingNeeds.ts'

/** Finds out what became of requests to other regions, and undoes what cannot be confirmed. */
export interface Resolver {
  /** Takes on what is due; gives the number that ended. Bears being run twice, and not at all. */
  resolve(signal: AbortSignal): Promise<number>
}

/** So many are looked at in one run, the longest waiting first. */
const mostInRun = 2_000
/** And of each region so many at once: each may wait for it until its time is over. */
const mostAtOnce = 16
/** After so long no more are taken on, so that what is due by then of other regions does not wait for a slow one. */
const longest_ms = 10_000

export function createResolver(world: CrossingWorld, crossings: Crossings): Resolver {
  return {
    async resolve(signal) {
      const failures: unknown[] = []
      // One that failed is due again after its pause, and keeps nobody from the others.
      const note = (failure: unknown): void => void failures.push(failure)
      // Measured by a clock that nobody sets: a sandbox's days may pass in minutes.
      const until = performance.now() + longest_ms
      const isOver = (): boolean => signal.aborted || performance.now() > until
      const due = await world.due.list(world.now(), mostInRun)
      const queues = await queuesOf(due, world, { isOver, note })
      const run: Run = { world, crossings, note }
      const ended = await Promise.all(queues.map(async (queue) => workThrough(queue, run)))
      if (failures.length > 0) throw failures[0]
      return ended.reduce((sum, each) => sum + each, 0)
    },
  }
}

interface Run {
  readonly world: CrossingWorld
  readonly crossings: Crossings
  readonly note: (failure: unknown) => void
}

/** Those of one region wait for each other, and not for those of another; gives how many ended. */
async function workThrough(queue: DueQueue, run: Run): Promise<number> {
  let ended = 0
  const work = async (): Promise<void> => {
    for (let next = await queue.next(); next; next = await queue.next())
      if (await attempt(next, run).catch(run.note)) ended++
  }
  await Promise.all(Array.from({ length: mostAtOnce }, work))
  return ended
}

/** Whether it is over now. Of what nothing was written is as it was, and where that was so often somebody is told. */
async function attempt({ one, number }: DueCrossing, run: Run): Promise<boolean> {
  const { world, crossings } = run
  const step = await stepOf(one, number, world)
  const isWritten = step.kind === 'conclude' || step.kind === 'note'
  if (isWritten) await crossings.carryOut(one, step, () => world.revive(one), 'away')
  const after = isWritten ? await crossingNow(one, world) : one
  if (!after || !isOpen(after)) return true
  if (number >= crossingAlarm) world.alarm(after, number)
  return false
}

async function stepOf(one: Crossing, number: number, world: CrossingWorld): Promise<Step> {
  const line = world.lines.from(one.from)
  if (one.state === 'reversing')
    return stepAfterReversal(await hear(line, one.to, adviceOf(one), patience_ms))
  const query = { kind: 'query', reference: one.reference } as const
  const step = stepAfterQuery(one, await hear(line, one.to, query, patience_ms), number)
  if (step.kind !== 'send') return step
  const next = stepAfterAsking(one, await hear(line, one.to, undoAskOf(one), patience_ms))
  // What could not be sent now is sent later: of an undoing that was asked for once nothing is given up.
  return next.kind === 'note' && next.state !== 'refused' ? { kind: 'wait' } : next
}
