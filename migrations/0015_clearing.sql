-- Clearing (清算): windows that are closed once, the rows in them, netting, payment orders, and what moves with them.

-- A closed window (清算批次). What becomes of it stands in the entries of its own subject.
create table clearing_run (
  owner_id text collate "C" not null,
  id text collate "C" not null check (length(id) = 30),
  kind text not null check (kind in ('pair', 'institution', 'netting', 'final')),
  chain text collate "C" not null,
  sequence int not null check (sequence >= 1),
  period text not null,
  until_day date not null,
  region text not null,
  side text check (side in ('home', 'care')),
  partner text,
  institution text collate "C",
  category text,
  closed_at timestamptz not null,
  row_count int not null check (row_count >= 0),
  due_fen bigint not null,
  primary key (owner_id, id),
  -- Of two who close the next window of one chain, one does.
  unique (owner_id, chain, sequence),
  constraint run_of_pair check ((kind = 'pair') = (side is not null and partner is not null)),
  constraint run_of_institution check ((kind in ('institution', 'final')) = (institution is not null)),
  constraint run_category check ((kind = 'institution') = (category is not null))
);
create index clearing_run_by_id on clearing_run (id);

-- Its sums by category, way, scheme and month of treatment; what undoes a settlement counts negative.
create table clearing_total (
  owner_id text collate "C" not null,
  run_id text collate "C" not null,
  category text not null,
  way text not null,
  scheme text not null,
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  row_count int not null check (row_count >= 1),
  total_fen bigint not null,
  fund_total_fen bigint not null,
  account_fen bigint not null,
  due_fen bigint not null,
  primary key (owner_id, run_id, category, way, scheme, month)
);

-- A row of the books that is in a run: of one region or institution in one and no other.
create table clearing_row (
  owner_id text collate "C" not null,
  row_id text collate "C" not null,
  run_id text collate "C" not null,
  of_owner text collate "C" not null,
  reference text collate "C" not null,
  undo boolean not null,
  category text not null,
  way text not null,
  scheme text not null,
  month text not null,
  account text collate "C" not null,
  total_fen bigint not null,
  fund_total_fen bigint not null,
  account_fen bigint not null,
  due_fen bigint not null check (due_fen <> 0 and (due_fen < 0) = undo),
  primary key (owner_id, row_id)
);
create index clearing_row_of_run on clearing_row (owner_id, run_id, row_id);
create index clearing_row_by_reference on clearing_row (owner_id, reference);

-- Rows on which two regions did not agree when a window was closed (争议明细).
create table clearing_dispute (
  owner_id text collate "C" not null,
  run_id text collate "C" not null,
  number int not null check (number >= 1),
  reference text collate "C" not null,
  undo boolean not null,
  kind text not null check (kind in ('missingThere', 'missingHere', 'amounts')),
  posted_on date not null,
  amounts text[] not null,
  ours_fen bigint[] not null,
  theirs_fen bigint[] not null,
  primary key (owner_id, run_id, number),
  check (cardinality(amounts) = cardinality(ours_fen) and cardinality(amounts) = cardinality(theirs_fen))
);

-- A run that is in a later one: netted with others, or closed with its year; once.
create table clearing_taken (
  owner_id text collate "C" not null,
  run_id text collate "C" not null,
  by_run text collate "C" not null,
  due_fen bigint not null,
  -- What the prepaid fund paid of it, and what was in that fund.
  drawn_fen bigint not null check (drawn_fen >= 0),
  available_fen bigint not null check (available_fen >= 0),
  primary key (owner_id, run_id)
);
create index clearing_taken_by on clearing_taken (by_run);

-- What a netting ordered to be paid (付款通知书); whether it is stands in its entries.
create table clearing_order (
  owner_id text collate "C" not null,
  id text collate "C" not null,
  netting_id text collate "C" not null,
  debtor text not null,
  creditor text not null check (creditor <> debtor),
  amount_fen bigint not null check (amount_fen > 0),
  primary key (owner_id, id)
);
create index clearing_order_by_id on clearing_order (id);

