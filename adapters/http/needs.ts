import type { Card, NewCard, PinChange } from '../../engine/card.ts'
import type { CardEventKept } from '../../engine/cardHistory.ts'
import type { CardPlaces } from '../../engine/cardPlace.ts'
import type { Blank } from '../../engine/cardSuccession.ts'
import type { CareKind, Claim, Division, Scheme } from '../../engine/claim.ts'
import type { Collection } from '../../engine/collection.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { MovementRow } from '../../engine/movement.ts'
import type { Person } from '../../engine/person.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Counters, Key, Preview, Row } from '../../engine/ports.ts'
import type { Place } from '../../engine/route.ts'
import type { AccessDesk } from './accessNeeds.ts'
import type { AgencyDesk } from './agencyNeeds.ts'
import type { AnomalyDesk } from './anomalyNeeds.ts'
import type { AuditQueries } from './auditNeeds.ts'
import type { CallerDesk } from './callerNeeds.ts'
import type { ClearingDesk } from './clearingNeeds.ts'
import type { CrossingDesk } from './crossings.ts'
import type { EvidenceDesk } from './evidenceNeeds.ts'
import type { FilingDesk } from './filingNeeds.ts'
import type { FindDesk, NarrowedBy } from './findNeeds.ts'
import type { TapDesk } from './quickNeeds.ts'
import type { SealQueries } from './sealNeeds.ts'
import type { RecordDesk } from './recordNeeds.ts'
import type { EntriesOf, ExportDesk, Totals, TotalsAsked } from './totalsNeeds.ts'
import type { RuleQueries } from './ruleNeeds.ts'

/** What the REST interface asks of the rest of the world: `main.ts` puts it together, tests may too. */
export interface Desk {
  /** SM3 of a canonical input, in hexadecimal. */
  fingerprint(input: string): string
  submit(ask: Ask, lane?: Lane): Promise<Outcome>
  preview(claim: Claim): Promise<Preview>
  /** Whether somebody stands at a till or a window now, for whom uploads make room. */
  isBeside(): boolean
  /** What was answered under a key; undefined where the key is free or nothing has been answered yet. */
  answered(institution: string, key: string): Promise<Outcome | undefined>
  settlements: SettlementQueries
  movements: MovementQueries
  /** Absent where no bank is connected. */
  collections?: CollectionQueries | undefined
  clearing?: ClearingDesk | undefined
  people: PersonQueries
  /** Who was told what of whom. */
  access: AccessDesk
  /** Who has a key; absent where nobody has. */
  callers?: CallerDesk | undefined
  ledger: LedgerQueries
  /** Absent where no log is kept of the journal. */
  seal?: SealQueries
  /** Absent where nothing proves the books while they are used. */
  audit?: AuditQueries
  totals(asked: TotalsAsked): Promise<Totals>
  exports: ExportDesk
  rules: RuleQueries
  agency: AgencyDesk
  anomalies: AnomalyDesk
  cards: CardDesk
  /** Absent where no keys are here. */
  pins?: PinDesk | undefined
  taps?: TapDesk | undefined
  records: RecordDesk
  filings: FilingDesk
  find: FindDesk
  /** What waits for other regions. */
  crossings: CrossingDesk
  evidence?: EvidenceDesk | undefined
  health(): Promise<Health>
  now(): Instant
}

/** How long an asker can wait: somebody stands at a till, at a window, or nobody waits at all. */
export type Lane = 'tap' | 'window' | 'away' | 'bulk'

/** Collections of cash from bank accounts (金融支付). */
export interface CollectionQueries {
  collect(asked: {
    readonly key: Key
    readonly settlement: string
    readonly institution: string
    readonly amount?: Fen | undefined
  }): Promise<{ readonly outcome: Outcome; readonly collection?: Collection }>
  /** The newest row of a settlement and what was asked of its cash. */
  find(
    settlement: string,
  ): Promise<{ readonly head: Row; readonly collections: readonly Collection[] } | undefined>
}

export interface SettlementQueries {
  /** Every row of one chain in its order; undefined where there is no such settlement. */
  chain(id: string): Promise<readonly Row[] | undefined>
  list(filter: SettlementFilter): Promise<Page<SettlementSummary>>
}

export interface MovementQueries {
  /** Both rows of a movement, or the one it has; undefined where there is no such movement. */
  chain(id: string): Promise<readonly MovementRow[] | undefined>
}

export interface SettlementFilter extends PageAsked, NarrowedBy {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  /** Days of treatment, both included. */
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  readonly scheme?: Scheme | undefined
  readonly care?: CareKind | undefined
  readonly state?: SettlementState | undefined
}

export const settlementStates = ['settled', 'cancelled', 'reversed'] as const
export type SettlementState = (typeof settlementStates)[number]

/** One line of a list: the head of a chain without its trace and lines. */
export interface SettlementSummary {
  readonly id: string
  readonly state: SettlementState
  readonly person: string
  readonly institution: string
  readonly day: Day
  readonly careRegion: Division
  readonly homeRegion: Division
  readonly route: Place
  readonly scheme: Scheme
  readonly care: CareKind
  readonly total: Fen
  readonly fundTotal: Fen
  readonly personTotal: Fen
  readonly account: Fen
  readonly cash: Fen
  readonly postedAt: Instant
}

