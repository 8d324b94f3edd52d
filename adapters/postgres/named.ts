import type { Card } from '../../engine/card.ts'
import type { Day } from '../../engine/day.ts'
import { type Dossiers, type Kept, type Subject, subjectKey } from '../../engine/dossier.ts'
import type { SameBill } from '../../engine/duplicate.ts'
import { mostSameBills } from '../../engine/fold.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Person } from '../../engine/person.ts'
import { type BillAsk, type Facts, type Found, type Identity, noFacts } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { dossiersOf } from './entries.ts'
import type { Standing } from './facts.ts'
import { billHash } from './hashes.ts'
import type { Crypto } from './needs.ts'
import { openCard, type StoredCard } from './cards.ts'
import { openIdentity } from './register.ts'
import type { Party } from './resolution.ts'
import { readEntries } from './sql/entries.ts'
import {
  type NamedPerson,
  readBills,
  readCardsOf,
  readNamedPeople,
  type StoredBill,
} from './sql/people.ts'
import type { Result, Statement } from './transaction.ts'

interface Step {
  readonly statement: Statement
  readonly take: (result: Result) => void
}

/** A bill of older treatment is not looked for among those before it: it only spares the desk a warning. */
const sameBillsOf_days = 366
const day_ms = 24 * 60 * 60 * 1000

/** What is read for asks that name their person and their subjects: dossiers, cards, names, earlier bills. */
export class NamedReader {
  readonly #crypto: Crypto
  readonly #owners: readonly string[]
  readonly #subjects: readonly Subject[]
  readonly #today: Day
  readonly #people = new Map<string, NamedPerson>()
  readonly #cards = new Map<string, Card[]>()
  readonly #versions = new Map<string, bigint>()
  #bills: readonly StoredBill[] = []
  #dossiers: Dossiers = new Map()

  constructor(crypto: Crypto, named: readonly Party[], others: readonly Party[], today: Day) {
    this.#crypto = crypto
    this.#today = today
    this.#owners = unique(named.map(({ owner }) => owner).filter((owner) => owner !== undefined))
    const subjects = [...named, ...others].flatMap((party) => party.subjects)
    this.#subjects = [...new Map(subjects.map((one) => [subjectKey(one), one])).values()]
  }

  plan(): Step[] {
    const steps: Step[] = []
    if (this.#subjects.length > 0)
      steps.push({
        statement: readEntries(this.#subjects),
        take: ({ rows }) => void (this.#dossiers = dossiersOf(this.#crypto, rows)),
      })
    return this.#owners.length > 0 ? [...steps, ...this.#planPeople()] : steps
  }

  #planPeople(): Step[] {
    const from = new Date(Date.parse(this.#today) - sameBillsOf_days * day_ms)
    return [
      {
        statement: readNamedPeople(this.#owners),
        take: ({ rows }) => {
          for (const row of rows) this.#people.set(row.owner_id, row)
        },
      },
      {
        statement: readCardsOf(this.#owners),
        take: ({ rows }) => this.#takeCards(rows),
      },
      {
        statement: readBills(this.#owners, from.toISOString().slice(0, 10)),
        take: ({ rows }) => void (this.#bills = rows),
      },
    ]
  }

  #takeCards(rows: readonly StoredCard[]): void {
    for (const row of rows) {
      const card = openCard(this.#crypto, row)
      this.#versions.set(card.id, row.version)
      this.#cards.set(row.owner_id, [...(this.#cards.get(row.owner_id) ?? []), card])
    }
  }

  /** Every subject of a party, also where nothing is kept of it yet. */
  dossiersOf({ subjects }: Party): Dossiers {
    const entries = subjects.map((subject): [string, readonly Kept[]] => {
      const key = subjectKey(subject)
      return [key, this.#dossiers.get(key) ?? []]
    })
    return new Map(entries)
  }

  /** Which version each subject's last entry is, and each person: what is written next follows them. */
  standing(): Pick<Standing, 'subjects' | 'people' | 'cards' | 'identities'> {
    const subjects = this.#subjects.map((subject): [string, number] => {
      const key = subjectKey(subject)
      return [key, this.#dossiers.get(key)?.at(-1)?.version ?? 0]
    })
    const people = [...this.#people].map(([id, { version }]): [string, bigint] => [id, version])
    const identities = [...this.#people].map(([id, one]): [string, Identity] => [
      id,
      this.#identityOf(one),
    ])
    return {
      subjects: new Map(subjects),
      people: new Map(people),
      cards: this.#versions,
      identities: new Map(identities),
    }
  }

  factsOf(
    { owner, institution }: { owner: string | undefined; institution: Institution | undefined },
    sums: Pick<Facts, 'balances' | 'counters'>,
  ): Facts {
    const person = this.#people.get(owner ?? '')
    return {
      ...noFacts,
      ...sums,
      institution,
      person: person?.document as Person | undefined,
      cards: this.#cards.get(owner ?? '') ?? [],
      identity: person && this.#identityOf(person),
    }
  }

  #identityOf({ owner_id, identity }: NamedPerson): Identity {
    return openIdentity(this.#crypto, owner_id, identity)
  }

  /** The newest settlements of the very bill that an ask makes of its dossiers. */
  sameBills(ask: Pick<BillAsk, 'claim'>, owner: string, found: Found): SameBill[] {
    if (!this.#bills.some((bill) => bill.owner_id === owner)) return []
    const claim = attempt(() => ask.claim(found))
    if (!claim || isRefusal(claim)) return []
    const hash = billHash(this.#crypto, owner, claim)
    return this.#bills
      .filter((bill) => bill.owner_id === owner && bill.bill_hash.equals(hash))
      .slice(0, mostSameBills)
      .map(({ settlement_id: settlement, posted_at_ms: at, terminal }) => ({
        settlement,
        at: Number(at),
        terminal: terminal ?? undefined,
      }))
  }
}

/** What cannot be made here fails again where it is decided, and costs its neighbours nothing. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)]
