import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { RecordOutcome } from '../../engine/quickPaymentRecord.ts'
import type { Page, PageAsked } from './needs.ts'

/** A terminal (终端) by the region whose keys it holds, and its number there. */
export interface TerminalName {
  readonly division: Division
  readonly id: string
}

/** What a card binds its cryptogram to. */
export interface Tapped {
  readonly terminal: TerminalName
  readonly amount: Fen
  readonly counter: number
  readonly moment: Instant
  readonly unpredictable: Uint8Array
}

/** What quick payments ask of keys and books. Proving takes some ten microseconds, and is done where it is asked. */
export interface TapDesk {
  /** Is it the card's own cryptogram over this very payment? One that is not is counted. */
  isCards(serial: string, tap: Tapped, cryptogram: Uint8Array): boolean
  /** Is it the terminal's own MAC over these very bytes? One that is not is counted. */
  isTerminals(terminal: TerminalName, record: Uint8Array, mac: Uint8Array): boolean
  /** Whether nobody else has this turn, in any process that serves with this one. */
  takeTurn(name: string): Promise<boolean>
  giveTurn(name: string): Promise<void>
  records(asked: RecordsAsked): Promise<Page<RecordListed>>
  hotList(after: Instant): Promise<HotList>
}

export interface RecordsAsked extends PageAsked {
  readonly institution: string
  readonly terminal?: TerminalName | undefined
}

/** One record as it is listed, with the name that orders the list. */
export interface RecordListed {
  readonly name: string
  readonly outcome: RecordOutcome
  readonly at: Instant
}

/** What changed of the hot list (黑名单) since a version, and the version that this makes. */
export interface HotList {
  readonly version: Instant
  readonly more: boolean
  readonly entries: readonly HotEntry[]
}

export interface HotEntry {
  /** The beginning of a hash of the card's serial: whoever holds a card can look it up, and nobody can read a name in it. */
  readonly entry: string
  readonly blocked: boolean
  /** When it ends by itself, where it does. */
  readonly until?: Instant | undefined
}
