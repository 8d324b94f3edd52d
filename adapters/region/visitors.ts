import type { AwayCredential, Visitor } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Ask } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { hear } from './heard.ts'
import type { CrossingWorld } from './crossingNeeds.ts'

type Welcoming = Pick<CrossingWorld, 'lines' | 'visitors' | 'now'>

/** So long nobody is asked about twice: their home region looks at them anew anyway when it settles. */
const goodFor_ms = 60_000
const mostRemembered = 10_000

/** Whether an answer is about whoever was asked about. */
const isShown = (
  { citizenNumber, card }: Visitor,
  { type, number }: Pick<AwayCredential, 'type' | 'number'>,
): boolean => {
  if (type === 'card') return card?.number === number
  return type !== 'citizen-number' || citizenNumber.toUpperCase() === number.toUpperCase()
}

/** People of other regions as they were told of, for a moment: who shows what, and when they were told of last. */
export class Guests {
  readonly #world: Welcoming
  readonly #told = new Map<string, { readonly visitor: Visitor; readonly at: Instant }>()
  readonly #people = new Set<string>()

  constructor(world: Welcoming) {
    this.#world = world
  }

  /** Whether what is asked is about somebody whom another region told of, as far as that can be seen of it. */
  isAbout(ask: Ask): boolean {
    return ask.kind === 'bill' && this.knows(ask.person)
  }

  /** Whether somebody of this number was told of by another region since this process began. */
  knows(person: string): boolean {
    return this.#people.has(person)
  }

  /**
   * Somebody who says to be insured elsewhere is asked about there: what was known of them yesterday may not hold today.
   * Undefined where they say nothing of the kind, or are insured here.
   */
  async welcome(
    insuredIn: Division | undefined,
    credential: AwayCredential,
    live = false,
  ): Promise<Visitor | Refusal | undefined> {
    const { visitors, now } = this.#world
    const away = insuredIn === undefined ? undefined : visitors.isAway(insuredIn)
    if (insuredIn === undefined || !away) return undefined
    const { area: region } = away
    if (region === undefined) return refuse('home-region-not-served', { region: insuredIn })
    const name = `${region} ${credential.type} ${credential.number} ${credential.cardSn ?? ''}`
    const told = this.#told.get(name)
    if (!live && told && now() - told.at < goodFor_ms) return told.visitor
    const visitor = await this.#ask(region, credential)
    if (!isRefusal(visitor)) this.#remember(name, visitor)
    return visitor
  }

  async #ask(
    region: Division,
    { type, number, cardSn }: AwayCredential,
  ): Promise<Visitor | Refusal> {
    const credential = { type, number, cardSn }
    const { lines, visitors } = this.#world
    // Of a region that would not be asked to settle now nobody waits to hear who somebody is.
    if (lines.hasRoom?.(region) === false) return refuse('home-region-unreachable', { region })
    const line = lines.from(visitors.own)
    const heard = await hear(line, region, { kind: 'identify', credential })
    if (heard.kind === 'refused') return heard.refusal
    if (heard.kind !== 'identified') return refuse('home-region-unreachable', { region })
    const { visitor } = heard
    return isShown(visitor, credential) && (await visitors.keep(visitor, region))
      ? visitor
      : refuse('home-answer-wrong', { region })
  }

  #remember(name: string, visitor: Visitor): void {
    if (this.#told.size >= mostRemembered) this.#told.clear()
    if (this.#people.size >= mostRemembered) this.#people.clear()
    this.#told.set(name, { visitor, at: this.#world.now() })
    this.#people.add(visitor.person.id)
  }
}
