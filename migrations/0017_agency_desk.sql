-- The agency's desk (经办): paper bills, settlements settled anew, money that is recovered.

alter table settlement
  -- What of the funds' and accounts' part the person had paid at the window: it goes to them (参保人垫付).
  add column advanced_fen bigint not null default 0 check (advanced_fen >= 0),
  -- Made by the desk and by no institution.
  add column desk text check (desk in ('paper', 'resettlement')),
  -- The row that undid what this settlement takes the place of.
  add column replaces text collate "C",
  add constraint advanced_within_part check (advanced_fen <= fund_total_fen + account_fen - family_account_fen),
  add constraint advanced_by_desk check (advanced_fen = 0 or desk is not null),
  add constraint replaces_by_desk check (replaces is null or desk = 'resettlement'),
  -- Where another region keeps the other half, no desk changes one alone.
  add constraint desk_is_whole check (desk is null or side = 'whole');
create unique index settlement_replaces on settlement (owner_id, replaces) where replaces is not null;

-- What the desk made is no matter between two regions.
drop index settlement_between;
create index settlement_between on settlement (home_region, care_region, posted_at, id)
  where care_region <> home_region and desk is null;

-- Cases of every owner by their number, the newest first.
create index dossier_case on dossier_entry (subject) where version = 1 and subject like 'case %';

alter table transfer drop constraint transfer_kind_check;
alter table transfer add constraint transfer_kind_check check
  (kind in ('fund', 'account', 'family', 'dueTo', 'cash', 'employer', 'hospital', 'opening',
            'contribution', 'credit', 'benefit', 'collection', 'receivable',
            'clearing', 'prepaid', 'netting', 'payment', 'stage', 'advance',
            'advanced', 'reimbursement', 'recovery', 'repayment', 'setOff', 'writeOff'));

alter table movement
  -- Whom money is recovered from: `person:…`, `institution:…` or `employer:…`.
  add column party text collate "C",
  drop constraint movement_moves_check,
  drop constraint movement_amounts,
  drop constraint movement_words;
alter table movement
  add constraint movement_moves_check check
    (moves in ('contribution', 'credit', 'benefit', 'collection', 'reimbursement', 'recovery', 'repayment', 'setOff', 'writeOff')),
  add constraint movement_amounts check (
    case
      when moves = 'contribution' then
        total_fen = fen_sum(payer_fen) and total_fen = fen_sum(fund_fen) + account_fen
      when moves = 'credit' then total_fen = fen_sum(fund_fen) and total_fen = account_fen and payers = '{}'
      when moves = 'benefit' then
        account_fen = 0 and payers = '{}' and fen_sum(fund_fen) = case when scheme is null then 0 else total_fen end
      when moves in ('recovery', 'writeOff') then
        account_fen = 0 and payers = '{}' and total_fen = fen_sum(fund_fen)
      else account_fen = 0 and payers = '{}' and funds = '{}'
    end),
  add constraint movement_words check (
    (moves in ('contribution', 'credit', 'recovery', 'writeOff')) <= (scheme is not null)
    and (moves = 'benefit') = (benefit is not null)
    and (moves in ('collection', 'reimbursement', 'recovery')) <= (settlement_id is not null)
    and (moves in ('contribution', 'credit', 'benefit')) <= (settlement_id is null)
    and (moves = 'collection') = (institution is not null)
    and (moves in ('recovery', 'repayment', 'setOff', 'writeOff')) = (party is not null));

-- What people owe and what is owed to them is summed into one row a region each.
create or replace function summary_account(account text) returns text language sql immutable strict parallel safe
  return case
    when account like 'personal:%' then 'personal:*'
    when account like 'memo:person:%' then 'memo:person:*'
    when account like 'receivable:%:person:%' then 'receivable:' || split_part(account, ':', 2) || ':person:*'
    when account like 'owed:%:person:%' then 'owed:' || split_part(account, ':', 2) || ':person:*'
    else account
  end;

create or replace view effective_settlement as
  select s.* from settlement s
  where s.kind in ('settlement', 'restoration')
    and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id);

