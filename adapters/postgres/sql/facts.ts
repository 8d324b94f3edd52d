import type { Person } from '../../../engine/person.ts'
import type { SameBill } from '../../../engine/duplicate.ts'
import { mostSameBills } from '../../../engine/fold.ts'
import { cardColumns, cardTables } from '../cards.ts'
import { binaryArray, column } from '../arrays.ts'
import type { Statement } from '../transaction.ts'

export const readPeople = (owners: readonly string[]): Statement => ({
  name: 'read-people',
  text: 'select owner_id, version, document from person where owner_id = any ($1::text[])',
  values: [binaryArray('text', owners)],
})

export interface StoredPerson {
  readonly owner_id: string
  readonly version: bigint
  readonly document: Person
}

export const readCards = (owners: readonly string[], hashes: readonly Buffer[]): Statement => ({
  name: 'read-cards',
  text: `
    select ${cardColumns}
    from unnest($1::text[], $2::bytea[]) as q (owner_id, card_hash)
    join (${cardTables}) on c.owner_id = q.owner_id and c.card_hash = q.card_hash`,
  values: [binaryArray('text', owners), binaryArray('bytea', hashes)],
})

/** Every state that some cards were recorded in, with what is needed to open them. */
export const readCardHistory = (
  owners: readonly string[],
  hashes: readonly Buffer[],
): Statement => ({
  name: 'read-card-history',
  text: `
    select c.owner_id, c.card_hash, v.document, c.identity, n.tries_left, n.initial as pin_initial,
           (extract(epoch from v.recorded_at) * 1000)::bigint as recorded_at_ms
    from unnest($1::text[], $2::bytea[]) as q (owner_id, card_hash)
    join (${cardTables}) on c.owner_id = q.owner_id and c.card_hash = q.card_hash
    join card_version v on v.owner_id = c.owner_id and v.card_hash = c.card_hash
    order by c.owner_id, c.card_hash, v.version`,
  values: [binaryArray('text', owners), binaryArray('bytea', hashes)],
})

/** The newest version of each owner's personal account. */
export const readBalances = (owners: readonly string[]): Statement => ({
  name: 'read-balances',
  text: `
    select q.owner_id, v.version, v.balance_fen
    from unnest($1::text[]) as q (owner_id)
    cross join lateral (
      select version, balance_fen from account_version
      where owner_id = q.owner_id and account = 'personal:' || q.owner_id
      order by version desc limit 1
    ) v`,
  values: [binaryArray('text', owners)],
})

export interface StoredBalance {
  readonly owner_id: string
  readonly version: bigint
  readonly balance_fen: bigint
}

/** The newest version of each year of each owner, found by skipping from year to year down the index. */
export const readCounters = (owners: readonly string[]): Statement => ({
  name: 'read-counters',
  text: `
    with recursive newest as (
      select q.owner_id, v.year, v.version, v.counters
      from unnest($1::text[]) as q (owner_id)
      cross join lateral (
        select year, version, counters from year_version
        where owner_id = q.owner_id order by year desc, version desc limit 1
      ) v
      union all
      select n.owner_id, v.year, v.version, v.counters
      from newest n
      cross join lateral (
        select year, version, counters from year_version
        where owner_id = n.owner_id and year < n.year order by year desc, version desc limit 1
      ) v
    )
    select owner_id, year, version, counters from newest`,
  values: [binaryArray('text', owners)],
})

export interface StoredYear {
  readonly owner_id: string
  readonly year: string
  readonly version: bigint
  readonly counters: Readonly<Record<string, string>>
}

export interface MarkQuery {
  readonly at: number
  readonly owner: string
  readonly institution: string
  readonly visit: string | undefined
  readonly day: string
  readonly bill: Buffer
}

/**
 * Lines already settled in a claim's visit, and the newest settlements in force of the very same bill. The planner must not mistake all bills of
 * a day, or all ids in their order (`offset 0`), for few: the day is the number that only an index by owner knows.
 */
export const readMarks = (queries: readonly MarkQuery[]): Statement => ({
  name: 'read-marks',
  text: `
    select q.at,
      array(select distinct unnest(s.line_ids) from settlement s
            where s.owner_id = q.owner_id and s.visit = q.visit and s.institution = q.institution
              and s.kind in ('settlement', 'restoration')
              and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id)
      ) as lines,
      (select jsonb_agg(jsonb_build_object('settlement', b.settlement_id, 'terminal', b.terminal, 'at', b.at) order by b.id desc)
       from (select s.id, s.settlement_id, s.terminal, (extract(epoch from s.posted_at) * 1000)::bigint as at
             from (select * from settlement
                   where owner_id = q.owner_id and bill_hash = q.bill_hash
                     and treated_on - date '2000-01-01' = q.day - date '2000-01-01' offset 0) s
             where s.kind in ('settlement', 'restoration')
               and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id)
             order by s.id desc limit ${mostSameBills}) b
      ) as bills
    from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bytea[])
      as q (at, owner_id, institution, visit, day, bill_hash)`,
  values: [
    column(queries, 'int', (q) => q.at),
    column(queries, 'text', (q) => q.owner),
    column(queries, 'text', (q) => q.institution),
    column(queries, 'text', (q) => q.visit),
    column(queries, 'date', (q) => q.day),
    column(queries, 'bytea', (q) => q.bill),
  ],
})

export interface StoredMarks {
  readonly at: number
  readonly lines: readonly string[]
  /** Null where there is none. */
  readonly bills: readonly StoredSameBill[] | null
}

interface StoredSameBill {
  readonly settlement: string
  readonly terminal: string | null
  readonly at: number
}

export const readSameBills = (bills: StoredMarks['bills']): SameBill[] =>
  (bills ?? []).map(({ terminal, ...bill }) => ({ ...bill, terminal: terminal ?? undefined }))
