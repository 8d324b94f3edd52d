import {
  type RegionAsk,
  RegionFault,
  type RegionLine,
  type RegionReply,
} from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { Random } from '../faults/random.ts'
import type { Life, Region } from './region.ts'
import type { Happening } from './timeline.ts'
import { strikeFor, type World } from './world.ts'

/** Longer than this nobody waits for another region. */
const patience_ms = 8_000

/** What becomes of one message between regions, in both directions; how many of a thousand. */
const fates = [
  ['lost', 40],
  ['reply-lost', 40],
  ['late', 25],
  ['reply-late', 25],
  ['twice', 40],
  ['unsent', 15],
  ['garbled', 15],
  ['wrong-amounts', 10],
  ['nonsense', 10],
] as const
type Fate = (typeof fates)[number][0] | 'fine'

function fateOf(random: Random): Fate {
  let left = random.next() * 1000
  for (const [fate, weight] of fates) {
    left -= weight
    if (left < 0) return fate
  }
  return 'fine'
}

interface Call {
  readonly life: Life
  readonly from: Division
  readonly to: Division
  readonly asked: RegionAsk
  readonly name: string
  readonly group: string
  readonly random: Random
  readonly fate: Fate
  readonly answer: (reply: RegionReply) => void
  readonly fail: (fault: RegionFault) => void
  open: boolean
  timeOut?: Happening
}

/** The lines between the regions: every message takes its time, and many do not arrive as they should. */
export class Network {
  readonly #world: World
  readonly #sent = new Map<string, number>()

  constructor(world: World) {
    this.#world = world
  }

  line(life: Life, from: Division): RegionLine {
    return {
      ask: (to, asked) =>
        life.generation.alive ? this.#ask(life, from, to, asked) : new Promise(() => {}),
    }
  }

  async #ask(life: Life, from: Division, to: Division, asked: RegionAsk): Promise<RegionReply> {
    const { timeline, random: seeded, faulty, counts } = this.#world
    const what = `${asked.kind} ${nameOf(asked)}`
    const times = this.#sent.get(what) ?? 0
    this.#sent.set(what, times + 1)
    const name = `${what} ${times}`
    const random = seeded.fork(`message ${name}`)
    const fate = faulty ? fateOf(random) : 'fine'
    if (fate !== 'fine') counts.add(`fault ${fate}`)
    counts.add(`asked ${asked.kind}`)
    return new Promise((answer, fail) => {
      const group = this.#world.groupOf(personIn(asked))
      const about = { life, from, to, asked, name, group, random, fate }
      const call: Call = { ...about, answer, fail, open: true }
      call.timeOut = timeline.after(patience_ms, {
        name: `time-out ${name}`,
        group,
        happen: () => this.#fail(call, 'lost'),
      })
      this.#send(call)
    })
  }

  #send(call: Call): void {
    const { fate, random } = call
    if (fate === 'unsent') return this.#later(call, 20, 'unsent', () => this.#fail(call, 'unsent'))
    if (fate === 'lost') return
    const wait = fate === 'late' ? random.between(5_000, 7_200_000) : random.between(3, 300)
    this.#later(call, wait, 'arrives', () => this.#arrive(call, true))
    if (fate === 'twice')
      this.#later(call, random.between(1, 3_600_000), 'arrives again', () =>
        this.#arrive(call, false),
      )
  }

  #later(call: Call, wait_ms: number, what: string, happen: () => void): void {
    const name = `${what}: ${call.name}`
    this.#world.timeline.after(wait_ms, {
      name,
      group: call.group,
      alone: strikeFor(this.#world, name),
      happen,
    })
  }

  #arrive(call: Call, isFirst: boolean): void {
    const { life, from, to, asked, name, fate } = call
    const { counts, trace, regions, plantedDesk } = this.#world
    const target = regions.find(({ served }) => served.includes(to)) as Region
    const desk = target.life?.homeDesk
    if (!desk) {
      counts.add('fault down')
      // Nobody listens there: not a byte went out, unless something on the way holds a copy.
      if (fate !== 'late' && fate !== 'twice') this.#fail(call, 'unsent')
      return
    }
    const answered = (plantedDesk?.(desk) ?? desk).answer(from, asked, to)
    void answered.then(
      (reply) => {
        trace.add(`answered ${name}: ${told(reply)}`)
        if (isFirst && life.generation.alive) this.#reply(call, reply)
      },
      (error: unknown) => this.#world.violation(`${name} broke the desk: ${String(error)}`),
    )
  }

  #reply(call: Call, reply: RegionReply): void {
    const { fate, random } = call
    if (fate === 'reply-lost') return
    const wait = fate === 'reply-late' ? random.between(2_000, 60_000) : random.between(3, 300)
    this.#later(call, wait, 'reply', () => {
      if (fate === 'garbled') this.#fail(call, 'bad-answer')
      else if (fate === 'wrong-amounts') this.#answer(call, withWrongAmounts(reply))
      else if (fate === 'nonsense') this.#answer(call, nonsense(reply))
      else this.#answer(call, reply)
    })
  }

  #answer(call: Call, reply: RegionReply): void {
    if (this.#close(call)) call.answer(reply)
  }

  #fail(call: Call, kind: RegionFault['kind']): void {
    const said = kind === 'lost' && this.#world.plants.has('lost-as-unsent') ? 'unsent' : kind
    if (this.#close(call)) call.fail(new RegionFault(said, 'simulated'))
  }

  /** Whoever asked hears of it once, unless they were killed meanwhile. */
  #close(call: Call): boolean {
    const isHeard = call.open && call.life.generation.alive
    call.open = false
    if (call.timeOut) call.timeOut.cancelled = true
    return isHeard
  }
}

const nameOf = (asked: RegionAsk): string =>
  'reference' in asked ? asked.reference : personIn(asked)

/** Who a message is about: by their number, or by what they show. */
function personIn(asked: RegionAsk): string {
  switch (asked.kind) {
    case 'identify':
      return asked.credential.number
    case 'preview':
    case 'settle':
      return asked.claim.credential.number
    case 'cancel':
    case 'reverse':
      return asked.person
    case 'query':
      return asked.reference
    case 'statement':
      return ''
  }
}

const told = (reply: RegionReply): string => {
  switch (reply.kind) {
    case 'settled':
      return `settled ${reply.split.fundTotal} ${reply.split.account} ${reply.undone ?? false}`
    case 'refused':
      return `refused ${reply.refusal.code}`
    case 'reversed':
      return `reversed ${reply.as}`
    default:
      return reply.kind
  }
}

const withWrongAmounts = (reply: RegionReply): RegionReply =>
  reply.kind === 'settled'
    ? { ...reply, split: { ...reply.split, fundTotal: (reply.split.fundTotal + 1n) as never } }
    : reply

/** An answer to another question than the one that was asked. */
const nonsense = (reply: RegionReply): RegionReply =>
  reply.kind === 'settled'
    ? { kind: 'cancelled', postedAt: reply.postedAt, affected: [] }
    : reply.kind === 'cancelled'
      ? { kind: 'reversed', as: 'nothing' }
      : { kind: 'statement', rows: [] }
