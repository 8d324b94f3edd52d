-- More of what must hold of the books. What a seal will prove of every byte, these find of what the books say twice.

-- Every column that the document tells as well; `bill_hash` alone cannot be computed here.
create or replace view check_canonical as
  select s.id as subject, 'columns differ from the document' as problem
  -- `offset 0` keeps the document from being read once for every column it is compared with.
  from settlement s,
       lateral (select convert_from(s.canonical, 'UTF8')::jsonb as row offset 0) d,
       lateral (select d.row -> 'content' as c offset 0) e
  where (d.row ->> 'id', d.row ->> 'settlement', d.row ->> 'kind', d.row ->> 'undoes')
          is distinct from (s.id, s.settlement_id, s.kind, s.undoes)
     or (d.row ->> 'sequence')::int <> s.sequence
     or (d.row ->> 'postedAt')::bigint <> round(extract(epoch from s.posted_at) * 1000)
     or (e.c ->> 'person', e.c ->> 'institution', e.c ->> 'day', e.c ->> 'packHash', e.c ->> 'care', e.c ->> 'visit',
         e.c ->> 'scheme', e.c ->> 'route', e.c ->> 'careRegion', e.c ->> 'homeRegion', e.c ->> 'credentialKind')
          is distinct from (s.owner_id, s.institution, s.treated_on::text, s.pack_hash, s.care, s.visit,
         s.scheme, s.route, s.care_region, s.home_region, s.credential_kind)
     or (e.c ->> 'total')::bigint <> s.total_fen or (e.c ->> 'selfPaid')::bigint <> s.self_paid_fen
     or (e.c ->> 'overLimit')::bigint <> s.over_limit_fen or (e.c ->> 'firstSelfPay')::bigint <> s.first_self_pay_fen
     or (e.c ->> 'inScope')::bigint <> s.in_scope_fen or (e.c ->> 'deductible')::bigint <> s.deductible_fen
     or (e.c ->> 'crossRegionFirstPay')::bigint <> s.cross_region_first_pay_fen
     or (e.c ->> 'fundTotal')::bigint <> s.fund_total_fen or (e.c ->> 'personTotal')::bigint <> s.person_total_fen
     or (e.c ->> 'account')::bigint <> s.account_fen or (e.c ->> 'familyAccount')::bigint <> s.family_account_fen
     or (e.c ->> 'cash')::bigint <> s.cash_fen or (e.c ->> 'hospitalShare')::bigint <> s.hospital_share_fen
     or (e.c ->> 'employerShare')::bigint <> s.employer_share_fen
     or (e.c ->> 'accountBalance')::bigint <> s.account_balance_fen
     or array(select l ->> 'id' from jsonb_array_elements(e.c -> 'lines') l) <> s.line_ids
     or array(select f ->> 'fund' from jsonb_array_elements(e.c -> 'shares') f) <> s.share_funds
     or array(select (f ->> 'amount')::bigint from jsonb_array_elements(e.c -> 'shares') f) <> s.share_fen
     or s.benefit_year <> coalesce(
          (select o ->> 'year' from jsonb_array_elements(e.c -> 'counters') with ordinality as x (o, at)
           where o ->> 'year' ~ '^\d{4}$' order by at limit 1),
          left(e.c ->> 'day', 4));

-- Who is debited and who credited: amounts alone would not show that another institution or region was named.
create view check_transfer_accounts as
  select t.posting_id as subject, 'a ' || t.kind || ' transfer names another account than its settlement' as problem
  from transfer t
  left join settlement s on s.id = t.posting_id,
  lateral (select s.kind in ('settlement', 'restoration') as forward) d,
  lateral (
    select case when d.forward then t.debit_account else t.credit_account end as payer,
           case when d.forward then t.credit_account else t.debit_account end as payee,
           'payable:' || s.institution || ':settled' as payable,
           'memo:window:' || s.institution as window
  ) a,
  lateral (
    select case when s.care_region = s.home_region then a.payable
                else 'due-to:' || s.home_region || ':' || s.care_region end as creditor
  ) c
  where case t.kind
    when 'fund' then
      a.payer like 'fund:' || s.home_region || ':' || s.scheme || ':%' and a.payee = c.creditor and t.owner_id = s.owner_id
    when 'account' then
      a.payer = 'personal:' || s.owner_id and a.payee = c.creditor and t.owner_id = s.owner_id
    when 'family' then
      a.payer = 'personal:' || t.owner_id and a.payee = c.creditor and t.owner_id <> s.owner_id
    when 'dueTo' then
      a.payer = 'due-from:' || s.care_region || ':' || s.home_region and a.payee = a.payable
    when 'cash' then a.payer = 'memo:person:' || s.owner_id and a.payee = a.window
    when 'employer' then a.payer = 'memo:employer:' || s.home_region and a.payee = a.window
    when 'hospital' then a.payer = 'memo:hospital:' || s.institution and a.payee = a.window
    when 'opening' then
      s.id is null and t.leg = 1 and t.debit_account like 'opening:%' and t.credit_account = 'personal:' || t.owner_id
  end is not true;

create view check_participants as
  select s.id as subject, 'participants are not the owners of the transfers' as problem
  from settlement s
  left join (select posting_id, array_agg(distinct owner_id) as owners from transfer group by 1) t on t.posting_id = s.id
  where array(select p from unnest(s.participants) p order by p) <>
        array(select distinct p from unnest(s.owner_id || coalesce(t.owners, '{}')) p order by p)
  union all
  select p.posting_id, 'its place in the journal names other participants'
  from (
    select owner_id, posting_id, participants from journal
    union all
    select owner_id, posting_id, participants from unjournaled
  ) p
  left join settlement s on s.owner_id = p.owner_id and s.id = p.posting_id
  left join transfer o on o.owner_id = p.owner_id and o.posting_id = p.posting_id and o.kind = 'opening' and o.leg = 1
  where p.participants is distinct from
        coalesce(s.participants, case when o.posting_id is not null then array[o.owner_id] end);

-- Each version is the one before and what its own settlement changed.
create view check_year_versions as
  select v.owner_id || ' ' || v.year || ' ' || v.version as subject,
         'version is not the one before with its settlement''s part' as problem
  from (
    select *, lag(counters, 1, '{}') over (partition by owner_id, year order by version) as before from year_version
  ) v
  left join settlement s on s.owner_id = v.owner_id and s.id = v.posting_id
  where s.id is null or exists (
    select from (
      select key, value::bigint as amount from jsonb_each_text(v.counters)
      union all
      select key, -value::bigint from jsonb_each_text(v.before)
      union all
      select d ->> 'key', -(d ->> 'delta')::bigint
      from jsonb_array_elements(convert_from(s.canonical, 'UTF8')::jsonb -> 'content' -> 'counters') d
      where d ->> 'year' = v.year
    ) part
    group by key having sum(amount) <> 0
  );

create view check_journal_order as
  select posting_id as subject, 'was placed earlier than the position before it' as problem
  from (select posting_id, assigned_at, lag(assigned_at) over (order by position) as before from journal) j
  where assigned_at < before
  union all
  select 'journal', 'the head has rolled up to another position than the last rollup'
  from journal_head h where h.rolled_up_to <> (select coalesce(max(position), 0) from rollup);

grant select on
  check_transfer_accounts, check_participants, check_year_versions, check_journal_order
to jiesuan_app;
