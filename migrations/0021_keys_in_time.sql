-- The ids of postings follow time. An index that begins with one grows at its end, on pages that are in memory anyway; an index that begins with a
-- person is written wherever that person stands, on a page of its own for each row: with two million settlements such pages no longer fitted into
-- the buffers, and were read, written out and logged whole for each claim. So keys begin with the id wherever the question knows it, and
-- what is asked of a person alone has the narrowest index there is. No key has other columns than before: what was impossible twice still is.

alter table settlement
  drop constraint settlement_pkey,
  add primary key (id, owner_id),
  drop constraint settlement_owner_id_settlement_id_sequence_key,
  add constraint settlement_in_chain unique (settlement_id, sequence, owner_id);
drop index settlement_by_id;

-- Somebody has few bills on one day, so that looking at each costs less than 32 bytes of its hash in every entry. The day is a number, since
-- of a table that is planned for while it is empty all bills of a day look as few as all of a person.
create index settlement_of_owner on settlement (owner_id, (treated_on - date '2000-01-01'));
drop index settlement_same_bill;

-- Rows of one person share an entry: some ten bytes each, where the key has eighty.
alter table transfer
  drop constraint transfer_pkey,
  add primary key (posting_id, owner_id, leg);
create index transfer_of_owner on transfer (owner_id);
-- The key finds the transfers of a stretch of the journal as well.
drop index transfer_placed;

drop index answer_of_posting;
create index answer_of_posting on answer (posting_id) where posting_id is not null;