-- The views that knew nothing of what a person advanced.

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
      coalesce(sum(amount_fen) filter (where kind = 'advanced'), 0) as advanced,
      coalesce(sum(amount_fen) filter (where kind in ('fund', 'account')
        and 'owed:' || s.home_region || ':person:' || s.owner_id in (debit_account, credit_account)), 0) as owed,
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
     or t.advanced <> s.advanced_fen or t.owed <> s.advanced_fen
     or t.due_to <> (s.fund_total_fen + s.account_fen + s.receivable_fen - s.advanced_fen) * is_here.due;

-- The body of check_transfer_accounts, under the name that it has since clearing. What is settled anew stays owed in the very
-- accounts of the settlement before, whose scheme may have been another: check_desk_settlements compares the two.
create or replace view transfers_elsewhere as
  select t.posting_id as subject, 'a ' || t.kind || ' transfer names another account than its settlement' as problem
  from transfer t
  left join settlement s on s.id = t.posting_id
  left join movement m on m.id = t.posting_id,
  lateral (select s.kind in ('settlement', 'restoration') as forward) d,
  lateral (
    select case when d.forward then t.debit_account else t.credit_account end as payer,
           case when d.forward then t.credit_account else t.debit_account end as payee,
           'payable:' || s.institution || ':settled' as payable,
           'owed:' || s.home_region || ':person:' || s.owner_id as owed,
           'memo:window:' || s.institution as window,
           'due-to:' || s.home_region || ':' || s.care_region as due_to,
           'due-from:' || s.care_region || ':' || s.home_region as due_from,
           ':' || s.scheme || ':' || to_char(s.treated_on, 'YYYY-MM') as tail
  ) a,
  lateral (
    select case when s.care_region = s.home_region then a.payee = a.payable
                else a.payee in (a.due_to, a.due_to || a.tail)
                  or s.desk = 'resettlement' and starts_with(a.payee, a.due_to || ':') end as to_creditor,
           a.payer in (a.due_from, a.due_from || a.tail)
             or s.desk = 'resettlement' and starts_with(a.payer, a.due_from || ':') as by_region
  ) c
  where case t.kind
    when 'fund' then
      a.payer like 'fund:' || s.home_region || ':' || s.scheme || ':%' and (c.to_creditor or a.payee = a.owed)
      and t.owner_id = s.owner_id
    when 'account' then
      a.payer = 'personal:' || s.owner_id and (c.to_creditor or a.payee = a.owed) and t.owner_id = s.owner_id
    when 'family' then
      a.payer = 'personal:' || t.owner_id and c.to_creditor and t.owner_id <> s.owner_id
    when 'receivable' then
      a.payer = 'receivable:' || s.home_region || ':person:' || s.owner_id and c.to_creditor
      and t.owner_id = s.owner_id
    when 'dueTo' then c.by_region and a.payee = a.payable
    when 'cash' then a.payer = 'memo:person:' || s.owner_id and a.payee = a.window
    when 'advanced' then a.payer = 'memo:person:' || s.owner_id and a.payee = a.window
    when 'employer' then a.payer = 'memo:employer:' || s.home_region and a.payee = a.window
    when 'hospital' then a.payer = 'memo:hospital:' || s.institution and a.payee = a.window
    when 'opening' then
      s.id is null and m.id is null
      and t.leg = 1 and t.debit_account like 'opening:%' and t.credit_account = 'personal:' || t.owner_id
    -- check_movement_transfers proves the accounts of movements.
    else m.moves = t.kind and m.owner_id = t.owner_id
  end is not true;

create or replace view check_answers as
  with posted as (
    select owner_id, id, false as moved from settlement
    union all
    select owner_id, id, true from movement
  ), answered as (
    select owner_id, posting_id, count(*) filter (where kind <> 'reversed') as keys,
           bool_and(kind = 'moved') as moved, bool_or(kind = 'moved') as some_moved
    from answer where posting_id is not null group by 1, 2
  )
  -- A reversal asked twice answers with the row of the first; every other row is one key's answer, but for one that another
  -- row takes the place of: that row is the answer to both.
  select p.id as subject, 'row without an answer, or answered to two keys' as problem
  from posted p left join answered a on a.owner_id = p.owner_id and a.posting_id = p.id
  where (a.posting_id is null or a.keys > 1 or a.moved <> p.moved or a.some_moved <> p.moved)
    and not exists (select from settlement r where r.owner_id = p.owner_id and r.replaces = p.id)
  union all
  select a.posting_id, 'answer names a row that is not there'
  from answer a
  where a.posting_id is not null
    and not exists (select from posted p where p.owner_id = a.owner_id and p.id = a.posting_id)
  union all
  select encode(a.key_hash, 'hex'), 'answer without its request'
  from answer a
  where not exists (select from request r where r.key_hash = a.key_hash and r.owner_id = a.owner_id);

