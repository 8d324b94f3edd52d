import { Conditions, type Condition } from './conditions.ts'

/** Which chains, by what their first rows say and by what their heads are. */
export interface ChainsAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly scheme?: string | undefined
  readonly care?: string | undefined
  readonly heads?: readonly string[] | undefined
  readonly card?: Buffer | undefined
  readonly fund?: string | undefined
  readonly rulePack?: string | undefined
  readonly totalFrom_fen?: bigint | undefined
  readonly totalUntil_fen?: bigint | undefined
  readonly route?: string | undefined
  readonly careRegion?: string | undefined
  readonly homeRegion?: string | undefined
  readonly postedFrom_ms?: number | undefined
  readonly postedUntil_ms?: number | undefined
  /** Ids between which everything lies that was posted between those moments. */
  readonly idFrom?: string | undefined
  readonly idBefore?: string | undefined
  readonly familyHash?: Buffer | undefined
  readonly nameHash?: Buffer | undefined
  readonly limit: number
  /** So many chains are looked through at most for those that fit. */
  readonly most: number
  /** The last chain of the page before, when it was posted and what day it is of. */
  readonly after?: string | undefined
  readonly afterMoment_ms?: string | undefined
  readonly afterDay?: string | undefined
}

const headOf = (chain: string): string => `
  cross join lateral (
    select kind from settlement h where h.owner_id = ${chain}.owner_id and h.settlement_id = ${chain}.settlement_id
    order by sequence desc limit 1
  ) head`

const moment = '(extract(epoch from s.posted_at) * 1000)::bigint'

const told = `
  s.settlement_id, head.kind, s.owner_id, s.institution, s.treated_on, s.care_region, s.home_region,
  s.route, s.scheme, s.care, s.total_fen, s.fund_total_fen, s.person_total_fen, s.account_fen, s.cash_fen,
  ${moment} as posted_at_ms`

const nothingLooked = `null as looked_id, null::bigint as looked_at_ms, null::date as looked_on`

/** Chains by their ids. */
export const chainsCalled = `
  select ${told}, ${nothingLooked} from settlement s ${headOf('s')}
  where s.settlement_id = any ($1::text[]) and s.sequence = 1 order by s.settlement_id desc`

interface Asked {
  readonly text: string
  readonly values: readonly unknown[]
}

/** An order in which an index has chains, what of a question it answers by itself, and where a page goes on in it. */
interface Walk {
  readonly order: readonly string[]
  readonly conditions: readonly Condition[]
  readonly after: Condition
}

/**
 * Chains, the newest first, by the index that has the fewest rows to pass over: those of a person by their own; those of some
 * days by day, the newest day first; of an institution those that were undone by the rows that undid them, and all by the moment
 * at which they were posted. What no index knows, such as an amount, is looked for among the next so many chains of that order:
 * where few fit, a page is short, and its last row tells how far it looked.
 */
export function chainsNewestFirst(asked: ChainsAsked): Asked {
  const { person, institution, heads } = asked
  const [kind, ...others] = heads ?? []
  const isAnywhen = person === undefined && !hasDays(asked)
  if (isAnywhen && institution !== undefined && isUndoing(kind) && others.length === 0)
    return undoneAt(institution, kind, asked)
  const walk = walkOf(asked)
  const given = new Conditions()
  const limit = given.put(asked.limit)
  const from = `from settlement s where s.sequence = 1${given.of(...walk.conditions, walk.after)}`
  const fits = given.of(...fittingOf(asked))
  const order = orderOf(walk, 's')
  if (fits === '' && heads === undefined)
    return {
      text: `
        select ${told}, ${nothingLooked}
        from (select s.* ${from} order by ${order} limit ${limit}) s ${headOf('s')} order by ${order}`,
      values: given.values,
    }
  const ofHead = given.of(['head.kind = any (?::text[])', heads])
  const most = given.put(asked.most)
  return {
    text: `
      with found as materialized (
        select w.settlement_id, w.owner_id
        from (
          select s.settlement_id, s.owner_id, s.posted_at, s.treated_on, coalesce(true${fits}, false) as fits
          ${from} order by ${order} limit ${most}
        ) w ${heads ? headOf('w') : ''}
        where w.fits${ofHead}
        order by ${orderOf(walk, 'w')} limit ${limit}
      ), looked as (
        select s.settlement_id as looked_id, ${moment} as looked_at_ms, s.treated_on as looked_on
        ${from} and (select count(*) from found) < ${limit}
        order by ${order} offset ${most} - 1 limit 1
      )
      select ${told}, looked.*
      from (select) once
      left join looked on true
      left join (
        found f join settlement s on s.settlement_id = f.settlement_id and s.sequence = 1 and s.owner_id = f.owner_id
        ${headOf('s')}
      ) on true
      order by ${order}`,
    values: given.values,
  }
}

