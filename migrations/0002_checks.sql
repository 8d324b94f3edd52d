-- What must hold of the books, as views that are empty when it does. Each row names what is wrong.

create view check_identities as
  select id as subject, 'amounts do not add up' as problem from settlement
  where total_fen <> self_paid_fen + over_limit_fen + first_self_pay_fen + in_scope_fen
     or fund_total_fen <> fen_sum(share_fen)
     or person_total_fen <> account_fen + cash_fen
     or total_fen <> fund_total_fen + person_total_fen + hospital_share_fen
     or account_balance_fen <> account_before_fen + (account_fen - family_account_fen)
        * case when kind in ('settlement', 'restoration') then -1 else 1 end;

-- The document that is sealed and the columns that are asked tell the same.
create view check_canonical as
  select s.id as subject, 'columns differ from the document' as problem
  -- `offset 0` keeps the document from being read once for every column it is compared with.
  from settlement s,
       lateral (select convert_from(s.canonical, 'UTF8')::jsonb as row offset 0) d,
       lateral (select d.row -> 'content' as c offset 0) e
  where d.row ->> 'id' <> s.id or d.row ->> 'settlement' <> s.settlement_id or d.row ->> 'kind' <> s.kind
     or (d.row ->> 'sequence')::int <> s.sequence or d.row ->> 'undoes' is distinct from s.undoes
     or (e.c ->> 'total')::bigint <> s.total_fen or (e.c ->> 'fundTotal')::bigint <> s.fund_total_fen
     or (e.c ->> 'personTotal')::bigint <> s.person_total_fen or (e.c ->> 'account')::bigint <> s.account_fen
     or (e.c ->> 'familyAccount')::bigint <> s.family_account_fen or (e.c ->> 'cash')::bigint <> s.cash_fen
     or (e.c ->> 'hospitalShare')::bigint <> s.hospital_share_fen
     or (e.c ->> 'employerShare')::bigint <> s.employer_share_fen
     or (e.c ->> 'accountBalance')::bigint <> s.account_balance_fen
     or e.c ->> 'person' <> s.owner_id or e.c ->> 'institution' <> s.institution
     or e.c ->> 'day' <> s.treated_on::text or e.c ->> 'packHash' <> s.pack_hash;

create view check_transfers_repeat_shares as
  select s.id as subject, 'transfers do not repeat the shares' as problem
  from settlement s, lateral (
    select
      coalesce(sum(amount_fen) filter (where kind = 'fund'), 0) as fund,
      coalesce(sum(amount_fen) filter (where kind in ('account', 'family')), 0) as account,
      coalesce(sum(amount_fen) filter (where kind = 'family'), 0) as family,
      coalesce(sum(amount_fen) filter (where kind in ('cash', 'employer')), 0) as cash,
      coalesce(sum(amount_fen) filter (where kind = 'employer'), 0) as employer,
      coalesce(sum(amount_fen) filter (where kind = 'hospital'), 0) as hospital,
      coalesce(sum(amount_fen) filter (where kind = 'dueTo'), 0) as due_to
    from transfer t where t.owner_id = any (s.participants) and t.posting_id = s.id
  ) t
  where t.fund <> s.fund_total_fen or t.account <> s.account_fen or t.family <> s.family_account_fen
     or t.cash <> s.cash_fen or t.employer <> s.employer_share_fen or t.hospital <> s.hospital_share_fen
     or t.due_to <> case when s.care_region = s.home_region then 0 else s.fund_total_fen + s.account_fen end;

-- Fund by fund: the account's last word is the fund's name.
create view check_transfers_by_fund as
  with booked as (
    select owner_id, posting_id, fund, sum(amount_fen) as fen from (
      select t.owner_id, t.posting_id, t.amount_fen,
             split_part(case when t.debit_account like 'fund:%' then t.debit_account
                             else t.credit_account end, ':', 4) as fund
      from transfer t where t.kind = 'fund'
    ) f group by 1, 2, 3
  ), told as (
    select s.owner_id, s.id as posting_id, f.fund, sum(f.fen) as fen
    from settlement s, unnest(s.share_funds, s.share_fen) as f (fund, fen)
    where f.fen > 0 group by 1, 2, 3
  )
  select posting_id as subject, 'a fund was booked another amount than its share' as problem
  from booked full join told using (owner_id, posting_id, fund)
  where booked.fen is distinct from told.fen;

create view check_transfers_have_settlement as
  select t.posting_id as subject, 'transfer without a settlement' as problem
  from transfer t left join settlement s on s.id = t.posting_id
  where t.kind <> 'opening' and (s.id is null or t.owner_id <> all (s.participants));

create view check_undo_mirrors as
  with legs as (
    select s.owner_id, s.id,
           array_agg(concat_ws('|', t.owner_id, t.kind, t.debit_account, t.credit_account, t.amount_fen)
             order by t.owner_id, t.kind, t.debit_account, t.credit_account, t.amount_fen) as as_is,
           array_agg(concat_ws('|', t.owner_id, t.kind, t.credit_account, t.debit_account, t.amount_fen)
             order by t.owner_id, t.kind, t.credit_account, t.debit_account, t.amount_fen) as mirrored
    from settlement s
    left join transfer t on t.owner_id = any (s.participants) and t.posting_id = s.id
    group by s.owner_id, s.id
  )
  select u.id as subject, 'undo does not mirror its row' as problem
  from settlement u
  left join legs mine on mine.owner_id = u.owner_id and mine.id = u.id
  left join legs theirs on theirs.owner_id = u.owner_id and theirs.id = u.undoes
  where u.undoes is not null and mine.as_is is distinct from theirs.mirrored;

