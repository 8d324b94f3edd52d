-- Another region keeps the other half of a settlement's books (异地就医): whose half a row is, and what both know it by.

alter table settlement
  add column side text not null default 'whole' check (side in ('whole', 'home', 'care')),
  add column reference text collate "C",
  add constraint crossed_has_reference check ((side = 'whole') = (reference is null)),
  add constraint crossed_is_away check (side = 'whole' or care_region <> home_region);

-- Statements between two regions go by these.
create index settlement_by_reference on settlement (reference, sequence) where reference is not null;
create index settlement_between on settlement (home_region, care_region, posted_at, id) where care_region <> home_region;

create or replace view effective_settlement as
  select s.* from settlement s
  where s.kind in ('settlement', 'restoration')
    and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id);

-- The document of a whole settlement names neither side nor reference.
create view check_sides as
  select id as subject, 'side or reference differ from the document' as problem
  from settlement s, lateral (select convert_from(s.canonical, 'UTF8')::jsonb -> 'content' as c offset 0) e
  where (coalesce(e.c ->> 'side', 'whole'), e.c ->> 'reference') is distinct from (s.side, s.reference)
  union all
  select s.id, 'a row of a chain is of another side, or of another reference, than its first'
  from settlement s
  join settlement f on f.owner_id = s.owner_id and f.settlement_id = s.settlement_id and f.sequence = 1
  where (s.side, s.reference) is distinct from (f.side, f.reference);

-- The care region's half moves neither account nor fund, and the home region's neither the window nor the institution.
create or replace view check_transfers_repeat_shares as
  select s.id as subject, 'transfers do not repeat the shares' as problem
  from settlement s, lateral (
    select
      coalesce(sum(amount_fen) filter (where kind = 'fund'), 0) as fund,
      coalesce(sum(amount_fen) filter (where kind in ('account', 'family')), 0) as account,
      coalesce(sum(amount_fen) filter (where kind = 'family'), 0) as family,
      coalesce(sum(amount_fen) filter (where kind in ('cash', 'employer')), 0) as cash,
      coalesce(sum(amount_fen) filter (where kind = 'employer'), 0) as employer,
      coalesce(sum(amount_fen) filter (where kind = 'hospital'), 0) as hospital,
      coalesce(sum(amount_fen) filter (where kind = 'receivable'), 0) as receivable,
      coalesce(sum(amount_fen) filter (where kind = 'dueTo'), 0) as due_to
    from transfer t where t.owner_id = any (s.participants) and t.posting_id = s.id
  ) t, lateral (
    select (s.side <> 'care')::int as home, (s.side <> 'home')::int as care,
           (s.side <> 'home' and s.care_region <> s.home_region)::int as due
  ) is_here
  where t.fund <> s.fund_total_fen * is_here.home or t.account <> s.account_fen * is_here.home
     or t.family <> s.family_account_fen * is_here.home or t.receivable <> s.receivable_fen * is_here.home
     or t.cash <> (s.cash_fen - s.receivable_fen) * is_here.care
     or t.employer <> s.employer_share_fen * is_here.care or t.hospital <> s.hospital_share_fen * is_here.care
     or t.due_to <> (s.fund_total_fen + s.account_fen + s.receivable_fen) * is_here.due;

create or replace view check_transfers_by_fund as
  with booked as (
    select owner_id, posting_id, fund, sum(amount_fen) as fen from (
      select t.owner_id, t.posting_id, t.amount_fen,
             split_part(case when t.debit_account like 'fund:%' then t.debit_account
                             else t.credit_account end, ':', 4) as fund
      from transfer t where t.kind = 'fund'
    ) f group by 1, 2, 3
  ), told as (
    select s.owner_id, s.id as posting_id, f.fund, sum(f.fen) as fen
    from settlement s, unnest(s.share_funds, s.share_fen) as f (fund, fen)
    where f.fen > 0 and s.side <> 'care' group by 1, 2, 3
  )
  select posting_id as subject, 'a fund was booked another amount than its share' as problem
  from booked full join told using (owner_id, posting_id, fund)
  where booked.fen is distinct from told.fen;

