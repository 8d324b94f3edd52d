import { sides, transfersOfPlaced } from './ledger.ts'

/** Only one process gives positions at a time; another one that tries goes away at once. */
export const tryToWrite = `select pg_try_advisory_xact_lock(hashtextextended('jiesuan journal', 0)) as ours`

/** The fence: whoever holds this row goes on from the position in it. */
export const holdHead = 'select position, rolled_up_to from journal_head for update'

/**
 * Moves what waits into the journal. For one owner the order is that of the commits; between owners, who share nothing,
 * any order is as good.
 */
export const placeWaiting = `
  with taken as (
    delete from unjournaled
    where (owner_id, posting_id) in (
      select owner_id, posting_id from unjournaled order by written_by, posting_id limit $2
    )
    returning owner_id, posting_id, participants, written_by, digest, mac
  ), placed as (
    insert into journal (position, owner_id, posting_id, participants, digest, mac, assigned_at)
    select $1::bigint + row_number() over (order by written_by, posting_id),
           owner_id, posting_id, participants, digest, mac,
           greatest(to_timestamp($3::float8 / 1000), (select assigned_at from journal_head))
    from taken
    returning position, assigned_at
  ), moved as (
    update journal_head set position = p.position, assigned_at = p.assigned_at
    from (select max(position) as position, max(assigned_at) as assigned_at from placed) p
    where p.position is not null
  )
  select count(*) as placed from placed`

/** The sums of every summary account up to $1: those of the last rollup and what was placed after it. Tells how many there are. */
export const rollUp = `
  with base as (
    select account, debit_fen, credit_fen from rollup where position = $2
  ), placed as materialized (
    select posting_id, participants from journal where position > $2 and position <= $1
  ), tail as (
    select summary_account(side.account) as account, side.debit_fen, side.credit_fen
    from ${transfersOfPlaced} ${sides}
  ), summed as (
    insert into rollup (position, account, debit_fen, credit_fen)
    select $1, account, sum(debit_fen), sum(credit_fen)
    from (select * from base union all select * from tail) every
    group by account
    returning account
  )
  update journal_head set rolled_up_to = $1 returning (select count(*)::int from summed) as accounts`
