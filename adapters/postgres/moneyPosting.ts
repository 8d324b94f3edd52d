import { personalAccount } from '../../engine/ledger.ts'
import type { Writing } from '../../engine/books.ts'
import type { SealedYear } from '../../engine/seal/posting.ts'
import type { CounterDelta } from '../../engine/settlement.ts'
import { sealedBalances, sealedTransfers, sealedYear, sealPosting } from './digests.ts'
import type { Standing } from './facts.ts'
import type { Crypto } from './needs.ts'
import type {
  AccountVersionRow,
  TransferRow,
  UnjournaledRow,
  YearVersionRow,
} from './sql/inserts.ts'
import { arrayLiteral } from './sql/settlement.ts'
import { count, writeCounts } from './years.ts'

/** A row that moves money: its document, whose accounts it moves, and the years that it counts in. */
interface Moving {
  readonly posting: string
  readonly document: string
  readonly participants: readonly string[]
  readonly years?: ReadonlySet<string>
}

type Money = Pick<Writing, 'owner' | 'transfers' | 'balances' | 'counters'>

/** What rows that move money write: their transfers, new versions of accounts and years, and what will seal all that. */
export class MoneyPosting {
  readonly #crypto: Crypto
  readonly #standing: Standing
  readonly transfers: TransferRow[] = []
  readonly balances: AccountVersionRow[] = []
  readonly years: YearVersionRow[] = []
  readonly unjournaled: UnjournaledRow[] = []

  constructor(crypto: Crypto, standing: Standing) {
    this.#crypto = crypto
    this.#standing = standing
  }

  add(money: Money, { posting, document, participants, years = new Set() }: Moving): void {
    const { owner, transfers } = money
    for (const one of transfers) this.transfers.push(transferRow(one, posting))
    const before = this.balances.length
    for (const each of money.balances) this.#addBalance(each, posting)
    const seal = sealPosting(this.#crypto, {
      owner,
      posting,
      transfers: sealedTransfers(transfers),
      balances: sealedBalances(this.balances.slice(before)),
      years: this.#addYears(owner, years, money.counters, posting),
      document,
    })
    this.unjournaled.push({ owner, posting, participants: arrayLiteral(participants), ...seal })
  }

  #addBalance({ owner, balance }: Money['balances'][number], posting: string): void {
    const before = this.#standing.balances.get(owner)
    if ((before?.balance ?? 0n) === balance) return
    const version = (before?.version ?? 0n) + 1n
    this.#standing.balances.set(owner, { version, balance })
    this.balances.push({ owner, account: personalAccount(owner), version, balance, posting })
  }

  /**
   * A row makes a version of its year even where it changes no sum: two rows of one person and year then always meet in
   * the same unique key, and one of them has to look again.
   */
  #addYears(
    owner: string,
    ofYears: ReadonlySet<string>,
    deltas: readonly CounterDelta[],
    posting: string,
  ): SealedYear[] {
    return [...ofYears].map((year) => {
      const years = this.#standing.years.get(owner) ?? new Map()
      this.#standing.years.set(owner, years)
      const before = years.get(year)
      const counters = new Map<string, bigint>(before?.counters)
      for (const { key, delta } of deltas.filter((each) => each.year === year))
        count(counters, key, delta)
      const version = (before?.version ?? 0n) + 1n
      years.set(year, { version, counters })
      this.years.push({ owner, year, version, counters: writeCounts(counters), posting })
      return sealedYear(owner, year, version, counters)
    })
  }
}

const transferRow = (
  { owner, leg, kind, debit, credit, amount }: Money['transfers'][number],
  posting: string,
): TransferRow => ({ owner, posting, leg, kind, debit, credit, amount })