create or replace view check_dossier_answers as
  select a.owner_id || ' ' || a.subject as subject, 'what was entered of it is gone' as problem
  from answer a
  where a.kind = 'entered' and a.subject ~ '^(visit |collection |case |card [0-9a-f]{32}$)'
    and not exists (
      select from dossier_entry e
      where e.owner_id = a.owner_id and e.subject = a.subject and e.version = 1
    );

-- What was collected of a settlement that the desk settled anew stays where it is: the window had it.
create or replace view check_collections as
  with newest as (
    select distinct on (owner_id, subject) owner_id, subject, kind
    from dossier_entry where subject like 'collection %' order by owner_id, subject, version desc
  ), booked as (
    select m.owner_id, 'collection ' || m.settlement_id as subject, m.settlement_id, sum(m.total_fen) as fen
    from movement m
    where m.moves = 'collection' and m.kind = 'movement'
      and not exists (select from movement u where u.owner_id = m.owner_id and u.undoes = m.id)
    group by m.owner_id, m.settlement_id
  ), standing as (
    select s.owner_id, s.settlement_id, s.cash_fen - s.employer_share_fen - s.receivable_fen as fen
    from settlement s
    left join settlement u on u.owner_id = s.owner_id and u.undoes = s.id
    where s.kind in ('settlement', 'restoration')
      and (u.id is null or exists (select from settlement r where r.owner_id = u.owner_id and r.replaces = u.id))
  )
  select n.subject, 'is under way, and nothing looks after it' as problem
  from newest n
  where n.kind in ('asked', 'unknown', 'returning')
    and not exists (select from due d where d.owner_id = n.owner_id and d.subject = n.subject)
  union all
  select d.subject, 'is due, and nobody asked for it'
  from due d
  where d.subject like 'collection %'
    and not exists (select from newest n where n.owner_id = d.owner_id and n.subject = d.subject)
  union all
  select b.subject, 'is booked, and nobody asked for it'
  from booked b
  where not exists (select from newest n where n.owner_id = b.owner_id and n.subject = b.subject)
  union all
  select b.subject, 'more is collected than its settlement leaves to the person'
  from booked b
  left join standing s on s.owner_id = b.owner_id and s.settlement_id = b.settlement_id
  where b.fen > coalesce(s.fen, 0)
    and not exists (select from due d where d.owner_id = b.owner_id and d.subject = b.subject);

create or replace view check_movement_canonical as
  select m.id as subject, 'columns differ from the document' as problem
  from movement m,
       lateral (select convert_from(m.canonical, 'UTF8')::jsonb as row offset 0) d,
       lateral (select d.row -> 'content' as c offset 0) e
  where (d.row ->> 'id', d.row ->> 'movement', d.row ->> 'kind', d.row ->> 'undoes')
          is distinct from (m.id, m.movement_id, m.kind, m.undoes)
     or ((d.row ->> 'sequence')::int, (d.row ->> 'booking')::int) is distinct from (m.sequence, m.booking)
     or (d.row ->> 'postedAt')::bigint <> round(extract(epoch from m.posted_at) * 1000)
     or (e.c ->> 'person', e.c ->> 'kind', e.c ->> 'region', e.c ->> 'scheme', e.c ->> 'benefit', e.c ->> 'month',
         e.c ->> 'day', e.c ->> 'reference', e.c ->> 'settlement', e.c ->> 'institution', e.c ->> 'party')
          is distinct from (m.owner_id, m.moves, m.region, m.scheme, m.benefit, m.month,
         m.moved_on::text, m.reference, m.settlement_id, m.institution, m.party)
     or ((e.c ->> 'total')::bigint, (e.c ->> 'account')::bigint, (e.c ->> 'accountBalance')::bigint)
          is distinct from (m.total_fen, m.account_fen, m.account_balance_fen)
     or array(select p ->> 'payer' from jsonb_array_elements(e.c -> 'paid') p) <> m.payers
     or array(select (p ->> 'amount')::bigint from jsonb_array_elements(e.c -> 'paid') p) <> m.payer_fen
     or array(select f ->> 'fund' from jsonb_array_elements(e.c -> 'funds') f) <> m.funds
     or array(select (f ->> 'amount')::bigint from jsonb_array_elements(e.c -> 'funds') f) <> m.fund_fen
     or m.source <> concat_ws(' ', m.moves, coalesce(m.scheme, ''), coalesce(m.benefit, ''), m.month, m.reference);