-- What moved in the ledger with one entry of a subject of clearing.
create table clearing_posting (
  owner_id text collate "C" not null,
  id text collate "C" not null check (length(id) = 30),
  subject text collate "C" not null,
  version int not null check (version >= 1),
  kind text not null,
  participants text[] collate "C" not null check (participants[1] = owner_id),
  posted_at timestamptz not null,
  canonical bytea not null,
  primary key (owner_id, id),
  unique (owner_id, subject, version)
);
create index clearing_posting_by_id on clearing_posting (id);

alter table transfer drop constraint transfer_kind_check;
alter table transfer add constraint transfer_kind_check check
  (kind in ('fund', 'account', 'family', 'dueTo', 'cash', 'employer', 'hospital', 'opening',
            'contribution', 'credit', 'benefit', 'collection', 'receivable',
            'clearing', 'prepaid', 'netting', 'payment', 'stage', 'advance'));

grant select, insert on
  clearing_run, clearing_total, clearing_row, clearing_dispute, clearing_taken, clearing_order, clearing_posting
to jiesuan_app;

-- Views that know of settlements and movements alone say nothing of what clearing posted: each is kept under another name,
-- and what it says of anything else stands.
alter view check_transfer_accounts rename to transfers_elsewhere;
create view check_transfer_accounts as
  select t.* from transfers_elsewhere t where not exists (select from clearing_posting p where p.id = t.subject);
alter view check_transfers_have_settlement rename to transfers_without_row;
create view check_transfers_have_settlement as
  select t.* from transfers_without_row t where not exists (select from clearing_posting p where p.id = t.subject);
alter view check_participants rename to participants_elsewhere;
create view check_participants as
  select t.* from participants_elsewhere t where not exists (select from clearing_posting p where p.id = t.subject);

-- A run is the sum of its rows, key by key, and so are its totals (N22).
create view check_clearing_runs as
  with told as (
    select owner_id, run_id, category, way, scheme, month,
           sum(row_count) as row_count, sum(total_fen) as total_fen, sum(fund_total_fen) as fund_total_fen,
           sum(account_fen) as account_fen, sum(due_fen) as due_fen
    from clearing_total group by grouping sets ((1, 2, 3, 4, 5, 6), (1, 2))
  ), held as (
    select owner_id, run_id, category, way, scheme, month,
           count(*) as row_count, sum(total_fen) as total_fen, sum(fund_total_fen) as fund_total_fen,
           sum(account_fen) as account_fen, sum(due_fen) as due_fen
    from clearing_row group by grouping sets ((1, 2, 3, 4, 5, 6), (1, 2))
  )
  select run_id as subject, 'its totals are not the sums of its rows' as problem
  from (table told except table held) t
  union all
  select run_id, 'its rows are in none of its totals'
  from (table held except table told) h
  union all
  select r.id, 'is not the sum of its rows'
  from clearing_run r
  left join held h on h.owner_id = r.owner_id and h.run_id = r.id and h.category is null
  where r.kind in ('pair', 'institution')
    and (r.row_count, r.due_fen) is distinct from (coalesce(h.row_count, 0), coalesce(h.due_fen, 0))
  union all
  select r.id, 'closes an earlier window than the run before it'
  from (
    select id, kind, until_day, lag(until_day) over (partition by owner_id, chain order by sequence) as before
    from clearing_run
  ) r
  where r.before > r.until_day or r.before = r.until_day and r.kind <> 'netting';

