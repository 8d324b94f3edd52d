-- Cards: their PINs, their challenges, and credentials that ended.

-- What is kept of a card's PIN: a verifier that tells nothing without the key store, and how many tries are left. A try is
-- taken before the PIN is looked at, in a transaction of its own, so that neither a race nor a kill gives one back.
create table card_pin (
  owner_id text collate "C" not null,
  card_hash bytea not null,
  verifier bytea,
  key_version int,
  initial boolean not null,
  tries int not null check (tries >= 1),
  tries_left int not null check (tries_left between 0 and tries),
  changed_at timestamptz not null,
  primary key (owner_id, card_hash)
);

-- Every try that was taken, and every one that turned out right.
create table pin_try (
  owner_id text collate "C" not null,
  card_hash bytea not null,
  id text collate "C" not null,
  kind text not null check (kind in ('taken', 'right')),
  institution text collate "C" not null,
  terminal text,
  tried_at timestamptz not null,
  primary key (owner_id, card_hash, id, kind)
);
create index pin_try_by_terminal on pin_try (institution, terminal, tried_at);

-- A challenge is good for one answer: whoever takes it removes it.
create table challenge (
  id text collate "C" primary key,
  institution text collate "C" not null,
  terminal text,
  random bytea not null check (length(random) = 16),
  expires_at timestamptz not null
);
create index challenge_expires on challenge (expires_at);

-- A citizen number that its holder no longer has finds nobody.
alter table credential add column ended_at timestamptz;

create view check_pins as
  select p.owner_id || ' ' || encode(p.card_hash, 'hex') as subject, 'PIN of a card that is not there' as problem
  from card_pin p
  where not exists (select from card c where c.owner_id = p.owner_id and c.card_hash = p.card_hash);

create view check_card_versions as
  select c.owner_id || ' ' || encode(c.card_hash, 'hex') as subject, 'the card is not its newest version' as problem
  from card c
  left join card_version v on v.owner_id = c.owner_id and v.card_hash = c.card_hash and v.version = c.version
  where v.version is null or v.document is distinct from c.document
     or c.version <> (select count(*) from card_version h where h.owner_id = c.owner_id and h.card_hash = c.card_hash);

grant select, insert, update on card_pin to jiesuan_app;
grant select, insert on pin_try to jiesuan_app;
grant select, insert, delete on challenge to jiesuan_app;
grant select on check_pins, check_card_versions to jiesuan_app;

-- What the desks of cards look for: a card by what it is called, and temporary losses that have lapsed.

create index card_by_hash on card (card_hash);

create index card_lapsing on card (((document -> 'loss' ->> 'lapses')::float8))
  where document -> 'loss' ->> 'kind' = 'temporary';
