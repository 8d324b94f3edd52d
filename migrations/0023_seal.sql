-- The seal (防篡改日志): a hash log over the positions of the journal, by which anybody who was given a head can tell whether anything was
-- changed since.

-- What a posting wrote, as one hash (SM3), and a proof (HMAC-SM3 under the index key) that somebody with the keys wrote it: both made in the
-- transaction that wrote it. Rows from before have neither; their hash is made of what is stored when they are sealed.
alter table unjournaled
  add column digest bytea check (length(digest) = 32),
  add column mac bytea check (length(mac) = 16);
alter table journal
  add column digest bytea check (length(digest) = 32),
  add column mac bytea check (length(mac) = 16);

-- Small samples, as of every table that grows with claims; hashes do not compress.
alter table journal alter column digest set statistics 10, alter column mac set statistics 10;

-- Up to which position the journal has rows from before.
create table seal_start (
  only_row boolean primary key default true check (only_row),
  position bigint not null,
  -- HMAC-SM3 under the index key, written at the first start: whoever has no key cannot say that later rows are from before.
  mac bytea check (length(mac) = 32)
);
insert into seal_start (position) select position from journal_head;

-- Heads, each signed and with the hash of the one before. `edge` is what the next one goes on from.
create table seal_head (
  log text collate "C" not null,
  size bigint not null check (size >= 1),
  root bytea not null check (length(root) = 32),
  edge bytea[] not null,
  note text not null,
  sealed_at timestamptz not null,
  primary key (log, size)
);

-- The hashes of 256 neighbours of one level, once all are there: of leaves (level 0), of tiles of leaves (1), and so on.
create table seal_tile (
  log text collate "C" not null,
  level int not null check (level >= 0),
  tile bigint not null check (tile >= 0),
  hashes bytea not null check (length(hashes) = 256 * 32),
  primary key (log, level, tile)
);

-- The keys that heads were signed with, the first one as it was, each later one vouched for by the one before.
create table seal_key (
  name text collate "C" primary key,
  public_key text not null unique,
  number int not null unique check (number >= 1),
  since_size bigint not null check (since_size >= 0),
  note text,
  check ((number = 1) = (note is null))
);

alter table seal_tile alter column hashes set storage external;

grant select, update (mac) on seal_start to jiesuan_app;
grant select, insert on seal_head, seal_tile, seal_key to jiesuan_app;

-- Heads that other regions left here (他区日志头), each proved to go on from the one before.
create table kept_head (
  log text collate "C" not null,
  size bigint not null check (size >= 1),
  root bytea not null check (length(root) = 32),
  note text not null,
  public_key text not null,
  kept_at timestamptz not null,
  primary key (log, size)
);
grant select, insert on kept_head to jiesuan_app;

-- The self-audit (自查): how far the round is that goes on, and what came of each round before.
create table audit_state (
  only_row boolean primary key default true check (only_row),
  round bigint not null,
  began_at timestamptz not null,
  -- When the last round began that found nothing: whatever stood then was proved since.
  proved_at timestamptz,
  slices jsonb not null,
  findings jsonb not null
);
create table audit_round (
  round bigint primary key,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  postings bigint not null,
  findings jsonb not null
);
grant select, insert, update on audit_state to jiesuan_app;
grant select, insert on audit_round to jiesuan_app;
