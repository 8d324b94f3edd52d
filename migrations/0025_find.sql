-- What is looked for: people by their masked names, settlements by their cards, refusals by their codes, and what happened minute by minute.

-- Half of the HMAC-SM3 under the index key of a name as it is masked: by the first character (张*), and by the first and the last (张*明). Whoever
-- was recorded before has none until the server has gone through them.
alter table person
  add column family_hash bytea check (length(family_hash) = 16),
  add column name_hash bytea check (length(name_hash) = 16);
create index person_of_family on person (family_hash, owner_id);
create index person_of_name on person (name_hash, owner_id);
create index person_unhashed on person (owner_id) where name_hash is null;

-- A card by what it is called, half of its hash: the request tells it as well, but encrypted and in the words of its own interface. Older rows
-- have none. Nobody asks for a card without its holder, so that it needs no index.
alter table settlement
  add column card bytea check (length(card) = 16),
  alter column card set statistics 10;

-- What was refused, and to whom. A settled claim has neither word, so that the indexes are as small as what was refused. A key that a reversal
-- blocked before anybody used it refused nobody yet, and older answers tell their codes to who decrypts them alone.
alter table answer
  add column code text,
  add column institution text collate "C",
  add constraint refused_has_code check ((code is null) = (institution is null) and (code is null or kind = 'refused')),
  alter column code set statistics 10,
  alter column institution set statistics 10;
create index answer_refused on answer (answered_at, key_hash) where code is not null;
create index answer_refused_as on answer (code, answered_at, key_hash) where code is not null;
create index answer_refused_to on answer (institution, answered_at, key_hash) where code is not null;

-- Rows that are no first settlements, by their ids, which follow time: what was posted in a minute less these is what was settled in it.
create index settlement_later on settlement (id) include (kind) where sequence > 1;
