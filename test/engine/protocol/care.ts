import type { RegionAsk } from '../../../engine/awayClaim.ts'
import {
  adviceOf,
  type Asking,
  type Crossing,
  crossingEntry,
  crossingSubject,
  isLate,
  type Heard,
  isOpen,
  noteCrossing,
  readCrossing,
  type Step,
  stepAfterAsking,
  stepAfterQuery,
  stepAfterReversal,
  undoAskOf,
} from '../../../engine/crossing.ts'
import {
  awaitedBy,
  beginSettling,
  giveBack,
  open,
  splitTold,
} from '../../../engine/crossingWriting.ts'
import type { Subject } from '../../../engine/dossier.ts'
import type { Ask, Key } from '../../../engine/ports.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ports } from '../../../engine/process.ts'
import { refuse } from '../../../engine/refusal.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { hospital, Ledger, type Settling, person } from './ledgers.ts'

/** What a care region may get wrong, to see that the schedules find it. */
export interface CareFaults {
  /** Sends a settlement again under a new reference where its reply was lost. */
  readonly resendsBlindly?: boolean
  readonly forgetsReversing?: boolean
  readonly forgetsLateSettled?: boolean
  /** Forgets to record what it asks before it asks. */
  readonly givesUpWithoutReversing?: boolean
}

/** Something of the care region that waits: for a reply, or to write what a reply comes to. All of it is gone in a crash. */
export interface Task {
  readonly id: number
  readonly kind: 'ask' | 'query' | 'send' | 'advice'
  readonly one: Crossing
  readonly attempt: number
  /** The institution that waits for its answer. */
  readonly ask?: Ask | undefined
  step?: Step | undefined
}

export interface CareWorld {
  send(task: Task, asked: RegionAsk): void
  tell(ask: Ask, outcome: Outcome): void
  /** The request that an institution once made under a key. */
  revive(key: string): Ask
  readonly faults: CareFaults
}

const settling: Settling = (ledger, one, ask) => {
  const { world } = ledger
  const awaited = ask.told && awaitedBy(one, world, ports)
  if (ask.told && !awaited) return open
  const split = splitTold(ask.told)
  if (!awaited || !split) {
    const claim = ask.claim as never
    return beginSettling(one, { kind: 'askHome', claim, home: 'home', person }, world)
  }
  if ('wrong' in split)
    return giveBack(one, awaited, refuse('home-answer-wrong', { region: 'home' }), world)
  const row = ledger.row({
    person,
    institution: hospital,
    side: 'care',
    reference: awaited.crossing.reference,
    homeRegion: 'home',
    careRegion: 'care',
    draws: [],
    counters: [],
  } as unknown as Settlement)
  return {
    transfers: [],
    balances: [],
    counters: [],
    row,
    entries: [crossingEntry(awaited.crossing, 'done', world.now)],
    answer: { kind: 'settled', row },
  }
}

const ports = { dayOf: () => '2026-03-02' } as unknown as Ports

/** The care region, as `adapters/region/{crossings,resolver}.ts` run it, with every wait made a step of the schedule. */
export class Care {
  readonly ledger = new Ledger(settling)
  readonly tasks = new Map<number, Task>()
  readonly #world: CareWorld
  #ids = 0

  constructor(world: CareWorld) {
    this.#world = world
  }

  submit(ask: Ask): void {
    for (const task of this.tasks.values())
      if (task.ask?.key.key === ask.key.key) return this.#world.tell(ask, { kind: 'inProgress' })
    const taken = this.ledger.take(ask)
    if (taken.kind !== 'asking') return this.#world.tell(ask, taken)
    this.#wait('ask', taken.crossing, { ask, attempt: 0, message: taken.ask })
  }

