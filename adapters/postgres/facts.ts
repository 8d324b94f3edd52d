import type { Card } from '../../engine/card.ts'
import type { Claim } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import type { Transfer, TransferKind } from '../../engine/ledger.ts'
import type { Fen } from '../../engine/money.ts'
import type { Person } from '../../engine/person.ts'
import {
  type Counters,
  type Facts,
  Fault,
  type Identity,
  type Neighbour,
  type Row,
  type UndoFacts,
} from '../../engine/ports.ts'
import type { PastCard } from '../../engine/quickPaymentPast.ts'
import { decodeRow } from './document.ts'
import { billHash } from './hashes.ts'
import type { Crypto } from './needs.ts'
import { openCard, type StoredCard, type StoredPastCard } from './cards.ts'
import type { Party } from './resolution.ts'
import {
  readHeads,
  readHeadTransfers,
  readLater,
  type StoredHead,
  type StoredLater,
  type StoredTransfer,
} from './sql/chains.ts'
import {
  type MarkQuery,
  readBalances,
  readCardHistory,
  readCards,
  readCounters,
  readMarks,
  readSameBills,
  readPeople,
  type StoredBalance,
  type StoredMarks,
  type StoredPerson,
  type StoredYear,
} from './sql/facts.ts'
import { type ResolvedCredential, resolveCredentials } from './sql/resolve.ts'
import type { Result, Statement } from './transaction.ts'

/** Where an account or a year stands: its newest version, which the next one follows. */
export interface Standing {
  readonly balances: Map<string, { version: bigint; balance: Fen }>
  readonly years: Map<
    string,
    Map<string, { version: bigint; counters: ReadonlyMap<string, bigint> }>
  >
  /** Which version each subject's last entry is, and each person. */
  readonly subjects: Map<string, number>
  readonly people: Map<string, bigint>
  /** Which version each card is, by its id, and what each person is called now. */
  readonly cards: Map<string, bigint>
  readonly identities: Map<string, Identity>
}

interface ClaimAsked {
  readonly claim: Claim
  readonly party: Party
}

interface UndoAsked {
  readonly settlement: string
  readonly party: Party
}

/** What a transaction reads of its people, once they are locked: the statements, and then the facts in their rows. */
export class FactsReader {
  readonly #crypto: Crypto
  readonly #claims: readonly ClaimAsked[]
  readonly #undos: readonly UndoAsked[]
  readonly #named: readonly Party[]
  readonly standing: Standing = {
    balances: new Map(),
    years: new Map(),
    subjects: new Map(),
    people: new Map(),
    cards: new Map(),
    identities: new Map(),
  }
  readonly #people = new Map<string, Person>()
  readonly #cards = new Map<string, Card>()
  readonly #histories = new Map<string, PastCard[]>()
  readonly #marks = new Map<Claim, StoredMarks>()
  readonly #heads = new Map<string, Row>()
  #transfers: readonly StoredTransfer[] = []
  #later: readonly StoredLater[] = []

  constructor(
    crypto: Crypto,
    claims: readonly ClaimAsked[],
    undos: readonly UndoAsked[],
    named: readonly Party[],
  ) {
    this.#crypto = crypto
    this.#claims = claims.filter((one) => one.party.owner !== undefined)
    this.#undos = undos.filter((one) => one.party.owner !== undefined)
    this.#named = named.filter((party) => party.owner !== undefined)
  }

