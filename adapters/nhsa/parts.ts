import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Clients } from './clients.ts'
import type { Seals, World } from './needs.ts'
import type { ReadOfPeople } from './readsOfPeople.ts'
import type { ReadJson } from './secrecy.ts'
import type { SignOuts } from './sessions.ts'
import type { Settings } from './settings.ts'
import type { Transaction } from './transaction.ts'

/** What became of a request, for the counters. */
export const results = [
  'done',
  'refused',
  'inProgress',
  'busy',
  'unknown',
  'bug',
  'unauthenticated',
] as const
export type Result = (typeof results)[number]

/** What the gateway is made from. */
export interface Parts {
  readonly world: World
  readonly clients: Clients
  readonly settings: Settings
  readonly transactions: ReadonlyMap<string, Transaction>
  readonly seals: Seals
  readonly readJson: ReadJson
  /** The clocks that time stamps may go by: the machine's, and in the sandbox its own as well. */
  readonly clocks: readonly (() => Instant)[]
  /** The division that answers: what receipts begin with. */
  readonly division: Division
  /** After so long an outcome is told as unknown; ten seconds is what is promised. */
  readonly deadline_ms?: number | undefined
  readonly closing: () => boolean
  /** How processes that serve together hear of each other's sign-outs. */
  readonly signOuts?: SignOuts | undefined
  /** Records what is told of people, before it is told: where that fails, nothing is. */
  readonly recordRead?: ((read: ReadOfPeople) => Promise<void>) | undefined
  /** Counts a request; `infno` is one of ours or `unknown`. */
  readonly count: (infno: string, result: Result, took_ms: number) => void
}
