import { randomInt } from 'node:crypto'
import {
  alarmAfter,
  askCollection,
  type Collection,
  type CollectionTold,
  collectionSubject,
  isOpen,
  noteCollection,
  readCollections,
  settlementOf,
  waitAfter,
} from '../../engine/collection.ts'
import type { Fen } from '../../engine/money.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Key, Row } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { isEffective } from '../../engine/undo.ts'
import type { Bank, BankAnswer } from './bank.ts'
import { asksOf, keyOf } from './asks.ts'
import type { DueSubject, World } from './needs.ts'

export interface CollectAsked {
  readonly key: Key
  readonly settlement: string
  readonly institution: string
  readonly amount?: Fen | undefined
}

/** Collections of the cash of settlements from the bank accounts of cards (金融支付). */
export interface Collections {
  /** Asks for one: recorded, then sent. What the bank did not answer in time is found out later. */
  collect(
    asked: CollectAsked,
  ): Promise<{ readonly outcome: Outcome; readonly collection?: Collection }>
  /** The newest row of a settlement and what was asked of its cash. */
  find(settlement: string): Promise<Found | undefined>
  /** Takes on what is due: asks the bank what became of it, or gives money back. Gives the number that ended. */
  resolve(signal: AbortSignal): Promise<number>
}

interface Found {
  readonly head: Row
  readonly collections: readonly Collection[]
}

/** One collection of one settlement. */
interface Case {
  readonly head: Row
  readonly collection: Collection
}

/** So many are looked at in one run, and so many of them at once: each may wait for the bank until its time is over. */
const mostInRun = 40
const mostAtOnce = 8

export const createCollections = (world: World, bank: Bank): Collections =>
  new Collecting(world, bank)

class Collecting implements Collections {
  readonly #world: World
  readonly #bank: Bank

  constructor(world: World, bank: Bank) {
    this.#world = world
    this.#bank = bank
  }

  async find(settlement: string): Promise<Found | undefined> {
    const head = await this.#world.head(settlement)
    if (!head) return undefined
    const kept = await this.#world.kept(collectionSubject(head.content.person, settlement))
    return { head, collections: readCollections(kept) }
  }

