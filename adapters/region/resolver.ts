import {
  adviceOf,
  type Crossing,
  crossingAlarm,
  crossingWait,
  isOpen,
  readCrossing,
  type Step,
  stepAfterAsking,
  stepAfterQuery,
  stepAfterReversal,
  undoAskOf,
} from '../../engine/crossing.ts'
import { type Kept, keptOf } from '../../engine/dossier.ts'
import type { Crossings } from './crossings.ts'
import { hear } from './heard.ts'
import type { CrossingWorld, DueSubject } from './crossingNeeds.ts'

/** Finds out what became of requests to other regions, and undoes what cannot be confirmed. */
export interface Resolver {
  /** Takes on what is due; gives the number that ended. Bears being run twice, and not at all. */
  resolve(signal: AbortSignal): Promise<number>
}

/** So many are looked at in one run. */
const mostInRun = 400
/** And of each region so many at once: each may wait for it until its time is over. */
const mostAtOnce = 16
/** After so long no more are taken on, so that what is due by then of other regions does not wait for a slow one. */
const longest_ms = 20_000

export function createResolver(world: CrossingWorld, crossings: Crossings): Resolver {
  return {
    async resolve(signal) {
      const failures: unknown[] = []
      const run: Run = {
        world,
        crossings,
        // One that failed is due again after its pause, and keeps nobody from the others.
        note: (failure) => void failures.push(failure),
        isOver: lasting(signal, world.now() + longest_ms, world),
      }
      const due = await world.due.list(world.now(), mostInRun)
      const queues = await byRegion(due, world)
      const ended = await Promise.all(queues.map(async (queue) => workThrough(queue, run)))
      if (failures.length > 0) throw failures[0]
      return ended.reduce((sum, each) => sum + each, 0)
    },
  }
}

const lasting = (signal: AbortSignal, until: number, world: CrossingWorld) => (): boolean =>
  signal.aborted || world.now() > until

interface Run {
  readonly world: CrossingWorld
  readonly crossings: Crossings
  readonly note: (failure: unknown) => void
  readonly isOver: () => boolean
}

/** Those of one region wait for each other, and not for those of another. */
async function byRegion(due: readonly DueSubject[], world: CrossingWorld): Promise<DueSubject[][]> {
  const queues = new Map<string | undefined, DueSubject[]>()
  for (const { of, kept } of await read(due, world)) {
    const to = readCrossing(of.subject, kept)?.to
    const queue = queues.get(to) ?? []
    queues.set(to, queue)
    queue.push(of)
  }
  return [...queues.values()]
}

interface Read {
  readonly of: DueSubject
  readonly kept: readonly Kept[]
}

/** A few at a time, so that opening them keeps nobody waiting. */
async function read(due: readonly DueSubject[], world: CrossingWorld): Promise<Read[]> {
  const all: Read[] = []
  for (let from = 0; from < due.length; from += mostAtOnce) {
    const some = due.slice(from, from + mostAtOnce)
    const dossiers = await world.kept(some.map(({ subject }) => subject))
    all.push(...some.map((of) => ({ of, kept: keptOf(dossiers, of.subject) })))
  }
  return all
}

/** Gives how many ended. */
async function workThrough(queue: DueSubject[], run: Run): Promise<number> {
  let ended = 0
  try {
    while (queue.length > 0 && !run.isOver())
      ended += await attempt(queue.splice(0, mostAtOnce), run)
  } catch (error) {
    run.note(error)
  }
  return ended
}

/** They are put off first: where the process that has put them off dies, the next one comes after the pause. */
async function attempt(some: readonly DueSubject[], run: Run): Promise<number> {
  const { world } = run
  const now = world.now()
  const until = (one: DueSubject): number =>
    now + Math.round(crossingWait(one.attempts + 1) * world.jitter())
  const ours = await world.due.claimEach(
    some.map((due) => ({ due, until: until(due) })),
    now,
  )
  const found = (await read(ours, world)).flatMap(({ of, kept }) => {
    const one = readCrossing(of.subject, kept)
    return one && isOpen(one) ? [{ one, of }] : []
  })
  const looked = await Promise.all(
    found.map(async ({ one, of }) => lookAt(one, of.attempts + 1, run).catch(run.note)),
  )
  return endedOf(
    found.map(({ of }, i) => ({ of, changed: looked[i] === true })),
    world,
  )
}

/** Of what is still there after so many attempts somebody is told; what nothing was heard of is there, and not read again. */
async function endedOf(
  looked: readonly { readonly of: DueSubject; readonly changed: boolean }[],
  world: CrossingWorld,
): Promise<number> {
  const after = await read(
    looked.flatMap(({ of, changed }) => (changed || of.attempts + 1 >= crossingAlarm ? [of] : [])),
    world,
  )
  let ended = 0
  for (const { of, kept } of after) {
    const one = readCrossing(of.subject, kept)
    if (!one || !isOpen(one)) ended++
    else if (of.attempts + 1 >= crossingAlarm) world.alarm(one, of.attempts + 1)
  }
  return ended
}

/** Whether anything was written of it. */
async function lookAt(one: Crossing, number: number, run: Run): Promise<boolean> {
  const step = await stepOf(one, number, run.world)
  if (step.kind === 'wait' || step.kind === 'send') return false
  await run.crossings.carryOut(one, step, () => run.world.revive(one))
  return true
}

async function stepOf(one: Crossing, number: number, world: CrossingWorld): Promise<Step> {
  const line = world.lines.from(one.from)
  if (one.state === 'reversing') return stepAfterReversal(await hear(line, one.to, adviceOf(one)))
  const heard = await hear(line, one.to, { kind: 'query', reference: one.reference })
  const step = stepAfterQuery(one, heard, number)
  if (step.kind !== 'send') return step
  const next = stepAfterAsking(one, await hear(line, one.to, undoAskOf(one)))
  // What could not be sent now is sent later: of an undoing that was asked for once nothing is given up.
  return next.kind === 'note' && next.state !== 'refused' ? { kind: 'wait' } : next
}
