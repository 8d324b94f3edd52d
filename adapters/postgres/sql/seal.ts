/** One process seals a log at a time; another one that tries goes away at once. */
export const tryToSeal = `select pg_try_advisory_xact_lock(hashtextextended('jiesuan seal ' || $1, 0)) as ours`

/** The moment in milliseconds: a head's own text has it to the millisecond as well. */
const headColumns =
  'size, root, edge, note, (extract(epoch from sealed_at) * 1000)::bigint as sealed_ms'

export const lastHead = `select ${headColumns} from seal_head where log = $1 order by size desc limit 1`

export const insertHead = `
  insert into seal_head (log, size, root, edge, note, sealed_at)
  values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))`

export const insertTiles = `
  insert into seal_tile (log, level, tile, hashes)
  select $1, q.* from unnest($2::int[], $3::bigint[], $4::bytea[]) as q`

export const tilesOf = `
  select tile, hashes from seal_tile where log = $1 and level = $2 and tile = any ($3::bigint[])`

/** The first head that has a leaf, that of a size, and the newest before a size or of all. */
export const firstHeadOver = `select ${headColumns} from seal_head where log = $1 and size > $2 order by size limit 1`
export const headOfSize = `select ${headColumns} from seal_head where log = $1 and size = $2`
export const headsBefore = `
  select ${headColumns} from seal_head
  where log = $1 and ($2::bigint is null or size < $2) order by size desc limit $3`
export const headsWithin = `
  select size, note from seal_head where log = $1 and size > $2 and size <= $3 order by size`
export const headsAfter = `
  select ${headColumns} from seal_head where log = $1 and size > $2 order by size limit $3`

export const keysOf =
  'select name, public_key, number, since_size, note from seal_key order by number'

export const insertKey = `
  insert into seal_key (name, public_key, number, since_size, note) values ($1, $2, $3, $4, $5)`

/** Entries of the access log, which are leaves as they are. */
export const entriesAfter =
  'select position, canonical from access_log where position > $1 order by position limit $2'
export const lastEntry = 'select coalesce(max(position), 0) as position from access_log'

/** What leaves of the journal's log are made of, in the order of positions after $1, at most $2. */
export const placesAfter = `
  select position, owner_id as owner, posting_id as posting, digest,
         to_char(assigned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
  from journal where position > $1 order by position limit $2`

/** Moments in columns are told as documents tell them. What a card is found by is no part of a document. */
const millis = (row: string, column = 'posted_at'): string =>
  `jsonb_build_object('${column}', (extract(epoch from ${row}.${column}) * 1000)::bigint)`

/**
 * What the postings of some positions wrote, as it is stored now. Ids follow time as positions do, so that transfers lie
 * between the first and the last id and are read in one go by the key.
 */
export const postedBetween = `
  with placed as materialized (
    select position, owner_id, posting_id, participants, digest, mac,
           to_char(assigned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from journal where position > $1 and position <= $2
  )
  select j.position, j.owner_id as owner, j.posting_id as posting, j.participants, j.digest, j.mac, j.at,
         s.canonical as settlement, m.canonical as movement, c.canonical as clearing,
         case when $3 then 
           case when s.id is not null then to_jsonb(s) - 'canonical' - 'card' || ${millis('s')} || ${millis('s', 'tapped_at')}
                when m.id is not null then to_jsonb(m) - 'canonical' || ${millis('m')}
                when c.id is not null then to_jsonb(c) - 'canonical' || ${millis('c')} end
         end as columns,
         t.transfers, b.balances, y.years
  from placed j
  left join settlement s on s.owner_id = j.owner_id and s.id = j.posting_id
  left join movement m on m.owner_id = j.owner_id and m.id = j.posting_id
  left join clearing_posting c on c.owner_id = j.owner_id and c.id = j.posting_id
  left join lateral (
    select json_agg(json_build_array(t.owner_id, t.leg, t.kind, t.debit_account, t.credit_account, t.amount_fen::text)) as transfers
    from transfer t where t.posting_id = j.posting_id
  ) t on true
  left join lateral (
    select json_agg(json_build_array(v.owner_id, v.account, v.version::text, v.balance_fen::text)) as balances
    from account_version v where v.owner_id = any (j.participants) and v.posting_id = j.posting_id
  ) b on true
  left join lateral (
    select json_agg(json_build_array(v.owner_id, v.year, v.version::text, v.counters)) as years
    from year_version v where v.owner_id = j.owner_id and v.posting_id = j.posting_id
  ) y on true
  order by j.position`

/**
 * Rows that move money and have no place in the journal, nor wait for one: those with ids after $1 and up to $2, if any. Nearly
 * all have a place, so that what waits, which has no index by posting alone, is looked at for the few that have none. What has
 * the place of another owner, or a place that the journal does not count yet, has none.
 */
export const straysBetween = `
  with found as (
    select 'settlement' as "table", owner_id, id, owner_id as posted_by from settlement
    where ($1 = '' or id > $1) and ($2::text is null or id <= $2)
    union all
    select 'movement', owner_id, id, owner_id from movement where ($1 = '' or id > $1) and ($2::text is null or id <= $2)
    union all
    select 'clearing_posting', owner_id, id, owner_id from clearing_posting
    where ($1 = '' or id > $1) and ($2::text is null or id <= $2)
    union all
    select distinct 'transfer', owner_id, posting_id, null from transfer
    where ($1 = '' or posting_id > $1) and ($2::text is null or posting_id <= $2)
  ), placeless as materialized (
    select f.* from found f
    where not exists (
      select from journal j
      where j.posting_id = f.id and j.owner_id = coalesce(f.posted_by, j.owner_id)
        and j.position <= (select position from journal_head))
  )
  select p."table", p.owner_id as owner, p.id as row
  from placeless p
  where not exists (select from unjournaled u where u.posting_id = p.id and u.owner_id = coalesce(p.posted_by, u.owner_id))
  order by p.id, p."table" limit 1000`

/** The places of every row of a chain, or of a movement; null of one that waits for its own. */
export const placesOfChain = `
  select (select position from journal j where j.posting_id = r.id) as position
  from (
    select id, sequence from settlement where settlement_id = $1
    union all
    select id, sequence from movement where movement_id = $1
  ) r
  order by r.sequence`
