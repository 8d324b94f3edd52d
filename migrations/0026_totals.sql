-- What bills cost whom, and what moved in each ledger account, added up by day and by month (费用汇总): narrow sums up to a position of
-- the journal, so that a question adds only what came after it. A writer of its own goes over positions; no claim pays for it.

-- The day in China of a moment.
create function china_day(moment timestamptz) returns date language sql immutable strict parallel safe
  return (moment at time zone 'Asia/Shanghai')::date;

-- The moment at which an id was made: the first ten of its letters are two zeros and 48 bits of milliseconds.
create function moment_of_id(id text) returns timestamptz language sql immutable strict parallel safe
  as $$
    select to_timestamp(sum((strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr(id, n, 1)) - 1)::numeric * 32::numeric ^ (10 - n)) / 1000)
    from generate_series(1, 10) n
  $$;

-- How far both kinds of sums go; whoever holds the row goes on from there.
create table sum_head (
  only_row boolean primary key default true check (only_row),
  position bigint not null check (position >= 0)
);
insert into sum_head values (true, 0);

-- Of bills: what each payer bore, `*` for the whole bill, and of how many. What undoes a bill counts against it, so that sums may
-- be below nothing on the day on which it was posted. By institution, and without (`*`), since most questions name none.
create table bill_sum (
  grain text not null check (grain in ('day', 'month')),
  each_institution boolean not null,
  treated date not null,
  posted date not null,
  home_region text collate "C" not null,
  care_region text collate "C" not null,
  scheme text collate "C" not null,
  care text collate "C" not null,
  institution text collate "C" not null,
  payer text collate "C" not null,
  amount_fen bigint not null,
  settlements bigint not null,
  primary key (grain, each_institution, treated, posted, home_region, care_region, scheme, care, institution, payer),
  check (each_institution = (institution <> '*'))
) with (fillfactor = 80);
create index bill_sum_posted on bill_sum (grain, each_institution, posted);

-- Of ledger accounts: both sides by the day to which what moved belongs.
create table account_sum (
  grain text not null check (grain in ('day', 'month')),
  day date not null,
  account text collate "C" not null,
  debit_fen bigint not null check (debit_fen >= 0),
  credit_fen bigint not null check (credit_fen >= 0),
  primary key (grain, day, account)
) with (fillfactor = 80);

-- Both change all the time, so that autovacuum looks at them often: at small samples, as of all that grows.
do $$
declare
  changed record;
begin
  for changed in
    select attrelid::regclass as name, attname from pg_attribute
    where attnum > 0 and not attisdropped and attrelid in ('bill_sum'::regclass, 'account_sum'::regclass)
  loop
    execute format('alter table %s alter column %I set statistics 10', changed.name, changed.attname);
  end loop;
end
$$;

grant select, insert, update on bill_sum, account_sum to jiesuan_app;
grant select, update on sum_head to jiesuan_app;
grant execute on function china_day(timestamptz), moment_of_id(text) to jiesuan_app;

-- What was added up is what bills and transfers say, and months are the sums of their days.
create view check_bill_sums as
  with bill as (
    select s.*, case when s.kind in ('settlement', 'restoration') then 1 else -1 end as sign
    from journal j join settlement s on s.id = j.posting_id and s.owner_id = j.owner_id
    where j.position <= (select position from sum_head)
  ), paid as (
    select b.treated_on, china_day(b.posted_at) as posted_on, b.home_region, b.care_region, b.scheme, b.care, b.institution,
           p.payer, sum(b.sign * p.fen)::bigint as amount_fen, sum(b.sign)::bigint as settlements
    from bill b, lateral (
      select 'fund:' || f.fund as payer, sum(f.fen) as fen
      from unnest(b.share_funds, b.share_fen) as f (fund, fen) where f.fen > 0 group by f.fund
      union all
      select other.payer, other.fen from (values
        ('*', b.fund_total_fen + b.account_fen + b.cash_fen + b.hospital_share_fen),
        ('account', b.account_fen - b.family_account_fen), ('familyAccount', b.family_account_fen),
        ('cash', b.cash_fen - b.employer_share_fen - b.receivable_fen), ('employer', b.employer_share_fen),
        ('receivable', b.receivable_fen), ('hospital', b.hospital_share_fen)
      ) as other (payer, fen)
      where other.fen > 0 or other.payer = '*'
    ) p
    group by 1, 2, 3, 4, 5, 6, 7, 8
  ), told as (
    select g.grain, i.each_institution, g.treated, g.posted, home_region, care_region, scheme, care,
           case when i.each_institution then institution else '*' end as institution, payer,
           sum(amount_fen)::bigint as amount_fen, sum(settlements)::bigint as settlements
    from paid, lateral (values
      ('day', treated_on, posted_on),
      ('month', date_trunc('month', treated_on)::date, date_trunc('month', posted_on)::date)
    ) as g (grain, treated, posted), (values (true), (false)) as i (each_institution)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
  )
  select concat_ws(' ', grain, treated, posted, home_region, care_region, scheme, care, institution, payer) as subject,
         'the sum is not that of its bills' as problem
  from told full join bill_sum k
    using (grain, each_institution, treated, posted, home_region, care_region, scheme, care, institution, payer)
  where (told.amount_fen, told.settlements) is distinct from (k.amount_fen, k.settlements);

create view check_account_sums as
  with moved as (
    select coalesce(s.treated_on, m.moved_on, china_day(c.posted_at), china_day(moment_of_id(j.posting_id))) as day,
           summary_account(e.account) as account, sum(e.debit_fen) as debit_fen, sum(e.credit_fen) as credit_fen
    from journal j
    join entry e on e.posting_id = j.posting_id and e.owner_id = any (j.participants)
    left join settlement s on s.id = j.posting_id and s.owner_id = j.owner_id
    left join movement m on m.id = j.posting_id and m.owner_id = j.owner_id
    left join clearing_posting c on c.id = j.posting_id and c.owner_id = j.owner_id
    where j.position <= (select position from sum_head)
    group by 1, 2
  ), told as (
    select g.grain, g.day, account, sum(debit_fen)::bigint as debit_fen, sum(credit_fen)::bigint as credit_fen
    from moved, lateral (values ('day', moved.day), ('month', date_trunc('month', moved.day)::date)) as g (grain, day)
    group by 1, 2, 3
  )
  select concat_ws(' ', grain, day, account) as subject, 'the sum is not that of its transfers' as problem
  from told full join account_sum k using (grain, day, account)
  where (told.debit_fen, told.credit_fen) is distinct from (k.debit_fen, k.credit_fen)
  union all
  select 'sums', 'go further than the journal'
  from sum_head h where h.position > (select coalesce(max(position), 0) from journal);

-- What an export held (导出清单), once it had gone out to its end.
create table export_manifest (
  id text collate "C" primary key check (length(id) = 30),
  name text not null check (name in ('settlements', 'transfers', 'totals')),
  format text not null,
  made_at timestamptz not null,
  caller text not null,
  rows bigint not null check (rows >= 0),
  bytes bigint not null check (bytes >= 0),
  position bigint not null check (position >= 0),
  -- The RFC 8785 JSON of all that is told of it: what was signed.
  canonical bytea not null,
  signature text
);

grant select, insert on export_manifest to jiesuan_app;
grant select on check_bill_sums, check_account_sums to jiesuan_app;
