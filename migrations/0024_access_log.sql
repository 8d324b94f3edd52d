-- Who was told what of whom (访问日志). A row is kept before its answer leaves and never changed; positions are dense from 1, given under a lock that
-- ends with the transaction, and moments rise with them. `canonical` is the RFC 8785 JSON of the row, which a seal hashes.
create table access_log (
  position bigint primary key check (position > 0),
  at timestamptz not null,
  caller text not null,
  role text not null,
  action text not null,
  person text,
  subject text,
  reason text,
  canonical bytea not null
);

-- Each with the position, in whose order a list is read and where its next page begins.
create index access_log_at on access_log (at, position);
create index access_log_person on access_log (person, position) where person is not null;
create index access_log_caller on access_log (caller, position);
create index access_log_action on access_log (action, position);

grant select, insert on access_log to jiesuan_app;