  /** Each statement with what becomes of its rows. */
  plan(): { readonly statement: Statement; readonly take: (result: Result) => void }[] {
    const parties = [...[...this.#claims, ...this.#undos].map((one) => one.party), ...this.#named]
    const owners = unique(parties.map((party) => party.owner as string))
    if (owners.length === 0) return []
    const holders = unique([...owners, ...parties.flatMap((party) => party.others)])
    return [
      { statement: readBalances(holders), take: ({ rows }) => this.#takeBalances(rows) },
      { statement: readCounters(owners), take: ({ rows }) => this.#takeYears(rows) },
      ...this.#planClaims(),
      ...this.#planUndos(),
    ]
  }

  #planClaims(): ReturnType<FactsReader['plan']> {
    if (this.#claims.length === 0) return []
    const owners = unique(this.#claims.map((one) => one.party.owner as string))
    const carded = this.#claims.filter((one) => one.party.card !== undefined)
    const marks = this.#claims.map((one, at) => this.#markQuery(one, at))
    const plan = [
      { statement: readPeople(owners), take: ({ rows }: Result) => this.#takePeople(rows) },
      { statement: readMarks(marks), take: ({ rows }: Result) => this.#takeMarks(rows) },
      ...this.#planECards(),
    ]
    if (carded.length === 0) return plan
    const statement = readCards(
      carded.map((one) => one.party.owner as string),
      carded.map((one) => one.party.card as Buffer),
    )
    return [
      ...plan,
      { statement, take: ({ rows }) => this.#takeCards(rows) },
      ...this.#planHistories(carded.filter(({ claim }) => claim.quick?.offline)),
    ]
  }

  /** What was paid without a line is judged by the card as it was at the sale. */
  #planHistories(offline: readonly ClaimAsked[]): ReturnType<FactsReader['plan']> {
    if (offline.length === 0) return []
    const cards = new Map(
      offline.map(({ party }) => [(party.card as Buffer).toString('hex'), party]),
    )
    const parties = [...cards.values()]
    const statement = readCardHistory(
      parties.map(({ owner }) => owner as string),
      parties.map(({ card }) => card as Buffer),
    )
    return [{ statement, take: ({ rows }) => this.#takeHistories(rows) }]
  }

  #planECards(): ReturnType<FactsReader['plan']> {
    const hashes = this.#claims.flatMap(({ party }) => party.eCard ?? [])
    if (hashes.length === 0) return []
    return [{ statement: resolveCredentials(hashes), take: ({ rows }) => this.#takeECards(rows) }]
  }

  #planUndos(): ReturnType<FactsReader['plan']> {
    if (this.#undos.length === 0) return []
    // Each settlement once, however many ask about it: its transfers are to be mirrored once.
    const byId = new Map(this.#undos.map((one) => [one.settlement, one.party.owner as string]))
    const [settlements, owners] = [[...byId.keys()], [...byId.values()]]
    return [
      { statement: readHeads(owners, settlements), take: ({ rows }) => this.#takeHeads(rows) },
      {
        statement: readHeadTransfers(owners, settlements),
        take: ({ rows }) => void (this.#transfers = rows),
      },
      { statement: readLater(owners, settlements), take: ({ rows }) => void (this.#later = rows) },
    ]
  }

  #markQuery({ claim, party: { owner } }: ClaimAsked, at: number): MarkQuery {
    const bill = billHash(this.#crypto, owner as string, claim)
    const { institution, visit, day } = claim
    return { at, owner: owner as string, institution, visit, day, bill }
  }

  #takeBalances(rows: readonly StoredBalance[]): void {
    for (const { owner_id, version, balance_fen } of rows)
      this.standing.balances.set(owner_id, { version, balance: balance_fen as Fen })
  }

  #takeYears(rows: readonly StoredYear[]): void {
    for (const { owner_id, year, version, counters } of rows) {
      const years = this.standing.years.get(owner_id) ?? new Map()
      years.set(year, { version, counters: readCounts(counters) })
      this.standing.years.set(owner_id, years)
    }
  }

  /** Whoever was changed while they were waited for may not be called what they were: they are looked for again. */
  #takePeople(rows: readonly StoredPerson[]): void {
    const versions = new Map(rows.map((row) => [row.owner_id, row.version]))
    for (const row of rows) this.#people.set(row.owner_id, row.document)
    for (const { party } of this.#claims)
      if (party.version !== undefined && versions.get(party.owner as string) !== party.version)
        throw new Fault('conflict', 'a person changed while they were waited for')
  }

  #takeECards(rows: readonly ResolvedCredential[]): void {
    for (const { party } of this.#claims) {
      if (!party.eCard) continue
      const row = rows.find(({ number_hash: hash }) => hash.equals(party.eCard as Buffer))
      if (!row?.card_hash || !party.card?.equals(row.card_hash))
        throw new Fault('conflict', 'an e-card got another card while its person was waited for')
    }
  }

  #takeCards(rows: readonly StoredCard[]): void {
    for (const row of rows)
      this.#cards.set(row.card_hash.toString('hex'), openCard(this.#crypto, row))
  }

  #takeHistories(rows: readonly StoredPastCard[]): void {
    for (const row of rows) {
      const id = row.card_hash.toString('hex')
      const history = this.#histories.get(id) ?? []
      this.#histories.set(id, history)
      history.push({ card: openCard(this.#crypto, row), from: Number(row.recorded_at_ms) })
    }
  }

  #takeMarks(rows: readonly StoredMarks[]): void {
    for (const row of rows) this.#marks.set((this.#claims[row.at] as ClaimAsked).claim, row)
  }

  #takeHeads(rows: readonly StoredHead[]): void {
    for (const row of rows) this.#heads.set(row.settlement_id, decodeRow(row.canonical))
  }

  factsOf(claim: Claim, party: Party): Facts {
    const { institution, owner, card } = party
    const marks = this.#marks.get(claim)
    return {
      institution,
      person: owner === undefined ? undefined : this.#people.get(owner),
      card: card && this.#cards.get(card.toString('hex')),
      cardHistory: card && this.#histories.get(card.toString('hex')),
      ...this.sumsOf(party),
      settledLines: new Set(marks?.lines),
      sameBills: readSameBills(marks?.bills ?? null),
    }
  }

  undoFactsOf(settlement: string, party: Party): UndoFacts {
    return {
      head: this.#heads.get(settlement),
      transfers: this.#transfers
        .filter((row) => row.settlement_id === settlement)
        .map((row) => readTransfer(row)),
      later: this.#later.filter((row) => row.after === settlement).map((row) => readNeighbour(row)),
      ...this.sumsOf(party),
    }
  }

  /** The balances that a party may draw on, and its running sums. */
  sumsOf(party: Party): Pick<Facts, 'balances' | 'counters'> {
    return { balances: this.#balancesOf(party), counters: this.#countersOf(party.owner) }
  }

  #balancesOf({ owner, others }: Party): ReadonlyMap<string, Fen> {
    const holders = owner === undefined ? [] : unique([owner, ...others])
    return new Map(
      holders.map((one) => [one, this.standing.balances.get(one)?.balance ?? (0n as Fen)]),
    )
  }

  #countersOf(owner: string | undefined): Counters {
    const years = this.standing.years.get(owner ?? '') ?? new Map()
    return new Map([...years].map(([year, { counters }]) => [year, counters]))
  }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)]

export const readCounts = (counters: Readonly<Record<string, string>>): Map<string, bigint> =>
  new Map(Object.entries(counters).map(([key, count]) => [key, BigInt(count)]))

export const readTransfer = (row: Omit<StoredTransfer, 'settlement_id'>): Transfer => ({
  owner: row.owner_id,
  leg: row.leg,
  kind: row.kind as TransferKind,
  debit: row.debit_account,
  credit: row.credit_account,
  amount: row.amount_fen as Fen,
})

const readNeighbour = (row: StoredLater): Neighbour => ({
  settlement: row.settlement_id,
  head: row.id,
  postedAt: Number(row.posted_at_ms),
  day: row.treated_on as Day,
  visit: row.visit ?? undefined,
  year: row.benefit_year,
})