-- A row that is cleared is what the books say of it, and lies in the window of its run.
create view check_clearing_rows as
  select c.row_id as subject, 'what was cleared of it is not what the books say' as problem
  from clearing_row c
  join clearing_run r on r.owner_id = c.owner_id and r.id = c.run_id
  left join settlement s on s.owner_id = c.of_owner and s.id = c.row_id,
  lateral (select case when s.kind in ('cancellation', 'reversal') then -1 else 1 end as sign) g,
  lateral (
    select sum(e.credit_fen - e.debit_fen) * case when c.account like 'due-from:%' then -1 else 1 end as fen
    from entry e where e.owner_id = any (s.participants) and e.posting_id = s.id and e.account = c.account
  ) due
  where (c.total_fen, c.fund_total_fen, c.account_fen, c.due_fen, c.undo, c.scheme, c.month)
          is distinct from
        (g.sign * s.total_fen, g.sign * s.fund_total_fen, g.sign * s.account_fen, due.fen, g.sign < 0, s.scheme,
         to_char(s.treated_on, 'YYYY-MM'))
     or (s.posted_at at time zone 'Asia/Shanghai')::date > r.until_day
     or case r.kind
          when 'pair' then
            case r.side when 'home' then (s.home_region, s.care_region) else (s.care_region, s.home_region) end
              is distinct from (r.region, r.partner)
            or c.account || ':' not like
               case r.side when 'home' then 'due-to:' else 'due-from:' end || r.region || ':' || r.partner || ':%'
          else s.institution is distinct from r.institution
            or c.account <> 'payable:' || r.institution || ':settled'
        end
  union all
  select c.row_id, 'is in a run that is not there'
  from clearing_row c
  where not exists (select from clearing_run r where r.owner_id = c.owner_id and r.id = c.run_id
                      and r.kind in ('pair', 'institution'));

-- Whatever moved is what its document says, stands with an entry, and is of nobody else.
create view check_clearing_postings as
  with legs as (
    select p.id, jsonb_agg(jsonb_build_object('owner', t.owner_id, 'leg', t.leg, 'kind', t.kind, 'debit', t.debit_account,
                    'credit', t.credit_account, 'amount', t.amount_fen) order by t.leg) as booked,
           array_agg(distinct t.owner_id) as owners
    from clearing_posting p join transfer t on t.owner_id = any (p.participants) and t.posting_id = p.id
    group by p.owner_id, p.id
  )
  select p.id as subject, 'its transfers are not those of its document' as problem
  from clearing_posting p
  left join legs l on l.id = p.id,
  lateral (select convert_from(p.canonical, 'UTF8')::jsonb as document) d
  where l.booked is distinct from d.document -> 'transfers'
     or (d.document ->> 'id', d.document ->> 'owner', d.document ->> 'subject', d.document ->> 'kind',
         (d.document ->> 'version')::int, (d.document ->> 'postedAt')::bigint)
          is distinct from (p.id, p.owner_id, p.subject, p.kind, p.version, round(extract(epoch from p.posted_at) * 1000)::bigint)
     or array(select distinct x from unnest(p.owner_id || coalesce(l.owners, '{}')) x order by x)
          <> array(select x from unnest(p.participants) x order by x)
  union all
  select p.id, 'stands with no entry of its subject'
  from clearing_posting p
  where not exists (select from dossier_entry e
                    where e.owner_id = p.owner_id and e.subject = p.subject and e.version = p.version)
  union all
  select p.posting_id, 'its place in the journal names other participants'
  from (select owner_id, posting_id, participants from journal
        union all
        select owner_id, posting_id, participants from unjournaled) p
  join clearing_posting c on c.owner_id = p.owner_id and c.id = p.posting_id
  where c.participants <> p.participants
  union all
  select c.id, 'is a settlement or a movement as well'
  from clearing_posting c
  where exists (select from settlement s where s.id = c.id) or exists (select from movement m where m.id = c.id);

-- What a window moves is what its rows are due, account by account; the run and its posting are one.
create view check_clearing_moves as
  with due as (
    select c.owner_id, c.run_id, c.account, sum(c.due_fen) as fen
    from clearing_row c join clearing_run r on r.owner_id = c.owner_id and r.id = c.run_id
    group by 1, 2, 3 having sum(c.due_fen) <> 0
  ), moved as (
    select r.owner_id, r.id as run_id, e.account,
           sum(e.debit_fen - e.credit_fen) * case when e.account like 'due-from:%' then -1 else 1 end as fen
    from clearing_run r join entry e on e.owner_id = r.owner_id and e.posting_id = r.id
    where r.kind in ('pair', 'institution')
      and e.account not like 'clearing:%' and e.account not like 'payable:%:review'
    group by 1, 2, 3
  )
  select run_id as subject, 'moves another amount than its rows are due' as problem
  from due full join moved using (owner_id, run_id, account)
  where due.fen is distinct from moved.fen;

