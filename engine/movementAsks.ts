import type { Transfer } from './ledger.ts'
import type { Fen } from './money.ts'
import type { Movement, MovementRow } from './movement.ts'
import type { Person } from './person.ts'
import type { Entered, Found, Key } from './ports.ts'
import type { Refusal } from './refusal.ts'
import type { Subject } from './dossier.ts'

/** What is known of a movement that is to be booked, or taken back. */
export interface MovementFacts {
  readonly person: Person | undefined
  readonly balances: ReadonlyMap<string, Fen>
  /** How often its very source was booked, and the movement of it that stands. */
  readonly bookings: number
  readonly standing?: string | undefined
  /** The newest row of the movement that is to be taken back, and its transfers. */
  readonly head?: MovementRow | undefined
  readonly transfers: readonly Transfer[]
}

/** Asks to book a movement (资金变动): a contribution, a monthly credit, a benefit, a collection. */
export interface MoveAsk {
  readonly kind: 'move'
  readonly key: Key
  /** An agency, or for a collection the institution whose cash it is. */
  readonly institution: string
  readonly movement: Movement
  /** What is entered with it, where it is a step of something that is kept. */
  readonly within?: MovedWithin | undefined
}

/** The subjects of a movement that is a step of a case at the desk, and what is entered of them. */
export interface MovedWithin {
  readonly subjects: readonly Subject[]
  readonly enter: (found: Found, movement: string) => Entered | Refusal
}

/** Asks to take a movement back (撤销). */
export interface MoveBackAsk {
  readonly kind: 'moveBack'
  readonly key: Key
  readonly institution: string
  readonly movement: string
  /** Only whoever knows what the bank gave back takes a collection back. */
  readonly collection?: true | undefined
}
