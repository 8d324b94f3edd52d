-- Money that moves without a bill (资金变动): contributions, monthly credits, benefits, collections, and rows that take them back.

-- Amounts of a cancellation are stored positive, as in the row that it takes back; the kind tells the sign.
create table movement (
  owner_id text collate "C" not null,
  id text collate "C" not null check (length(id) = 30),
  movement_id text collate "C" not null,
  sequence int not null check (sequence in (1, 2)),
  kind text not null check (kind in ('movement', 'cancellation')),
  undoes text collate "C",
  -- Kind, scheme, benefit, month and reference: of a person it is booked once, and again only after it was taken back.
  source text collate "C" not null,
  booking int not null check (booking >= 1),
  moves text not null check (moves in ('contribution', 'credit', 'benefit', 'collection')),
  region text not null,
  scheme text,
  benefit text,
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  moved_on date not null,
  reference text not null,
  -- Only of a collection: the settlement whose cash it is, and whose window.
  settlement_id text collate "C",
  institution text collate "C",
  posted_at timestamptz not null,
  total_fen bigint not null check (total_fen > 0),
  payers text[] not null,
  payer_fen bigint[] not null check (0 < all (payer_fen)),
  funds text[] not null,
  fund_fen bigint[] not null check (0 < all (fund_fen)),
  account_fen bigint not null check (account_fen >= 0),
  account_balance_fen bigint check (account_balance_fen >= 0),
  canonical bytea not null,
  primary key (owner_id, id),
  unique (owner_id, movement_id, sequence),
  unique (owner_id, undoes),
  constraint movement_row check ((sequence = 1) = (id = movement_id)),
  constraint movement_kind check
    ((kind = 'movement') = (sequence = 1) and (undoes is null) = (sequence = 1) and coalesce(undoes, movement_id) = movement_id),
  constraint movement_parts check
    (cardinality(payers) = cardinality(payer_fen) and cardinality(funds) = cardinality(fund_fen)),
  constraint movement_amounts check (
    case moves
      when 'contribution' then
        total_fen = fen_sum(payer_fen) and total_fen = fen_sum(fund_fen) + account_fen
      when 'credit' then total_fen = fen_sum(fund_fen) and total_fen = account_fen and payers = '{}'
      when 'benefit' then
        account_fen = 0 and payers = '{}' and fen_sum(fund_fen) = case when scheme is null then 0 else total_fen end
      else account_fen = 0 and payers = '{}' and funds = '{}'
    end),
  constraint movement_words check (
    (moves in ('contribution', 'credit')) <= (scheme is not null)
    and (moves = 'benefit') = (benefit is not null)
    and (moves = 'collection') = (settlement_id is not null and institution is not null)),
  constraint movement_balance check ((account_fen > 0) = (account_balance_fen is not null))
);
create unique index movement_of_source on movement (owner_id, source, booking) where sequence = 1;
create index movement_by_id on movement (movement_id, sequence);
create index movement_of_settlement on movement (owner_id, settlement_id) where settlement_id is not null;

alter table transfer drop constraint transfer_kind_check;
alter table transfer add constraint transfer_kind_check check
  (kind in ('fund', 'account', 'family', 'dueTo', 'cash', 'employer', 'hospital', 'opening',
            'contribution', 'credit', 'benefit', 'collection'));

alter table answer drop constraint answer_kind, drop constraint answer_has_row;
alter table answer
  add constraint answer_kind check (kind in ('settled', 'undone', 'reversed', 'refused', 'entered', 'moved')),
  add constraint answer_has_row check
    (case when kind in ('settled', 'undone', 'moved') then posting_id is not null
          when kind in ('refused', 'entered') then posting_id is null
          else true end);

grant select, insert on movement to jiesuan_app;

-- The views that knew of settlements alone.

