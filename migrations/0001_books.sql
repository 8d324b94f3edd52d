-- The books of the payer: requests and answers, settlements, transfers, versions, journal; people, cards, institutions.
-- README.md beside this file says which tables are distributed, reference or local, and who may write what.

do $$
begin
  if not exists (select from pg_roles where rolname = 'jiesuan_app') then
    create role jiesuan_app nologin;
  end if;
end
$$;

-- Reference tables: small, the same everywhere.

create table region (
  division text collate "C" primary key,
  document jsonb not null
);

create table institution (
  code text collate "C" primary key,
  document jsonb not null
);

-- People and their credentials.

create table person (
  owner_id text collate "C" primary key,
  version bigint not null check (version >= 1),
  region text not null,
  document jsonb not null,
  identity bytea not null,
  key_version int not null,
  recorded_at timestamptz not null
);

create table person_version (
  owner_id text collate "C" not null,
  version bigint not null check (version >= 1),
  region text not null,
  document jsonb not null,
  identity bytea not null,
  key_version int not null,
  recorded_at timestamptz not null,
  primary key (owner_id, version)
);

create table card (
  owner_id text collate "C" not null,
  card_hash bytea not null,
  version bigint not null check (version >= 1),
  document jsonb not null,
  identity bytea not null,
  key_version int not null,
  recorded_at timestamptz not null,
  primary key (owner_id, card_hash)
);

create table card_version (
  owner_id text collate "C" not null,
  card_hash bytea not null,
  version bigint not null check (version >= 1),
  document jsonb not null,
  recorded_at timestamptz not null,
  primary key (owner_id, card_hash, version)
);

-- Found before its owner is known, so it is distributed by the hash of kind and number.
create table credential (
  number_hash bytea primary key,
  kind text not null check (kind in ('citizen-number', 'card', 'e-card')),
  owner_id text collate "C" not null,
  card_hash bytea,
  recorded_at timestamptz not null
);
create index credential_owner on credential (owner_id);

-- Idempotency. A request is found before its owner is known: it is distributed by the hash of its key.

create table request (
  key_hash bytea primary key,
  fingerprint text not null,
  input bytea not null,
  key_version int not null,
  owner_id text collate "C" not null,
  bound_at timestamptz not null
);

create table answer (
  owner_id text collate "C" not null,
  key_hash bytea not null,
  kind text not null check (kind in ('settled', 'undone', 'reversed', 'refused')),
  posting_id text collate "C",
  body bytea not null,
  key_version int not null,
  answered_at timestamptz not null,
  primary key (owner_id, key_hash),
  -- A reversal of what never happened has no row; a refusal never has.
  check (kind = 'reversed' or (posting_id is null) = (kind = 'refused'))
);

-- Money. Amounts of undo rows are stored positive, as in the row they mirror; the kind tells the sign.

create function fen_sum(amounts bigint[]) returns bigint language sql immutable strict parallel safe
  as $$ select coalesce(sum(amount), 0)::bigint from unnest(amounts) amount $$;

create table settlement (
  owner_id text collate "C" not null,
  id text collate "C" not null check (length(id) = 30),
  settlement_id text collate "C" not null,
  sequence int not null check (sequence >= 1),
  kind text not null check (kind in ('settlement', 'cancellation', 'reversal', 'restoration')),
  undoes text collate "C",
  participants text[] collate "C" not null check (participants[1] = owner_id),
  institution text collate "C" not null,
  care text not null,
  visit text,
  scheme text not null,
  route text not null,
  care_region text not null,
  home_region text not null,
  treated_on date not null,
  benefit_year text not null,
  posted_at timestamptz not null,
  credential_kind text not null,
  bill_hash bytea not null check (length(bill_hash) = 32),
  pack_hash text not null,
  line_ids text[] not null,
  total_fen bigint not null check (total_fen >= 0),
  self_paid_fen bigint not null check (self_paid_fen >= 0),
  over_limit_fen bigint not null check (over_limit_fen >= 0),
  first_self_pay_fen bigint not null check (first_self_pay_fen >= 0),
  in_scope_fen bigint not null check (in_scope_fen >= 0),
  deductible_fen bigint not null check (deductible_fen >= 0),
  cross_region_first_pay_fen bigint not null check (cross_region_first_pay_fen >= 0),
  share_funds text[] not null,
  share_fen bigint[] not null check (0 <= all (share_fen)),
  fund_total_fen bigint not null check (fund_total_fen >= 0),
  person_total_fen bigint not null check (person_total_fen >= 0),
  account_fen bigint not null check (account_fen >= 0),
  family_account_fen bigint not null check (family_account_fen >= 0),
  cash_fen bigint not null check (cash_fen >= 0),
  hospital_share_fen bigint not null check (hospital_share_fen >= 0),
  employer_share_fen bigint not null check (employer_share_fen >= 0),
  account_before_fen bigint not null check (account_before_fen >= 0),
  account_balance_fen bigint not null check (account_balance_fen >= 0),
  canonical bytea not null,
  primary key (owner_id, id),
  unique (owner_id, settlement_id, sequence),
  unique (owner_id, undoes),
  constraint first_row check ((sequence = 1) = (id = settlement_id)),
  constraint undo_names_row check ((undoes is null) = (kind = 'settlement')),
  constraint settlement_is_first check ((kind = 'settlement') = (sequence = 1)),
  constraint i1_scope check
    (total_fen = self_paid_fen + over_limit_fen + first_self_pay_fen + in_scope_fen),
  constraint i2_shares check
    (cardinality(share_funds) = cardinality(share_fen) and fund_total_fen = fen_sum(share_fen)),
  constraint i3_person check (person_total_fen = account_fen + cash_fen),
  constraint i4_payers check (total_fen = fund_total_fen + person_total_fen + hospital_share_fen),
  constraint i7_balance check
    (account_balance_fen = account_before_fen + (account_fen - family_account_fen)
     * case when kind in ('settlement', 'restoration') then -1 else 1 end),
  constraint employer_within_cash check (employer_share_fen <= cash_fen),
  constraint family_within_account check (family_account_fen <= account_fen)
);
create index settlement_by_id on settlement (settlement_id, sequence);
create index settlement_by_institution on settlement (institution, settlement_id) where sequence = 1;
create index settlement_same_bill on settlement (owner_id, bill_hash);
create index settlement_of_visit on settlement (owner_id, visit) where visit is not null;

