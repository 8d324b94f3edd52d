import type { Random } from '../faults/random.ts'
import type { Life, Region } from './region.ts'
import { strikeFor, type World } from './world.ts'

/** Longest between two sweeps while institutions ask. */
const busy_ms = 30_000

/** Wakes the resolver of each region: at any moment, sometimes twice, sometimes late. */
export class Sweeper {
  readonly #world: World
  readonly #sweeping = new Set<string>()
  #count = 0

  constructor(world: World) {
    this.#world = world
  }

  begin(region: Region): void {
    if (this.#sweeping.has(region.name)) return
    this.#sweeping.add(region.name)
    this.#schedule(region, this.#world.timeline.now)
  }

  #schedule(region: Region, at: number): void {
    const { timeline } = this.#world
    const name = `sweep ${region.name} ${this.#count++}`
    timeline.behind(at, {
      name,
      group: region.name,
      alone: strikeFor(this.#world, name) ?? { kind: 'none', step: 0 },
      happen: () => {
        void this.#world.work.count(async () => this.#sweep(region, name))
      },
    })
  }

  /** What is due is read before anybody acts on it, so that the next time does not hang on who was quicker. */
  async #sweep(region: Region, name: string): Promise<void> {
    const { random, timeline } = this.#world
    const own = random.fork(name)
    const due = (await nextDue(region)) ?? Number.POSITIVE_INFINITY
    const soon = timeline.now + own.between(1_000, busy_ms)
    const next = timeline.peek()?.at ?? Number.POSITIVE_INFINITY
    if (region.life) this.#resolve(region.life, own)
    if (due <= timeline.now || next < timeline.now + 2 * busy_ms)
      return this.#schedule(region, soon)
    // While nobody asks anything nothing new becomes due: the next one comes when something is.
    const then = Math.min(Math.max(due, soon), next + busy_ms)
    if (then < Number.POSITIVE_INFINITY) return this.#schedule(region, then)
    this.#sweeping.delete(region.name)
  }

  #resolve({ resolver }: Life, own: Random): void {
    const { counts, faulty, violation } = this.#world
    counts.add('sweeps')
    for (let times = faulty && own.chance(0.1) ? 2 : 1; times > 0; times--)
      void resolver
        .resolve(new AbortController().signal)
        .catch((error: unknown) => violation(`a sweep broke: ${String(error)}`))
  }
}

async function nextDue({ pool }: Region): Promise<number | undefined> {
  const { rows } = await pool.query<{ at: number | null }>(
    `select extract(epoch from min(due_at))::float8 * 1000 as at from due where starts_with(subject, 'crossing ')`,
  )
  return rows[0]?.at ?? undefined
}
