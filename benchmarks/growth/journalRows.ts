import type pg from 'pg'
import { duePositions } from '../../adapters/postgres/journal.ts'
import { sides } from '../../adapters/postgres/sql/ledger.ts'
import { dropIndexes } from './bulkTable.ts'

/**
 * How many accounts a rollup has in the end, by which the journal's writer has them nearer or farther apart. Most accounts are
 * met often, so they are told apart before anything is asked of them.
 */
const countAccounts = `
  select count(distinct summary_account(account))::int as accounts
  from (select debit_account as account from transfer union select credit_account from transfer)`

/** Positions for everything that waits, in the order of its ids, as if the writer had come by all the time. */
const place = `
  insert into journal (position, owner_id, posting_id, participants, digest, mac, assigned_at)
  select row_number() over earlier, u.owner_id, u.posting_id, u.participants, u.digest, u.mac,
         max(coalesce(s.posted_at, to_timestamp($1::float8 / 1000))) over (earlier rows unbounded preceding)
  from unjournaled u left join settlement s on s.owner_id = u.owner_id and s.id = u.posting_id
  window earlier as (order by u.posting_id)`

/** What moved between one rollup and the next: a table of its own, since several processes add up for one and not for an insert. */
const sumUp = (every: number): string => `
  create temp table moved on commit drop as
  select (j.position + ${every} - 1) / ${every} * ${every} as position, summary_account(side.account) as account,
         sum(side.debit_fen) as debit_fen, sum(side.credit_fen) as credit_fen
  from journal j join transfer t on t.posting_id = j.posting_id ${sides}
  group by 1, 2`

/** The sums of every summary account at each rollup, from the first in which it has any. */
const rollUp = `
  with first as (
    select account, min(position) as position from moved group by 1
  ), mark as (
    select generate_series($1::bigint, (select max(position) from journal), $1::bigint) as position
  )
  insert into rollup (position, account, debit_fen, credit_fen)
  select position, account, sum(coalesce(debit_fen, 0)) over earlier, sum(coalesce(credit_fen, 0)) over earlier
  from (select m.position, f.account from mark m join first f on f.position <= m.position) every
  left join moved using (position, account)
  window earlier as (partition by account order by position)
  order by position, account`

const head = `
  update journal_head set
    (position, assigned_at) = (select position, assigned_at from journal order by position desc limit 1),
    rolled_up_to = (select coalesce(max(position), 0) from rollup)`

/** Places what waits in a journal that is empty, rolls it up, and leaves nothing waiting. */
export async function fillJournal(client: pg.ClientBase, openedAt: number): Promise<void> {
  const back = await dropIndexes(client, ['journal', 'rollup'])
  // Emptied in this transaction, so that what is written need not go to the log as well.
  await client.query('begin; truncate journal, rollup')
  await client.query(place, [openedAt])
  await client.query('commit; analyze journal')
  await client.query('begin')
  const counted = await client.query<{ accounts: number }>(countAccounts)
  const every = duePositions(counted.rows[0]?.accounts ?? 0)
  await client.query(sumUp(every))
  await client.query(rollUp, [every])
  await client.query(head)
  await client.query('truncate unjournaled; commit')
  for (const statement of back) await client.query(statement)
}