-- Rows of a chain follow one another without gap, each undoing the one before.
create view check_chains as
  select id as subject, 'a row of the chain is missing or out of order' as problem
  from (
    select id, sequence, kind, undoes,
           row_number() over chain as expected,
           lag(id) over chain as before,
           lag(kind) over chain as before_kind
    from settlement window chain as (partition by owner_id, settlement_id order by sequence)
  ) s
  where sequence <> expected or undoes is distinct from before
     or (kind in ('cancellation', 'reversal')) is distinct from
        coalesce(before_kind in ('settlement', 'restoration'), false);

create view check_answers as
  with answered as (
    select owner_id, posting_id, count(*) filter (where kind <> 'reversed') as keys
    from answer where posting_id is not null group by 1, 2
  )
  -- A reversal asked twice answers with the row of the first; every other row is one key's answer.
  select s.id as subject, 'row without an answer, or answered to two keys' as problem
  from settlement s left join answered a on a.owner_id = s.owner_id and a.posting_id = s.id
  where a.posting_id is null or a.keys > 1
  union all
  select a.posting_id, 'answer names a row that is not there'
  from answer a
  where a.posting_id is not null
    and not exists (select from settlement s where s.owner_id = a.owner_id and s.id = a.posting_id)
  union all
  select encode(a.key_hash, 'hex'), 'answer without its request'
  from answer a
  where not exists (select from request r where r.key_hash = a.key_hash and r.owner_id = a.owner_id);

-- Balances are the fold of transfers, version by version, without gap.
create view check_account_versions as
  with moved as (
    select owner_id, account, posting_id, sum(credit_fen - debit_fen) as fen
    from entry where account like 'personal:%' group by 1, 2, 3
  ), chained as (
    select *, lag(balance_fen, 1, 0) over chain as before, row_number() over chain as expected
    from account_version window chain as (partition by owner_id, account order by version)
  )
  select coalesce(v.account, m.account) as subject,
         'version chain broken or not the sum of its transfers' as problem
  from chained v full join moved m using (owner_id, account, posting_id)
  where v.version is distinct from v.expected
     or coalesce(m.fen, 0) <> coalesce(v.balance_fen - v.before, 0)
     or v.version is null and m.fen <> 0;

create view check_account_balance_told as
  select s.id as subject, 'the balance told is not the balance booked' as problem
  from settlement s
  join account_version v on v.owner_id = s.owner_id and v.account = 'personal:' || s.owner_id
   and v.posting_id = s.id
  where v.balance_fen <> s.account_balance_fen;

create view check_year_versions_dense as
  select owner_id || ' ' || year as subject, 'version chain broken' as problem
  from year_version group by owner_id, year
  having min(version) <> 1 or max(version) <> count(*);

-- The running sums are the fold of the settlements in force.
create view check_counters as
  with told as (
    select s.owner_id, d.value ->> 'year' as year, d.value ->> 'key' as key,
           sum((d.value ->> 'delta')::bigint) as total
    from effective_settlement s,
         jsonb_array_elements(convert_from(s.canonical, 'UTF8')::jsonb -> 'content' -> 'counters') d
    group by 1, 2, 3
  ), kept as (
    select v.owner_id, v.year, c.key, c.value::bigint as total
    from (select distinct on (owner_id, year) * from year_version order by owner_id, year, version desc) v,
         jsonb_each_text(v.counters) c
  )
  select coalesce(told.owner_id, kept.owner_id) || ' ' || coalesce(told.year, kept.year) as subject,
         coalesce(told.key, kept.key) || ' is not the sum of the settlements in force' as problem
  from told full join kept using (owner_id, year, key)
  where coalesce(told.total, 0) <> coalesce(kept.total, 0);

-- Shape makes the trial balance zero; this says it of the rows and of every rollup.
create view check_trial_balance as
  select 'all' as subject, 'debits and credits differ' as problem
  from entry having sum(debit_fen) <> sum(credit_fen)
  union all
  select position::text, 'debits and credits of the rollup differ'
  from rollup group by position having sum(debit_fen) <> sum(credit_fen);

create view check_rollups as
  with recomputed as (
    select summary_account(e.account) as account, sum(e.debit_fen) as debit_fen, sum(e.credit_fen) as credit_fen
    from journal j join entry e on e.owner_id = any (j.participants) and e.posting_id = j.posting_id
    where j.position <= (select max(position) from rollup)
    group by 1
  ), newest as (
    select account, debit_fen, credit_fen from rollup where position = (select max(position) from rollup)
  )
  select coalesce(r.account, n.account) as subject, 'rollup is not the sum of its transfers' as problem
  from recomputed r full join newest n using (account)
  where r.debit_fen is distinct from n.debit_fen or r.credit_fen is distinct from n.credit_fen;

create view check_journal as
  select 'journal' as subject, 'positions are not dense' as problem
  from journal having count(*) > 0 and (min(position) <> 1 or max(position) <> count(*))
  union all
  select 'journal', 'the head is not the last position'
  from journal_head h where h.position <> (select coalesce(max(position), 0) from journal)
  union all
  select posted.posting_id, 'posting is not exactly once in the journal or waiting for it'
  from (
    select id as posting_id from settlement
    union
    select posting_id from transfer
  ) posted
  left join (select posting_id from journal union all select posting_id from unjournaled) placed
    using (posting_id)
  group by posted.posting_id having count(placed.posting_id) <> 1;

create view check_lines_settled_once as
  select visit as subject, 'line ' || line || ' is settled twice' as problem
  from effective_settlement, unnest(line_ids) line
  where visit is not null
  group by owner_id, institution, visit, line having count(*) > 1;
