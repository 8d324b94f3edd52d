import type { Claim } from './claim.ts'
import type { Card } from './card.ts'
import type { Day, Instant } from './day.ts'
import type { Institution } from './institution.ts'
import type { Transfer } from './ledger.ts'
import type { Fen } from './money.ts'
import type { Person } from './person.ts'
import type { Refusal } from './refusal.ts'
import type { CounterDelta, Settlement } from './settlement.ts'

/** The running sums of one person (累计) by benefit year and key, in fen or as counts. */
export type Counters = ReadonlyMap<string, ReadonlyMap<string, bigint>>

/** An effective settlement, or one of the rows that undid it: rows of one chain share `settlement`. */
export interface Row {
  /** This row's own id: 30 characters, time-ordered. */
  readonly id: string
  /** The id of the chain's first row: the setl_id that institutions know. */
  readonly settlement: string
  readonly sequence: number
  readonly kind: RowKind
  /** The row that this one undoes. */
  readonly undoes?: string | undefined
  readonly postedAt: Instant
  readonly content: Settlement
}

/** settlement 结算 · cancellation 撤销 · reversal 冲正; a restored row is a settlement again. */
export type RowKind = 'settlement' | 'cancellation' | 'reversal' | 'restoration'

/** A later or earlier row of the same person and year, as far as undoing needs to know it. */
export interface Neighbour {
  readonly settlement: string
  readonly head: string
  readonly postedAt: Instant
  readonly day: Day
  readonly visit?: string | undefined
  readonly year: string
}

/** What is known of one claim once its people are locked. */
export interface Facts {
  readonly institution: Institution | undefined
  readonly person: Person | undefined
  readonly card: Card | undefined
  /** Balances of the person's own account and of every account they may draw on, by owner. */
  readonly balances: ReadonlyMap<string, Fen>
  readonly counters: Counters
  /** Line numbers already settled in this visit, and the newest effective settlements of the very same bill. */
  readonly settledLines: ReadonlySet<string>
  readonly sameBills: readonly string[]
}

/** What is known of a claim whose parties nobody knows. */
export const noFacts: Facts = {
  institution: undefined,
  person: undefined,
  card: undefined,
  balances: new Map(),
  counters: new Map(),
  settledLines: new Set(),
  sameBills: [],
}

/** What is known of one settlement that is to be undone. */
export interface UndoFacts {
  readonly head: Row | undefined
  /** The transfers of the head row, to be mirrored. */
  readonly transfers: readonly Transfer[]
  /** Effective settlements of the same person posted after it. */
  readonly later: readonly Neighbour[]
  readonly balances: ReadonlyMap<string, Fen>
  readonly counters: Counters
}

/** A key an institution chose, and what it asked under it. */
export interface Key {
  readonly institution: string
  readonly key: string
  /** SM3 of the canonical input. */
  readonly fingerprint: string
  /** The canonical input itself, kept encrypted to name the field that differs. */
  readonly input: string
}

/** Asks to undo whatever became of an earlier request, when its asker never learned (冲正). */
export interface ReverseAsk {
  readonly kind: 'reverse'
  readonly key: Key
  readonly institution: string
  /** The key of the request whose outcome is unknown. */
  readonly original: { readonly institution: string; readonly key: string }
  /** Whose claim it was: where the original never arrived, its key is blocked in this person's name. */
  readonly person: string
}

/** What an institution asks for: to settle, to cancel, or to reverse. */
export type Ask =
  | { readonly kind: 'settle'; readonly key: Key; readonly claim: Claim }
  | {
      readonly kind: 'cancel'
      readonly key: Key
      readonly settlement: string
      readonly institution: string
    }
  | ReverseAsk

