import type pg from 'pg'
import type { StatementRow } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import { type Day, dayAfter } from '../../engine/day.ts'
import { dueOf } from '../../engine/ledger.ts'
import type { Fen } from '../../engine/money.ts'
import { readBetween, type StoredBetween } from './sql/statements.ts'

/** One side's rows of what one region treated of another's people, posted from the start of a day in China to the end of another. */
export interface StatementFilter {
  readonly side: 'home' | 'care'
  readonly home: Division
  readonly care: Division
  readonly from: Day
  readonly until: Day
  readonly after?: string | undefined
  readonly limit: number
}

export interface StatementPage {
  readonly rows: readonly StatementRow[]
  readonly next?: string | undefined
}

export interface Statements {
  between(filter: StatementFilter): Promise<StatementPage>
}

/** The start of a day in China, in milliseconds. */
const startOf = (day: Day): number => Date.parse(`${day}T00:00:00+08:00`)

export const createStatements = (pool: pg.Pool): Statements => ({
  async between({ side, home, care, from, until, after = '', limit }) {
    const asked = { side, home, care, from_ms: startOf(from), before_ms: startOf(dayAfter(until)) }
    const { values, ...statement } = readBetween({ ...asked, after, limit: limit + 1 })
    const { rows } = await pool.query<StoredBetween>({ ...statement, values: [...values] })
    const page = rows.slice(0, limit)
    const next = rows.length > limit ? page.at(-1)?.id : undefined
    return { rows: page.map(rowOf), ...(next !== undefined && { next }) }
  },
})

function rowOf(row: StoredBetween): StatementRow {
  const [fundTotal, account, receivable] = [row.fund_total_fen, row.account_fen, row.receivable_fen]
  return {
    reference: row.reference,
    kind: row.kind,
    sequence: row.sequence,
    scheme: row.scheme,
    postedOn: row.posted_on,
    total: row.total_fen,
    fundTotal,
    account,
    due: dueOf({ fundTotal, account, receivable }),
  } satisfies Record<keyof StatementRow, string | number | Fen>
}
