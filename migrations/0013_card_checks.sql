-- Cards, PINs and collections: what an older database lacks, and what no check noticed.

-- It was made before a settlement could leave something owed by name, and names its columns as they were then.
create or replace view effective_settlement as
  select s.* from settlement s
  where s.kind in ('settlement', 'restoration')
    and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id);

-- Tries of a PIN are numbered, so that one that is told right gives back those up to it and no other, in whatever order and at
-- whatever moment they are told: what is left follows from the last one taken and the last one right, or given back by a change.
alter table card_pin
  add column taken bigint not null default 0,
  add column right_to bigint not null default 0;
update card_pin set right_to = tries_left - tries;
alter table card_pin add constraint card_pin_counted check (tries_left = tries - (taken - right_to));
alter table pin_try add column number bigint;

-- A card that was there before PINs had rows of their own tells the state of its PIN in its document, which is written without
-- it from now on. Where that has already happened its history tells. What the PIN is was never told to us: a set one is wrong
-- whatever is entered, until it is reset.
insert into card_pin (owner_id, card_hash, initial, tries, tries_left, right_to, changed_at)
select c.owner_id, c.card_hash, p.state = 'initial', 3, case p.state when 'locked' then 0 else 3 end,
       case p.state when 'locked' then -3 else 0 end, c.recorded_at
from card c, lateral (
  select coalesce((
    select v.document ->> 'pin' from card_version v
    where v.owner_id = c.owner_id and v.card_hash = c.card_hash and v.document ? 'pin'
    order by v.version desc limit 1
  ), 'initial') as state
) p
where not exists (select from card_pin n where n.owner_id = c.owner_id and n.card_hash = c.card_hash);

-- How many were wrong at a terminal of late is asked before every try: whoever looks through all that an institution has ever
-- tried takes longer every day.
create index pin_try_of_late on pin_try (institution, tried_at);
drop index pin_try_by_terminal;

create or replace view check_pins as
  select p.owner_id || ' ' || encode(p.card_hash, 'hex') as subject, 'PIN of a card that is not there' as problem
  from card_pin p
  where not exists (select from card c where c.owner_id = p.owner_id and c.card_hash = p.card_hash)
  union all
  select p.owner_id || ' ' || encode(p.card_hash, 'hex'), 'a try is not counted'
  from card_pin p
  where p.taken <> (
    select count(t.number) from pin_try t where t.owner_id = p.owner_id and t.card_hash = p.card_hash and t.kind = 'taken')
  union all
  select c.owner_id || ' ' || encode(c.card_hash, 'hex'), 'card without its PIN'
  from card c
  where not exists (select from card_pin p where p.owner_id = c.owner_id and p.card_hash = c.card_hash);

-- What leads to somebody leads to a card of theirs, if to any.
create view check_credentials as
  select encode(number_hash, 'hex') as subject, 'leads to a card that its owner does not have' as problem
  from credential n
  where (n.kind = 'card') > (n.card_hash is not null)
     or n.card_hash is not null
    and not exists (select from card c where c.owner_id = n.owner_id and c.card_hash = n.card_hash)
  union all
  select encode(number_hash, 'hex'), 'leads to nobody'
  from credential n
  where not exists (select from person p where p.owner_id = n.owner_id)
  union all
  select encode(number_hash, 'hex'), 'ended, although only citizen numbers end'
  from credential where ended_at is not null and kind <> 'citizen-number';

-- A collection that is under way is due; where none is, the ledger holds no more than the settlement leaves to the person.
create view check_collections as
  with newest as (
    select distinct on (owner_id, subject) owner_id, subject, kind
    from dossier_entry where subject like 'collection %' order by owner_id, subject, version desc
  ), booked as (
    select m.owner_id, 'collection ' || m.settlement_id as subject, m.settlement_id, sum(m.total_fen) as fen
    from movement m
    where m.moves = 'collection' and m.kind = 'movement'
      and not exists (select from movement u where u.owner_id = m.owner_id and u.undoes = m.id)
    group by m.owner_id, m.settlement_id
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
  left join effective_settlement s on s.owner_id = b.owner_id and s.settlement_id = b.settlement_id
  where b.fen > coalesce(s.cash_fen - s.employer_share_fen - s.receivable_fen, 0)
    and not exists (select from due d where d.owner_id = b.owner_id and d.subject = b.subject);

create or replace view check_dossier_answers as
  select a.owner_id || ' ' || a.subject as subject, 'what was entered of it is gone' as problem
  from answer a
  where a.kind = 'entered' and a.subject ~ '^(visit |collection |card [0-9a-f]{32}$)'
    and not exists (
      select from dossier_entry e
      where e.owner_id = a.owner_id and e.subject = a.subject and e.version = 1
    );

grant select on check_credentials, check_collections to jiesuan_app;
