import type { RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { isOpen, readCrossing } from '../../../engine/crossing.ts'
import type { Ask, Key } from '../../../engine/ports.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import { isEffective } from '../../../engine/undo.ts'
import { Care, type CareFaults, type Task } from './care.ts'
import { Home, type ModelClaim } from './home.ts'
import { hospital, type Ledger, person } from './ledgers.ts'

/** A message on its way: a request to home, or the reply to one. */
interface Message {
  readonly task: number
  readonly asked: RegionAsk
  readonly reply?: RegionReply | undefined
  /** Whether an earlier copy of it may have arrived. */
  readonly copied?: boolean
}

export interface Options {
  readonly faults?: CareFaults | undefined
  readonly fenced?: boolean | undefined
  /** Without these only the order of things varies. */
  readonly lossless?: boolean | undefined
}

/** What an institution asks under a key: to settle, to cancel, or to reverse what it asked under another. */
const keys = ['K', 'C', 'R', 'D', 'X', 'Y', 'Z'] as const
type Asked = (typeof keys)[number]
const reverses: Partial<Record<Asked, Asked>> = { R: 'K', X: 'C', Y: 'C', Z: 'R' }

/** One claim of one person, two regions, and whatever a schedule does to them. */
export class Run {
  readonly care: Care
  readonly home: Home
  readonly told = new Map<Asked, Outcome[]>()
  readonly asked = new Set<Asked>()
  readonly problems: string[] = []
  messages: Message[] = []
  readonly #options: Options
  readonly #refused: boolean

  constructor(refused: boolean, options: Options = {}) {
    this.#refused = refused
    this.#options = options
    this.home = new Home({ fenced: options.fenced ?? true })
    this.care = new Care({
      send: (task, asked) => this.messages.push({ task: task.id, asked }),
      tell: (ask, outcome) => this.#tell(ask.key.key as Asked, outcome),
      revive: (key) => this.#askOf(key as Asked) as Ask,
      faults: options.faults ?? {},
    })
  }

  /** One number is one thing that happens: which kind, and to which of those that it can happen to. */
  step(choice: number): void {
    const which = choice >> 5
    switch (choice & 31) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.ask(pick(keys, which) as Asked)
      case 4:
        return this.ask('K')
      case 5:
        return this.#crash()
      case 6:
      case 7:
      case 8:
        return this.#sweep(which)
      case 9:
        return this.#lose(which)
      case 10:
      case 11:
        return this.#double(which)
      case 12:
        return this.#timeOut(which)
      case 13:
        return this.#unsend(which)
      case 14:
        return this.#garble(which)
      default:
        return (choice & 1) === 0 ? this.#deliver(which) : this.#goOn(which)
    }
  }

  ask(key: Asked): void {
    const ask = this.#askOf(key)
    if (!ask) return
    this.asked.add(key)
    this.care.submit(ask)
  }

  #askOf(key: Asked): Ask | undefined {
    const common = { key: keyOf(key), institution: hospital }
    const original = reverses[key]
    if (original) return { ...common, kind: 'reverse', original: keyOf(original), person }
    if (key === 'K') {
      const scoped = { institution: { code: hospital } }
      const claim = { refused: this.#refused, scoped } satisfies ModelClaim as never
      return { ...common, kind: 'settle', claim }
    }
    const settled = this.told.get('K')?.find((outcome) => outcome.kind === 'settled')
    return settled && { ...common, kind: 'cancel', settlement: settled.row.settlement }
  }

  #tell(key: Asked, outcome: Outcome): void {
    const told = this.told.get(key) ?? []
    this.told.set(key, told)
    told.push(outcome)
  }

  #take(which: number): Message | undefined {
    return this.messages.splice(which % Math.max(this.messages.length, 1), 1)[0]
  }

  #deliver(which: number): void {
    const message = this.#take(which)
    if (!message) return
    if (message.reply) return this.care.hear(message.task, message.reply)
    this.messages.push({ ...message, reply: this.home.answer(message.asked) })
  }

  #goOn(which: number): void {
    const waiting = [...this.care.tasks.values()].filter(({ step }) => step)
    const task = pick(waiting, which)
    if (task) this.care.goOn(task.id)
  }

  #crash(): void {
    if (!this.#options.lossless) this.care.crash()
  }

  #sweep(which: number): void {
    const due = pick([...this.care.ledger.due.values()], which)
    if (due) this.care.sweep(due.subject)
  }

  /** A message is lost, and whoever waits for it hears so. */
  #lose(which: number): void {
    if (this.#options.lossless) return
    const message = this.#take(which)
    if (message) this.care.hear(message.task, { kind: 'lost' })
  }

  #double(which: number): void {
    const message = pick(this.messages, which)
    if (message && !this.#options.lossless) this.messages.push({ ...message, copied: true })
  }

  /** Whoever waits gives up, and the message goes on. */
  #timeOut(which: number): void {
    const task = pick([...this.care.tasks.values()], which)
    if (task && !this.#options.lossless) this.care.hear(task.id, { kind: 'lost' })
  }

  /** The line knows that not a byte went out: true only of what nobody has a copy of. */
  #unsend(which: number): void {
    const at = which % Math.max(this.messages.length, 1)
    const message = this.messages[at]
    if (!message || message.reply || message.copied) return
    const copies = this.messages.filter(({ task }) => task === message.task)
    if (copies.length > 1) return
    this.messages.splice(at, 1)
    this.care.hear(message.task, { kind: 'unsent' })
  }

  /** What comes back is no answer, answers something else, or does not add up. */
  #garble(which: number): void {
    const at = this.messages.findIndex(({ reply }) => reply)
    const message = this.messages[at]
    if (!message?.reply || this.#options.lossless) return
    this.messages.splice(at, 1)
    const { reply } = message
    const wrong = reply.kind === 'settled' ? { ...reply, split: { wrong: true } as never } : reply
    this.care.hear(
      message.task,
      pick([{ kind: 'bad-answer' }, { kind: 'open' }, nonsense(reply), wrong], which) ?? reply,
    )
  }

  /** Nothing fails any more: all that waits goes on, and institutions ask again what they were not told. */
  end(): string[] {
    for (let round = 0; round < 20; round++) {
      this.#settleDown()
      const untold = [...this.asked].filter((key) => !isFinal(this.told.get(key)?.at(-1)))
      if (untold.length === 0) break
      for (const key of untold) this.ask(key)
    }
    this.#check()
    return [...this.problems, ...this.care.ledger.problems]
  }

  #settleDown(): void {
    for (let turn = 0; turn < 100; turn++) {
      while (this.messages.length > 0) this.#deliver(0)
      for (const task of Array.from(this.care.tasks.values())) this.#goOnWith(task)
      if (this.messages.length > 0 || this.care.tasks.size > 0) continue
      if (this.care.ledger.due.size === 0) return
      const due = Array.from(this.care.ledger.due.values())
      for (const { subject } of due) this.care.sweep(subject)
    }
  }

  #goOnWith(task: Task): void {
    if (!task.step) this.care.hear(task.id, { kind: 'lost' })
    this.care.goOn(task.id)
  }

  #check(): void {
    const { ledger } = this.care
    for (const { subject } of ledger.due.values())
      this.problems.push(`${subject.name} is pending still`)
    for (const name of ledger.dossiers.keys()) {
      const [owner = '', ...rest] = name.split(' ')
      const subject = { owner, name: rest.join(' ') }
      const one = readCrossing(subject, ledger.kept(subject))
      if (one && isOpen(one)) this.problems.push(`${name} is ${one.state} still`)
    }
    const [here, there] = [standingIn(ledger), standingIn(this.home.ledger)]
    if (here.join() !== there.join())
      this.problems.push(`here stands [${here.join()}], at home [${there.join()}]`)
    for (const key of this.asked) this.#checkTold(key, here)
  }

  /** Whatever an institution was told is true at the end. */
  #checkTold(key: Asked, standing: readonly string[]): void {
    const answer = this.care.ledger.answered(keyOf(key))
    const told = this.told.get(key) ?? []
    if (!isFinal(told.at(-1))) this.problems.push(`${key} is never told what became of it`)
    for (const outcome of told.filter(isBinding))
      if (outcome.kind !== answer?.kind || codeOf(outcome) !== codeOf(answer))
        this.problems.push(
          `${key} was told ${outcome.kind}, and it is ${answer?.kind ?? 'nothing'}`,
        )
    if (key === 'K') this.#checkStanding(standing)
  }

  #checkStanding(standing: readonly string[]): void {
    const is = (key: Asked, kind: string): boolean =>
      this.care.ledger.answered(keyOf(key))?.kind === kind
    const undone = is('R', 'reversed')
    const cancelled = is('C', 'undone') || is('D', 'undone')
    const restored = is('X', 'reversed') || is('Y', 'reversed') || is('Z', 'reversed')
    const stands = standing.length > 0
    if (stands && (!is('K', 'settled') || (undone && !is('Z', 'reversed'))))
      this.problems.push('what was refused or undone stands')
    if (stands && cancelled && !restored) this.problems.push('what was cancelled stands')
    if (!stands && is('K', 'settled') && !undone && !cancelled)
      this.problems.push('what was settled, and never undone, does not stand')
  }
}

