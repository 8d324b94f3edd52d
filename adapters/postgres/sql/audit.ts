/** The versions that some postings wrote, with the version before each. */
export const balancesWritten = `
  select v.posting_id as posting, v.owner_id as owner, v.account, v.version, v.balance_fen as balance, p.balance_fen as before
  from account_version v
  left join account_version p on p.owner_id = v.owner_id and p.account = v.account and p.version = v.version - 1
  where v.owner_id = any ($1::text[]) and v.posting_id = any ($2::text[])`

export const yearsWritten = `
  select v.posting_id as posting, v.owner_id as owner, v.year, v.version, v.counters, p.counters as before
  from year_version v
  left join year_version p on p.owner_id = v.owner_id and p.year = v.year and p.version = v.version - 1
  where v.owner_id = any ($1::text[]) and v.posting_id = any ($2::text[])`

/** Every account of a rollup at some positions. */
export const rollupsBetween = `
  select position, account, debit_fen as debits, credit_fen as credits from rollup
  where position > $1 and position <= $2 order by position`

/** The account under which an auditor finds each of some accounts. */
export const summaryAccounts = `
  select a as account, summary_account(a) as summary from unnest($1::text[]) as a`

export const keepState = `
  insert into audit_state (round, began_at, proved_at, slices, findings)
  values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4, $5)
  on conflict (only_row) do update set
    round = excluded.round, began_at = excluded.began_at, proved_at = excluded.proved_at,
    slices = excluded.slices, findings = excluded.findings`

export const readState = `
  select round, (extract(epoch from began_at) * 1000)::bigint as began_ms,
         (extract(epoch from proved_at) * 1000)::bigint as proved_ms, slices, findings
  from audit_state`

export const keepRound = `
  insert into audit_round (round, began_at, ended_at, postings, findings)
  values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4, $5)`

/** One auditor at a time; another one that tries goes away at once. */
export const tryToAudit = `select pg_try_advisory_lock(hashtextextended('jiesuan audit', 0)) as ours`

/** Postings of a person, an institution, a region or a day: those of the conditions that are given, at most $5. */
export const postingsOf = `
  select j.position
  from settlement s join journal j on j.posting_id = s.id
  where ($1::text is null or s.owner_id = $1) and ($2::text is null or s.institution = $2)
    and ($3::text is null or $3 in (s.home_region, s.care_region)) and ($4::date is null or s.treated_on = $4)
  union all
  select j.position
  from movement m join journal j on j.posting_id = m.id
  where ($1::text is null or m.owner_id = $1) and ($2::text is null or m.institution = $2)
    and ($3::text is null or m.region = $3) and ($4::date is null or m.moved_on = $4)
  union all
  select j.position
  from account_version v join journal j on j.posting_id = v.posting_id
  where v.owner_id = $1 and $2::text is null and $3::text is null and $4::date is null and v.version = 1
  order by 1 limit $5`
