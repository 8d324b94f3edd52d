import type { AuditFinding } from './auditPosting.ts'
import type { Client, PostedRow } from './postedRows.ts'
import { rollupsBetween, summaryAccounts } from './sql/audit.ts'

interface RollupRow {
  readonly position: bigint
  readonly account: string
  readonly debits: bigint
  readonly credits: bigint
}

interface Sums {
  debits: bigint
  credits: bigint
}

/** Adds up what was moved from the first position on, and holds every rollup against it. */
export class RollupWalk {
  readonly #sums = new Map<string, Sums>()
  readonly #summaries = new Map<string, string>()

  async step(
    client: Client,
    rows: readonly PostedRow[],
    after: bigint,
    until: bigint,
  ): Promise<AuditFinding[]> {
    await this.#learn(client, rows)
    const stored = (await client.query<RollupRow>(rollupsBetween, [after, until])).rows
    const due = [...Map.groupBy(stored, ({ position }) => position)]
    const found: AuditFinding[] = []
    for (const row of rows) {
      while (due[0] && due[0][0] < row.position)
        found.push(...this.#compare(...(due.shift() as [bigint, RollupRow[]])))
      for (const [, , , debit, credit, amount] of row.sealed.transfers) {
        this.#sumsOf(debit).debits += BigInt(amount)
        this.#sumsOf(credit).credits += BigInt(amount)
      }
    }
    for (const rest of due) found.push(...this.#compare(...rest))
    return found
  }

  /** The database says which account is summed under which; of each account it is asked once, of a person's once a kind. */
  async #learn(client: Client, rows: readonly PostedRow[]): Promise<void> {
    const accounts = rows.flatMap(({ sealed }) =>
      sealed.transfers.flatMap(([, , , debit, credit]) => [kindOf(debit), kindOf(credit)]),
    )
    const unknown = [...new Set(accounts)].filter((account) => !this.#summaries.has(account))
    if (unknown.length === 0) return
    const { rows: told } = await client.query(summaryAccounts, [unknown])
    for (const { account, summary } of told) this.#summaries.set(account, summary)
  }

  #sumsOf(account: string): Sums {
    const summary = this.#summaries.get(kindOf(account)) as string
    let sums = this.#sums.get(summary)
    if (!sums) {
      sums = { debits: 0n, credits: 0n }
      this.#sums.set(summary, sums)
    }
    return sums
  }

  #compare(position: bigint, stored: readonly RollupRow[]): AuditFinding[] {
    const kept = new Map(stored.map((row) => [row.account, row]))
    const accounts = new Set([...kept.keys(), ...this.#sums.keys()])
    const wrong = [...accounts].filter((account) => {
      const [is, should] = [kept.get(account), this.#sums.get(account)]
      return is?.debits !== should?.debits || is?.credits !== should?.credits
    })
    // Told once: what comes after is held against what was said here.
    for (const account of wrong) {
      const { debits = 0n, credits = 0n } = kept.get(account) ?? {}
      this.#sums.set(account, { debits, credits })
    }
    return wrong.map((account) => ({
      check: 'seal_rollups',
      subject: `${account} at position ${position}`,
      problem: 'rollup is not the sum of the transfers before it',
    }))
  }
}

/** Accounts of people are summed by kind, whoever they are of. */
const kindOf = (account: string): string =>
  account.replace(/^(personal:|memo:person:|(?:receivable|owed):\d{6}:person:).+$/s, '$1?')
