import type { Ask } from '../../engine/ports.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Region } from './region.ts'
import { strikeFor, type World } from './world.ts'

/** Longer than this no institution waits for its answer. */
const patience_ms = 12_000

/** One request of an institution, and all that it was ever told. */
export class Request {
  readonly ask: Ask
  readonly region: Region
  readonly group: string
  readonly told: Outcome[] = []
  sent = 0
  readonly #world: World

  constructor(world: World, ask: Ask, at: { readonly region: Region; readonly group: string }) {
    this.#world = world
    this.ask = ask
    this.region = at.region
    this.group = at.group
    world.keep(ask)
    world.alias(`${ask.key.institution} ${ask.key.key}`, at.group)
  }

  get name(): string {
    return this.ask.key.key
  }

  get last(): Outcome | undefined {
    return this.told.at(-1)
  }

  /** Sends it after a while; nothing is heard where its own line fails, or whoever should answer is killed. */
  send(wait_ms: number, hear: (outcome: Outcome | undefined) => void): void {
    const name = `${this.name} ${this.sent++}`
    this.#world.timeline.after(wait_ms, {
      name: `asks ${name}`,
      group: this.group,
      alone: strikeFor(this.#world, name),
      happen: () => this.#send(name, hear),
    })
  }

  #send(name: string, hear: (outcome: Outcome | undefined) => void): void {
    const { timeline, random, faulty, counts, trace } = this.#world
    const own = random.fork(`line of ${name}`)
    const isLost = faulty && own.chance(0.02)
    const isUnheard = faulty && own.chance(0.04)
    if (isLost || isUnheard) counts.add('fault hospital-line')
    let isOpen = true
    const timeOut = timeline.after(patience_ms, {
      name: `gives up ${name}`,
      group: this.group,
      happen: () => {
        if (!isOpen) return
        isOpen = false
        this.told.push({ kind: 'unknown' })
        trace.add(`${name}: nothing`)
        hear(undefined)
      },
    })
    const { life } = this.region
    if (!life || isLost) return
    void life.crossings.submit(this.ask).then(
      (outcome) => {
        if (!isOpen || isUnheard) return
        isOpen = false
        timeOut.cancelled = true
        this.#hear(outcome, name)
        hear(outcome)
      },
      (error: unknown) => this.#world.violation(`${name} broke: ${String(error)}`),
    )
  }

  #hear(outcome: Outcome, name: string): void {
    this.told.push(outcome)
    this.#world.counts.add(`told ${outcome.kind}`)
    this.#world.trace.add(`${name}: ${inWords(outcome)}`)
    if (outcome.kind === 'refused') this.#world.counts.add(`refused ${outcome.refusal.code}`)
    if (outcome.kind === 'bug' || outcome.kind === 'differs')
      this.#world.violation(`${name} was told ${outcome.kind}`)
  }
}

const inWords = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'settled':
      return `settled ${outcome.row.content.fundTotal} ${outcome.row.content.account}`
    case 'refused':
      return `refused ${outcome.refusal.code}`
    default:
      return outcome.kind
  }
}

/** Refusals that bind nothing: the same request may come true later. */
const unbound = new Set([
  'home-region-unreachable',
  'settlement-unknown',
  'person-unknown',
  'card-unknown',
])

/** Whether an institution knows what became of its request. */
export const isFinal = (outcome: Outcome | undefined): outcome is Outcome =>
  outcome !== undefined &&
  !['unknown', 'inProgress', 'busy'].includes(outcome.kind) &&
  !isUnbound(outcome)

export const isUnbound = (outcome: Outcome | undefined): boolean =>
  outcome?.kind === 'refused' && unbound.has(outcome.refusal.code)
