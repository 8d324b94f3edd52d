import { sides } from './ledger.ts'

/** Only one process adds up at a time; another one that tries goes away at once. */
export const tryToSum = `select pg_try_advisory_xact_lock(hashtextextended('jiesuan sums', 0)) as ours`

/** The fence: whoever holds this row goes on from the position in it. */
export const holdSums = 'select position from sum_head for update'

/** How far the sums go, and how far the journal does. */
export const readReach = `
  select s.position as summed, j.position as placed from sum_head s, journal_head j`

/** Rows after $1 up to $2, in the journal's order. */
const placedBetween = `
  select owner_id, posting_id, participants from journal where position > $1 and position <= $2`

/** Rows after $1, and those that wait for their place. */
export const placedSince = `
  select owner_id, posting_id, participants from journal where position > $1
  union all
  select owner_id, posting_id, participants from unjournaled`

/** The settlements `s` of the postings `j` of `placed`: ids follow time as positions do, so that those between the first and the last are read in one go. */
const settlementsOfPlaced = `
  settlement s on s.id = j.posting_id and s.owner_id = j.owner_id
    and s.id >= (select min(posting_id) from placed) and s.id <= (select max(posting_id) from placed)`

/** Sums are grouped by what sorts by bytes: languages have nothing to say about codes. */
const byBytes = (...columns: readonly string[]): string =>
  columns.map((column) => `${column} collate "C" as ${column.replace(/^\w\./, '')}`).join(', ')

/** What each payer bore of each bill of `placed`, and how it counts; `*` is the whole bill. */
export const billsPaid = `
  select s.treated_on, china_day(s.posted_at) as posted_on,
         ${byBytes('s.home_region', 's.care_region', 's.scheme', 's.care', 's.institution', 'p.payer')},
         sign.unit * p.fen as amount_fen, sign.unit as settlements
  from placed j join ${settlementsOfPlaced},
  lateral (select case when s.kind in ('settlement', 'restoration') then 1 else -1 end as unit) sign,
  lateral (
    select 'fund:' || fund as payer, sum(fen) as fen
    from unnest(s.share_funds, s.share_fen) as f (fund, fen) where fen > 0 group by fund
    union all
    select payer, fen from (values
      ('*', s.total_fen), ('account', s.account_fen - s.family_account_fen), ('familyAccount', s.family_account_fen),
      ('cash', s.cash_fen - s.employer_share_fen - s.receivable_fen), ('employer', s.employer_share_fen),
      ('receivable', s.receivable_fen), ('hospital', s.hospital_share_fen)
    ) as other (payer, fen) where fen > 0 or payer = '*'
  ) p`

/** The days to which the rows of `placed` belong: of a bill that of treatment, of a movement its own, of anything else that of posting. */
export const daysOfPlaced = `
  select j.posting_id, j.participants,
         coalesce(s.treated_on, m.moved_on, china_day(c.posted_at), china_day(moment_of_id(j.posting_id))) as day
  from placed j
  left join ${settlementsOfPlaced}
  left join movement m on m.id = j.posting_id and m.owner_id = j.owner_id
  left join clearing_posting c on c.id = j.posting_id and c.owner_id = j.owner_id`

/**
 * Both sides of what rows moved, with the day of each: needs `dated`, which is `daysOfPlaced`, and joins nothing else, since the
 * planner takes what has two CTEs in it for a single row.
 */
export const movedByDay = `
  select j.day, summary_account(side.account) as account, side.debit_fen, side.credit_fen
  from dated j join transfer t on t.posting_id = j.posting_id and t.owner_id = any (j.participants)
    and t.posting_id >= (select min(posting_id) from dated) and t.posting_id <= (select max(posting_id) from dated) ${sides}`

const monthOf = (day: string): string => `date_trunc('month', ${day})::date`

/** Adds the bills of the rows after $1 up to $2, by day and by month, by institution and without; what is alike is added up first. */
export const addBills = `
  with placed as materialized (${placedBetween}), paid as materialized (
    select treated_on, posted_on, home_region, care_region, scheme, care, institution, payer,
           sum(amount_fen) as amount_fen, sum(settlements) as settlements
    from (${billsPaid}) each group by 1, 2, 3, 4, 5, 6, 7, 8
  )
  insert into bill_sum as kept
    (grain, each_institution, treated, posted, home_region, care_region, scheme, care, institution, payer, amount_fen, settlements)
  select g.grain, i.each_institution, g.treated, g.posted, home_region, care_region, scheme, care,
         case when i.each_institution then institution else '*' end, payer, sum(amount_fen), sum(settlements)
  from paid
  cross join lateral (values
    ('day', treated_on, posted_on), ('month', ${monthOf('treated_on')}, ${monthOf('posted_on')})
  ) as g (grain, treated, posted)
  cross join (values (true), (false)) as i (each_institution)
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
  on conflict (grain, each_institution, treated, posted, home_region, care_region, scheme, care, institution, payer)
  do update set amount_fen = kept.amount_fen + excluded.amount_fen, settlements = kept.settlements + excluded.settlements`

/** Adds what the rows after $1 up to $2 moved in each account, by day and by month. */
export const addMoved = `
  with placed as materialized (${placedBetween}), dated as materialized (${daysOfPlaced}), moved as materialized (
    select day, account, sum(debit_fen) as debit_fen, sum(credit_fen) as credit_fen from (${movedByDay}) each group by 1, 2
  )
  insert into account_sum as kept (grain, day, account, debit_fen, credit_fen)
  select g.grain, g.day, account, sum(debit_fen), sum(credit_fen)
  from moved cross join lateral (values ('day', moved.day), ('month', ${monthOf('moved.day')})) as g (grain, day)
  group by 1, 2, 3
  on conflict (grain, day, account)
  do update set debit_fen = kept.debit_fen + excluded.debit_fen, credit_fen = kept.credit_fen + excluded.credit_fen`

/** From now on sums go up to $1. */
export const moveSums = 'update sum_head set position = $1'

/**
 * Sums by summary account of all that belongs to the days up to $2, where the sums go up to $1: whole months, the days of the
 * month that is not over, and what came after the sums or waits for its place.
 */
export const sumsTreatedUntil = `
  with placed as materialized (${placedSince}), dated as materialized (${daysOfPlaced}), every as (
    select account, debit_fen, credit_fen from account_sum
    where grain = 'month' and day < ${monthOf('($2::date + 1)')}
    union all
    select account, debit_fen, credit_fen from account_sum
    where grain = 'day' and day >= ${monthOf('($2::date + 1)')} and day <= $2::date
    union all
    select account, debit_fen, credit_fen from (${movedByDay}) moved where day <= $2::date
  )
  select account, sum(debit_fen)::bigint as debits, sum(credit_fen)::bigint as credits
  from every group by account`

/** Sums of one account in the rows of its owner, of all that belongs to the days up to $3. */
export const sumsOfOwnerTreatedUntil = `
  select count(*) as legs,
         coalesce(sum(side.debit_fen) filter (where dated.day <= $3::date), 0)::bigint as debits,
         coalesce(sum(side.credit_fen) filter (where dated.day <= $3::date), 0)::bigint as credits
  from transfer t ${sides}
  cross join lateral (
    select coalesce(
      (select treated_on from settlement s where s.id = t.posting_id limit 1),
      (select moved_on from movement m where m.owner_id = t.owner_id and m.id = t.posting_id),
      (select china_day(posted_at) from clearing_posting c where c.id = t.posting_id limit 1),
      china_day(moment_of_id(t.posting_id))) as day
  ) dated
  where t.owner_id = $1 and side.account = $2`
