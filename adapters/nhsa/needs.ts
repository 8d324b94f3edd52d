import type { Card } from '../../engine/card.ts'
import type { CardRead, Reading } from '../../engine/cardReading.ts'
import type { CareKind, Credential, Division, Scheme } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import type { World as Deciding } from '../../engine/decide.ts'
import type { Json, Kept, Subject } from '../../engine/dossier.ts'
import type { Token } from '../../engine/eCard.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Fen } from '../../engine/money.ts'
import type { CatalogueItem } from '../../engine/pack.ts'
import type { Person } from '../../engine/person.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Counters, Preview, Previewed, Row, RowKind } from '../../engine/ports.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Warning } from '../../engine/settlement.ts'

/** What the national interface asks of the world; wired in adapters/cli, so that this folder knows no database. */
export interface World {
  now(): Instant
  submit(ask: Ask): Promise<Outcome>
  preview(asked: Previewed): Promise<Preview>
  /** Whether something was answered under an institution's key: its repeat is told the same, whatever came since. */
  answered(institution: string, key: string): Promise<boolean>
  /** SM3 in hexadecimal. */
  fingerprint(text: string): string
  /** 26 characters of time-ordered base32 and 4 of the owner's hash: visits and sign-ins are named by it. */
  newId(owner: string): string
  /** Why something is refused, and what a warning says, in Chinese. */
  explain(refusal: Refusal): string
  warn(warning: Warning): string
  /** The rules in force, for what must be judged before there is a bill. */
  deciding(): Deciding
  institution(code: string): Promise<Institution | undefined>
  /** Every institution in order of code. */
  institutions(): Promise<readonly Institution[]>
  readonly people: People
  readonly dossiers: DossierQueries
  readonly settlements: SettlementQueries
  /** The items of a region's catalogue (目录) in order of code. */
  catalogue(region: Division): readonly CatalogueItem[]
  readonly nonces: Nonces
  /** Absent where no keys are here: then no card is proved and no token read. */
  readonly evidence?: Evidence | undefined
}

/** What a card answered to a challenge of ours, and where it was read. */
export interface CardShown {
  readonly institution: string
  readonly terminal?: string | undefined
  readonly read: CardRead
  readonly answer?:
    | {
        readonly challenge: string
        readonly cryptogram: string
        readonly cardChallenge?: string | undefined
      }
    | undefined
}

/** Proofs of cards, and tokens of e-credentials. */
export interface Evidence {
  challenge(
    where: Pick<CardShown, 'institution' | 'terminal'>,
  ): Promise<{ readonly id: string; readonly random: string; readonly until: Instant } | Refusal>
  look(
    shown: CardShown,
  ): Promise<{ readonly reading: Reading; readonly external?: string | undefined } | Refusal>
  twoStep(
    where: Pick<CardShown, 'institution' | 'terminal'>,
    line: string,
  ): Promise<{ readonly internal: string; readonly external: string } | Refusal>
  readonly tokens: {
    read(text: string): Token | undefined
    looksLike(text: string): boolean
  }
}

/** An insured person as the interface tells of them; only here do names and numbers leave the register unmasked. */
export interface Insured {
  readonly person: Person
  readonly name: string
  readonly citizenNumber: string
  /** 民族 (naty) and 单位名称 (emp_name), where the register knows them. */
  readonly ethnicGroup?: string | undefined
  readonly employer?: string | undefined
  readonly region: Division
  readonly cards: readonly Card[]
  /** The balance of the person's own account (个人账户余额, balc). */
  readonly balance: Fen
}

export interface People {
  /** `insuredIn` is where they say they are insured: whoever is insured in another region is asked about there. */
  byCredential(
    credential: Pick<Credential, 'type' | 'number' | 'cardSn'>,
    insuredIn?: Division,
  ): Promise<Insured | Refusal | undefined>
  byId(id: string): Promise<Insured | undefined>
  /** The running sums of a person (累计), by benefit year. */
  counters(id: string): Promise<Counters>
}

export interface DossierQueries {
  read(subject: Subject): Promise<readonly Kept[]>
  /** Every subject of an owner whose name begins with a prefix, by name. */
  list(owner: string, prefix: string): Promise<ReadonlyMap<string, readonly Kept[]>>
}

/** A row of the books with the request that wrote it. */
export interface Posted {
  readonly id: string
  readonly settlement: string
  readonly kind: RowKind
  readonly person: string
  readonly visit?: string | undefined
  readonly scheme: Scheme
  readonly care: CareKind
  readonly homeRegion: Division
  readonly day: Day
  readonly postedAt: Instant
  readonly total: Fen
  readonly fundTotal: Fen
  readonly account: Fen
  readonly cash: Fen
  /** The transaction and message that wrote it; absent where it came another way, such as over REST. */
  readonly infno?: string | undefined
  readonly msgid?: string | undefined
}

/** Which rows: of an institution, posted from the start of a day in China to the end of another. */
export interface PostedFilter {
  readonly institution: string
  readonly from: Day
  readonly until: Day
  readonly schemes?: readonly Scheme[] | undefined
  readonly cares?: readonly CareKind[] | undefined
}

/** Sums of posted rows, by what they are: those of undone rows stand apart, positive. */
export interface PostedSums {
  readonly undo: boolean
  readonly rows: number
  readonly total: Fen
  readonly fundTotal: Fen
  readonly account: Fen
  readonly cash: Fen
}

export interface SettlementQueries {
  /** The rows of a settlement in order, or undefined where there is none. */
  chain(id: string): Promise<readonly Row[] | undefined>
  /** Every row of a person's settlements, the newest chain first, within days of treatment where given. */
  ofPerson(
    person: string,
    within?: { readonly from?: Day | undefined; readonly until?: Day | undefined },
  ): Promise<readonly Row[]>
  sums(filter: PostedFilter): Promise<readonly PostedSums[]>
  posted(filter: PostedFilter): Promise<readonly Posted[]>
  /** The message that wrote a row of a person, and what its sender was told beside it. */
  told(person: string, row: string): Promise<Told | undefined>
}

/** What stands with a row of the books: who asked for it, and the result of that ask. */
export interface Told extends Pick<Posted, 'infno' | 'msgid'> {
  readonly result?: Json | undefined
}

/** Nonces of signed requests: each is good once (x-tif-nonce). */
export interface Nonces {
  /**
   * The running number of the request, unique among all processes, or undefined where somebody used the nonce before;
   * asked for many requests in one statement.
   */
  take(client: string, nonce: string, at: Instant): Promise<bigint | undefined>
}

/** Signatures and encryption that a client may have agreed on (signtype SM2, enctype SM4); keys in hexadecimal. */
export interface Seals {
  /** 128 hexadecimal digits, r and s. */
  sign(privateKey: string, message: Uint8Array): string
  verify(publicKey: string, message: Uint8Array, signature: string): boolean
  /** SM4-CBC in base64, the first block being the random one that starts the chain. */
  encrypt(key: string, text: string): string
  /** Takes base64 and hexadecimal; undefined for what is no such text under this key. */
  decrypt(key: string, ciphertext: string): string | undefined
}
