/** Both sides of transfers `t`, as rows of account, debit and credit. */
export const sides = `
  cross join lateral (values (t.debit_account, t.amount_fen, 0::bigint), (t.credit_account, 0::bigint, t.amount_fen))
    as side (account, debit_fen, credit_fen)`

/** The last rollup up to $1. What was rolled up once never changes, so that a later statement may start from it. */
export const lastRollup =
  'select coalesce(max(position), 0) as position from rollup where position <= $1'

/**
 * The transfers `t` of the postings `j` of `placed`. Ids follow time as positions do, so they lie between the first and the
 * last id: those are read in one go by the key, which begins with the id, and not one by one.
 */
export const transfersOfPlaced = `
  placed j join transfer t on t.posting_id = j.posting_id and t.owner_id = any (j.participants)
    and t.posting_id >= (select min(posting_id) from placed) and t.posting_id <= (select max(posting_id) from placed)`

/**
 * Sums by summary account: the last rollup, which is at $2, what was placed after it up to $1, and for the present what waits
 * for its place: one statement, so one snapshot.
 */
const sums = (present: boolean): string => `
  with placed as materialized (
    select posting_id, participants from journal where position > $2 and position <= $1
  ), every as (
    select account, debit_fen, credit_fen from rollup where position = $2
    union all
    select summary_account(side.account), side.debit_fen, side.credit_fen
    from ${transfersOfPlaced} ${sides}
    ${
      present
        ? `union all
    select summary_account(side.account), side.debit_fen, side.credit_fen
    from unjournaled u
    join transfer t on t.owner_id = any (u.participants) and t.posting_id = u.posting_id ${sides}`
        : ''
    }
  )
  select account, sum(debit_fen)::bigint as debits, sum(credit_fen)::bigint as credits
  from every group by account`

export const sumsNow = sums(true)
export const sumsUpTo = sums(false)

/**
 * A writer that has looked at the clock and not committed yet would change what was so at an instant just past: once we
 * had its fence, whoever writes next looks at the clock anew.
 */
export const waitForWriter = 'select from journal_head for share'

/** The greatest position assigned by an instant. */
export const positionAt = `
  select position from journal where assigned_at <= to_timestamp($1::float8 / 1000)
  order by assigned_at desc, position desc limit 1`

/** Sums of one account in the rows of its owner, up to a position or, where that is null, up to now. */
export const sumsOfOwner = `
  select count(*) as legs, coalesce(sum(side.debit_fen), 0)::bigint as debits,
         coalesce(sum(side.credit_fen), 0)::bigint as credits
  from transfer t ${sides}
  where t.owner_id = $1 and side.account = $2
    and ($3::bigint is null
      or exists (select from journal j where j.posting_id = t.posting_id and j.position <= $3))`

/** The accounts of one kind of the people after one of them. */
export const sumsOfPeople = `
  select $1 || p.owner_id as account, s.debits, s.credits
  from (select owner_id from person where owner_id > $2 and owner_id like $3 order by owner_id limit $4) p
  cross join lateral (
    select coalesce(sum(side.debit_fen), 0)::bigint as debits, coalesce(sum(side.credit_fen), 0)::bigint as credits
    from transfer t ${sides} where t.owner_id = p.owner_id and side.account = $1 || p.owner_id
  ) s
  order by p.owner_id`

const columns = `t.posting_id, t.owner_id, t.leg, t.kind, t.debit_account, t.credit_account, t.amount_fen`

/** Transfers in the journal's order between two positions, of one account. */
export const transfersOfAccount = `
  with placed as materialized (
    select position, owner_id, posting_id, participants from journal where position >= $1 and position <= $2
  ), found as (
    select j.position, j.owner_id as posted_by, ${columns}
    from ${transfersOfPlaced}
    where (j.position, t.leg) > ($1, $3) and $4 in (t.debit_account, t.credit_account)
    order by j.position, t.leg limit $5
  )
  select t.position, coalesce(s.settlement_id, m.movement_id, t.posting_id) as settlement_id, ${columns}
  from found t
  left join settlement s on s.owner_id = t.posted_by and s.id = t.posting_id
  left join movement m on m.owner_id = t.posted_by and m.id = t.posting_id
  order by t.position, t.leg`

/** Every transfer in the journal's order after a place in it. */
export const transfersInJournal = `
  select j.position, coalesce(s.settlement_id, m.movement_id, t.posting_id) as settlement_id, ${columns}
  from journal j
  join transfer t on t.owner_id = any (j.participants) and t.posting_id = j.posting_id
  left join settlement s on s.owner_id = j.owner_id and s.id = j.posting_id
  left join movement m on m.owner_id = j.owner_id and m.id = j.posting_id
  where j.position >= $1 and (j.position, t.leg) > ($1, $2)
  order by j.position, t.leg limit $3`

/** Transfers of one owner in the order of ids, of one account where one is given. */
export const transfersOfOwner = `
  select (select position from journal j where j.posting_id = t.posting_id) as position,
         coalesce((select settlement_id from settlement s where s.id = t.posting_id and s.owner_id =
           coalesce((select owner_id from journal j where j.posting_id = t.posting_id),
                    (select owner_id from unjournaled u where u.posting_id = t.posting_id))),
           (select movement_id from movement m where m.owner_id = t.owner_id and m.id = t.posting_id),
           t.posting_id) as settlement_id, ${columns}
  from transfer t
  where t.owner_id = $1 and (t.posting_id, t.leg) > ($2, $3)
    and ($4::text is null or $4 in (t.debit_account, t.credit_account))
  order by t.posting_id, t.leg limit $5`

/** Transfers of a whole chain, the family accounts' included, or of a movement. */
export const transfersOfSettlement = `
  select (select position from journal j where j.posting_id = t.posting_id) as position, s.settlement_id, ${columns}
  from (
    select id, settlement_id, participants from settlement where settlement_id = $1
    union all
    select id, movement_id, array[owner_id] from movement where movement_id = $1
    union all
    select id, id, participants from clearing_posting where id = $1
  ) s
  join transfer t on t.owner_id = any (s.participants) and t.posting_id = s.id
  where (t.posting_id, t.leg) > ($2, $3)
  order by t.posting_id, t.leg limit $4`

/**
 * The first rollup after $2 in which an account has other sums than in the last rollup before: between the two lies its next
 * transfer, and everything earlier need not be looked through.
 */
export const nextChange = `
  with known as (
    select coalesce(max(position), 0) as position from rollup where position <= $2
  ), before as (
    select coalesce(max(r.debit_fen), 0) as debit_fen, coalesce(max(r.credit_fen), 0) as credit_fen
    from known left join rollup r on r.position = known.position and r.account = $1
  ), changed as (
    select (
      select r.position from rollup r, before b
      where r.account = $1 and r.position > $2 and (r.debit_fen, r.credit_fen) <> (b.debit_fen, b.credit_fen)
      order by r.position limit 1
    ) as position
  )
  select changed.position as until,
         (select max(position) from rollup where position < coalesce(changed.position, 9223372036854775807)) as since
  from changed`