-- A run is in one later run, whole; netting leaves to every region what was due to it and by it; the prepaid fund is drawn first.
create view check_clearing_netting as
  select t.run_id as subject, 'is in a later run with another amount, or in none that is there' as problem
  from clearing_taken t
  left join clearing_run r on r.owner_id = t.owner_id and r.id = t.run_id
  left join clearing_run b on b.id = t.by_run
  where (b.kind = 'netting' and r.kind = 'pair' and r.due_fen = t.due_fen
         or b.kind = 'final' and r.kind = 'institution' and t.drawn_fen = 0 and b.owner_id = r.owner_id) is not true
  union all
  select t.run_id, 'the prepaid fund was not drawn first, or for too much'
  from clearing_taken t
  where t.drawn_fen <> case when (select kind from clearing_run b where b.id = t.by_run) = 'netting'
                            then greatest(0, least(t.due_fen, t.available_fen)) else 0 end
  union all
  select p.id, 'leaves a region another amount than its orders'
  from clearing_run p, lateral (
    select account, sum(fen) as fen from (
      select e.account, e.credit_fen - e.debit_fen as fen
      from clearing_posting c
      join entry e on e.owner_id = any (c.participants) and e.posting_id = c.id
      where c.id = p.id and e.account like 'net:%'
      union all
      select 'net:' || x.region, x.fen
      from clearing_order o, lateral (values (o.debtor, -o.amount_fen), (o.creditor, o.amount_fen)) x (region, fen)
      where o.netting_id = p.id
        and exists (select from clearing_taken t where t.by_run = p.id and t.owner_id = 'region:' || x.region)
    ) both_sides group by account having sum(fen) <> 0
  ) wrong
  where p.kind = 'netting'
  union all
  select b.id, 'does not count the runs that are in it'
  from clearing_run b
  where b.kind in ('netting', 'final')
    and b.row_count <> (select count(*) from clearing_taken t where t.by_run = b.id)
  union all
  select o.id, 'is an order of no netting'
  from clearing_order o
  where not exists (select from clearing_run r where r.id = o.netting_id and r.kind = 'netting')
     or o.owner_id <> 'region:' || o.debtor;

-- Money that was received and is not settled yet is all there: nothing else was paid with it.
create view check_clearing_prepaid as
  with balance as (
    select e.account, sum(e.credit_fen - e.debit_fen) as fen
    from clearing_posting p join entry e on e.owner_id = any (p.participants) and e.posting_id = p.id
    where e.account ~ '^(prepaid-to|prepaid-from|bank-held):'
    group by 1
  )
  select account as subject, 'a prepaid fund is below nothing' as problem
  from balance where case when account like 'prepaid-from:%' then fen < 0 else fen > 0 end
  union all
  select region, 'what is held is not what was received and not settled'
  from (
    select split_part(account, ':', 2) as region, sum(fen) as fen
    from balance where account not like 'prepaid-to:%' group by 1 having sum(fen) <> 0
  ) held;

-- What an institution was paid has left; no more was retained or deducted than there was.
create view check_clearing_stages as
  select account as subject, 'a stage holds what it cannot' as problem
  from (
    select e.account, sum(e.credit_fen - e.debit_fen) as fen
    from clearing_posting p join entry e on e.owner_id = p.owner_id and e.posting_id = p.id
    where e.account like 'payable:%' and e.account not like '%:settled'
    group by 1
  ) stage
  where case when account like '%:paid' then fen <> 0
             when account ~ ':(deducted|retained)$' then fen < 0
             else false end;

grant select on
  check_transfer_accounts, check_transfers_have_settlement, check_participants,
  check_clearing_runs, check_clearing_rows, check_clearing_postings, check_clearing_moves, check_clearing_netting,
  check_clearing_prepaid, check_clearing_stages
to jiesuan_app;
