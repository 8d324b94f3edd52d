import type { Standing } from '../../adapters/postgres/facts.ts'
import { keyHash } from '../../adapters/postgres/hashes.ts'
import type { Crypto } from '../../adapters/postgres/needs.ts'
import { Posting } from '../../adapters/postgres/posting.ts'
import type { Statement } from '../../adapters/postgres/transaction.ts'
import type { Books, Loaded, Session, Writing } from '../../engine/books.ts'
import type { Card } from '../../engine/card.ts'
import type { Claim, Credential } from '../../engine/claim.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Fen } from '../../engine/money.ts'
import type { Person } from '../../engine/person.ts'
import type { Ask, Clock, Facts, Row, UndoFacts } from '../../engine/ports.ts'
import { assert } from '../../engine/refusal.ts'

/** Whom the register knows. */
export interface SeedRegister {
  /** Whose credential it is, and their card where it is the card's. */
  holder(
    credential: Credential,
  ): { readonly person: Person; readonly card: Card | undefined } | undefined
  institution(code: string): Institution | undefined
}

export interface SeedBooksOptions {
  readonly register: SeedRegister
  readonly crypto: Crypto
  readonly clock: Clock
  /** Hears what the database would be sent. */
  readonly write: (statements: readonly Statement[]) => void
}

/**
 * Books that keep in memory only where each account and year stands, and tell what the database would be sent. The process
 * cannot tell them from those of the database, so what they write is what the engine writes, row by row.
 */
export class SeedBooks implements Books {
  readonly #options: SeedBooksOptions
  readonly #standing: Standing = {
    balances: new Map(),
    years: new Map(),
    subjects: new Map(),
    people: new Map(),
    cards: new Map(),
    identities: new Map(),
  }
  /** What may be undone yet, by its id. */
  readonly #heads = new Map<string, Pick<UndoFacts, 'head' | 'transfers'>>()

  constructor(options: SeedBooksOptions) {
    this.#options = options
  }

  /** What was in an account before the first claim. */
  opened(owner: string, balance: Fen): void {
    if (balance > 0n) this.#standing.balances.set(owner, { version: 1n, balance })
  }

  async open(asks: readonly Ask[]): Promise<Session> {
    return {
      loaded: asks.map((ask) => this.#load(ask)),
      commit: async (writings) => this.#commit(writings),
      abandon: async () => {},
    }
  }

  async look(): Promise<never> {
    throw new Error('nobody previews while books are seeded')
  }

  async lookUp(): Promise<never> {
    throw new Error('a commit to memory has a known outcome')
  }

  /** A settlement that is not undone soon never is. */
  forget(): void {
    this.#heads.clear()
  }

  #load(ask: Ask): Loaded {
    const plain = { ask, binding: { kind: 'fresh' }, dossiers: new Map() } as const
    if (ask.kind === 'settle') {
      const facts = this.#facts(ask.claim)
      return { ...plain, owner: facts.person?.id, facts, undo: undefined }
    }
    assert(ask.kind === 'cancel', 'books are seeded with settlements and cancellations')
    const undone = this.#heads.get(ask.settlement)
    const { person: owner = '', draws = [] } = undone?.head?.content ?? {}
    const undo = {
      head: undone?.head,
      transfers: undone?.transfers ?? [],
      later: [],
      ...this.#sums(
        owner,
        draws.map((draw) => draw.owner),
      ),
    }
    return { ...plain, owner, facts: undefined, undo }
  }

  #facts(claim: Claim): Facts {
    const { register } = this.#options
    const { person, card } = register.holder(claim.credential) ?? {}
    return {
      institution: register.institution(claim.institution),
      person,
      card,
      ...this.#sums(
        person?.id ?? '',
        person?.familyShares.map((share) => share.owner),
      ),
      settledLines: new Set(),
      sameBills: [],
    }
  }

  #sums(owner: string, others: readonly string[] = []): Pick<Facts, 'balances' | 'counters'> {
    const { balances, years } = this.#standing
    return {
      balances: new Map(
        [owner, ...others].map((one) => [one, balances.get(one)?.balance ?? (0n as Fen)]),
      ),
      counters: new Map(
        [...(years.get(owner) ?? [])].map(([year, { counters }]) => [year, counters]),
      ),
    }
  }

  #commit(writings: readonly Writing[]): void {
    const { crypto, clock, write } = this.#options
    const posting = new Posting(crypto, this.#standing, clock.now())
    for (const writing of writings) {
      posting.add(writing, { hash: keyHash(crypto, writing.ask.key), bound: false })
      if (writing.row) this.#note(writing.row, writing)
    }
    write(posting.statements())
  }

  #note(head: Row, { transfers }: Writing): void {
    if (head.kind === 'settlement') this.#heads.set(head.id, { head, transfers })
    else this.#heads.delete(head.settlement)
  }
}