create table transfer (
  owner_id text collate "C" not null,
  posting_id text collate "C" not null,
  leg int not null check (leg >= 1),
  kind text not null check
    (kind in ('fund', 'account', 'family', 'dueTo', 'cash', 'employer', 'hospital', 'opening')),
  debit_account text collate "C" not null,
  credit_account text collate "C" not null,
  amount_fen bigint not null check (amount_fen > 0),
  primary key (owner_id, posting_id, leg),
  check (debit_account <> credit_account)
);

create table account_version (
  owner_id text collate "C" not null,
  account text collate "C" not null,
  version bigint not null check (version >= 1),
  balance_fen bigint not null check (balance_fen >= 0),
  posting_id text collate "C" not null,
  primary key (owner_id, account, version)
);

create table year_version (
  owner_id text collate "C" not null,
  year text collate "C" not null,
  version bigint not null check (version >= 1),
  counters jsonb not null,
  posting_id text collate "C" not null,
  primary key (owner_id, year, version)
);

-- Order. A posting waits in `unjournaled` until the one writer gives it a position.

create table unjournaled (
  owner_id text collate "C" not null,
  posting_id text collate "C" not null,
  participants text[] collate "C" not null,
  -- Facts are read before the first write, so for one owner transaction ids are in the order of commits.
  -- It only sorts what waits; nothing that lasts depends on it.
  written_by xid8 not null default pg_current_xact_id(),
  primary key (owner_id, posting_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table journal (
  position bigint primary key check (position >= 1),
  owner_id text collate "C" not null,
  posting_id text collate "C" not null unique,
  participants text[] collate "C" not null,
  assigned_at timestamptz not null
);
create index journal_assigned on journal (assigned_at, position);

create table journal_head (
  only_row boolean primary key default true check (only_row),
  position bigint not null,
  assigned_at timestamptz not null,
  rolled_up_to bigint not null check (rolled_up_to <= position)
);
insert into journal_head values (true, 0, '-infinity', 0);

-- The sums of every summary account up to a position: what an auditor's question starts from.
create table rollup (
  position bigint not null,
  account text collate "C" not null,
  debit_fen bigint not null check (debit_fen >= 0),
  credit_fen bigint not null check (credit_fen >= 0),
  primary key (position, account)
);
create index rollup_of_account on rollup (account, position);

-- How far the sandbox clock has been seen to go.
create table clock_mark (
  only_row boolean primary key default true check (only_row),
  instant_ms bigint not null
);

-- Both sides of every transfer.
create view entry as
  select owner_id, posting_id, leg, kind, debit_account as account, amount_fen as debit_fen, 0::bigint as credit_fen
  from transfer
  union all
  select owner_id, posting_id, leg, kind, credit_account, 0::bigint, amount_fen
  from transfer;

-- People's own accounts are summed into one row a kind: a trial balance of millions of them says nothing.
create function summary_account(account text) returns text language sql immutable strict parallel safe
  return case
    when account like 'personal:%' then 'personal:*'
    when account like 'memo:person:%' then 'memo:person:*'
    else account
  end;

-- A settlement in force: a settlement or a restored one that no later row undoes.
create view effective_settlement as
  select s.* from settlement s
  where s.kind in ('settlement', 'restoration')
    and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id);
