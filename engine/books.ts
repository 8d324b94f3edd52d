import type { CardChange } from './card.ts'
import type { ClearingWriting } from './clearingRun.ts'
import type { Asking } from './crossing.ts'
import type { Dossiers, Entry } from './dossier.ts'
import type { Transfer } from './ledger.ts'
import type { Fen } from './money.ts'
import type { Person } from './person.ts'
import type { Refusal } from './refusal.ts'
import type { CounterDelta } from './settlement.ts'
import type { MovementRow } from './movement.ts'
import type { MovementFacts } from './movementAsks.ts'
import type {
  Answer,
  Ask,
  Facts,
  Found,
  Identity,
  Key,
  Previewed,
  Row,
  UndoFacts,
} from './ports.ts'

/** What stands under the key of a request that is to be reversed. */
export type Original =
  /** It never arrived: its key will be blocked. */
  | { readonly kind: 'absent' }
  /** It was answered without a row: a refusal, or an earlier reversal's block. */
  | { readonly kind: 'nothing' }
  /** It is not answered yet, since another region was asked. */
  | { readonly kind: 'open'; readonly input: string }
  | { readonly kind: 'row'; readonly row: string; readonly input: string }
  /** It entered something of a subject without settling. */
  | { readonly kind: 'entered'; readonly subject: string; readonly input: string }
  /** It moved money without a bill: that is taken back by its own kind of request. */
  | { readonly kind: 'moved' }

/** What a key turned out to be bound to. */
export type Binding =
  /** `asked`: its request stands without an answer, since another region was asked. */
  | { readonly kind: 'fresh'; readonly asked?: true | undefined }
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
  /** Only for a movement. */
  readonly movement?: MovementFacts | undefined
  /** Only for a reversal. */
  readonly original?: Original | undefined
  /** What is kept of the subjects an ask names, and of the visit of a claim or of a settlement that is undone. */
  readonly dossiers: Dossiers
}

/** Everything one claim writes. A refusal by rule writes its answer alone. */
export interface Writing {
  readonly ask: Ask
  readonly owner: string
  /** Absent while another region is asked: then its key is bound, and answered later. */
  readonly answer?: Answer | undefined
  readonly asking?: Asking | undefined
  readonly row?: Row | undefined
  /** The card that a settlement was shown, itself or by an e-card that derives from it, by what it is called. */
  readonly card?: string | undefined
  readonly movement?: MovementRow | undefined
  readonly transfers: readonly Transfer[]
  readonly balances: readonly { readonly owner: string; readonly balance: Fen }[]
  readonly counters: readonly CounterDelta[]
  readonly entries: readonly Entry[]
  /** The row that is undone first, where one row takes the place of another. */
  readonly undone?: UndoWriting | undefined
  /** The person as they are from now on, where a filing changes them. */
  readonly person?: Person | undefined
  /** Their cards and what they are called, where a service changes them. */
  readonly cards?: readonly CardChange[] | undefined
  readonly identity?: Identity | undefined
  readonly clearing?: ClearingWriting | undefined
  /** A key nobody has used yet and nobody may use from now on: a late original finds this refusal under it. */
  readonly blocks?:
    | {
        readonly institution: string
        readonly key: string
        readonly refusal: Refusal
        /** Its request stands already, and is answered with this. */
        readonly bound?: boolean | undefined
      }
    | undefined
}

/** A row that undoes another, written before the row that takes its place. */
export interface UndoWriting
  extends Pick<Writing, 'transfers' | 'balances' | 'counters' | 'entries'> {
  readonly row: Row
}

/** One database transaction over many claims. */
export interface Session {
  readonly loaded: readonly Loaded[]
  /** Writes and commits; throws a Fault of kind conflict, unavailable or unknown. */
  commit(writings: readonly Writing[]): Promise<void>
  abandon(): Promise<void>
}

/** What a preview finds. */
export type Looked = Pick<Found, 'facts' | 'dossiers'>

/** The books as the process sees them. */
export interface Books {
  /** Binds the keys, locks the people in ascending order, reads the facts. */
  open(asks: readonly Ask[]): Promise<Session>
  /** Facts for a preview: nothing bound, nothing locked, nothing written. */
  look(asked: readonly Previewed[]): Promise<readonly (Looked | undefined)[]>
  /**
   * On a new connection: what stands under the keys of a commit whose outcome is unknown? Undefined where that commit
   * may still end either way.
   */
  lookUp(keys: readonly Key[]): Promise<readonly (Binding | undefined)[]>
}
