-- What proves the data keys at every start, so that wrong ones are noticed before anybody is answered.

create table key_check (
  key text primary key,
  proof bytea not null,
  kept_at timestamptz not null default now()
);

grant select, insert on key_check to jiesuan_app;
