-- The simplest double-entry ledger that a user would write on PostgreSQL, after the manner of pgledger: balances are updated
-- in place under row locks taken in one order, and each transfer leaves two entries that tell the balance they led to.

create table account (
  id text collate "C" primary key,
  balance bigint not null default 0,
  version bigint not null default 0,
  may_owe boolean not null,
  constraint enough check (may_owe or balance >= 0)
);

create table transfer (
  id uuid primary key default uuidv7(),
  from_account text collate "C" not null references account,
  to_account text collate "C" not null references account,
  amount bigint not null check (amount > 0),
  created_at timestamptz not null default now(),
  check (from_account <> to_account)
);
create index on transfer (from_account);
create index on transfer (to_account);

create table entry (
  account text collate "C" not null references account,
  version bigint not null,
  transfer uuid not null references transfer,
  amount bigint not null,
  balance bigint not null,
  primary key (account, version)
);
create index on entry (transfer);

create function post(debits text[], credits text[], amounts bigint[]) returns void language plpgsql as $$
declare
  moved uuid;
  held account;
begin
  perform from account where id = any (debits || credits) order by id for update;
  for leg in 1 .. cardinality(amounts) loop
    insert into transfer (from_account, to_account, amount)
    values (debits[leg], credits[leg], amounts[leg]) returning id into moved;
    update account set balance = balance - amounts[leg], version = version + 1
    where id = debits[leg] returning * into held;
    insert into entry values (held.id, held.version, moved, -amounts[leg], held.balance);
    update account set balance = balance + amounts[leg], version = version + 1
    where id = credits[leg] returning * into held;
    insert into entry values (held.id, held.version, moved, amounts[leg], held.balance);
  end loop;
end $$;
