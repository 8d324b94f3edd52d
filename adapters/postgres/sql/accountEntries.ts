import { sides, transfersOfPlaced } from './ledger.ts'

const told = `
  page.position, page.posting_id, page.leg, page.kind, page.debit_fen, page.credit_fen, page.counter_account, page.balance::bigint,
  coalesce(s.settlement_id, m.movement_id, page.posting_id) as settlement_id, coalesce(s.treated_on, m.moved_on) as treated_on`

const rowOfPage = `
  left join settlement s on s.id = page.posting_id and s.owner_id = page.posted_by
  left join movement m on m.id = page.posting_id and m.owner_id = page.posted_by`

const entry = `
  j.position, j.owner_id as posted_by, t.posting_id, t.leg, t.kind, side.debit_fen, side.credit_fen,
  case when side.debit_fen > 0 then t.credit_account else t.debit_account end as counter_account`

export type Order = 'oldest' | 'newest'

const [rising, falling] = ['position, leg', 'position desc, leg desc']

/** Entries after a place, or before it where the newest come first. */
const pageOf = (order: Order, at: string, limit: string): string => `
  page as (
    select * from found where (position, leg) ${order === 'oldest' ? '>' : '<'} (${at})
    order by ${order === 'oldest' ? rising : falling} limit ${limit}
  )
  select ${told} from page ${rowOfPage} order by ${(order === 'oldest' ? rising : falling).replaceAll(/(position|leg)/g, 'page.$1')}`

/** Sums of all people stand for accounts by other names; to look for those takes ten times as long, so that it is done for them alone. */
const isOf = (account: string, sideOf: string): string =>
  account.endsWith('*') ? `summary_account(${sideOf}) = $3` : `${sideOf} = $3`

/** Entries of one account in a stretch of the journal that begins with the rollup at $1, each with the balance that it left. */
export const entriesOfStretch = (order: Order, account: string): string => `
  with base as (
    select coalesce(sum(credit_fen - debit_fen), 0) as balance from rollup where position = $1 and account = $3
  ), placed as materialized (
    select position, owner_id, posting_id, participants from journal where position > $1 and position <= $2
  ), found as (
    select ${entry}, base.balance + sum(side.credit_fen - side.debit_fen) over (order by j.position, t.leg) as balance
    from base cross join ${transfersOfPlaced} ${sides}
    where (${isOf(account, 't.debit_account')} or ${isOf(account, 't.credit_account')}) and ${isOf(account, 'side.account')}
  ), ${pageOf(order, '$4, $5', '$6')}`

/** Entries of an account of one person, which are few. */
export const entriesOfOwner = (order: Order): string => `
  with found as (
    select ${entry}, sum(side.credit_fen - side.debit_fen) over (order by j.position, t.leg) as balance
    from transfer t join journal j on j.posting_id = t.posting_id ${sides}
    where t.owner_id = $1 and side.account = $2
  ), ${pageOf(order, '$3, $4', '$5')}`

/** The last rollup before $1: a statement of its own, for its value tells how little lies between. */
export const rollupBefore =
  'select coalesce(max(position), 0) as position from rollup where position < $1'

/**
 * The last rollup before $2 in which account $1 had other sums than in that at $2, and the rollup after it: between the two
 * lies its newest entry up to $2. Before its first entry an account has no row.
 */
export const changeBefore = `
  with here as (
    select coalesce(max(debit_fen), 0) as debit_fen, coalesce(max(credit_fen), 0) as credit_fen
    from rollup where account = $1 and position = $2
  ), other as (
    select coalesce(
      (select r.position from rollup r, here
       where r.account = $1 and r.position < $2 and (r.debit_fen, r.credit_fen) <> (here.debit_fen, here.credit_fen)
       order by r.position desc limit 1),
      (select coalesce(max(position), 0) from rollup
       where position < (select min(position) from rollup where account = $1))
    ) as position
    from here where (debit_fen, credit_fen) <> (0, 0)
  )
  select other.position as since, (select min(position) from rollup where position > other.position) as until from other`