create or replace view check_receivables as
  select id as subject, 'what is owed differs from the document' as problem
  from settlement
  where coalesce((convert_from(canonical, 'UTF8')::jsonb -> 'content' ->> 'receivable')::bigint, 0) <> receivable_fen
  union all
  select s.id, 'transfers do not repeat what is owed'
  from settlement s
  where s.side <> 'care' and s.receivable_fen <> (
    select coalesce(sum(amount_fen), 0) from transfer t
    where t.owner_id = s.owner_id and t.posting_id = s.id and t.kind = 'receivable'
  );

-- What is due between two regions is kept by scheme and month of settlement; before there were two halves, by pair alone.
create or replace view check_transfer_accounts as
  select t.posting_id as subject, 'a ' || t.kind || ' transfer names another account than its settlement' as problem
  from transfer t
  left join settlement s on s.id = t.posting_id
  left join movement m on m.id = t.posting_id,
  lateral (select s.kind in ('settlement', 'restoration') as forward) d,
  lateral (
    select case when d.forward then t.debit_account else t.credit_account end as payer,
           case when d.forward then t.credit_account else t.debit_account end as payee,
           'payable:' || s.institution || ':settled' as payable,
           'memo:window:' || s.institution as window,
           'due-to:' || s.home_region || ':' || s.care_region as due_to,
           'due-from:' || s.care_region || ':' || s.home_region as due_from,
           ':' || s.scheme || ':' || to_char(s.treated_on, 'YYYY-MM') as tail
  ) a,
  lateral (
    select case when s.care_region = s.home_region then array[a.payable]
                else array[a.due_to, a.due_to || a.tail] end as creditors
  ) c
  where case t.kind
    when 'fund' then
      a.payer like 'fund:' || s.home_region || ':' || s.scheme || ':%' and a.payee = any (c.creditors)
      and t.owner_id = s.owner_id
    when 'account' then
      a.payer = 'personal:' || s.owner_id and a.payee = any (c.creditors) and t.owner_id = s.owner_id
    when 'family' then
      a.payer = 'personal:' || t.owner_id and a.payee = any (c.creditors) and t.owner_id <> s.owner_id
    when 'receivable' then
      a.payer = 'receivable:' || s.home_region || ':person:' || s.owner_id and a.payee = any (c.creditors)
      and t.owner_id = s.owner_id
    when 'dueTo' then
      a.payer in (a.due_from, a.due_from || a.tail) and a.payee = a.payable
    when 'cash' then a.payer = 'memo:person:' || s.owner_id and a.payee = a.window
    when 'employer' then a.payer = 'memo:employer:' || s.home_region and a.payee = a.window
    when 'hospital' then a.payer = 'memo:hospital:' || s.institution and a.payee = a.window
    when 'opening' then
      s.id is null and m.id is null
      and t.leg = 1 and t.debit_account like 'opening:%' and t.credit_account = 'personal:' || t.owner_id
    -- check_movement_transfers proves the accounts of movements.
    else m.moves = t.kind and m.owner_id = t.owner_id
  end is not true;

-- What was asked of another region and is not over is looked at again; what is over is a settlement's or nobody's.
create view check_crossings as
  with last as (
    select distinct on (owner_id, subject) owner_id, subject, kind
    from dossier_entry where starts_with(subject, 'crossing ')
    order by owner_id, subject, version desc
  )
  select l.owner_id || ' ' || l.subject as subject, 'waits, and nobody looks at it again' as problem
  from last l left join due d using (owner_id, subject)
  where l.kind in ('asked', 'unknown', 'reversing') and d.owner_id is null
  union all
  select s.id, 'a settlement of two regions that no request to the other led to'
  from settlement s
  where s.side = 'care' and s.sequence = 1 and not exists (
    select from dossier_entry e
    where e.owner_id = s.owner_id and e.subject = 'crossing ' || s.reference and e.kind = 'done'
  );

grant select on check_sides, check_crossings to jiesuan_app;