/** A card with its history (卡历史), for whoever may look at it. */
export interface FoundCard {
  readonly card: Card
  readonly maskedNumber: string
  readonly history: readonly CardEventKept[]
}

/** Cards as their desks ask about them (卡服务). A card is known by its number or by its id. */
export interface CardDesk {
  find(reference: string): Promise<Card | undefined>
  read(reference: string): Promise<FoundCard | undefined>
  /** Numbers that no card has, for one that is to be made at a place. */
  draw(place: Division): Promise<Blank>
  /** Is this citizen number somebody else's? */
  isTaken(citizenNumber: string, owner: string): Promise<boolean>
  readonly places: CardPlaces
}

/** A PIN as a terminal sends it: encrypted under the terminal's key (密码密文). */
export interface PinBlock {
  readonly terminal: { readonly division: Division; readonly id: string }
  readonly block: Uint8Array
}

export type PinChecked =
  | { readonly kind: 'right'; readonly initial: boolean }
  | { readonly kind: 'wrong'; readonly left: number }
  | { readonly kind: 'locked' }

/** PINs of cards (社保卡密码). They are looked at in the key store alone. */
export interface PinDesk {
  /** Is it the card's PIN? A try is taken, for good, before anybody looks. */
  check(card: Card, entered: PinBlock, institution: string): Promise<PinChecked>
  /** A PIN that a holder chose, as it is to be kept, or why another one has to be chosen. */
  accept(
    card: Pick<Card, 'number' | 'serial'>,
    entered: PinBlock,
  ): NonNullable<PinChange['made']> | { readonly refused: string }
}

/** A page of a list: at most `limit` items, after the place where the page before ended. */
export interface PageAsked {
  readonly limit: number
  readonly after?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Where the next page starts; absent on the last. */
  readonly next?: string | undefined
}

/** An insured person as they may be shown: names and numbers are masked before they come here (张*, 510***1234). */
export interface Registered {
  readonly person: Person
  readonly maskedName: string
  readonly maskedCitizenNumber: string
  readonly region: Division
  readonly cards: readonly (Omit<Card, 'number' | 'serial' | 'owner'> & {
    readonly maskedNumber: string
  })[]
}

export interface PersonalAccount {
  readonly owner: string
  readonly balance: Fen
}

/** Name and numbers of a person as they are: nobody is told them who has not said why. */
export interface Unmasked {
  readonly name: string
  readonly citizenNumber: string
  readonly cards: readonly { readonly id: string; readonly number: string }[]
}

export interface PersonQueries {
  find(id: string): Promise<Registered | undefined>
  unmask(id: string): Promise<Unmasked | undefined>
  counters(id: string): Promise<Counters>
  accounts(id: string): Promise<readonly PersonalAccount[]>
  /** Enters or changes an insured person; only the sandbox offers it. */
  enrol?: ((person: NewPerson) => Promise<{ readonly created: boolean }>) | undefined
}

/** A person as somebody who tries the sandbox enters them. */
export interface NewPerson {
  readonly person: Person
  readonly name: string
  readonly citizenNumber: string
  readonly region: Division
  readonly card?: NewCard | undefined
  /** The bank account of the card. */
  readonly bankAccount?: string | undefined
  /** What the personal account opens with; only for a person not yet known. */
  readonly openingBalance?: Fen | undefined
}

/** A ledger account with the sums of both its sides. */
export interface AccountSums {
  readonly account: string
  readonly debits: Fen
  readonly credits: Fen
}

export interface LedgerTransfer {
  readonly position?: bigint | undefined
  readonly row: string
  readonly settlement: string
  readonly owner: string
  readonly leg: number
  readonly kind: string
  readonly debit: string
  readonly credit: string
  readonly amount: Fen
  readonly postedAt: Instant
}

export interface TransferFilter extends PageAsked {
  readonly account?: string | undefined
  readonly settlement?: string | undefined
  readonly owner?: string | undefined
}

/** As the books stood at a moment, or as what belongs to the days until one has left them; undefined as they are now. */
export type BooksAt = Instant | { readonly treatedUntil: Day } | undefined

export interface LedgerQueries {
  entries: EntriesOf
  /** Ledger accounts in order of name, those that begin with `prefix`. */
  accounts(asked: PageAsked & { readonly prefix?: string | undefined }): Promise<Page<AccountSums>>
  account(id: string, at: BooksAt): Promise<AccountSums | undefined>
  transfers(filter: TransferFilter): Promise<Page<LedgerTransfer>>
  /** Sums by ledger account; personal and memo accounts of people may be summed into one row a kind. */
  trialBalance(at: BooksAt): Promise<readonly AccountSums[]>
}

export interface Health {
  readonly ready: boolean
  /** Why it is not, in words for an operator. */
  readonly reasons: readonly string[]
}

/** The door of a server, for who closes it: from then on it is not ready and takes nothing new. */
export interface Door {
  closing: boolean
}
