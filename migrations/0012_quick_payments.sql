-- Quick payments (小额快速支付): what a person owes whose card paid offline more than its account had, and the hot list.

alter table settlement
  -- The part of `cash_fen` that nobody collected: the agency paid it and the person owes it (应收参保人).
  add column receivable_fen bigint not null default 0 check (receivable_fen >= 0),
  drop constraint employer_within_cash,
  add constraint owed_within_cash check (employer_share_fen + receivable_fen <= cash_fen);

alter table transfer drop constraint transfer_kind_check;
alter table transfer add constraint transfer_kind_check check
  (kind in ('fund', 'account', 'family', 'dueTo', 'cash', 'employer', 'hospital', 'opening',
            'contribution', 'credit', 'benefit', 'collection', 'receivable'));

-- What cards changed since a version of the hot list.
create index card_recorded on card (recorded_at);

-- What people owe is summed into one row a region, as what they hold is.
create or replace function summary_account(account text) returns text language sql immutable strict parallel safe
  return case
    when account like 'personal:%' then 'personal:*'
    when account like 'memo:person:%' then 'memo:person:*'
    when account like 'receivable:%:person:%' then 'receivable:' || split_part(account, ':', 2) || ':person:*'
    else account
  end;

-- A document without the word owes nothing.
create view check_receivables as
  select id as subject, 'what is owed differs from the document' as problem
  from settlement
  where coalesce((convert_from(canonical, 'UTF8')::jsonb -> 'content' ->> 'receivable')::bigint, 0) <> receivable_fen
  union all
  select s.id, 'transfers do not repeat what is owed'
  from settlement s
  where s.receivable_fen <> (
    select coalesce(sum(amount_fen), 0) from transfer t
    where t.owner_id = s.owner_id and t.posting_id = s.id and t.kind = 'receivable'
  );

create or replace view check_transfers_repeat_shares as
  select s.id as subject, 'transfers do not repeat the shares' as problem
  from settlement s, lateral (
    select
      coalesce(sum(amount_fen) filter (where kind = 'fund'), 0) as fund,
      coalesce(sum(amount_fen) filter (where kind in ('account', 'family')), 0) as account,
      coalesce(sum(amount_fen) filter (where kind = 'family'), 0) as family,
      coalesce(sum(amount_fen) filter (where kind in ('cash', 'employer', 'receivable')), 0) as cash,
      coalesce(sum(amount_fen) filter (where kind = 'employer'), 0) as employer,
      coalesce(sum(amount_fen) filter (where kind = 'hospital'), 0) as hospital,
      coalesce(sum(amount_fen) filter (where kind = 'dueTo'), 0) as due_to
    from transfer t where t.owner_id = any (s.participants) and t.posting_id = s.id
  ) t
  where t.fund <> s.fund_total_fen or t.account <> s.account_fen or t.family <> s.family_account_fen
     or t.cash <> s.cash_fen or t.employer <> s.employer_share_fen or t.hospital <> s.hospital_share_fen
     or t.due_to <> case when s.care_region = s.home_region then 0
                         else s.fund_total_fen + s.account_fen + s.receivable_fen end;

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
           'memo:window:' || s.institution as window
  ) a,
  lateral (
    select case when s.care_region = s.home_region then a.payable
                else 'due-to:' || s.home_region || ':' || s.care_region end as creditor
  ) c
  where case t.kind
    when 'fund' then
      a.payer like 'fund:' || s.home_region || ':' || s.scheme || ':%' and a.payee = c.creditor and t.owner_id = s.owner_id
    when 'account' then
      a.payer = 'personal:' || s.owner_id and a.payee = c.creditor and t.owner_id = s.owner_id
    when 'family' then
      a.payer = 'personal:' || t.owner_id and a.payee = c.creditor and t.owner_id <> s.owner_id
    when 'receivable' then
      a.payer = 'receivable:' || s.home_region || ':person:' || s.owner_id and a.payee = c.creditor
      and t.owner_id = s.owner_id
    when 'dueTo' then
      a.payer = 'due-from:' || s.care_region || ':' || s.home_region and a.payee = a.payable
    when 'cash' then a.payer = 'memo:person:' || s.owner_id and a.payee = a.window
    when 'employer' then a.payer = 'memo:employer:' || s.home_region and a.payee = a.window
    when 'hospital' then a.payer = 'memo:hospital:' || s.institution and a.payee = a.window
    when 'opening' then
      s.id is null and m.id is null
      and t.leg = 1 and t.debit_account like 'opening:%' and t.credit_account = 'personal:' || t.owner_id
    -- check_movement_transfers proves the accounts of movements.
    else m.moves = t.kind and m.owner_id = t.owner_id
  end is not true;

-- What a person owes was collected at no window, so that no bank collects it for one.
create or replace view check_movement_collections as
  select m.id as subject, 'collects what its settlement does not leave to the person' as problem
  from movement m
  left join settlement s on s.owner_id = m.owner_id and s.id = m.settlement_id
  where m.moves = 'collection'
    and (s.institution is distinct from m.institution
      or m.total_fen > s.cash_fen - s.employer_share_fen - s.receivable_fen);

-- A card pays once with each of its counters, and its terminal tells each running number and each record once.
create view check_taps as
  select owner_id || ' ' || subject as subject, 'was entered twice' as problem
  from dossier_entry
  where (subject like 'tap %' or owner_id like 'terminal:%' or owner_id like 'offline:%') and version > 1;

grant select on check_receivables, check_taps to jiesuan_app;
