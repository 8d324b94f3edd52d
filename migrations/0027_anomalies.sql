-- Anomalies worth a look (疑点): what stands in the books as it should and may still be wrong, as views over thresholds that are data.

-- What a settlement tells of its window: the terminal where one was told, the moment of a tap by its terminal's clock, whether that terminal
-- had no line, and the newest settlement of the very same bill that stood already. Most rows have none of the last three.
alter table settlement
  add column terminal text,
  add column tapped_at timestamptz,
  add column offline boolean not null default false,
  add column same_as text collate "C",
  alter column terminal set statistics 10,
  alter column tapped_at set statistics 10,
  alter column offline set statistics 10,
  alter column same_as set statistics 10,
  add constraint offline_is_tapped check (tapped_at is not null or not offline);

-- The newest settlement of the very same bill, as a warning in a document names it.
create function same_bill_in(content jsonb) returns text language sql immutable strict parallel safe
  return (
    select coalesce(w -> 'facts' -> 'settlements' ->> 0, w -> 'facts' ->> 'settlements')
    from jsonb_array_elements(content -> 'warnings') w where w ->> 'code' = 'same-bill-settled' limit 1
  );

-- What older settlements were warned of stands in their documents alone.
update settlement set same_as = same_bill_in(convert_from(canonical, 'UTF8')::jsonb -> 'content')
where kind = 'settlement' and position('"same-bill-settled"'::bytea in canonical) > 0;

-- Both hold only rows that are rare, and cost any other claim nothing.
create index settlement_suspect on settlement (treated_on, id) where same_as is not null;
create index settlement_offline on settlement (treated_on, id) where offline;

-- It was made before, and names its columns as they were then.
create or replace view effective_settlement as
  select s.* from settlement s
  where s.kind in ('settlement', 'restoration')
    and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id);

