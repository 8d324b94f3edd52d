import type { Statement } from '../transaction.ts'
import { sides } from './ledger.ts'
import { told } from './posted.ts'

/** What both sides know a settlement by: one that has both sides here is known by itself. */
const reference = 'coalesce(s.reference, s.settlement_id)'

/** Milliseconds as a moment. */
const at = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000.0)`

const columns = `
  s.id, s.owner_id, ${reference} as reference, s.kind, s.sequence, s.scheme, s.care, s.care_region,
  s.treated_on, (extract(epoch from s.posted_at) * 1000)::bigint as posted_at_ms,
  s.total_fen, s.fund_total_fen, s.account_fen, d.account, d.due_fen`

/** A page of rows of one side: what it is due in, whose rows were cleared, the days, and after which row. */
interface Asked {
  readonly account: string
  readonly owner: string
  readonly from_ms: number
  readonly before_ms: number
  /** Only rows that are in no run of the owner. */
  readonly open: boolean
  readonly after: readonly [at_ms: bigint, id: string]
  readonly limit: number
}

/**
 * A page of settlements, and with each the account that it is due in and how much, by its own transfers: that account's name
 * begins with $1, and a row without one is not due to this side. Whether a row is in a run is looked up row by row: as a join
 * it would go through all that was ever cleared for each of them, where the server still thinks that this is little.
 */
const page = (which: string): string => `
  select ${columns}
  from (
    select * from settlement s
    where ${which} and ${told}
      and s.posted_at >= ${at('$3')} and s.posted_at < ${at('$4')}
      and (not $5::boolean or (select c.run_id from clearing_row c where c.owner_id = $2 and c.row_id = s.id) is null)
      and (s.posted_at, s.id) > (${at('$6')}, $7)
    order by s.posted_at, s.id limit $8
  ) s
  left join lateral (
    select side.account, sum(side.credit_fen - side.debit_fen)::bigint as due_fen
    from transfer t ${sides}
    where t.owner_id = any (s.participants) and t.posting_id = s.id
      and starts_with(side.account || ':', $1 || ':')
    group by side.account having sum(side.credit_fen - side.debit_fen) <> 0
  ) d on true
  order by s.posted_at, s.id`

const valuesOf = ({ account, owner, from_ms, before_ms, open, after, limit }: Asked) => [
  account,
  owner,
  from_ms,
  before_ms,
  open,
  String(after[0]),
  after[1],
  limit,
]

/** What one region treated of another's people. */
export const readPairRows = (home: string, care: string, asked: Asked): Statement => ({
  name: 'read-pair-rows',
  text: page('s.home_region = $9 and s.care_region = $10 and s.care_region <> s.home_region'),
  values: [...valuesOf(asked), home, care],
})

/** What an institution did of some kinds of care. */
export const readInstitutionRows = (
  institution: string,
  cares: readonly string[],
  asked: Asked,
): Statement => ({
  name: 'read-institution-rows',
  text: page('s.institution = $9 and s.care = any ($10::text[])'),
  values: [...valuesOf(asked), institution, cares],
})

export interface StoredClearable {
  readonly id: string
  readonly owner_id: string
  readonly reference: string
  readonly kind: string
  readonly sequence: number
  readonly scheme: string
  readonly care: string
  readonly care_region: string
  readonly treated_on: string
  readonly posted_at_ms: bigint
  readonly total_fen: bigint
  readonly fund_total_fen: bigint
  readonly account_fen: bigint
  /** Absent where nothing is due to this side. */
  readonly account: string | null
  readonly due_fen: bigint | null
}

/** Which of some references an owner has cleared, with their undos told apart. */
export const readCleared = (owner: string, references: readonly string[]): Statement => ({
  name: 'read-cleared',
  text: `
    select reference, undo from clearing_row where owner_id = $1 and reference = any ($2::text[])`,
  values: [owner, references],
})

/**
 * Every two regions that have something between them, and since when: each step goes to the next pair by the index. A paper
 * bill from somewhere else is no matter between two regions.
 */
export const readPairs = (): Statement => ({
  name: 'read-pairs',
  text: `
    with recursive pair as (
      (select home_region, care_region from settlement where care_region <> home_region and desk is null
       order by home_region, care_region limit 1)
      union all
      select n.home_region, n.care_region from pair p cross join lateral (
        select home_region, care_region from settlement
        where care_region <> home_region and desk is null and (home_region, care_region) > (p.home_region, p.care_region)
        order by home_region, care_region limit 1
      ) n
    )
    select home_region, care_region, (
      select (extract(epoch from min(s.posted_at)) * 1000)::bigint from settlement s
      where s.home_region = pair.home_region and s.care_region = pair.care_region and s.care_region <> s.home_region
        and s.desk is null
    ) as first_ms
    from pair`,
  values: [],
})

const runColumns = `
  r.owner_id, r.id, r.kind, r.chain, r.sequence, r.period, r.until_day, r.region, r.side, r.partner, r.institution, r.category,
  (extract(epoch from r.closed_at) * 1000)::bigint as closed_at_ms, r.row_count, r.due_fen,
  (select t.by_run from clearing_taken t where t.owner_id = r.owner_id and t.run_id = r.id) as taken_by`

export interface StoredRun {
  readonly owner_id: string
  readonly id: string
  readonly kind: string
  readonly chain: string
  readonly sequence: number
  readonly period: string
  readonly until_day: string
  readonly region: string
  readonly side: string | null
  readonly partner: string | null
  readonly institution: string | null
  readonly category: string | null
  readonly closed_at_ms: bigint
  readonly row_count: number
  readonly due_fen: bigint
  readonly taken_by: string | null
}

export const readRun = (id: string): Statement => ({
  name: 'read-clearing-run',
  text: `select ${runColumns} from clearing_run r where r.id = $1`,
  values: [id],
})

/** The runs of one owner, or of all who are kept here, the newest first. */
export const listRuns = (asked: {
  readonly owner: string | undefined
  readonly kind: string | undefined
  readonly before: string | undefined
  readonly limit: number
}): Statement => ({
  name: 'list-clearing-runs',
  text: `
    select ${runColumns} from clearing_run r
    where ($1::text is null or r.owner_id = $1) and ($2::text is null or r.kind = $2)
      and ($3::text is null or r.id < $3)
    order by r.id desc limit $4`,
  values: [asked.owner ?? null, asked.kind ?? null, asked.before ?? null, asked.limit],
})

/** Runs of a kind until a day that are in no later run yet. */
export const readOpenRuns = (
  kind: string,
  owners: readonly string[],
  until: string,
): Statement => ({
  name: 'read-open-runs',
  text: `
    select ${runColumns} from clearing_run r
    where r.owner_id = any ($1::text[]) and r.kind = $3 and r.until_day <= $2::date
      and not exists (select from clearing_taken t where t.owner_id = r.owner_id and t.run_id = r.id)
    order by r.until_day, r.id`,
  values: [owners, until, kind],
})

export const readTotals = (owner: string, run: string): Statement => ({
  name: 'read-clearing-totals',
  text: `
    select category, way, scheme, month, row_count, total_fen, fund_total_fen, account_fen, due_fen
    from clearing_total where owner_id = $1 and run_id = $2
    order by category, way, scheme, month`,
  values: [owner, run],
})

export const listRows = (owner: string, run: string, after: string, limit: number): Statement => ({
  name: 'list-clearing-rows',
  text: `
    select row_id, reference, undo, category, way, scheme, month, total_fen, fund_total_fen, account_fen, due_fen
    from clearing_row where owner_id = $1 and run_id = $2 and row_id > $3
    order by row_id limit $4`,
  values: [owner, run, after, limit],
})

/** The rows of a run on which the regions do not agree. */
export const listDisputes = (
  owner: string,
  run: string,
  after: number,
  limit: number,
): Statement => ({
  name: 'list-clearing-disputes',
  text: `
    select number, reference, undo, kind, posted_on, amounts, ours_fen, theirs_fen
    from clearing_dispute where owner_id = $1 and run_id = $2 and number > $3
    order by number limit $4`,
  values: [owner, run, after, limit],
})

/** The earliest day of a row that the last run of a chain held out. */
export const readOldestDispute = (owner: string, chain: string): Statement => ({
  name: 'read-oldest-dispute',
  text: `
    select min(d.posted_on) as day
    from clearing_dispute d
    where d.owner_id = $1 and d.run_id = (
      select id from clearing_run where owner_id = $1 and chain = $2 order by sequence desc limit 1)`,
  values: [owner, chain],
})

export const listOrders = (asked: {
  readonly region: string | undefined
  readonly netting: string | undefined
  readonly after: string
  readonly limit: number
}): Statement => ({
  name: 'list-clearing-orders',
  text: `
    select id, netting_id, debtor, creditor, amount_fen from clearing_order
    where ($1::text is null or $1 in (debtor, creditor)) and ($2::text is null or netting_id = $2)
      and id > $3
    order by id limit $4`,
  values: [asked.region ?? null, asked.netting ?? null, asked.after, asked.limit],
})

export const readOrder = (id: string): Statement => ({
  name: 'read-clearing-order',
  text: 'select id, netting_id, debtor, creditor, amount_fen from clearing_order where id = $1',
  values: [id],
})

export interface StoredOrder {
  readonly id: string
  readonly netting_id: string
  readonly debtor: string
  readonly creditor: string
  readonly amount_fen: bigint
}

/** What the funds of a region took on over some days: it counts when it is settled (待遇账). */
export const sumBenefits = (region: string, from_ms: number, before_ms: number): Statement => ({
  name: 'sum-benefits',
  text: `
    select s.scheme, f.account, sum(f.fen)::bigint as fen from settlement s
    cross join lateral (
      select case when side.account like 'personal:%' then 'personal:*' else side.account end as account,
             side.debit_fen - side.credit_fen as fen
      from transfer t ${sides}
      where t.owner_id = any (s.participants) and t.posting_id = s.id
        and t.kind in ('fund', 'account', 'family', 'receivable')
        and side.account ~ '^(fund|personal):'
    ) f
    where s.home_region = $1 and s.posted_at >= ${at('$2')} and s.posted_at < ${at('$3')}
    group by 1, 2 order by 1, 2`,
  values: [region, from_ms, before_ms],
})

/** What a region's bank paid and got over some days, by what it was for (现金日记账). */
export const sumCash = (region: string, from_ms: number, before_ms: number): Statement => ({
  name: 'sum-cash',
  text: `
    select p.kind, side.account, sum(side.debit_fen)::bigint as received_fen, sum(side.credit_fen)::bigint as paid_fen
    from clearing_posting p
    join transfer t on t.owner_id = any (p.participants) and t.posting_id = p.id ${sides}
    where p.posted_at >= ${at('$2')} and p.posted_at < ${at('$3')}
      and side.account in ('bank:' || $1, 'bank-held:' || $1)
    group by 1, 2 order by 2, 1`,
  values: [region, from_ms, before_ms],
})
