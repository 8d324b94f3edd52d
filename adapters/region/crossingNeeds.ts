import type {
  AwayCredential,
  RegionLine,
  StatementRow,
  ToldSplit,
  Visitor,
} from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { AskingPreview, Crossing } from '../../engine/crossing.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Dossiers, Subject } from '../../engine/dossier.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Key, Preview, Previewed, Row } from '../../engine/ports.ts'
import type { Taken } from '../../engine/process.ts'
import type { Refusal } from '../../engine/refusal.ts'

/** How long an asker can wait. */
export type Lane = 'tap' | 'window' | 'away' | 'bulk'

/** The engine, as whoever asks it for other regions sees it. */
export interface Engine {
  take(ask: Ask, lane?: Lane): Promise<Taken>
  preview(asked: Previewed, told?: ToldSplit): Promise<Preview | AskingPreview>
}

/** What is asked over the line of one of our divisions is asked in its name. */
export interface Lines {
  from(division: Division): RegionLine
  /** Whether a region would be asked now; one that is left alone, or for which too many wait, would not. */
  hasRoom?(to: Division): boolean
}

/** What crossings ask of the world. */
export interface CrossingWorld extends Engine {
  readonly lines: Lines
  now(): Instant
  /** Between 0.8 and 1.2, so that those that failed together do not all come back together. */
  jitter(): number
  kept(subjects: readonly Subject[]): Promise<Dossiers>
  /** Whether anything stands under a key. */
  stands(key: Key): Promise<boolean>
  readonly due: Due
  /** The ask that an institution's request was, made anew from what is kept of it. */
  revive(crossing: Crossing): Promise<Ask | undefined>
  readonly visitors: Visitors
  /** Which requests are under way in any of the processes that serve together; absent where there is one. */
  readonly turns?: Turns | undefined
  /** Told once somebody should look at it. */
  alarm(crossing: Crossing, attempts: number): void
}

/** Names that one at a time may have. */
export interface Turns {
  take(name: string): Promise<boolean>
  give(name: string): Promise<void>
}

/** A subject that is to be looked at, and how often it was since it last changed. */
export interface DueSubject {
  readonly subject: Subject
  readonly attempts: number
}

export interface Due {
  list(now: Instant, limit: number): Promise<readonly DueSubject[]>
  /** Puts them off; gives those of which nobody else did so first, and that are still due. */
  claimEach(
    puttingOff: readonly { readonly due: DueSubject; readonly until: Instant }[],
    now: Instant,
  ): Promise<readonly DueSubject[]>
}

/** People of other regions, of whom something is known here for as long as they are treated here (异地参保人). */
export interface Visitors {
  /** Where a region's people are asked about, if elsewhere: in the pooling area that it belongs to, if that is reached. */
  isAway(region: Division): { readonly area?: Division | undefined } | undefined
  /** The division in whose name they are asked about, before it is known who treats them. */
  readonly own: Division
  /** Keeps what a region told of them; false where it cannot tell that: they are others, or insured here. */
  keep(visitor: Visitor, toldBy: Division): Promise<boolean>
}

/** What the home region's side asks of the world. */
export interface HomeWorld extends Engine {
  /** Who shows a credential, of those who are insured here, or why it may not be used. */
  insured(credential: AwayCredential): Promise<Visitor | Refusal | undefined>
  answered(institution: string, key: string): Promise<Outcome | undefined>
  chain(settlement: string): Promise<readonly Row[] | undefined>
  statement(filter: {
    readonly side: 'home' | 'care'
    readonly home: Division
    readonly care: Division
    readonly from: Day
    readonly until: Day
    readonly after?: string | undefined
    readonly limit: number
  }): Promise<{ readonly rows: readonly StatementRow[]; readonly next?: string | undefined }>
  readonly fingerprint: (input: string) => string
  /** The division of the pooling area that a division belongs to. */
  readonly areaOf: (division: Division) => Division | undefined
}
