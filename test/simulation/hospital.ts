import type { Preview } from '../../engine/ports.ts'
import type { Outcome } from '../../engine/outcome.ts'
import { dayInChina } from '../../adapters/sandbox/clock.ts'
import type { Random } from '../faults/random.ts'
import { billOf, cancelAsk, reversalAsk, settleAsk } from './bills.ts'
import type { Inhabitant } from './people.ts'
import type { Region } from './region.ts'
import { isFinal, isUnbound, Request } from './request.ts'
import type { World } from './world.ts'

/** Somebody comes to a hospital: in their own region or in another one. */
export interface Coming {
  readonly name: string
  readonly who: Inhabitant
  readonly institution: string
  readonly region: Region
  readonly away: boolean
  readonly parts: number
}

const minute_ms = 60_000
const hour_ms = 60 * minute_ms

/** What becomes of a visit, as the software of a hospital leads it: it repeats, reverses, cancels, and sometimes gives up. */
export class Visit {
  readonly requests: Request[] = []
  readonly #world: World
  readonly #coming: Coming
  readonly #random: Random

  constructor(world: World, coming: Coming) {
    this.#world = world
    this.#coming = coming
    this.#random = world.random.fork(coming.name)
  }

  begin(part = 1): void {
    const { parts, region } = this.#coming
    const claim = this.#bill(part)
    const request = this.#request(settleAsk(`${this.#coming.name}.${part}`, claim))
    if (this.#random.chance(0.15) && region.life) {
      this.#world.counts.add('previews')
      void region.life.crossings.preview(claim).then(
        (preview) => this.#previewed(preview),
        (error: unknown) => this.#world.violation(`a preview broke: ${String(error)}`),
      )
    }
    this.#pursue(request, this.#random.between(1, 6), (outcome) => {
      this.#afterSettling(request, outcome)
      if (part < parts && this.#random.chance(0.9))
        this.#world.timeline.after(this.#random.between(100, 5 * minute_ms), {
          name: `part ${part + 1} of ${this.#coming.name}`,
          group: this.#coming.who.group,
          happen: () => this.begin(part + 1),
        })
    })
  }

  #bill(part: number) {
    const { name, who, institution, parts, away } = this.#coming
    const day = dayInChina(this.#world.timeline.now)
    return billOf(
      who,
      { institution, visit: name, day, part, parts, away },
      this.#random.fork(`part ${part}`),
    )
  }

  #previewed(preview: Preview): void {
    this.#world.counts.add(`preview ${preview.kind}`)
  }

  #request(ask: Request['ask']): Request {
    const { region, who } = this.#coming
    const request = new Request(this.#world, ask, { region, group: who.group })
    this.requests.push(request)
    return request
  }

  /** Asks again under the same key, until it is told or it has had enough. */
  #pursue(request: Request, patience: number, then: (outcome: Outcome | undefined) => void): void {
    let left = patience
    const again = (wait_ms: number): void =>
      request.send(wait_ms, (outcome) => {
        if (isFinal(outcome)) return then(outcome)
        left -= 1
        if (left <= 0) return then(undefined)
        const isLong = this.#random.chance(0.2)
        again(this.#random.between(500, isLong ? 2 * hour_ms : minute_ms))
      })
    again(this.#random.between(10, 500))
  }

  #afterSettling(request: Request, outcome: Outcome | undefined): void {
    if (outcome?.kind === 'settled') {
      if (this.#random.chance(0.2)) return this.#cancelLater(request, outcome.row.settlement)
      if (this.#random.chance(0.03)) this.#reverse(request)
      return
    }
    if (outcome || isUnbound(request.last)) return
    if (this.#random.chance(0.6)) this.#reverse(request)
    else this.#world.counts.add('given up')
  }

  #cancelLater(request: Request, settlement: string): void {
    const wait_ms = this.#random.chance(0.6)
      ? this.#random.between(100, 2 * minute_ms)
      : this.#random.between(minute_ms, 30 * hour_ms)
    this.#world.timeline.after(wait_ms, {
      name: `cancels ${request.name}`,
      group: request.group,
      happen: () => this.#cancel(request, settlement),
    })
  }

  #cancel(request: Request, settlement: string): void {
    this.#world.counts.add('cancellations')
    const { institution } = this.#coming
    const name = `${request.name}c`
    const cancellation = this.#request(cancelAsk(institution, name, settlement))
    if (this.#random.chance(0.1))
      this.#pursue(this.#request(cancelAsk(institution, `${name}2`, settlement)), 2, () => {})
    this.#pursue(cancellation, this.#random.between(1, 5), (outcome) => {
      if (!outcome && this.#random.chance(0.6)) this.#reverse(cancellation)
      if (outcome?.kind === 'undone' && this.#random.chance(0.15)) this.#reverse(cancellation)
    })
    // Now and then somebody else at the hospital does not know of it.
    if (this.#random.chance(0.15)) this.#reverse(request)
  }

  #reverse(request: Request): void {
    this.#world.counts.add('reversals')
    const { who, institution } = this.#coming
    const ask = reversalAsk(institution, `${request.name}r`, request.name, who.person.id)
    if (this.requests.some(({ name }) => name === ask.key.key)) return
    const reversal = this.#request(ask)
    this.#pursue(reversal, this.#random.between(2, 8), (outcome) => {
      if (outcome?.kind === 'reversed' && this.#random.chance(0.1)) this.#reverse(reversal)
    })
  }
}
