import type { ExampleRow } from './example.ts'
import type { Play, Step } from '../arm/step.ts'
import { Constants, type Counter, type Filling, Template } from './template.ts'

/** Thirty characters that nothing else is called by, in the order of time as ids of our own are. */
const idOf = (ms: string): string =>
  `${ms}::text || lpad(:client_id::text, 4, '0') || lpad(:n::text, 13, '0')`

const now = '(extract(epoch from clock_timestamp()) * 1000)::bigint'
/** Somebody of the city; the bare arm asks for people by their id, as if a card had told it. */
const somebody = `:prefix::text || lpad(:person::text, 17, '0')`

const drawn: readonly Step[] = [
  { kind: 'random', name: 'person', upTo: 'people' },
  { kind: 'sum', name: 'n', of: ['n', 'one'] },
]

export interface Crowd {
  readonly people: number
  /** What every owner's id begins with; seventeen digits follow. */
  readonly prefix: string
}

const startOf = ({ people, prefix }: Crowd): Record<string, string> => ({
  people: String(people),
  prefix,
  n: '0',
  one: '1',
})

/**
 * What an ordinary service would run for a bill, one statement after the other. In it: the person's row locked, the newest
 * state of their account and their year, and every row that our engine writes for the bill, of the same width, one insert a
 * table, in one transaction. Not in it: HTTP, validation, keys looked up and repeats answered, credentials and cards, rules,
 * the same bill looked for, encryption and hashes of what is sent, and the journal that places postings afterwards.
 * Most people's year has no deductible yet that would have been filled, so that `counters` is one number shorter than ours.
 */
export function barePlay(rows: readonly ExampleRow[], crowd: Crowd): Play {
  const constants = new Constants()
  const template = new Template(rows, constants)
  const { counters } = template
  const filling: Filling = {
    owner: ':owner',
    id: ':id',
    ms: ':ms',
    accountVersion: ':account_version',
    before: ':before',
    balance: ':balance',
    yearVersion: ':year_version',
    counters: written(counters, (i) => `:sum${i}::text`, constants),
  }
  const inserts = template.tables.map((table): Step => {
    const { columns, values } = template.rowsOf(table, filling)
    const sql = `insert into ${table} (${columns}) values ${values.map((row) => `(${row})`).join(', ')}`
    return { kind: 'ask', sql }
  })
  const steps: Step[] = [
    ...drawn,
    { kind: 'ask', sql: 'begin' },
    { kind: 'ask', sql: lockPerson, keep: true },
    { kind: 'ask', sql: readAccount, keep: true },
    { kind: 'sum', name: 'balance', of: ['before', 'drawn'] },
    { kind: 'ask', sql: readYear(counters, constants), keep: true },
    ...counters.map(
      (_, i): Step => ({ kind: 'sum', name: `sum${i}`, of: [`sum${i}`, `delta${i}`] }),
    ),
    ...inserts,
    { kind: 'ask', sql: 'commit' },
  ]
  const deltas = counters.map(({ delta }, i) => [`delta${i}`, delta] as const)
  const { account } = template.document.content
  const variables = {
    ...startOf(crowd),
    ...Object.fromEntries(deltas),
    ...constants.variables,
    drawn: String(-account),
    year: template.text('year_version', 'year'),
  }
  return { steps, variables }
}

const lockPerson = `select owner_id as owner, version as person_version, document, ms, ${idOf('ms')} as id
from person, (select ${now} as ms) clock where owner_id = ${somebody} for update of person`

const readAccount = `select version + 1 as account_version, balance_fen as before
from account_version where owner_id = :owner and account = 'personal:' || :owner::text order by version desc limit 1`

function readYear(counters: readonly Counter[], constants: Constants): string {
  const sums = counters.map(
    ({ key }, i) => `coalesce((counters ->> ${constants.add(key)})::bigint, 0) as sum${i}`,
  )
  return `select coalesce(version, 0) + 1 as year_version, coalesce(counters, '{}') as counters, ${sums.join(', ')}
from (select) one left join lateral (
  select version, counters from year_version where owner_id = :owner and year = :year order by version desc limit 1
) newest on true`
}

/** The document of the running sums, whose amounts are text; those that the bill does not touch stay. */
function written(
  counters: readonly Counter[],
  sumOf: (i: number) => string,
  constants: Constants,
): string {
  const members = counters.map(
    ({ key }, i) => `${constants.add(`${i === 0 ? '{' : '", '}"${key}": "`)}::text || ${sumOf(i)}`,
  )
  const touched = [...members, `${constants.add('"}')}::text`].join(' || ')
  return `(:counters::jsonb || (${touched})::jsonb)`
}

/**
 * The outer limit: the same rows in one statement that reads nothing. It cannot follow anybody's account or year, so that its
 * versions are numbers of its own, no two of one client and millisecond alike, and its balances are all one: the checks of
 * versions and counters do not hold of it.
 */
export function blindPlay(rows: readonly ExampleRow[], crowd: Crowd): Play {
  const constants = new Constants()
  const template = new Template(rows, constants)
  const { account, accountBalance } = template.document.content
  const filling: Filling = {
    owner: 'f.owner',
    id: 'f.id',
    ms: 'f.ms',
    accountVersion: 'f.number',
    before: String(accountBalance + account),
    balance: String(accountBalance),
    yearVersion: 'f.number',
    counters: constants.add(template.text('year_version', 'counters')),
  }
  const writes = template.tables.map((table) => {
    const { columns, values } = template.rowsOf(table, filling)
    const selects = values.map((row) => `select ${row} from fresh f`).join(' union all ')
    return `insert into ${table} (${columns}) ${selects}`
  })
  const last = writes.pop()
  const sql = `with fresh as (
  select ${somebody} as owner, ms, ${idOf('ms')} as id, ms * 4000000 + :client_id::bigint * 1000 + :n::bigint % 1000 as number
  from (select ${now} as ms) clock
), ${writes.map((write, i) => `w${i} as (${write})`).join(',\n')}
${last}`
  const steps: Step[] = [...drawn, { kind: 'ask', sql }]
  return { steps, variables: { ...startOf(crowd), ...constants.variables } }
}