-- More columns that the document tells as well.
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
          left(e.c ->> 'day', 4))
     or e.c ->> 'terminal' is distinct from s.terminal
     or (e.c #>> '{tap,tappedAt}')::bigint is distinct from round(extract(epoch from s.tapped_at) * 1000)::bigint
     or coalesce((e.c #>> '{tap,offline}')::boolean, false) <> s.offline
     or s.same_as is distinct from case s.kind when 'settlement' then same_bill_in(e.c) end;

-- Thresholds: a row is never changed. Of those of one name, region and first day the greatest version counts; those of a region itself
-- count before those of all regions (*), and of either the latest that has begun.
create table anomaly_threshold (
  name text collate "C" not null check (name ~ '^[a-z-]+\.[A-Za-z-]+$'),
  region text collate "C" not null check (region ~ '^(\*|\d{6})$'),
  from_day date not null,
  version int not null check (version >= 1),
  value numeric not null check (value >= 0),
  unit text not null check (unit in ('yuan', 'percent', 'times', 'count', 'seconds', 'minutes', 'days')),
  source text not null check (length(source) between 1 and 500),
  recorded_at timestamptz not null default now(),
  primary key (name, region, from_day, version)
);

-- No document at hand gives any of these numbers: each is our own judgement, to be replaced by an agency's.
insert into anomaly_threshold (name, region, from_day, version, value, unit, source)
select name, '*', date '2000-01-01', 1, value, unit, '[own] ' || why
from (values
  ('two-places.days', 31, 'days', 'how far back it is looked, by the moment of posting'),
  ('two-places.reach', 90, 'days', 'bills further apart are not compared: few stays last longer'),
  ('two-places.nights', 1, 'days', 'a transfer is discharged and admitted on one day'),
  ('two-places.minutes', 60, 'minutes', 'as risk rules of quick payments have it: nobody gets to another pooling area sooner'),
  ('same-bill.days', 31, 'days', 'how far back it is looked, by the day treated'),
  ('same-bill.seconds', 86400, 'seconds', 'further apart than a day the second was uploaded late rather than twice'),
  ('same-bill.least', 0, 'yuan', 'however little it is'),
  ('under-limit.days', 31, 'days', 'how far back it is looked, by the day treated'),
  ('under-limit.percent', 5, 'percent', 'so far below its limit a bill is just under it'),
  ('under-limit.bills', 3, 'count', 'of one person: one bill may be so by chance'),
  ('under-limit.cases', 1, 'count', 'a paper bill is rare, and by one only its approval is avoided'),
  ('under-limit.offline', 100, 'yuan', 'the usual limit of one payment without a line'),
  ('under-limit.tap', 300, 'yuan', 'the usual limit of one payment without a PIN'),
  ('under-limit.desk', 10000, 'yuan', 'the usual sum above which a paper bill needs a second approval'),
  ('under-limit.yearBill', 20000, 'yuan', 'whoever is near a limit of a year has bills of which the funds pay as much'),
  ('lost-card.days', 31, 'days', 'how far back it is looked, by the moment of the try'),
  ('lost-card.tries', 1, 'count', 'of one person on one day'),
  ('peers.days', 31, 'days', 'how far back it is looked, by the day treated'),
  ('peers.settlements', 30, 'count', 'fewer say little of an institution'),
  ('peers.institutions', 5, 'count', 'fewer are no peers to compare with'),
  ('peers.deviations', 3.5, 'times', 'of the median absolute deviation scaled by 1.4826: the usual mark of an outlier'),
  ('peers.percent', 10, 'percent', 'of the median: where peers are nearly alike, a hair is no deviation'),
  ('jump.days', 31, 'days', 'how far back it is looked, by the day treated'),
  ('jump.amount', 100000, 'yuan', 'as much by one settlement is looked at in any case'),
  ('jump.least', 5000, 'yuan', 'less is not looked at'),
  ('jump.times', 10, 'times', 'of what the settlements before it in the year moved the sum by on average'),
  ('jump.earlier', 3, 'count', 'of fewer before it there is no average')
) as seed (name, value, unit, why);

-- The last day of treatment that the books know: in a sandbox, too, whose clock is not the server's.
create function anomaly_today() returns date language sql stable parallel safe
  return (select max(treated_on) from settlement where sequence = 1);

create function anomaly_value(wanted text, place text, on_day date) returns numeric language sql stable parallel safe
  return (
    select value from anomaly_threshold
    where name = wanted and region in (place, '*') and from_day <= on_day
    order by region = '*', from_day desc, version desc limit 1
  );

-- Whatever is below the least of a threshold, of whichever region and day, is not worth asking for its own.
create function anomaly_least(wanted text) returns numeric language sql stable parallel safe
  return (select min(value) from anomaly_threshold where name = wanted);

create function anomaly_since(wanted text) returns date language sql stable parallel safe
  return anomaly_today() - anomaly_value(wanted, '*', anomaly_today())::int + 1;

-- Days begin at midnight in China.
create function anomaly_midnight(on_day date) returns timestamptz language sql stable parallel safe
  return on_day::timestamp at time zone 'Asia/Shanghai';

create function anomaly_yuan(fen numeric) returns text language sql immutable strict parallel safe
  return to_char(fen / 100, 'FM999999999999990.00');

create function anomaly_stands(owner text, settlement text) returns boolean language sql stable parallel safe
  return (
    select s.kind in ('settlement', 'restoration') from settlement s
    where s.settlement_id = settlement and s.owner_id = owner order by s.sequence desc limit 1
  );

-- In each view the stretch is two values that are computed once: whoever plans takes such a stretch for narrow, and so for one to be read by its
-- index. Thresholds, documents and what came later are looked at only for what its columns leave.

-- One person in two pooling areas at one time (同一人员两地就医): of two such bills one at least is of somebody treated away from home.
create view anomaly_two_places as
with reach as (
  select anomaly_value('two-places.reach', '*', anomaly_today())::int as days
), away as (
  select s.* from settlement s
  where s.care_region <> s.home_region and s.desk is null and s.sequence = 1
    and s.posted_at >= (select anomaly_midnight(anomaly_since('two-places.days')))
    and s.posted_at < (select anomaly_midnight(anomaly_today() + 2))
), pair as (
  select distinct least(a.id, o.id) as first, greatest(a.id, o.id) as second, a.owner_id
  from away a
  join settlement o on o.owner_id = a.owner_id and o.sequence = 1 and o.desk is null and o.care_region <> a.care_region
    and o.treated_on - date '2000-01-01' between a.treated_on - date '2000-01-01' - (select days from reach)
                                             and a.treated_on - date '2000-01-01' + (select days from reach)
  where a.terminal is not null and o.terminal is not null and a.treated_on = o.treated_on
     or array[a.care, o.care] && array[
          'inpatient', 'daySurgery', 'delivery', 'familyPlanning', 'workInjuryInpatient', 'workInjuryRehabilitation'
        ]
), part as (
  select p.first, p.second, s.owner_id, s.id, s.settlement_id, s.institution, s.care_region, s.treated_on,
         d.stay is not null as stays,
         coalesce((d.stay ->> 'admission')::date, s.treated_on) as from_day,
         coalesce((d.stay ->> 'discharge')::date, s.treated_on) as until_day,
         -- Only who stood at a terminal was there at that moment: a bill may be sent at any.
         case when s.terminal is not null and d.stay is null then coalesce(s.tapped_at, s.posted_at) end as moment
  from pair p
  join settlement s on s.owner_id = p.owner_id and s.id in (p.first, p.second),
  lateral (select convert_from(s.canonical, 'UTF8')::jsonb #> '{content,stay}' as stay offset 0) d
  where anomaly_stands(s.owner_id, s.settlement_id)
), met as (
  select b.owner_id, b.settlement_id as subject, a.settlement_id as other, b.institution, b.treated_on,
         a.care_region as there, b.care_region as here, a.institution as other_institution,
         case when a.stays and b.stays then least(a.until_day, b.until_day) - greatest(a.from_day, b.from_day)
              when a.stays then least(b.from_day - a.from_day, a.until_day - b.from_day)
              when b.stays then least(a.from_day - b.from_day, b.until_day - a.from_day) end as nights,
         round(extract(epoch from greatest(a.moment, b.moment) - least(a.moment, b.moment)) / 60, 1) as minutes
  from part a join part b on b.first = a.first and b.second = a.second and a.id = a.first and b.id = b.second
), told as (
  select m.*, coalesce(nights >= anomaly_value('two-places.nights', here, treated_on), false) as stayed,
         coalesce(minutes < greatest(anomaly_value('two-places.minutes', here, treated_on),
                                     anomaly_value('two-places.minutes', there, treated_on)), false) as hurried
  from met m
)
select subject, owner_id as person, institution, subject || array_agg(other order by other) as settlements, treated_on as day,
       jsonb_build_object('region', here, 'others', jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
         'settlement', other, 'institution', other_institution, 'region', there,
         'days', case when stayed then nights end, 'minutes', case when hurried then minutes end)) order by other)) as facts
from told where stayed or hurried
group by subject, owner_id, institution, treated_on, here;

-- The same person, institution, day, items and amounts under another key (疑似重复结算, decision 20), where more than one of them stands.
create view anomaly_same_bill as
select s.settlement_id as subject, s.owner_id as person, s.institution, s.settlement_id || o.ids as settlements, s.treated_on as day,
       jsonb_strip_nulls(jsonb_build_object('total', anomaly_yuan(s.total_fen), 'seconds', o.seconds, 'sameTerminal', o.terminal)) as facts
from settlement s
cross join lateral (
  select array_agg(b.settlement_id order by b.id desc) as ids, min(b.seconds) as seconds, bool_or(b.terminal = s.terminal) as terminal
  from (
    select o.*, round(extract(epoch from s.posted_at - o.posted_at)) as seconds from settlement o
    where o.owner_id = s.owner_id and o.treated_on - date '2000-01-01' = s.treated_on - date '2000-01-01' offset 0
  ) b
  where b.bill_hash = s.bill_hash and b.sequence = 1 and b.id < s.id and anomaly_stands(b.owner_id, b.settlement_id)
) o
where s.same_as is not null and s.sequence = 1
  and s.treated_on >= (select anomaly_since('same-bill.days')) and s.treated_on <= (select anomaly_today())
  and o.ids is not null and anomaly_stands(s.owner_id, s.settlement_id)
  and o.seconds <= anomaly_value('same-bill.seconds', s.care_region, s.treated_on)
  and s.total_fen >= 100 * anomaly_value('same-bill.least', s.care_region, s.treated_on);

-- Bills just under a limit that asks for more above it (临界费用): a PIN, a line to the centre, a second approval; and what a limit of a year
-- (年度限额) leaves so little of that somebody may have seen to it. Limits of a year are those of the rules, as each trace tells them.
create view anomaly_under_limit as
with place as (
  select array_agg(distinct region) as listed from anomaly_threshold where name like 'under-limit.%'
), marked as materialized (
  -- Of few kinds, regions and days each threshold is looked up once, and found for each bill by its name.
  select jsonb_object_agg(k.kind || ' ' || r.region || ' ' || d::date, jsonb_build_array(
           anomaly_value('under-limit.' || k.kind, r.region, d::date), anomaly_value('under-limit.percent', r.region, d::date),
           anomaly_value('under-limit.' || k.bills, r.region, d::date))) as of
  from (values ('offline', 'bills'), ('tap', 'bills'), ('desk', 'cases')) k (kind, bills),
       place, unnest(place.listed) r (region),
       generate_series(anomaly_since('under-limit.days'), anomaly_today(), interval '1 day') d
), bill as materialized (
  -- The stretch is read once for both.
  select s.id, s.settlement_id, s.owner_id, s.institution, s.home_region, s.treated_on, s.total_fen, s.fund_total_fen,
         case when s.fund_total_fen >= (select 100 * anomaly_least('under-limit.yearBill')) then s.canonical end as canonical,
         case when s.desk = 'paper' then 'desk' when s.offline then 'offline' when s.tapped_at is not null then 'tap' end as limited
  from settlement s
  where s.sequence = 1 and s.treated_on >= (select anomaly_since('under-limit.days')) and s.treated_on <= (select anomaly_today())
    and (s.tapped_at is not null or s.desk = 'paper' or s.fund_total_fen >= (select 100 * anomaly_least('under-limit.yearBill')))
), near as (
  select b.id, b.settlement_id, b.owner_id, b.institution, b.treated_on, b.total_fen, b.limited, m.most, m.bills
  from bill b,
       lateral (
         select (select of from marked) -> (b.limited || ' '
                || case when b.home_region = any ((select listed from place)::text[]) then b.home_region else '*' end
                || ' ' || b.treated_on) as row offset 0
       ) t,
       lateral (select (t.row ->> 0)::numeric as most, (t.row ->> 1)::numeric as percent, (t.row ->> 2)::numeric as bills offset 0) m
  where b.limited is not null and b.total_fen <= 100 * m.most and b.total_fen > (100 - m.percent) * m.most
), capped as (
  select b.owner_id, b.settlement_id, b.institution, b.treated_on, c.accumulator, c.most, c.used
  from bill b,
       lateral (select convert_from(b.canonical, 'UTF8')::jsonb -> 'content' -> 'trace' as trace offset 0) d,
       lateral (
         select distinct on (cap ->> 'accumulator') cap ->> 'accumulator' as accumulator, (cap ->> 'limit')::numeric as most,
                (cap ->> 'usedBefore')::numeric + (step ->> case cap ->> 'counts' when 'paid' then 'paid' else 'baseTotal' end)::numeric as used
         from jsonb_array_elements(d.trace) with ordinality as x (step, at), jsonb_array_elements(step -> 'caps') cap
         where cap ->> 'per' = 'year' and cap ->> 'accumulator' is not null and (cap ->> 'cut')::numeric = 0
         order by cap ->> 'accumulator', x.at desc
       ) c
  -- The least of a threshold is cheap to ask for, and its own is looked up for what is above it alone.
  where b.fund_total_fen >= (select 100 * anomaly_least('under-limit.yearBill'))
    and b.fund_total_fen >= 100 * anomaly_value('under-limit.yearBill', b.home_region, b.treated_on)
    and c.used <= c.most and c.used > c.most * (100 - anomaly_value('under-limit.percent', b.home_region, b.treated_on)) / 100
)
select n.owner_id || ' ' || n.limited as subject, n.owner_id as person,
       case when count(distinct n.institution) = 1 then min(n.institution) end as institution,
       array_agg(n.settlement_id order by n.id) as settlements, max(n.treated_on) as day,
       jsonb_build_object('limit', n.limited, 'most', anomaly_yuan(100 * max(n.most)), 'bills', count(*),
         'total', anomaly_yuan(sum(n.total_fen)), 'highest', anomaly_yuan(max(n.total_fen))) as facts
from near n
where anomaly_stands(n.owner_id, n.settlement_id)
group by n.owner_id, n.limited
having count(*) >= max(n.bills)
union all
select c.owner_id || ' ' || c.accumulator, c.owner_id, case when count(distinct c.institution) = 1 then min(c.institution) end,
       array_agg(c.settlement_id order by c.settlement_id), max(c.treated_on),
       jsonb_build_object('limit', 'year', 'sum', c.accumulator, 'most', anomaly_yuan(max(c.most)), 'highest', anomaly_yuan(max(c.used)))
from capped c
where anomaly_stands(c.owner_id, c.settlement_id)
group by c.owner_id, c.accumulator;

-- Cards tried after their loss or their end (挂失后用卡): what was refused, by person and day, and what a terminal sold that could not know.
create view anomaly_lost_card as
with tried as (
  select a.owner_id, (a.answered_at at time zone 'Asia/Shanghai')::date as day, a.institution, a.code, a.answered_at
  from answer a
  where a.code in ('card-cancelled', 'card-superseded', 'card-formally-lost', 'card-temporarily-lost', 'offline-card-listed')
    and a.answered_at >= (select anomaly_midnight(anomaly_since('lost-card.days')))
    and a.answered_at < (select anomaly_midnight(anomaly_today() + 2))
)
select t.owner_id || ' ' || t.day as subject, t.owner_id as person,
       case when count(distinct t.institution) = 1 then min(t.institution) end as institution, '{}'::text[] as settlements, t.day,
       jsonb_build_object('tries', count(*), 'codes', jsonb_agg(distinct t.code), 'institutions', jsonb_agg(distinct t.institution),
         'first', min(t.answered_at), 'last', max(t.answered_at)) as facts
from tried t left join person p on p.owner_id = t.owner_id
group by t.owner_id, t.day, p.region
having count(*) >= anomaly_value('lost-card.tries', coalesce(p.region, '*'), t.day)
union all
select s.settlement_id, s.owner_id, s.institution, array[s.settlement_id], s.treated_on,
       jsonb_build_object('sold', anomaly_yuan(s.total_fen), 'at', s.tapped_at)
from settlement s
where s.offline and s.sequence = 1
  and s.treated_on >= (select anomaly_since('lost-card.days')) and s.treated_on <= (select anomaly_today())
  and convert_from(s.canonical, 'UTF8')::jsonb #> '{content,warnings}' @> '[{"code": "card-blocked-after-list"}]'
  and anomaly_stands(s.owner_id, s.settlement_id);

-- Institutions far from their peers (偏离同级机构), of one level and kind of care: by the average bill, and by the funds' share of it.
create view anomaly_peers as
with bill as (
  -- Sums of days: they are some moments behind, and what was cancelled counts against them.
  select k.institution, k.care_region, k.care, sum(k.settlements) filter (where k.payer = '*') as settlements,
         sum(k.amount_fen) filter (where k.payer = '*') as total, coalesce(sum(k.amount_fen) filter (where k.payer like 'fund:%'), 0) as fund
  from bill_sum k
  where k.grain = 'day' and k.each_institution
    and k.treated >= (select anomaly_since('peers.days')) and k.treated <= (select anomaly_today())
  group by 1, 2, 3 having sum(k.settlements) filter (where k.payer = '*') > 0
), measured as (
  select b.institution, b.care_region, b.care, b.settlements, i.document ->> 'level' as level, m.measure, m.value
  from bill b
  join institution i on i.code = b.institution
  cross join lateral (values ('average-bill', b.total / b.settlements), ('fund-share', 10000 * b.fund / nullif(b.total, 0))) m (measure, value)
  where m.value is not null and b.settlements >= anomaly_value('peers.settlements', b.care_region, anomaly_today())
), middle as (
  select level, care, measure, count(*) as institutions, percentile_cont(0.5) within group (order by value)::numeric as median
  from measured group by 1, 2, 3
), spread as (
  select level, care, measure, m.institutions, m.median,
         percentile_cont(0.5) within group (order by abs(value - m.median))::numeric as mad
  from middle m join measured using (level, care, measure) group by 1, 2, 3, 4, 5
)
select m.institution || ' ' || m.care || ' ' || m.measure as subject, null::text as person, m.institution, '{}'::text[] as settlements,
       anomaly_today() as day,
       jsonb_build_object('measure', m.measure, 'care', m.care, 'level', m.level, 'settlements', m.settlements, 'peers', s.institutions,
         'value', anomaly_yuan(m.value), 'median', anomaly_yuan(s.median),
         'deviations', round(abs(m.value - s.median) / nullif(s.mad * 1.4826, 0), 1)) as facts
from measured m join spread s using (level, care, measure)
where s.institutions >= anomaly_value('peers.institutions', m.care_region, anomaly_today())
  and abs(m.value - s.median) > s.mad * 1.4826 * anomaly_value('peers.deviations', m.care_region, anomaly_today())
  and abs(m.value - s.median) > s.median * anomaly_value('peers.percent', m.care_region, anomaly_today()) / 100;

-- Running sums that jump (累计异常跳变): one settlement moves a sum of a year by very much, or by many times what those before it did on average.
create view anomaly_jump as
with large as (
  select s.* from settlement s
  where s.sequence = 1 and s.treated_on >= (select anomaly_since('jump.days')) and s.treated_on <= (select anomaly_today())
    and s.total_fen >= (select 100 * least(anomaly_least('jump.least'), anomaly_least('jump.amount')))
), moved as (
  select l.owner_id, l.id, l.settlement_id, l.institution, l.home_region, l.treated_on, c ->> 'key' as key, c ->> 'year' as year,
         (c ->> 'delta')::numeric as amount
  from large l,
       lateral (select convert_from(l.canonical, 'UTF8')::jsonb -> 'content' -> 'counters' as counters offset 0) d,
       lateral jsonb_array_elements(d.counters) c
  -- Sums of money over a whole year: admissions and visits are counts.
  where c ->> 'year' ~ '^\d{4}$' and split_part(c ->> 'key', '|', 4) = 'year'
    and split_part(c ->> 'key', '|', 3) !~ '^admissions\.|\.visits$'
    and (c ->> 'delta')::numeric >= (select 100 * least(anomaly_least('jump.least'), anomaly_least('jump.amount')))
), compared as (
  select m.*, b.earlier, b.mean,
         m.amount >= 100 * anomaly_value('jump.amount', m.home_region, m.treated_on) as much,
         m.amount >= 100 * anomaly_value('jump.least', m.home_region, m.treated_on)
           and b.earlier >= anomaly_value('jump.earlier', m.home_region, m.treated_on)
           and m.amount > b.mean * anomaly_value('jump.times', m.home_region, m.treated_on) as sudden
  from moved m
  cross join lateral (
    select y.version from year_version y where y.owner_id = m.owner_id and y.year = m.year and y.posting_id = m.id
  ) w
  cross join lateral (
    select count(*) filter (where v.delta > 0) as earlier, avg(v.delta) filter (where v.delta > 0) as mean
    from (
      select coalesce((y.counters ->> m.key)::numeric, 0)
               - lag(coalesce((y.counters ->> m.key)::numeric, 0), 1, 0) over (order by y.version) as delta
      from year_version y
      where y.owner_id = m.owner_id and y.year = m.year and y.version < w.version
        -- Most have had no such number of bills, and what those before moved need not be looked at.
        and w.version > (select anomaly_least('jump.earlier'))
    ) v
  ) b
)
select settlement_id as subject, owner_id as person, institution, array[settlement_id] as settlements, treated_on as day,
       jsonb_build_object('sums', jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
         'sum', split_part(key, '|', 3), 'region', split_part(key, '|', 1), 'scheme', split_part(key, '|', 2), 'year', year,
         'apart', nullif(split_part(key, '|', 5), ''), 'amount', anomaly_yuan(amount), 'earlier', earlier,
         'mean', anomaly_yuan(mean), 'times', round(amount / nullif(mean, 0), 1))) order by key)) as facts
from compared
where (much or sudden) and anomaly_stands(owner_id, settlement_id)
group by settlement_id, owner_id, institution, treated_on;

grant select on
  anomaly_two_places, anomaly_same_bill, anomaly_under_limit, anomaly_lost_card, anomaly_peers, anomaly_jump
to jiesuan_app;
grant select, insert on anomaly_threshold to jiesuan_app;
grant execute on function
  same_bill_in, anomaly_today, anomaly_value, anomaly_least, anomaly_since, anomaly_midnight, anomaly_yuan, anomaly_stands
to jiesuan_app;
