import type { RegionReply } from './awayClaim.ts'
import type { Claim, Division } from './claim.ts'
import type { Card, CardChange } from './card.ts'
import type { ClearingWriting } from './clearingRun.ts'
import type { Day, Instant } from './day.ts'
import type { Dossiers, Entry, Json, Subject } from './dossier.ts'
import type { SameBill } from './duplicate.ts'
import type { Institution } from './institution.ts'
import type { Transfer } from './ledger.ts'
import type { Fen } from './money.ts'
import type { MovementRow } from './movement.ts'
import type { MoveAsk, MoveBackAsk } from './movementAsks.ts'
import type { Person } from './person.ts'
import type { PastCard } from './quickPaymentPast.ts'
import type { TapsBefore } from './quickPaymentTaps.ts'
import type { Refusal } from './refusal.ts'
import type { ResettleAsk } from './resettlementAsks.ts'
import type { Settlement } from './settlement.ts'
import type { VisitKind } from './visit.ts'

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
  readonly sameBills: readonly SameBill[]
  /** Only for asks that name their person: every card of theirs, and what they are called. */
  readonly cards?: readonly Card[] | undefined
  readonly identity?: Identity | undefined
  /** Only for a quick payment: what is kept of its card's taps, and for one made offline every state the card was in. */
  readonly taps?: TapsBefore | undefined
  readonly cardHistory?: readonly PastCard[] | undefined
}

/** What a person is called (姓名, 证件号码, 民族, 单位名称): for credentials and printed answers only, never for a rule. */
export interface Identity {
  readonly name: string
  readonly citizenNumber: string
  readonly ethnicGroup?: string | undefined
  readonly employer?: string | undefined
  /** 社保卡银行账户: shown to nobody, given to the bank alone. */
  readonly bankAccount?: string | undefined
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
  /** Where it was sent from (终端); no part of what must be the same. */
  readonly terminal?: string | undefined
}

/** What an ask that names its subjects finds: their dossiers, and what is known of its person. */
export interface Found {
  readonly dossiers: Dossiers
  readonly facts: Facts
  /** The newest row of the settlement that the ask names. */
  readonly head?: Row | undefined
  readonly now: Instant
  readonly today: Day
}

/** What an ask adds: entries of its subjects, the person as they are from now on, and what its asker is told. */
export interface Entered {
  readonly entries: readonly Entry[]
  readonly result?: Json | undefined
  /** What its asker is told instead, where what is entered ends in a refusal. */
  readonly refusal?: Refusal | undefined
  readonly person?: Person | undefined
  /** Their cards as they are from now on. */
  readonly cards?: readonly CardChange[] | undefined
  /** What they are called from now on, where a document showed it (变更姓名或号码). */
  readonly identity?: Identity | undefined
  readonly clearing?: ClearingWriting | undefined
}

/** What an ask turned out to need while it was decided. */
export interface Also {
  /** Subjects that it is about as well, such as the packages that its visit's lines sell. */
  readonly also?: readonly Subject[] | undefined
  /** What another region answered, where that was asked first. */
  readonly told?: RegionReply | undefined
}

/** Asks to keep something (登记, such as 2201, 2204, 2401): decided by a pure function of what is kept already. */
export interface EnterAsk extends Also {
  readonly kind: 'enter'
  readonly key: Key
  readonly institution: string
  /** An insured person's number, or `institution:` and its code; an agency asks for `region:` and its division as well. */
  readonly owner: string
  readonly subjects: readonly Subject[]
  /** A settlement of the owner's that it is about as well. */
  readonly settlement?: string | undefined
  readonly enter: (found: Found) => Entered | Refusal
}

/** Asks to settle what was entered before (2207, 2304, 2102): its claim is made once the dossiers are read. */
export interface BillAsk extends Also {
  readonly kind: 'bill'
  readonly key: Key
  readonly institution: string
  readonly person: string
  readonly subjects: readonly Subject[]
  readonly claim: (found: Found) => Claim | Refusal
  /** What is entered with the settlement; `result` is kept with the answer, whether it is a preview or the thing itself. */
  readonly enter: (found: Found, settled: Billed) => Entered | Refusal
  /** Why a home region is not asked now: nothing is begun then, and what stands is told (异地暂不受理). */
  readonly closed?: ((home: Division) => Refusal | undefined) | undefined
}

