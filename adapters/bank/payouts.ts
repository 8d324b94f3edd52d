import { randomInt } from 'node:crypto'
import { alarmAfter, waitAfter } from '../../engine/collection.ts'
import { type DeskCase, readCase } from '../../engine/deskCase.ts'
import type { Subject } from '../../engine/dossier.ts'
import { zero } from '../../engine/money.ts'
import { agencyOf } from '../../engine/movement.ts'
import type { MoveAsk } from '../../engine/movementAsks.ts'
import { enterPaid, enterReturned } from '../../engine/payout.ts'
import type { EnterAsk, Key } from '../../engine/ports.ts'
import type { PayAnswer, PayingBank } from './bank.ts'
import type { DueSubject, PayoutWorld } from './needs.ts'

/** Payments of what a person is to get by a case at the desk, to the bank account of their card (代发). */
export interface Payouts {
  /** Tells the bank of a payment that was ordered; what it does not answer in time is found out later. */
  pay(subject: Subject): Promise<void>
  /** Takes on what is due; gives the number that ended. */
  resolve(signal: AbortSignal): Promise<number>
}

/** So many are looked at in one run: each may wait for the bank until its time is over. */
const mostInRun = 40

/** Keys of others are plain ASCII, so that none of them is ever one of these. */
const own = '代发'

export const createPayouts = (world: PayoutWorld, bank: PayingBank): Payouts =>
  new Paying(world, bank)

type Ordered = DeskCase & { readonly order: NonNullable<DeskCase['order']> }

class Paying implements Payouts {
  readonly #world: PayoutWorld
  readonly #bank: PayingBank

  constructor(world: PayoutWorld, bank: PayingBank) {
    this.#world = world
    this.#bank = bank
  }

  async pay(subject: Subject): Promise<void> {
    const of = await this.#ordered(subject)
    if (of) await this.#send(of)
  }

  async resolve(signal: AbortSignal): Promise<number> {
    const failures: unknown[] = []
    let ended = 0
    for (const due of await this.#world.due.list(this.#world.now(), mostInRun)) {
      if (signal.aborted) break
      ended += await this.#resolveOne(due).catch((error: unknown) => (failures.push(error), 0))
    }
    // One that failed is due again after its pause, and keeps nobody from the others.
    if (failures.length > 0) throw failures[0]
    return ended
  }

  /** Whoever claims one puts it off first: where that process dies, the next one comes after the pause. */
  async #resolveOne(due: DueSubject): Promise<number> {
    const attempt = due.attempts + 1
    const now = this.#world.now()
    const until = now + Math.round((waitAfter(attempt) * randomInt(80, 121)) / 100)
    if (!(await this.#world.due.claim(due, now, until))) return 0
    const of = await this.#ordered(due.subject)
    if (!of) return 0
    await this.#lookAt(of)
    if (!(await this.#ordered(due.subject))) return 1
    if (attempt >= alarmAfter) this.#world.alarm(of.id, attempt)
    return 0
  }

  /** What is not known is asked for, and only what the bank has never heard of is sent again, under its reference. */
  async #lookAt(of: Ordered): Promise<void> {
    const answer = await this.#bank.queryPayment(of.order.reference).catch(() => undefined)
    if (!answer) return
    await (answer.state === 'absent' ? this.#send(of) : this.#conclude(of, answer))
  }

  async #send(of: Ordered): Promise<void> {
    const account = await this.#world.bankAccount(of.subject.owner)
    if (account === undefined) return
    const { reference, amount } = of.order
    const answer = await this.#bank.pay({ reference, account, amount }).catch(() => undefined)
    if (answer) await this.#conclude(of, answer)
  }

  async #conclude(of: Ordered, answer: PayAnswer): Promise<void> {
    await this.#world.submit(answer.state === 'paid' ? this.#paid(of) : this.#returned(of, answer))
  }

  /** What was paid is booked and entered in one transaction, and under one key once. */
  #paid({ subject, region, order, settlement }: Ordered): MoveAsk {
    const { reference, amount } = order
    const day = this.#world.dayOf(this.#world.now())
    return {
      kind: 'move',
      key: this.#keyOf(region, reference, 'paid'),
      institution: agencyOf(region),
      movement: {
        kind: 'reimbursement',
        person: subject.owner,
        region,
        month: day.slice(0, 7),
        day,
        reference,
        total: amount,
        paid: [],
        funds: [],
        account: zero,
        settlement,
      },
      within: {
        subjects: [subject],
        enter: (found, movement) => enterPaid(found, subject, { reference, movement }),
      },
    }
  }

  #returned(
    { subject, region, order: { reference } }: Ordered,
    { reason }: Extract<PayAnswer, { state: 'returned' }>,
  ): EnterAsk {
    return {
      kind: 'enter',
      key: this.#keyOf(region, reference, 'returned'),
      institution: agencyOf(region),
      owner: subject.owner,
      subjects: [subject],
      enter: (found) => enterReturned(found, subject, { reference, reason }),
    }
  }

  /** A key for what became of one payment: done again, it is answered as it was. */
  #keyOf(region: string, reference: string, told: string): Key {
    const input = JSON.stringify({ reference, told })
    const key = `${own} ${reference} ${told}`
    return {
      institution: agencyOf(region),
      key,
      fingerprint: this.#world.fingerprint(input),
      input,
    }
  }

  async #ordered(subject: Subject): Promise<Ordered | undefined> {
    const of = readCase(subject, await this.#world.kept(subject))
    return of?.state === 'ordered' ? (of as Ordered) : undefined
  }
}
