import type { Day, Instant } from '../../engine/day.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Key } from '../../engine/ports.ts'
import type { Client } from './clients.ts'
import type { Envelope } from './envelope.ts'
import type { Nodes, ReadNodes, WrittenNodes } from './field.ts'
import type { World } from './needs.ts'
import type { RegionSettings } from './settings.ts'

/** One transaction of the national interface (交易): its number, its field tables, and what it does. */
export interface Transaction<I extends Nodes = Nodes, O extends Nodes = Nodes> {
  /** 交易编号 without a suffix: variants such as 2207A come here too. */
  readonly infno: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly input: I
  readonly output: O
  /** A transaction that writes is bound to its msgid and told the same again when it is repeated. */
  readonly writes: boolean
  readonly handle: (input: ReadNodes<I>, call: Call) => Promise<Told<O>>
}

/** Keeps the types of the tables while they are written down. */
export const transaction = <I extends Nodes, O extends Nodes>(
  described: Transaction<I, O>,
): Transaction<I, O> => described

/** One request under way: who asks, where, under which key, and the world that answers. */
export interface Call {
  readonly infno: string
  readonly envelope: Envelope
  readonly institution: Institution
  /** What is agreed with the institution's client: signing, sign-in, what a wrong total does. */
  readonly client: Client
  readonly settings: RegionSettings
  readonly key: Key
  readonly now: Instant
  readonly today: Day
  readonly world: World
  /** Gives an ask to the engine; past ten seconds its outcome is told as unknown. */
  readonly submit: (ask: Ask) => Promise<Outcome>
}

/** What is told: an output with warnings, or a refusal in Chinese. */
export type Told<O extends Nodes = Nodes> =
  | { readonly output: WrittenNodes<O>; readonly warnings?: readonly string[] }
  | Refused

/** A refusal in Chinese for err_msg. */
export interface Refused {
  readonly refused: string
  /** Where it is not the request that is refused: what became of it, for the counters. */
  readonly because?: 'inProgress' | 'busy' | 'unknown' | 'bug' | undefined
}
