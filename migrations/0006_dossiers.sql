-- What is kept of visits, sign-ins, mappings and sales: entries, written once, from which each is read.

create table dossier_entry (
  owner_id text collate "C" not null,
  subject text collate "C" not null,
  version int not null check (version >= 1),
  kind text not null,
  institution text collate "C" not null,
  -- The settlement row that was written with it, where there was one.
  posting_id text collate "C",
  body bytea not null,
  key_version int not null,
  recorded_at timestamptz not null,
  primary key (owner_id, subject, version)
);

-- An answer may now have entered something of a subject without settling.
alter table answer add column subject text collate "C";
alter table answer drop constraint answer_kind_check, drop constraint answer_check;
alter table answer
  add constraint answer_kind check (kind in ('settled', 'undone', 'reversed', 'refused', 'entered')),
  add constraint answer_has_row check
    (case when kind in ('settled', 'undone') then posting_id is not null
          when kind in ('refused', 'entered') then posting_id is null
          else true end),
  add constraint answer_has_subject check ((subject is not null) = (kind = 'entered'));

-- A bill made of a visit is known only once the visit is read, so its days are what it is looked for by.
drop index settlement_same_bill;
create index settlement_same_bill on settlement (owner_id, treated_on, bill_hash);

-- Nonces of signed requests, for as long as their time stamps would be taken (x-tif-nonce).
create table nonce (
  client text collate "C" not null,
  nonce text collate "C" not null,
  seen_at timestamptz not null,
  primary key (client, nonce)
);
create index nonce_seen on nonce (seen_at);

-- Running numbers of requests, a thousand at a time: what makes their receipts (inf_refmsgid) unique among all processes.
create sequence receipt_number increment by 1000 minvalue 0 start 0;

create view check_dossier_versions as
  select owner_id || ' ' || subject as subject, 'version chain broken' as problem
  from dossier_entry group by owner_id, subject
  having min(version) <> 1 or max(version) <> count(*);

-- A row of the books and the visit it belongs to tell of each other.
create view check_dossier_postings as
  select e.subject, 'an entry names a row that is not there' as problem
  from dossier_entry e
  where e.posting_id is not null and not exists (select from settlement s where s.id = e.posting_id)
  union all
  select s.id, 'its visit has not heard of it'
  from settlement s
  where s.visit is not null
    and exists (select from dossier_entry v where v.owner_id = s.owner_id and v.subject = 'visit ' || s.visit)
    and not exists (
      select from dossier_entry e
      where e.owner_id = s.owner_id and e.subject = 'visit ' || s.visit and e.posting_id = s.id
    );

grant select, insert on dossier_entry to jiesuan_app;
grant select, insert, delete on nonce to jiesuan_app;
grant usage on sequence receipt_number to jiesuan_app;
grant select on check_dossier_versions, check_dossier_postings to jiesuan_app;