const hasDays = ({ from, until }: ChainsAsked): boolean => (from ?? until) !== undefined

const orderOf = ({ order }: Walk, of: string): string =>
  order.map((column) => `${of}.${column} desc`).join(', ')

function walkOf(asked: ChainsAsked): Walk {
  const { person, institution, after, afterMoment_ms, afterDay } = asked
  const days: readonly Condition[] = [
    ['s.treated_on >= ?::date', asked.from],
    ['s.treated_on <= ?::date', asked.until],
  ]
  const place: Condition = ['s.institution = ?', institution]
  const byId = { order: ['settlement_id'], after: ['s.settlement_id < ?', after] } as const
  if (person !== undefined)
    return { ...byId, conditions: [['s.owner_id = ?', person], place, ...days] }
  if (hasDays(asked))
    return {
      order: ['treated_on', 'settlement_id'],
      conditions: [place, ...days],
      after: ['(s.treated_on, s.settlement_id) < (?::date, ?)', afterDay, after],
    }
  if (institution !== undefined)
    return {
      order: ['posted_at', 'settlement_id'],
      conditions: [place, ...postedIn(asked)],
      after: [
        '(s.posted_at, s.settlement_id) < (to_timestamp(?::float8 / 1000), ?)',
        afterMoment_ms,
        after,
      ],
    }
  const { idFrom, idBefore } = asked
  const ids: readonly Condition[] = [
    ['s.settlement_id >= ?', idFrom],
    ['s.settlement_id < ?', idBefore],
  ]
  return { ...byId, conditions: ids }
}

const postedIn = ({ postedFrom_ms, postedUntil_ms }: ChainsAsked): readonly Condition[] => [
  ['s.posted_at >= to_timestamp(?::float8 / 1000)', postedFrom_ms],
  ['s.posted_at <= to_timestamp(?::float8 / 1000)', postedUntil_ms],
]

/** What is looked for row by row. */
const fittingOf = (asked: ChainsAsked): readonly Condition[] => [
  ['s.scheme = ?', asked.scheme],
  ['s.care = ?', asked.care],
  ['s.card = ?', asked.card],
  [
    `? = any (s.share_funds)
     and exists (select from unnest(s.share_funds, s.share_fen) as f (fund, fen) where f.fund = ? and f.fen > 0)`,
    asked.fund,
    asked.fund,
  ],
  ['s.pack_hash = ?', asked.rulePack],
  ['s.total_fen >= ?', asked.totalFrom_fen],
  ['s.total_fen <= ?', asked.totalUntil_fen],
  ['s.route = ?', asked.route],
  ['s.care_region = ?', asked.careRegion],
  ['s.home_region = ?', asked.homeRegion],
  ...postedIn(asked),
  // Person by person: of people as such the planner would read all who are called so, however few are needed.
  ['(select p.family_hash from person p where p.owner_id = s.owner_id) = ?', asked.familyHash],
  ['(select p.name_hash from person p where p.owner_id = s.owner_id) = ?', asked.nameHash],
]

const undoing: readonly (string | undefined)[] = ['cancellation', 'reversal']
const isUndoing = (kind: string | undefined): kind is string => undoing.includes(kind)

/** The rows of one kind that undid a chain and that nothing came after: they lie in the order of ids in an index. */
function undoneAt(institution: string, kind: string, asked: ChainsAsked): Asked {
  const { after, limit } = asked
  const given = new Conditions()
  const conditions = given.of(
    ['head.institution = ?', institution],
    ['head.kind = ?', kind],
    ...fittingOf(asked),
    ['head.settlement_id < ?', after],
  )
  return {
    text: `
      select ${told}, ${nothingLooked}
      from settlement head
      cross join lateral (
        select * from settlement first
        where first.settlement_id = head.settlement_id and first.owner_id = head.owner_id and first.sequence = 1 limit 1
      ) s
      where head.kind in (${undoing.map((each) => `'${each}'`).join(', ')})${conditions}
        and head.sequence = (select max(sequence) from settlement last
          where last.settlement_id = head.settlement_id and last.owner_id = head.owner_id)
      order by head.settlement_id desc limit ${given.put(limit)}`,
    values: given.values,
  }
}
