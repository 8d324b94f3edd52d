import type { RegionDesk } from '../../adapters/region/needs.ts'
import type { Writing } from '../../engine/books.ts'
import type { Ask, Key } from '../../engine/ports.ts'
import { createRandom, type Random } from '../faults/random.ts'
import { readBooks } from './books.ts'
import { checkAll } from './check.ts'
import { Counts } from './counts.ts'
import type { Plant } from './generation.ts'
import { hospitalsOf, enrol, enterPlaces, type Inhabitant, inhabitant } from './people.ts'
import { Visit } from './hospital.ts'
import { Network } from './network.ts'
import { Region } from './region.ts'
import { isFinal, isUnbound } from './request.ts'
import { Sweeper } from './sweeper.ts'
import { Timeline } from './timeline.ts'
import { Trace } from './trace.ts'
import { Work } from './work.ts'
import type { PlantName, World } from './world.ts'

export interface SimulationOptions {
  readonly seed: string
  readonly claims: number
  /** The application role's addresses of two fresh databases. */
  readonly urls: readonly [string, string]
  readonly plants?: readonly PlantName[] | undefined
  readonly print?: ((line: string) => void) | undefined
}

export interface Report {
  readonly seed: string
  readonly claims: number
  readonly violations: readonly string[]
  readonly counts: Counts
  readonly virtualHours: number
  /** The same for the same seed. */
  readonly trace: string
}

const midnight = Date.parse('2026-04-01T00:00:00+08:00')
const between_ms = 350
/** So many things happen side by side at most, and what happens within so long is as good as at the same time. */
const atOnce = 24
const moment_ms = 400
const mostViolations = 200
/** By then whatever is tried every hour has ended, if it ever does. */
const longest_ms = 10 * 24 * 3_600_000

/** One run: two regions, a hospital day with everything that can go wrong, a fair ending, and the checks. */
export async function simulate(options: SimulationOptions): Promise<Report> {
  const run = new Run(options)
  try {
    return await run.report()
  } finally {
    await run.close()
  }
}

class Run {
  readonly #options: SimulationOptions
  readonly #world: World
  readonly #network: Network
  readonly #sweeper: Sweeper
  readonly #visits: Visit[] = []
  readonly #violations: string[] = []
  readonly #aliases = new Map<string, string>()
  readonly #asks = new Map<string, Ask>()
  readonly #begun: number
  #kills = 0

  constructor(options: SimulationOptions) {
    this.#options = options
    const { seed, claims, plants = [], print } = options
    this.#begun = midnight - (claims * between_ms) / 2
    const regions: Region[] = []
    this.#world = {
      timeline: new Timeline(this.#begun),
      work: new Work(),
      random: createRandom(seed),
      counts: new Counts(),
      trace: new Trace(print),
      regions,
      plants: new Set(plants),
      plantedDesk: plants.includes('settles-twice') ? settlingTwice() : undefined,
      faulty: true,
      violation: (what) => this.#violations.push(what),
      groupOf: (alias) => this.#aliases.get(alias) ?? alias,
      alias: (alias, group) => this.#aliases.set(alias, group),
      ask: (key) => this.#asks.get(nameOf(key)),
      keep: (ask) => this.#asks.set(nameOf(ask.key), ask),
    }
    this.#network = new Network(this.#world)
    const [chengdu, guangzhou] = options.urls
    regions.push(
      this.#region('chengdu', chengdu, ['510100', '510700'], ['440100']),
      this.#region('guangzhou', guangzhou, ['440100'], ['510100', '510700']),
    )
    this.#sweeper = new Sweeper(this.#world)
  }