/** A bill decided: its claim and its settlement, and once it is to be written its id. */
export interface Billed {
  readonly claim: Claim
  readonly settlement: Settlement
  readonly id?: string | undefined
}

/** Asks to undo a settlement that is known (撤销: 2208, 2305, 2103). */
export interface CancelAsk extends Also {
  readonly kind: 'cancel'
  readonly key: Key
  readonly settlement: string
  readonly institution: string
  /** Whose settlement and which visit's it must be, where the asker says so. */
  readonly person?: string | undefined
  readonly visit?: string | undefined
  /** The kind of visit it must be of (2208, 2305, 2103), where the asker says so. */
  readonly of?: VisitKind | undefined
  /** Why it may not be cancelled any more, by what is kept of the subjects that `also` names: an applied clearing. */
  readonly blocked?: ((found: Found, head: Row) => Refusal | undefined) | undefined
  /** What the asker is told beside the row. */
  readonly result?: ((found: Found, row: Row) => Json) | undefined
}

/** Asks to undo whatever became of an earlier request, when its asker never learned (冲正). */
export interface ReverseAsk extends Also {
  readonly kind: 'reverse'
  readonly key: Key
  readonly institution: string
  /** The key of the request whose outcome is unknown. */
  readonly original: { readonly institution: string; readonly key: string }
  /** Whose claim it was: where the original never arrived, its key is blocked in this person's name. */
  readonly person: string
  /** Whether the original was what the asker says, by its kept input; absent means that it does not matter. */
  readonly matches?: ((input: string) => boolean) | undefined
  /** Takes back an original that entered something without settling, such as an admission (2401). */
  readonly takeBack?: ((found: Found, subject: string) => Entered | Refusal) | undefined
}

/** Asks to settle a claim that is whole in itself. */
export interface SettleAsk extends Also {
  readonly kind: 'settle'
  readonly key: Key
  readonly claim: Claim
  /** Why the home region does not have them treated, or that it is silent: nothing new begins, and what stands is told. */
  readonly unwelcome?: Refusal | undefined
}

type Moving = MoveAsk | MoveBackAsk

/** What an institution or an agency asks for: to settle, to enter, to cancel, to reverse, to move money. */
export type Ask = SettleAsk | BillAsk | EnterAsk | CancelAsk | ReverseAsk | ResettleAsk | Moving

/** What may be looked at beforehand (预结算). */
export type Previewed = Claim | Pick<BillAsk, Exclude<keyof BillAsk, 'key'>>

/** What was answered under a key: kept beside the money, replayed to every repeat. */
export type Answer =
  | { readonly kind: 'settled'; readonly row: Row; readonly result?: Json | undefined }
  | {
      readonly kind: 'undone'
      readonly row: Row
      readonly affected: readonly string[]
      readonly result?: Json | undefined
    }
  /** A reversal: with the row it wrote or found, or without one where nothing had happened. */
  | { readonly kind: 'reversed'; readonly row?: Row | undefined }
  /** Something was entered of a subject (by name); the result is what the asker is told. */
  | { readonly kind: 'entered'; readonly subject: string; readonly result?: Json | undefined }
  /** A movement was booked or taken back: its row tells which. */
  | { readonly kind: 'moved'; readonly movement: MovementRow; readonly result?: Json }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

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

/** The world failed: `conflict` may be tried again, `unavailable` did nothing, `unknown` is a commit without a reply. */
export class Fault extends Error {
  override name = 'Fault'
  readonly kind: 'conflict' | 'unavailable' | 'unknown'
  constructor(kind: Fault['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

/** A preview (预结算): what a settlement would be, from the same functions. */
export type Preview =
  | {
      readonly kind: 'preview'
      readonly settlement: Settlement
      readonly result?: Json | undefined
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
