/** Which chains, by what their first rows say and by what their heads are. */
export interface ChainsAsked {
  readonly person?: string | undefined
  readonly institution?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly scheme?: string | undefined
  readonly care?: string | undefined
  readonly heads?: readonly string[] | undefined
  readonly limit: number
  /** The last chain of the page before, and when it was posted. */
  readonly after?: string | undefined
  readonly afterMoment_ms?: string | undefined
}

const head = `
  cross join lateral (
    select kind from settlement h where h.owner_id = s.owner_id and h.settlement_id = s.settlement_id
    order by sequence desc limit 1
  ) head`

const told = `
  s.settlement_id, head.kind, s.owner_id, s.institution, s.treated_on, s.care_region, s.home_region,
  s.route, s.scheme, s.care, s.total_fen, s.fund_total_fen, s.person_total_fen, s.account_fen, s.cash_fen,
  (extract(epoch from s.posted_at) * 1000)::bigint as posted_at_ms`

/** Values travel as parameters: each is put where a condition has a question mark. */
class Conditions {
  readonly values: unknown[] = []

  of(...some: readonly (readonly [condition: string, ...values: readonly unknown[]])[]): string {
    const given = some.filter(([, ...values]) => values.every((value) => value !== undefined))
    return given.map(([condition, ...values]) => ` and ${this.#filled(condition, values)}`).join('')
  }

  put(value: unknown): string {
    return `$${this.values.push(value ?? null)}`
  }

  #filled(condition: string, values: readonly unknown[]): string {
    const left = [...values]
    return condition.replaceAll('?', () => this.put(left.shift()))
  }
}

interface Asked {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * Chains, the newest first, by the index that has the fewest rows to pass over: those of a person by their own; those of some
 * days put together from the newest of each day; of an institution those that were undone by the rows that undid them, and all
 * by the moment at which they were posted.
 */
export function chainsNewestFirst(asked: ChainsAsked): Asked {
  const { person, institution, from, until, heads } = asked
  if (person === undefined && (from ?? until) !== undefined) return dayByDay(asked)
  const [kind, ...others] = heads ?? []
  if (person === undefined && institution !== undefined && isUndoing(kind) && others.length === 0)
    return undoneAt(institution, kind, asked)
  const byMoment = person === undefined && institution !== undefined
  const { afterMoment_ms: moment, after } = asked
  const given = new Conditions()
  const conditions =
    given.of(...conditionsOf(asked), ['s.owner_id = ?', person], ...within(asked)) +
    given.of(
      byMoment
        ? ['(s.posted_at, s.settlement_id) < (to_timestamp(?::float8 / 1000), ?)', moment, after]
        : ['s.settlement_id < ?', after],
    )
  const order = byMoment ? 's.posted_at desc, s.settlement_id desc' : 's.settlement_id desc'
  return {
    text: `select ${told} from settlement s ${head} where s.sequence = 1${conditions} order by ${order} limit ${given.put(asked.limit)}`,
    values: given.values,
  }
}

type Condition = readonly [condition: string, value: unknown]

const conditionsOf = ({ institution, scheme, care, heads }: ChainsAsked): readonly Condition[] => [
  ['s.institution = ?', institution],
  ['s.scheme = ?', scheme],
  ['s.care = ?', care],
  ['head.kind = any (?::text[])', heads],
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
    ...conditionsOf({ ...asked, institution: undefined, heads: undefined }),
    ['head.settlement_id < ?', after],
  )
  return {
    text: `
      select ${told}
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

const within = ({ from, until }: ChainsAsked): readonly Condition[] => [
  ['s.treated_on >= ?::date', from],
  ['s.treated_on <= ?::date', until],
]

/** As many of each day as are asked for, and the newest of those. Days on which nobody was treated yet are left out. */
function dayByDay(asked: ChainsAsked): Asked {
  const { institution, from, until, after, heads, limit } = asked
  const given = new Conditions()
  const most = given.put(limit)
  const ofPlace = given.of(['s.institution = ?', institution])
  const first = `greatest(first, ${given.put(from)}::date)`
  const last = `least(last, ${given.put(until)}::date)`
  const conditions = given.of(...conditionsOf(asked), ['s.settlement_id < ?', after])
  return {
    text: `
      with day as (
        select generate_series(${first}, ${last}, interval '1 day')::date as treated_on
        from (select min(s.treated_on) as first, max(s.treated_on) as last from settlement s where s.sequence = 1${ofPlace}) known
        where first is not null
      ), found as (
        select newest.settlement_id from day cross join lateral (
          select s.settlement_id from settlement s ${heads ? head : ''}
          where s.sequence = 1 and s.treated_on = day.treated_on${conditions}
          order by s.settlement_id desc limit ${most}
        ) newest
        order by newest.settlement_id desc limit ${most}
      )
      select ${told}
      from found join settlement s on s.settlement_id = found.settlement_id and s.sequence = 1 ${head}
      order by s.settlement_id desc`,
    values: given.values,
  }
}
