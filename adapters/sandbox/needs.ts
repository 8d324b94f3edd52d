import type { NewCard } from '../../engine/card.ts'
import type { Credential, Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Fen } from '../../engine/money.ts'
import type { Person } from '../../engine/person.ts'
import type { Region } from '../../engine/route.ts'

/** Where the sandbox world is entered: the register and the opening of accounts. */
export interface Registry {
  putRegion(region: Region): Promise<void>
  putInstitution(institution: Institution): Promise<void>
  putPerson(enrolled: Enrolled): Promise<{ readonly created: boolean }>
  /** A card and, where the world tells it, its PIN. */
  putCard(card: NewCard, pin?: string): Promise<void>
  putCredential(credential: Credential, owner: string, card: string | undefined): Promise<void>
  /** An account that has a balance already keeps it. */
  openAccounts(balances: readonly OpeningBalance[]): Promise<number>
}

export interface Enrolled {
  readonly person: Person
  readonly region: Division
  readonly name: string
  readonly citizenNumber: string
  readonly ethnicGroup?: string | undefined
  readonly employer?: string | undefined
  readonly bankAccount?: string | undefined
}

export interface OpeningBalance {
  readonly owner: string
  readonly region: Division
  readonly amount: Fen
}

/** Where the clock leaves how far it has gone. */
export interface ClockMark {
  read(): Promise<Instant | undefined>
  /** Moves the mark forward; an earlier moment changes nothing. */
  advance(to: Instant): Promise<void>
}