/** What stands under the key of a request that is to be reversed. */
export type Original =
  /** It never arrived: its key will be blocked. */
  | { readonly kind: 'absent' }
  /** It was answered without a row: a refusal, or an earlier reversal's block. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'row'; readonly row: string }

/** What was answered under a key: kept beside the money, replayed to every repeat. */
export type Answer =
  | { readonly kind: 'settled'; readonly row: Row }
  | { readonly kind: 'undone'; readonly row: Row; readonly affected: readonly string[] }
  /** A reversal: with the row it wrote or found, or without one where nothing had happened. */
  | { readonly kind: 'reversed'; readonly row?: Row | undefined }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** What a key turned out to be bound to. */
export type Binding =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'differs'; readonly field: string }
  /** Refused before anything was stored, such as an unknown institution or person. */
  | { readonly kind: 'unbound'; readonly refusal: Refusal }

/** One ask with what its key is bound to and what is known of its person. */
export interface Loaded {
  readonly ask: Ask
  readonly binding: Binding
  readonly owner: string | undefined
  readonly facts: Facts | undefined
  readonly undo: UndoFacts | undefined
  /** Only for a reversal. */
  readonly original?: Original | undefined
}

/** Everything one claim writes. A refusal by rule writes its answer alone. */
export interface Writing {
  readonly ask: Ask
  readonly owner: string
  readonly answer: Answer
  readonly row?: Row | undefined
  readonly transfers: readonly Transfer[]
  readonly balances: readonly { readonly owner: string; readonly balance: Fen }[]
  readonly counters: readonly CounterDelta[]
  /** A key nobody has used yet and nobody may use from now on: a late original finds this refusal under it. */
  readonly blocks?:
    | { readonly institution: string; readonly key: string; readonly refusal: Refusal }
    | undefined
}

/** One database transaction over many claims. */
export interface Session {
  readonly loaded: readonly Loaded[]
  /** Writes and commits; throws a Fault of kind conflict, unavailable or unknown. */
  commit(writings: readonly Writing[]): Promise<void>
  abandon(): Promise<void>
}

/** The books as the process sees them. */
export interface Books {
  /** Binds the keys, locks the people in ascending order, reads the facts. */
  open(asks: readonly Ask[]): Promise<Session>
  /** Facts for a preview: nothing bound, nothing locked, nothing written. */
  look(claims: readonly Claim[]): Promise<readonly (Facts | undefined)[]>
  /**
   * On a new connection: what stands under the keys of a commit whose outcome is unknown? Undefined where that commit
   * may still end either way.
   */
  lookUp(keys: readonly Key[]): Promise<readonly (Binding | undefined)[]>
}

/** Time, asked of the world because the engine has none. */
export interface Clock {
  now(): Instant
  today(): Day
}

/** Ids, asked of the world because the engine has no randomness. */
export interface Ids {
  /** 26 characters of time-ordered base32 and 4 of the owner's hash. */
  next(owner: string, at: Instant): string
}

/**
 * The world failed: `conflict` may be tried again at once, `unavailable` means that nothing happened, `unknown` that a
 * commit was sent and no reply came.
 */
export class Fault extends Error {
  override name = 'Fault'
  readonly kind: 'conflict' | 'unavailable' | 'unknown'
  constructor(kind: Fault['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

/** What one asker is told. Only these words exist; a client that obeys them ends consistent (faults 2.5). */
export type Outcome =
  | { readonly kind: 'settled'; readonly row: Row; readonly replayed: boolean }
  | {
      readonly kind: 'undone'
      readonly row: Row
      readonly affected: readonly string[]
      readonly replayed: boolean
    }
  | { readonly kind: 'reversed'; readonly row?: Row | undefined; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean }
  /** The key was used before with another body; `field` is the first that differs. */
  | { readonly kind: 'differs'; readonly field: string }
  | { readonly kind: 'inProgress' }
  /** The server is full or its database is away; nothing happened. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'unknown' }
  /** A rule of our own did not hold; nothing was committed. */
  | { readonly kind: 'bug'; readonly reference: string }

/** A preview (预结算): what a settlement would be, from the same functions. */
export type Preview =
  | { readonly kind: 'preview'; readonly settlement: Settlement }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