  async report(): Promise<Report> {
    const people = await this.#enter()
    for (const region of this.#world.regions) region.start()
    this.#plan(people)
    await this.#play()
    this.#world.faulty = false
    await this.#end()
    const held = []
    for (const region of this.#world.regions) held.push(await readBooks(region))
    this.#violations.push(...checkAll(held, people, this.#visits))
    const { seed, claims } = this.#options
    const { counts, timeline, trace } = this.#world
    return {
      seed,
      claims,
      violations: this.#violations.slice(0, mostViolations),
      counts,
      virtualHours: Math.round((timeline.now - this.#begun) / 3_600_000),
      trace: trace.digest(),
    }
  }

  async close(): Promise<void> {
    for (const region of this.#world.regions) await region.pool.end()
  }

  #region(name: string, url: string, served: Region['served'], reached: readonly string[]): Region {
    const { timeline, work, random, counts, plants, violation } = this.#world
    return new Region({
      name,
      url,
      served,
      reached,
      timeline,
      work,
      random: random.fork(name),
      plant: plantOf(plants),
      line: (life, from) => this.#network.line(life, from),
      revive: (key) => this.#world.ask(key),
      onKilled: (region) => this.#killed(region),
      onStrike: (kind) => counts.add(`fault ${kind}`),
      onAlarm: () => counts.add('alarms'),
      onViolation: violation,
    })
  }

  async #enter(): Promise<Inhabitant[]> {
    const { regions, random, alias } = this.#world
    const each = Math.max(4, Math.ceil(this.#options.claims / 30))
    const people: Inhabitant[] = []
    for (const region of regions) {
      await enterPlaces(region)
      for (const division of region.served)
        for (let n = 0; n < (division === '510700' ? each / 2 : each); n++) {
          const one = inhabitant(division, n, random)
          people.push(one)
          await enrol(one, region)
          for (const name of [one.person.id, one.citizenNumber, one.card.number])
            alias(name, one.group)
        }
    }
    return people
  }

  /** Who comes where and when, which processes are killed, and when anybody looks for what is due. */
  #plan(people: readonly Inhabitant[]): void {
    const { random, timeline, regions } = this.#world
    const { claims } = this.#options
    const span = claims * between_ms
    let planned = 0
    for (let i = 0; planned < claims; i++) {
      const own = random.fork(`coming ${i}`)
      const parts = own.chance(0.15) ? Math.min(own.between(2, 3), claims - planned) : 1
      planned += parts
      this.#come(`V${i}`, own, people, { away: true, parts, at: own.between(0, span) })
    }
    for (let i = 0; i < claims / 6; i++) {
      const own = random.fork(`local ${i}`)
      this.#come(`L${i}`, own, people, { away: false, parts: 1, at: own.between(0, span) })
    }
    for (const region of regions) {
      const kills = Math.max(1, Math.round(claims / 120))
      for (let i = 0; i < kills; i++) {
        const own = random.fork(`kill ${region.name} ${i}`)
        timeline.after(own.between(0, span * 1.2), {
          name: `kill ${region.name} ${i}`,
          group: region.name,
          alone: { kind: 'none', step: 0 },
          happen: () => void this.#kill(region),
        })
      }
      this.#sweeper.begin(region)
    }
  }

  #come(
    name: string,
    own: Random,
    people: readonly Inhabitant[],
    { away, parts, at }: { readonly away: boolean; readonly parts: number; readonly at: number },
  ): void {
    const { regions, timeline } = this.#world
    const few = Math.max(3, Math.ceil(people.length / 10))
    const who = own.chance(0.3) ? own.pick(people.slice(0, few)) : own.pick(people)
    const region = regions.find(({ served }) => served.includes(who.region) !== away) as Region
    const institution = own.pick(hospitalsOf(region))
    const visit = new Visit(this.#world, { name, who, institution, region, away, parts })
    this.#visits.push(visit)
    timeline.after(at, { name: `${name} comes`, group: who.group, happen: () => visit.begin() })
  }

  async #kill(region: Region): Promise<void> {
    if (region.life) this.#world.counts.add('fault kill')
    await this.#world.work.count(async () => region.life?.generation.kill())
  }

  #killed(region: Region): void {
    const { timeline, random, counts } = this.#world
    counts.add('kills')
    const own = random.fork(`restart ${region.name} ${this.#kills++}`)
    timeline.after(own.between(300, own.chance(0.01) ? 240_000 : 5_000), {
      name: `start ${region.name} ${this.#kills}`,
      group: region.name,
      alone: { kind: 'none', step: 0 },
      happen: () => region.start(),
    })
  }

  /** One round after the other until nothing is left that will happen; what never ends is found pending. */
  async #play(): Promise<void> {
    const { timeline, work, trace } = this.#world
    const end = timeline.now + longest_ms
    while (timeline.now < end) {
      const round = timeline.take(atOnce, moment_ms)
      const [first] = round
      if (!first) return
      work.begin(first.alone)
      for (const one of round) one.happen()
      await work.idle()
      trace.endRound(timeline.now)
      if (this.#violations.length > mostViolations) return
    }
  }

  /** Nothing fails any more: what is due is looked at until nothing is, and hospitals ask once more what they do not know. */
  async #end(): Promise<void> {
    for (const region of this.#world.regions) {
      region.start()
      this.#sweeper.begin(region)
    }
    await this.#play()
    for (const { requests } of this.#visits)
      for (const request of requests) {
        const { last, sent } = request
        if (sent === 0 || isFinal(last) || isUnbound(last)) continue
        this.#world.counts.add('repeated at last')
        request.send(this.#world.random.fork(request.name).between(0, 600_000), () => {})
      }
    for (const region of this.#world.regions) this.#sweeper.begin(region)
    await this.#play()
  }
}

const nameOf = ({ institution, key }: Key): string => `${institution} ${key}`

/** What a planted mistake changes in what is written. */
function plantOf(plants: ReadonlySet<PlantName>): Plant | undefined {
  if (plants.has('no-fence'))
    return (writing: Writing) =>
      writing.blocks?.bound ? writing : { ...writing, blocks: undefined }
  if (plants.has('forgets-reversing'))
    return (writing: Writing) => ({
      ...writing,
      entries: writing.entries.map((entry) =>
        entry.kind === 'reversing' ? { ...entry, due: 'never' as const } : entry,
      ),
    })
  return undefined
}

/** A home region that takes each copy of a request for a new one. */
function settlingTwice(): (desk: RegionDesk) => RegionDesk {
  const seen = new Map<string, number>()
  return (desk) => ({
    answer: async (from, asked, to) => {
      if (asked.kind !== 'settle') return desk.answer(from, asked, to)
      const times = seen.get(asked.reference) ?? 0
      seen.set(asked.reference, times + 1)
      if (times === 0) return desk.answer(from, asked, to)
      const { claim } = asked
      const scoped = { ...claim.scoped, visit: `${claim.scoped.visit}#${times}` }
      const reference = `${asked.reference}#${times}`
      return desk.answer(from, { ...asked, reference, claim: { ...claim, scoped } }, to)
    },
  })
}
