-- What is to be looked at again, and when by the clock of the application: whoever sweeps finds its work here.
create table due (
  owner_id text collate "C" not null,
  subject text collate "C" not null,
  due_at timestamptz not null,
  -- How often it was looked at since it last changed.
  attempts int not null default 0 check (attempts >= 0),
  primary key (owner_id, subject)
);
create index due_first on due (due_at);

grant select, insert, update, delete on due to jiesuan_app;