create or replace view check_transfers_have_settlement as
  select t.posting_id as subject, 'transfer without a settlement or a movement' as problem
  from transfer t
  left join settlement s on s.id = t.posting_id
  left join movement m on m.id = t.posting_id
  where t.kind <> 'opening'
    and (s.id is null or t.owner_id <> all (s.participants)) and m.owner_id is distinct from t.owner_id;

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
  -- A reversal asked twice answers with the row of the first; every other row is one key's answer.
  select p.id as subject, 'row without an answer, or answered to two keys' as problem
  from posted p left join answered a on a.owner_id = p.owner_id and a.posting_id = p.id
  where a.posting_id is null or a.keys > 1 or a.moved <> p.moved or a.some_moved <> p.moved
  union all
  select a.posting_id, 'answer names a row that is not there'
  from answer a
  where a.posting_id is not null
    and not exists (select from posted p where p.owner_id = a.owner_id and p.id = a.posting_id)
  union all
  select encode(a.key_hash, 'hex'), 'answer without its request'
  from answer a
  where not exists (select from request r where r.key_hash = a.key_hash and r.owner_id = a.owner_id);

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

create or replace view check_participants as
  select s.id as subject, 'participants are not the owners of the transfers' as problem
  from settlement s
  left join (select posting_id, array_agg(distinct owner_id) as owners from transfer group by 1) t on t.posting_id = s.id
  where array(select p from unnest(s.participants) p order by p) <>
        array(select distinct p from unnest(s.owner_id || coalesce(t.owners, '{}')) p order by p)
  union all
  select p.posting_id, 'its place in the journal names other participants'
  from (
    select owner_id, posting_id, participants from journal
    union all
    select owner_id, posting_id, participants from unjournaled
  ) p
  left join settlement s on s.owner_id = p.owner_id and s.id = p.posting_id
  left join movement m on m.owner_id = p.owner_id and m.id = p.posting_id
  left join transfer o on o.owner_id = p.owner_id and o.posting_id = p.posting_id and o.kind = 'opening' and o.leg = 1
  where p.participants is distinct from
        coalesce(s.participants, case when coalesce(m.id, o.posting_id) is not null then array[p.owner_id] end);

create or replace view check_journal as
  select 'journal' as subject, 'positions are not dense' as problem
  from journal having count(*) > 0 and (min(position) <> 1 or max(position) <> count(*))
  union all
  select 'journal', 'the head is not the last position'
  from journal_head h where h.position <> (select coalesce(max(position), 0) from journal)
  union all
  select posted.posting_id, 'posting is not exactly once in the journal or waiting for it'
  from (
    select id as posting_id from settlement
    union
    select id from movement
    union
    select posting_id from transfer
  ) posted
  left join (select posting_id from journal union all select posting_id from unjournaled) placed
    using (posting_id)
  group by posted.posting_id having count(placed.posting_id) <> 1;

-- What must hold of movements.

-- The document that is sealed and the columns that are asked tell the same.
create view check_movement_canonical as
  select m.id as subject, 'columns differ from the document' as problem
  from movement m,
       lateral (select convert_from(m.canonical, 'UTF8')::jsonb as row offset 0) d,
       lateral (select d.row -> 'content' as c offset 0) e
  where (d.row ->> 'id', d.row ->> 'movement', d.row ->> 'kind', d.row ->> 'undoes')
          is distinct from (m.id, m.movement_id, m.kind, m.undoes)
     or ((d.row ->> 'sequence')::int, (d.row ->> 'booking')::int) is distinct from (m.sequence, m.booking)
     or (d.row ->> 'postedAt')::bigint <> round(extract(epoch from m.posted_at) * 1000)
     or (e.c ->> 'person', e.c ->> 'kind', e.c ->> 'region', e.c ->> 'scheme', e.c ->> 'benefit', e.c ->> 'month',
         e.c ->> 'day', e.c ->> 'reference', e.c ->> 'settlement', e.c ->> 'institution')
          is distinct from (m.owner_id, m.moves, m.region, m.scheme, m.benefit, m.month,
         m.moved_on::text, m.reference, m.settlement_id, m.institution)
     or ((e.c ->> 'total')::bigint, (e.c ->> 'account')::bigint, (e.c ->> 'accountBalance')::bigint)
          is distinct from (m.total_fen, m.account_fen, m.account_balance_fen)
     or array(select p ->> 'payer' from jsonb_array_elements(e.c -> 'paid') p) <> m.payers
     or array(select (p ->> 'amount')::bigint from jsonb_array_elements(e.c -> 'paid') p) <> m.payer_fen
     or array(select f ->> 'fund' from jsonb_array_elements(e.c -> 'funds') f) <> m.funds
     or array(select (f ->> 'amount')::bigint from jsonb_array_elements(e.c -> 'funds') f) <> m.fund_fen
     or m.source <> concat_ws(' ', m.moves, coalesce(m.scheme, ''), coalesce(m.benefit, ''), m.month, m.reference);

