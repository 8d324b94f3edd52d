import { bounded } from '../../../adapters/bank/bank.ts'
import { type Collections, createCollections } from '../../../adapters/bank/collections.ts'
import type { World } from '../../../adapters/bank/needs.ts'
import {
  type SimulatedBank,
  type SimulatedOptions,
  simulatedBank,
} from '../../../adapters/bank/simulated.ts'
import { type Collection, collectionSubject, readCollections } from '../../../engine/collection.ts'
import { keptOf } from '../../../engine/dossier.ts'
import { type Fen, zero } from '../../../engine/money.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { isEffective } from '../../../engine/undo.ts'
import {
  cancel,
  desk,
  hospital,
  keyOf,
  numbers,
  reverse,
  settle,
} from '../../engine/support/desk.ts'
import { now as start, today } from '../../engine/support/world.ts'

export const account = '6200000000000000011'

/** A process that may be killed: from its n-th step on nothing it does has any effect. */
class Fuse {
  left = Infinity
  async step<T>(work: () => Promise<T>): Promise<T> {
    if (this.left <= 0) throw new Error('killed')
    this.left -= 1
    const done = await work()
    // Killed while it waited: what it did stands, and it never learns.
    if (this.left <= 0) throw new Error('killed')
    return done
  }
}

export interface Town {
  readonly bank: SimulatedBank
  readonly books: ReturnType<typeof desk>['books']
  readonly alarms: string[]
  settlement: string
  clock: { now: number }
  submit(ask: Ask): Promise<Outcome>
  /** One of many processes, which ends after so many steps. */
  process(steps?: number): Collections
  undo(): Promise<Outcome>
  restore(): Promise<Outcome>
  collections(): readonly Collection[]
  /** What stands in the ledger of a reference. */
  booked(reference: string): Fen
  /** Lets time go by and sweeps until nothing is due; the lines hold from now on. */
  calm(): Promise<void>
}

/** A hospital with one settlement that leaves cash, a bank, and processes that come and go. */
export async function openTown(options: SimulatedOptions = {}): Promise<Town> {
  const bank = simulatedBank({ latency_ms: 0, ...options })
  const clock = { now: start }
  const inside = desk({ clock: { now: () => clock.now, today: () => today } })
  const { books } = inside
  books.identities.set('P1', { name: '演示', citizenNumber: numbers[0], bankAccount: account })
  const submit = async (ask: Ask): Promise<Outcome> => (await inside.settle([ask]))[0] as Outcome
  const told = await submit(settle('bill', 0))
  const settlement = told.kind === 'settled' ? told.row.id : ''
  const alarms: string[] = []
  let references = 0
  let undone = 0
  const worldOf = (fuse: Fuse): World => ({
    submit: async (ask) => fuse.step(async () => submit(ask)),
    head: async (id) => fuse.step(async () => books.rows.findLast((row) => row.settlement === id)),
    kept: async (subject) => fuse.step(async () => keptOf(books.dossiers, subject)),
    bankAccount: async (person) => fuse.step(async () => books.identities.get(person)?.bankAccount),
    due: {
      list: async (...asked) => fuse.step(async () => books.due.list(...asked)),
      claim: async (...asked) => fuse.step(async () => books.due.claim(...asked)),
    },
    fingerprint: (input) => input,
    newReference: () => `B${++references}`,
    dayOf: () => today,
    now: () => clock.now,
    alarm: (id, attempts) => void alarms.push(`${id} ${attempts}`),
  })
  const town: Town = {
    bank,
    books,
    alarms,
    settlement,
    clock,
    submit,
    process(steps = Infinity) {
      const fuse = new Fuse()
      fuse.left = steps
      const line = {
        collect: async (...asked: Parameters<SimulatedBank['collect']>) =>
          fuse.step(async () => bank.collect(...asked)),
        query: async (reference: string) => fuse.step(async () => bank.query(reference)),
        returnMoney: async (reference: string) =>
          fuse.step(async () => bank.returnMoney(reference)),
      }
      return createCollections(worldOf(fuse), bounded(line))
    },
    undo: async () => submit(cancel(`undo-${++undone}`, settlement)),
    restore: async () => submit(reverse(`restore-${undone}`, `undo-${undone}`)),
    collections: () => readCollections(keptOf(books.dossiers, collectionSubject('P1', settlement))),
    booked(reference) {
      const rows = books.movements.rows.filter(({ content }) => content.reference === reference)
      const standing = rows.filter(
        ({ id, kind }) => kind === 'movement' && !rows.some((row) => row.undoes === id),
      )
      return standing.reduce((sum, { content }) => (sum + content.total) as Fen, zero)
    },
    async calm() {
      bank.lose(0)
      for (let at = books.due.next(); at !== undefined; at = books.due.next()) {
        clock.now = Math.max(clock.now, at)
        await town.process().resolve(new AbortController().signal)
      }
    },
  }
  return town
}

export const askedBy = (key: string) => ({
  key: keyOf(key),
  institution: hospital.code,
})

/** What must hold once everything has come to its end. */
export function wrongs(town: Town): string[] {
  const { books, bank, settlement } = town
  const head = books.rows.findLast((row) => row.settlement === settlement)
  if (!head) return ['no settlement']
  const due = isEffective(head) ? head.content.cash - head.content.employerShare : 0n
  const all = town.collections()
  const collected = all.filter(({ state }) => state === 'collected')
  const sum = collected.reduce((total, { amount }) => total + amount, 0n)
  const taken = 1_000_000n - bank.balanceOf(account)
  return [
    ...all
      .filter(({ state }) => !['collected', 'refused', 'returned'].includes(state))
      .map(({ reference, state }) => `${reference} is ${state} at the end`),
    ...all.flatMap(({ reference, state, amount }) => {
      const should = state === 'collected' ? amount : 0n
      return [
        ...(bank.holds(reference) === should ? [] : [`${reference} ${state}: the bank differs`]),
        ...(town.booked(reference) === should ? [] : [`${reference} ${state}: the ledger differs`]),
      ]
    }),
    ...(sum > due ? [`collected ${sum} of ${due}`] : []),
    ...(taken === sum ? [] : [`the bank took ${taken} and not ${sum}`]),
  ]
}