  async collect({
    key,
    ...asking
  }: CollectAsked): Promise<{ outcome: Outcome; collection?: Collection }> {
    const { settlement, institution } = asking
    const head = await this.#world.head(settlement)
    if (!head) return { outcome: unknownSettlement(settlement) }
    const reference = this.#world.newReference(head.content.person)
    const outcome = await this.#world.submit({
      kind: 'enter',
      key,
      institution,
      owner: head.content.person,
      settlement,
      subjects: [collectionSubject(head.content.person, settlement)],
      enter: (found) => askCollection(found, { ...asking, reference }),
    })
    if (outcome.kind !== 'entered') return { outcome }
    const { reference: bound } = outcome.result as { readonly reference: string }
    const before = await this.#one(settlement, bound)
    if (before && !outcome.replayed) await this.#send(before).catch(() => {})
    const after = await this.#one(settlement, bound)
    return { outcome, ...(after && { collection: after.collection }) }
  }

  async resolve(signal: AbortSignal): Promise<number> {
    const due = [...(await this.#world.due.list(this.#world.now(), mostInRun))]
    const failures: unknown[] = []
    let ended = 0
    const work = async (): Promise<void> => {
      for (let next = due.shift(); next && !signal.aborted; next = due.shift())
        ended += await this.#resolveOne(next).catch((error: unknown) => (failures.push(error), 0))
    }
    await Promise.all(Array.from({ length: mostAtOnce }, work))
    // One that failed is due again after its pause, and keeps nobody from the others.
    if (failures.length > 0) throw failures[0]
    return ended
  }

  /** Whoever claims one puts it off first: where that process dies, the next one comes after the pause. */
  async #resolveOne(due: DueSubject): Promise<number> {
    const attempt = due.attempts + 1
    const now = this.#world.now()
    const until = now + jittered(waitAfter(attempt))
    if (!(await this.#world.due.claim(due, now, until))) return 0
    const settlement = settlementOf(due.subject)
    const open = await this.#openOf(settlement)
    for (const one of open) await this.#lookAt(one)
    const left = await this.#openOf(settlement)
    if (left.length > 0 && attempt >= alarmAfter) this.#world.alarm(settlement, attempt)
    return open.length - left.length
  }

  async #openOf(settlement: string): Promise<readonly Case[]> {
    const found = await this.find(settlement)
    return (found?.collections ?? [])
      .filter(isOpen)
      .map((collection) => ({ head: (found as Found).head, collection }))
  }

  /** What is not known is asked for, and only what the bank has never heard of is sent again, under its reference. */
  async #lookAt(one: Case): Promise<void> {
    const { reference, state } = one.collection
    if (state === 'returning') return this.#giveBack(one)
    // Undone in the very moment in which it was asked for: what the bank has taken or may still take goes back.
    if (!isEffective(one.head)) return this.#note(one, { state: 'collected' })
    const answer = await this.#bank.query(reference).catch(() => undefined)
    if (!answer) return this.#note(one, { state: 'unknown' })
    return answer.state === 'absent' ? this.#send(one) : this.#conclude(one, answer)
  }

  async #send(one: Case): Promise<void> {
    const { head, collection } = one
    const account = await this.#world.bankAccount(head.content.person)
    if (account === undefined) return this.#note(one, { state: 'unknown' })
    const { reference, amount } = collection
    const answer = await this.#bank.collect({ reference, account, amount }).catch(() => undefined)
    return answer ? this.#conclude(one, answer) : this.#note(one, { state: 'unknown' })
  }

  /** Money that the bank has taken stands in the ledger before it is said to be collected. */
  async #conclude(one: Case, answer: BankAnswer): Promise<void> {
    if (answer.state === 'collected' && !(await this.#book(one))) return
    await this.#note(one, answer)
  }

  /** True once it is booked, or cannot be since its settlement was undone; under one key it is booked once. */
  async #book({ head, collection }: Case): Promise<boolean> {
    const outcome = await this.#world.submit(asksOf(this.#world).move(head, collection))
    return outcome.kind === 'moved' || isUndone(outcome)
  }

  /** The bank gives back first, and what stands in the ledger of it is taken back after. */
  async #giveBack(one: Case): Promise<void> {
    const { reference } = one.collection
    const given = await this.#bank.returnMoney(reference).then(
      () => true,
      () => false,
    )
    if (given && (await this.#unbook(one))) await this.#note(one, { state: 'returned' })
  }

  /** Asked under its key again, the booking tells which movement it was, if there is one. */
  async #unbook({ head, collection }: Case): Promise<boolean> {
    const asks = asksOf(this.#world)
    const booked = await this.#world.submit(asks.move(head, collection))
    if (booked.kind !== 'moved') return isUndone(booked)
    const back = await this.#world.submit(asks.moveBack(head, collection, booked.movement.movement))
    return back.kind === 'moved' || isUndone(back)
  }

  async #note(one: Case, told: Pick<CollectionTold, 'state' | 'reason'>): Promise<void> {
    const { head, collection } = one
    const { settlement, content } = head
    const { reference } = collection
    await this.#world.submit({
      kind: 'enter',
      key: keyOf(this.#world, content.institution, { reference, told: told.state }),
      institution: content.institution,
      owner: content.person,
      settlement,
      subjects: [collectionSubject(content.person, settlement)],
      enter: (found) => noteCollection(found, { ...told, settlement, reference }),
    })
  }

  async #one(settlement: string, reference: string): Promise<Case | undefined> {
    const found = await this.find(settlement)
    const collection = found?.collections.find((each) => each.reference === reference)
    return found && collection && { head: found.head, collection }
  }
}

const unknownSettlement = (settlement: string): Outcome => ({
  kind: 'refused',
  refusal: refuse('settlement-unknown', { settlement }),
  replayed: false,
})

/** Nothing is booked for a settlement that is undone, and nothing is taken back twice. */
const isUndone = (outcome: Outcome): boolean =>
  outcome.kind === 'refused' && outcome.refusal.code === 'already-undone'

/** Those that failed together do not all come back together. */
const jittered = (wait_ms: number): number => Math.round((wait_ms * randomInt(80, 121)) / 100)
