import type { Loaded, Writing } from '../../../engine/books.ts'
import type { Transfer } from '../../../engine/ledger.ts'
import type { Fen } from '../../../engine/money.ts'
import { type MovementRow, sourceOf } from '../../../engine/movement.ts'
import type { MoveAsk, MoveBackAsk } from '../../../engine/movementAsks.ts'
import type { Person } from '../../../engine/person.ts'
import type { UndoFacts } from '../../../engine/ports.ts'

interface Held {
  readonly people: ReadonlyMap<string, Person>
  readonly balances: ReadonlyMap<string, Fen>
}

/** Movements in memory, as the database keeps them. */
export class MemoryMovements {
  readonly rows: MovementRow[] = []
  readonly transfers = new Map<string, readonly Transfer[]>()
  readonly #held: Held

  constructor(held: Held) {
    this.#held = held
  }

  load(
    ask: MoveAsk | MoveBackAsk,
    undoOf: (settlement: string) => UndoFacts,
  ): Pick<Loaded, 'owner' | 'movement' | 'undo'> {
    const plain = { person: undefined, balances: new Map(this.#held.balances), bookings: 0 }
    if (ask.kind === 'moveBack') {
      const head = this.rows.findLast((row) => row.movement === ask.movement)
      const transfers = this.transfers.get(ask.movement) ?? []
      const owner = head?.content.person
      return { owner, undo: undefined, movement: { ...plain, head, transfers } }
    }
    const { person: id, settlement } = ask.movement
    const person = [...this.#held.people.values()].find((one) => one.id === id)
    const source = sourceOf(ask.movement)
    const booked = this.rows.filter(
      ({ kind, content }) =>
        kind === 'movement' && content.person === id && sourceOf(content) === source,
    )
    const standing = booked.find(({ id }) => !this.rows.some((row) => row.undoes === id))?.id
    return {
      owner: person?.id,
      undo: settlement === undefined ? undefined : undoOf(settlement),
      movement: { ...plain, person, bookings: booked.length, standing, transfers: [] },
    }
  }

  note({ movement, transfers }: Writing): void {
    if (!movement) return
    this.rows.push(movement)
    this.transfers.set(movement.id, transfers)
  }
}