create or replace view check_movement_transfers as
  with told as (
    select m.owner_id, m.id as posting_id, part.account,
           sum(case m.kind when 'movement' then part.fen else -part.fen end) as fen
    from movement m, lateral (
      select 'income:' || m.region || ':' || m.scheme || ':' || p.payer as account, -p.fen as fen
      from unnest(m.payers, m.payer_fen) as p (payer, fen)
      union all
      select 'fund:' || m.region || ':' || m.scheme || ':' || f.fund,
             case when m.moves in ('contribution', 'recovery') then f.fen else -f.fen end
      from unnest(m.funds, m.fund_fen) as f (fund, fen)
      union all
      select 'personal:' || m.owner_id, m.account_fen where m.account_fen > 0
      union all
      select 'payout:' || m.region || ':' || m.benefit, m.total_fen where m.moves = 'benefit'
      union all
      select 'entrusted:' || m.region || ':' || m.benefit, -m.total_fen where m.moves = 'benefit' and m.scheme is null
      union all
      select 'memo:window:' || m.institution, -m.total_fen where m.moves = 'collection'
      union all
      select 'memo:bank:' || m.institution, m.total_fen where m.moves = 'collection'
      union all
      select 'owed:' || m.region || ':person:' || m.owner_id, -m.total_fen where m.moves in ('reimbursement', 'setOff')
      union all
      select 'payout:' || m.region || ':reimbursement', m.total_fen where m.moves = 'reimbursement'
      union all
      select 'recovered:' || m.region, -m.total_fen where m.moves = 'repayment'
      union all
      select 'receivable:' || m.region || ':' || m.party, case when m.moves = 'recovery' then -m.total_fen else m.total_fen end
      where m.party is not null
    ) part group by 1, 2, 3
  ), booked as (
    select e.owner_id, e.posting_id, e.account, sum(e.credit_fen - e.debit_fen) as fen
    from entry e join movement m on m.id = e.posting_id group by 1, 2, 3
  )
  select posting_id as subject, 'transfers do not repeat the parts' as problem
  from told full join booked using (owner_id, posting_id, account)
  where told.fen is distinct from booked.fen;

create or replace view check_movement_undo as
  with legs as (
    select m.owner_id, m.id,
           array_agg(concat_ws('|', t.leg, t.kind, t.debit_account, t.credit_account, t.amount_fen) order by t.leg) as as_is,
           array_agg(concat_ws('|', t.leg, t.kind, t.credit_account, t.debit_account, t.amount_fen) order by t.leg) as mirrored
    from movement m join transfer t on t.owner_id = m.owner_id and t.posting_id = m.id
    group by m.owner_id, m.id
  )
  select u.id as subject, 'does not mirror the movement that it takes back' as problem
  from movement u
  left join movement m on m.owner_id = u.owner_id and m.id = u.undoes
  left join legs mine on mine.owner_id = u.owner_id and mine.id = u.id
  left join legs theirs on theirs.owner_id = u.owner_id and theirs.id = u.undoes
  where u.sequence = 2
    and (mine.as_is is distinct from theirs.mirrored
      or (u.source, u.booking, u.region, u.total_fen, u.payers, u.payer_fen, u.funds, u.fund_fen, u.account_fen,
          u.settlement_id, u.institution, u.party)
           is distinct from
         (m.source, m.booking, m.region, m.total_fen, m.payers, m.payer_fen, m.funds, m.fund_fen, m.account_fen,
          m.settlement_id, m.institution, m.party));

