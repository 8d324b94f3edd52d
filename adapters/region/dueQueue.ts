import { type Crossing, crossingWait, isOpen, readCrossing } from '../../engine/crossing.ts'
import { keptOf } from '../../engine/dossier.ts'
import type { CrossingWorld, DueSubject } from './crossingNeeds.ts'

/** A request to another region that is due, and which attempt this is, from 1. */
export interface DueCrossing {
  readonly one: Crossing
  readonly number: number
}

export interface QueueOptions {
  readonly isOver: () => boolean
  /** Told of what failed of some, which keeps nobody from the others. */
  readonly note: (failure: unknown) => void
}

/** So many are put off and read at a time: opening more at once would keep others waiting. */
const atATime = 8

interface Read {
  readonly of: DueSubject
  readonly one: Crossing | undefined
}

/** What is due by the region it was asked of (按统筹区分队). What cannot be read has a queue of its own, so that it is put off as well. */
export async function queuesOf(
  due: readonly DueSubject[],
  world: CrossingWorld,
  options: QueueOptions,
): Promise<DueQueue[]> {
  const queues = new Map<string | undefined, DueSubject[]>()
  for (let from = 0; from < due.length && !options.isOver(); from += atATime)
    for (const { of, one } of await readSome(due.slice(from, from + atATime), world, options)) {
      const queue = queues.get(one?.to) ?? []
      queues.set(one?.to, queue)
      queue.push(of)
    }
  return [...queues.values()].map((queue) => new DueQueue(queue, world, options))
}

/** One that cannot be opened is told of, and the others are read. */
async function readSome(
  some: readonly DueSubject[],
  world: CrossingWorld,
  options: Pick<QueueOptions, 'note'>,
): Promise<Read[]> {
  try {
    const dossiers = await world.kept(some.map(({ subject }) => subject))
    return some.map((of) => ({ of, one: readCrossing(of.subject, keptOf(dossiers, of.subject)) }))
  } catch (error) {
    const [first, ...others] = some
    if (others.length === 0) options.note(error)
    if (!first || others.length === 0) return some.map((of) => ({ of, one: undefined }))
    const each = some.map(async (one) => readSome([one], world, options))
    return (await Promise.all(each)).flat()
  }
}

/** Of one region, a few at a time, for however many work on them. */
export class DueQueue {
  readonly #due: DueSubject[]
  readonly #world: CrossingWorld
  readonly #options: QueueOptions
  #ready: DueCrossing[] = []
  #filling: Promise<void> | undefined

  constructor(due: readonly DueSubject[], world: CrossingWorld, options: QueueOptions) {
    this.#due = [...due]
    this.#world = world
    this.#options = options
  }

  /** Undefined once there is none, or the run is over. */
  async next(): Promise<DueCrossing | undefined> {
    while (this.#ready.length === 0 && this.#due.length > 0 && !this.#options.isOver()) {
      this.#filling ??= this.#fill()
      await this.#filling
    }
    return this.#ready.shift()
  }

  async #fill(): Promise<void> {
    try {
      this.#ready.push(...(await this.#claim(this.#due.splice(0, atATime))))
    } catch (error) {
      // Where the database is away none of the others could be put off either.
      this.#due.length = 0
      this.#options.note(error)
    } finally {
      this.#filling = undefined
    }
  }

  /** They are put off first: where the process that has put them off dies, the next one comes after the pause. */
  async #claim(some: readonly DueSubject[]): Promise<DueCrossing[]> {
    const world = this.#world
    const from = world.now()
    const until = ({ attempts }: DueSubject): number =>
      from + Math.round(crossingWait(attempts + 1) * world.jitter())
    const puttingOff = some.map((one) => ({ due: one, until: until(one) }))
    const ours = await world.due.claimEach(puttingOff, from)
    const read = await readSome(ours, world, this.#options)
    return read.flatMap(({ of, one }) =>
      one && isOpen(one) ? [{ one, number: of.attempts + 1 }] : [],
    )
  }
}
