import { setTimeout as sleep } from 'node:timers/promises'
import { finalOf, type Story } from './client.ts'
import type { Random } from './random.ts'
import type { RegionBench, Side } from './regionBench.ts'
import { RegionWorkload } from './regionWorkload.ts'
import type { Report } from './series.ts'

const hospitalsOfRegion = 5

export const isSettled = (story: Story): boolean => finalOf(story)?.status === 201

/** Hospitals of both regions at work while `strike` does its worst; then every key gets its final answer, and all is judged. */
export async function underLoad(
  bench: RegionBench,
  random: Random,
  tag: string,
  strike: () => Promise<void>,
): Promise<Report> {
  const ended = new AbortController()
  const work = Object.values(bench.sides).flatMap((side) =>
    Array.from({ length: hospitalsOfRegion }, async (_, i) => {
      const hospital = new Hospital(
        bench,
        side,
        random.fork(`${side.region} ${i}`),
        `${tag}${side.region.slice(0, 2)}.${i}`,
      )
      while (!ended.signal.aborted) await hospital.serveOne()
    }),
  )
  try {
    await strike()
  } finally {
    ended.abort()
  }
  await Promise.all(work)
  return bench.judge(random)
}

class Hospital {
  readonly #bench: RegionBench
  readonly #side: Side
  readonly #random: Random
  readonly #workload: RegionWorkload
  readonly #settled: Story[] = []

  constructor(bench: RegionBench, side: Side, random: Random, tag: string) {
    this.#bench = bench
    this.#side = side
    this.#random = random
    this.#workload = new RegionWorkload(random.fork('claims'), tag, side.region)
  }

  /** A bill; sometimes it is cancelled later, or reversed at once, before or after its answer. */
  async serveOne(): Promise<void> {
    const { clients } = this.#side
    const random = this.#random
    const story = this.#settled.length > 0 && random.chance(0.25) ? this.#undo() : this.#bill()
    const all = [story]
    if (random.chance(0.1)) all.push(clients.write(this.#workload.reversal(story)))
    if (all.length > 1 && random.chance(0.3)) all.reverse()
    if (random.chance(0.5)) for (const one of all) await clients.finish([one], random)
    else await clients.finish(all, random)
    if (story.op.kind === 'settle' && isSettled(story) && all.length === 1)
      this.#settled.push(story)
    await sleep(random.between(20, 200))
  }

  #bill(): Story {
    return this.#side.clients.write(this.#workload.claim(this.#bench.residents))
  }

  #undo(): Story {
    const [chosen] = this.#settled.splice(this.#random.between(0, this.#settled.length - 1), 1)
    return this.#side.clients.write(this.#workload.cancellation(chosen as Story))
  }
}
