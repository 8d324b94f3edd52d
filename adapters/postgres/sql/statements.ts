import type { StatementRow } from '../../../engine/awayClaim.ts'
import type { Fen } from '../../../engine/money.ts'
import type { Statement } from '../transaction.ts'
import { moment } from './inserts.ts'

/** One side's half of what was treated in a care region, in the order in which it was posted. */
export const readBetween = (asked: {
  readonly side: 'home' | 'care'
  readonly home: string
  readonly care: string
  readonly from_ms: number
  readonly before_ms: number
  readonly after: string
  readonly limit: number
}): Statement => ({
  name: 'read-between',
  text: `
    select id, reference, kind, sequence, scheme, total_fen, fund_total_fen, account_fen, receivable_fen,
           to_char(posted_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as posted_on
    from settlement
    where side = $6 and home_region = $7 and care_region = $1 and care_region <> home_region and desk is null
      and posted_at >= ${moment('$2::float8')} and posted_at < ${moment('$3::float8')} and id > $4
    order by id limit $5`,
  values: [
    asked.care,
    asked.from_ms,
    asked.before_ms,
    asked.after,
    asked.limit,
    asked.side,
    asked.home,
  ],
})

export interface StoredBetween
  extends Pick<StatementRow, 'reference' | 'kind' | 'sequence' | 'scheme'> {
  readonly id: string
  readonly posted_on: StatementRow['postedOn']
  readonly total_fen: Fen
  readonly fund_total_fen: Fen
  readonly account_fen: Fen
  readonly receivable_fen: Fen
}