-- Account by account its transfers are what its parts say, on the side that its kind says.
create view check_movement_transfers as
  with told as (
    select m.owner_id, m.id as posting_id, part.account,
           sum(case m.kind when 'movement' then part.fen else -part.fen end) as fen
    from movement m, lateral (
      select 'income:' || m.region || ':' || m.scheme || ':' || p.payer as account, -p.fen as fen
      from unnest(m.payers, m.payer_fen) as p (payer, fen)
      union all
      select 'fund:' || m.region || ':' || m.scheme || ':' || f.fund, case m.moves when 'contribution' then f.fen else -f.fen end
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
    ) part group by 1, 2, 3
  ), booked as (
    select e.owner_id, e.posting_id, e.account, sum(e.credit_fen - e.debit_fen) as fen
    from entry e join movement m on m.id = e.posting_id group by 1, 2, 3
  )
  select posting_id as subject, 'transfers do not repeat the parts' as problem
  from told full join booked using (owner_id, posting_id, account)
  where told.fen is distinct from booked.fen;

-- What takes a movement back is its mirror: the same parts, and the same legs with their sides changed.
create view check_movement_undo as
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
          u.settlement_id, u.institution)
           is distinct from
         (m.source, m.booking, m.region, m.total_fen, m.payers, m.payer_fen, m.funds, m.fund_fen, m.account_fen,
          m.settlement_id, m.institution));

create view check_movement_balance_told as
  select m.id as subject, 'the balance told is not the balance booked' as problem
  from movement m
  left join account_version v on v.owner_id = m.owner_id and v.account = 'personal:' || m.owner_id and v.posting_id = m.id
  where v.balance_fen is distinct from m.account_balance_fen;

-- Of one source no booking is missing, and only the last may stand.
create view check_movement_sources as
  select owner_id || ' ' || source as subject, 'booked twice, or a booking is missing' as problem
  from (
    select m.owner_id, m.source, m.booking, u.id is null as stands,
           max(m.booking) over (partition by m.owner_id, m.source) as last
    from movement m left join movement u on u.owner_id = m.owner_id and u.undoes = m.id
    where m.sequence = 1
  ) b
  group by owner_id, source
  having min(booking) <> 1 or max(booking) <> count(*) or bool_or(stands and booking < last);

-- No more cash was collected than a settlement of this very person and institution left to them.
create view check_movement_collections as
  select m.id as subject, 'collects what its settlement does not leave to the person' as problem
  from movement m
  left join settlement s on s.owner_id = m.owner_id and s.id = m.settlement_id
  where m.moves = 'collection'
    and (s.institution is distinct from m.institution or m.total_fen > s.cash_fen - s.employer_share_fen);

grant select on
  check_movement_canonical, check_movement_transfers, check_movement_undo, check_movement_balance_told,
  check_movement_sources, check_movement_collections
to jiesuan_app;