const keyOf = (key: string): Key => ({
  institution: hospital,
  key,
  fingerprint: '',
  input: '',
})

const pick = <T>(of: readonly T[], which: number): T | undefined => of[which % of.length]

/** An answer of another kind than what was asked. */
const nonsense = (reply: RegionReply): RegionReply =>
  reply.kind === 'settled'
    ? { kind: 'cancelled', postedAt: 0, affected: [] }
    : reply.kind === 'cancelled'
      ? { kind: 'settled', settlement: 'S', postedAt: 0, split: {} as never }
      : { kind: 'previewed', split: {} as never }

const standingIn = ({ chains }: Ledger): string[] =>
  [...chains.values()]
    .map((chain) => chain.at(-1))
    .flatMap((row) => (row && isEffective(row) ? [row.content.reference as string] : []))
    .toSorted()

const isFinal = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined && outcome.kind !== 'unknown' && outcome.kind !== 'inProgress'

const unbound = new Set(['home-region-unreachable', 'settlement-unknown', 'person-unknown'])

/** What nobody may say otherwise later. */
const isBinding = (outcome: Outcome): boolean =>
  isFinal(outcome) && !(outcome.kind === 'refused' && unbound.has(outcome.refusal.code))

const codeOf = (one: { readonly kind: string }): string | undefined =>
  one.kind === 'refused' ? (one as Extract<Outcome, { kind: 'refused' }>).refusal.code : undefined
