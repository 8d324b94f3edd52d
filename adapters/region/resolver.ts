import {
  adviceOf,
  type Crossing,
  crossingAlarm,
  crossingWait,
  isOpen,
  readCrossing,
  stepAfterAsking,
  stepAfterQuery,
  stepAfterReversal,
  undoAskOf,
} from '../../engine/crossing.ts'
import type { Crossings } from './crossings.ts'
import { hear } from './heard.ts'
import type { CrossingWorld, DueSubject } from './crossingNeeds.ts'

/** Finds out what became of requests to other regions, and undoes what cannot be confirmed. */
export interface Resolver {
  /** Takes on what is due; gives the number that ended. Bears being run twice, and not at all. */
  resolve(signal: AbortSignal): Promise<number>
}

/** So many are looked at in one run, and so many of them at once: each may wait for a region until its time is over. */
const mostInRun = 400
const mostAtOnce = 16

export function createResolver(world: CrossingWorld, crossings: Crossings): Resolver {
  return {
    async resolve(signal) {
      const due = [...(await world.due.list(world.now(), mostInRun))]
      const failures: unknown[] = []
      let ended = 0
      const work = async (): Promise<void> => {
        for (let next = due.shift(); next && !signal.aborted; next = due.shift())
          if (await attempt(next, world, crossings).catch((error) => !failures.push(error))) ended++
      }
      await Promise.all(Array.from({ length: mostAtOnce }, work))
      // One that failed is due again after its pause, and keeps nobody from the others.
      if (failures.length > 0) throw failures[0]
      return ended
    },
  }
}

/** Whoever claims one puts it off first: where that process dies, the next one comes after the pause. */
async function attempt(
  due: DueSubject,
  world: CrossingWorld,
  crossings: Crossings,
): Promise<boolean> {
  const number = due.attempts + 1
  const now = world.now()
  const until = now + Math.round(crossingWait(number) * world.jitter())
  if (!(await world.due.claim(due, now, until))) return false
  const before = readCrossing(due.subject, await world.kept(due.subject))
  if (!before || !isOpen(before)) return false
  await lookAt(before, number, world, crossings)
  const after = readCrossing(due.subject, await world.kept(due.subject))
  if (!after || !isOpen(after)) return true
  if (number >= crossingAlarm) world.alarm(after, number)
  return false
}

async function lookAt(
  one: Crossing,
  attempt: number,
  world: CrossingWorld,
  crossings: Crossings,
): Promise<void> {
  const revive = () => world.revive(one)
  const line = world.lines.from(one.from)
  if (one.state === 'reversing') {
    const heard = await hear(line, one.to, adviceOf(one))
    await crossings.carryOut(one, stepAfterReversal(heard), revive)
    return
  }
  const heard = await hear(line, one.to, { kind: 'query', reference: one.reference })
  const step = stepAfterQuery(one, heard, attempt)
  if (step.kind !== 'send') {
    await crossings.carryOut(one, step, revive)
    return
  }
  const answer = await hear(line, one.to, undoAskOf(one))
  const next = stepAfterAsking(one, answer)
  // What could not be sent now is sent later: of an undoing that was asked for once nothing is given up.
  if (next.kind === 'note' && next.state !== 'refused') return
  await crossings.carryOut(one, next, revive)
}