-- What must hold of the desk.

-- What the desk made says so in its document, and a row that takes the place of another stands for one that was undone.
create view check_desk_settlements as
  select s.id as subject, 'what the desk made differs from the document' as problem
  from settlement s, lateral (select convert_from(s.canonical, 'UTF8')::jsonb -> 'content' as c offset 0) d
  where d.c -> 'desk' ->> 'kind' is distinct from s.desk
     or coalesce((d.c ->> 'advanced')::bigint, 0) <> s.advanced_fen
     or case when s.kind = 'settlement' then d.c -> 'desk' -> 'replaces' ->> 'row' end is distinct from s.replaces
  union all
  select r.id, 'takes the place of a row that nobody undid'
  from settlement r
  left join settlement u on u.owner_id = r.owner_id and u.id = r.replaces
  where r.replaces is not null and u.kind is distinct from 'cancellation'
  union all
  -- What an institution is to get does not change when the desk settles anew.
  select r.id, 'its institution gets another amount than before'
  from settlement r
  join settlement u on u.owner_id = r.owner_id and u.id = r.replaces
  where r.fund_total_fen + r.account_fen + r.receivable_fen - r.advanced_fen
     <> u.fund_total_fen + u.account_fen + u.receivable_fen - u.advanced_fen
  union all
  select r.id, 'its institution or its region is owed in another account than before'
  from settlement r
  join settlement u on u.owner_id = r.owner_id and u.id = r.replaces
  where exists (
    select from entry e
    where e.owner_id = any (r.participants || u.participants) and e.posting_id in (r.id, u.id)
      and e.account ~ '^(payable|due-to|due-from):'
    group by e.account having sum(e.credit_fen) <> sum(e.debit_fen)
  )
  union all
  -- Statements and windows leave out what nobody was told of.
  select c.row_id, 'is cleared although its institution was told of nothing'
  from clearing_row c
  join settlement s on s.owner_id = c.of_owner and s.id = c.row_id
  where s.desk is not null
     or exists (select from settlement r where r.owner_id = s.owner_id and r.replaces = s.id);

-- No person is paid more than they are owed, and nobody pays back more than they owe.
create view check_desk_balances as
  select account as subject, 'is below nothing' as problem
  from entry
  where account like 'owed:%' or account like 'receivable:%'
  group by account
  having sum(credit_fen - debit_fen) * case when account like 'owed:%' then 1 else -1 end < 0;

-- A payment that is under way is due, one that was made is booked, and nothing of a case is paid without one.
create view check_desk_payments as
  with newest as (
    select distinct on (owner_id, subject) owner_id, subject, kind
    from dossier_entry where subject like 'case %' order by owner_id, subject, version desc
  )
  select n.subject, 'is being paid, and nothing looks after it' as problem
  from newest n
  where n.kind = 'ordered'
    and not exists (select from due d where d.owner_id = n.owner_id and d.subject = n.subject)
  union all
  select d.subject, 'is due, and nothing of it is being paid'
  from due d left join newest n on n.owner_id = d.owner_id and n.subject = d.subject
  where d.subject like 'case %' and n.kind is distinct from 'ordered'
  union all
  select p.owner_id, 'payments booked are not the payments entered'
  from (
    select owner_id, count(*) filter (where entered) as entered, count(*) filter (where not entered) as booked
    from (
      select owner_id, true as entered from dossier_entry where subject like 'case %' and kind = 'paid'
      union all
      select owner_id, false from movement where moves = 'reimbursement'
    ) each group by owner_id
  ) p
  where p.entered <> p.booked;

-- An invoice is held by one paper bill at a time.
create view check_invoices as
  select owner_id || ' ' || subject as subject, 'is held twice, or let go by nobody' as problem
  from (
    select owner_id, subject, kind, row_number() over (partition by owner_id, subject order by version) as at
    from dossier_entry where owner_id like 'invoice:%' and kind in ('claimed', 'released')
  ) e
  where (kind = 'claimed') <> (at % 2 = 1);

grant select on check_desk_settlements, check_desk_balances, check_desk_payments, check_invoices to jiesuan_app;