  /** Looks at one that is due. */
  sweep(subject: Subject): void {
    const due = this.ledger.due.get(`${subject.owner} ${subject.name}`)
    const one = readCrossing(subject, this.ledger.kept(subject))
    if (!due || !one) return
    due.attempts += 1
    if (!isOpen(one)) return
    const { attempts: attempt } = due
    if (one.state !== 'reversing')
      this.#wait('query', one, { attempt, message: { kind: 'query', reference: one.reference } })
    else if (!this.#world.faults.forgetsReversing)
      this.#wait('advice', one, { attempt, message: adviceOf(one) })
  }

  crash(): void {
    this.tasks.clear()
  }

  /** A reply, or a silence: what follows is not written yet. */
  hear(id: number, heard: Heard): void {
    const task = this.tasks.get(id)
    if (!task || task.step) return
    task.step = this.#stepOf(task, heard)
  }

  #stepOf({ kind, one, attempt }: Task, heard: Heard): Step {
    switch (kind) {
      case 'ask':
        if (this.#world.faults.resendsBlindly && heard.kind === 'lost') return { kind: 'send' }
        return stepAfterAsking(one, heard)
      case 'query':
        return this.#stepAfterQuery(one, heard, attempt)
      case 'advice':
        return stepAfterReversal(heard)
      case 'send': {
        const next = stepAfterAsking(one, heard)
        return next.kind === 'note' && next.state !== 'refused' ? { kind: 'wait' } : next
      }
    }
  }

  #stepAfterQuery(one: Crossing, heard: Heard, attempt: number): Step {
    const step = stepAfterQuery(one, heard, attempt)
    const { faults } = this.#world
    if (faults.givesUpWithoutReversing && step.kind === 'note' && step.state === 'reversing')
      return { ...step, state: 'refused' }
    return step
  }

  /** Writes what a task has heard: one transaction, or the next message. */
  goOn(id: number): void {
    const task = this.tasks.get(id)
    if (!task?.step) return
    const { one, step, ask, attempt } = task
    this.tasks.delete(id)
    const outcome = this.#carryOut(task, step)
    if (step.kind === 'send') {
      if (task.kind === 'ask') this.#sendAgain(task)
      else this.#wait('send', one, { attempt, message: undoAskOf(one) })
    }
    if (ask && outcome) this.#world.tell(ask, outcome)
  }

  /** What nobody should do. */
  #sendAgain({ one, ask, attempt }: Task): void {
    const reference = `${one.reference}'`
    const message: RegionAsk = { kind: 'settle', reference, claim: { refused: false } as never }
    this.#wait('ask', one, { ask, attempt, message })
  }

  #carryOut({ one, ask }: Task, step: Step): Outcome | undefined {
    if (step.kind === 'note') return this.#note(one, step)
    if (step.kind !== 'conclude') return { kind: 'unknown' }
    const original = (ask ?? this.#world.revive(one.key.key)) as Extract<Ask, { kind: 'settle' }>
    const taken = this.ledger.take({ ...original, told: step.reply })
    if (taken.kind === 'asking') throw new Error('what was told is asked again')
    if (isLate(one, taken) && !this.#world.faults.forgetsLateSettled)
      this.#note(one, { kind: 'note', state: 'reversing' })
    return taken
  }

  #note(one: Crossing, step: Extract<Step, { kind: 'note' }>): Outcome {
    const { person: owner, reference, key } = one
    const { state, refusal } = step
    const subject = crossingSubject(owner, reference)
    const ends = refusal !== undefined && state !== 'unsent'
    const taken = this.ledger.take({
      kind: 'enter',
      key: ends ? key : ownKey(one, state),
      institution: hospital,
      owner,
      subjects: [subject],
      enter: (found) => noteCrossing(found, subject, ends ? step : { kind: 'note', state }, one),
    })
    if (state === 'unsent' && taken.kind === 'entered' && refusal)
      return { kind: 'refused', refusal, replayed: false }
    return taken.kind === 'refused' && ends && taken.refusal.code !== 'settlement-unknown'
      ? taken
      : { kind: 'unknown' }
  }

  #wait(
    kind: Task['kind'],
    one: Crossing,
    more: Pick<Task, 'ask' | 'attempt'> & { readonly message: RegionAsk | Asking['ask'] },
  ): void {
    const { ask, attempt, message } = more
    const task: Task = { id: ++this.#ids, kind, one, ask, attempt }
    this.tasks.set(task.id, task)
    this.#world.send(task, message)
  }
}

const ownKey = ({ reference, at }: Crossing, state: string): Key => {
  const key = `${reference} ${state} ${at}`
  return { institution: 'region:home', key, fingerprint: key, input: '' }
}
