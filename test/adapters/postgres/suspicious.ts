import type pg from 'pg'
import { billHash } from '../../../adapters/postgres/hashes.ts'
import { encodeRow } from '../../../adapters/postgres/document.ts'
import { insertYearVersions } from '../../../adapters/postgres/sql/inserts.ts'
import { insertSettlements } from '../../../adapters/postgres/sql/settlement.ts'
import type { Statement } from '../../../adapters/postgres/transaction.ts'
import { parseDay } from '../../../engine/day.ts'
import { excess, type Fen, parseYuan, zero } from '../../../engine/money.ts'
import type { Row, RowKind } from '../../../engine/ports.ts'
import type { Settlement, Step } from '../../../engine/settlement.ts'
import { crypto, ids } from './support.ts'

/** A settlement in few words: rows of the books that no engine had to decide. */
export interface Told {
  readonly person: string
  readonly day: string
  /** When it was posted, in China; default 10:00 of the day. */
  readonly at?: string
  readonly institution?: string
  readonly care?: Settlement['care']
  readonly careRegion?: string
  readonly homeRegion?: string
  readonly total?: string
  readonly fund?: string
  readonly item?: string
  readonly stay?: readonly [string, string]
  readonly terminal?: string
  readonly tap?: 'online' | 'offline'
  readonly warnings?: Settlement['warnings']
  readonly trace?: readonly Step[]
  readonly counters?: Settlement['counters']
  readonly desk?: 'paper'
}

const chinaTime = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)

function contentOf(told: Told, at: number): Settlement {
  const { person, institution = 'H1', care = 'outpatient', terminal, stay, tap, desk } = told
  const { careRegion = '510100', homeRegion = '510100', item = 'X1' } = told
  const total = parseYuan(told.total ?? '100.00')
  const fundTotal = parseYuan(told.fund ?? '0')
  const personTotal = excess(total, fundTotal)
  const day = parseDay(told.day)
  const nothing = { selfPaid: zero, overLimit: zero, firstSelfPay: zero }
  return {
    ...nothing,
    person,
    institution,
    day,
    careRegion,
    homeRegion,
    care,
    terminal,
    route: careRegion === homeRegion ? 'local' : 'inProvince',
    scheme: 'employee',
    credentialKind: 'card',
    ...(tap && { tap: { tappedAt: at, offline: tap === 'offline' } }),
    ...(stay && {
      stay: { admission: parseDay(stay[0]), discharge: parseDay(stay[1]), interim: false },
    }),
    lines: [{ ...nothing, id: '1', item, day, amount: total, class: 'A', inScope: total }],
    warnings: told.warnings ?? [],
    packHash: 'test',
    total,
    inScope: total,
    deductible: zero,
    crossRegionFirstPay: zero,
    shares: fundTotal > 0n ? [{ fund: 'pool', amount: fundTotal }] : [],
    fundTotal,
    personTotal,
    account: zero,
    familyAccount: zero,
    cash: personTotal,
    hospitalShare: zero,
    employerShare: zero,
    accountBalance: zero,
    draws: [],
    counters: told.counters ?? [],
    trace: told.trace ?? [],
    rules: [],
    ...(desk && { desk: { kind: desk, case: 'C1', reason: 'unfiled' } }),
  }
}

const send = async (pool: pg.Pool, { text, values }: Statement): Promise<void> =>
  void (await pool.query(text, [...values]))

async function insert(pool: pg.Pool, row: Row): Promise<Row> {
  const { content } = row
  const statement = insertSettlements([
    {
      row,
      participants: [content.person],
      benefitYear: content.day.slice(0, 4),
      billHash: billHash(crypto, content.person, content),
      accountBefore: 0n,
      canonical: encodeRow(row),
    },
  ])
  await send(pool, statement)
  return row
}

/** Puts a settlement into the books and tells its row. */
export async function put(pool: pg.Pool, told: Told): Promise<Row> {
  const postedAt = chinaTime(told.at ?? `${told.day} 10:00`)
  const id = ids.next(told.person, postedAt)
  const content = contentOf(told, postedAt)
  return insert(pool, { id, settlement: id, sequence: 1, kind: 'settlement', postedAt, content })
}

/** Adds a row to the chain of another one, which it undoes. */
export async function undo(
  pool: pg.Pool,
  row: Row,
  kind: Exclude<RowKind, 'settlement'>,
): Promise<Row> {
  const { settlement, sequence, postedAt, content } = row
  const id = ids.next(content.person, postedAt + 60_000)
  const next = { id, settlement, sequence: sequence + 1, kind, undoes: row.id }
  return insert(pool, { ...next, postedAt: postedAt + 60_000, content })
}

/** The warning that the engine gives of a bill that is the same as others. */
export const sameAs = (...rows: readonly Row[]): Settlement['warnings'] => [
  { code: 'same-bill-settled', facts: { settlements: rows.map(({ settlement }) => settlement) } },
]

/** A version of somebody's sums of 2026 after a settlement. */
export async function putYear(
  pool: pg.Pool,
  { id, content: { person: owner } }: Row,
  version: bigint,
  counters: Readonly<Record<string, Fen>>,
): Promise<void> {
  const told = Object.entries(counters).map(([key, amount]) => [key, String(amount)])
  const text = JSON.stringify(Object.fromEntries(told))
  await send(
    pool,
    insertYearVersions([{ owner, year: '2026', version, counters: text, posting: id }]),
  )
}

export interface Seen {
  readonly subject: string
  readonly person: string | null
  readonly institution: string | null
  readonly settlements: readonly string[]
  readonly day: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** What a view finds, in the order of subjects. */
export async function look(pool: pg.Pool, view: string): Promise<Seen[]> {
  const { rows } = await pool.query<Seen>(
    `select subject, person, institution, settlements, day::text as day, facts from anomaly_${view} order by subject`,
  )
  return rows
}

/** Sets a threshold from a day on. */
export async function threshold(
  pool: pg.Pool,
  name: string,
  value: number,
  { region = '*', from = '2000-01-02' }: { region?: string; from?: string } = {},
): Promise<void> {
  await pool.query(
    `insert into anomaly_threshold (name, region, from_day, version, value, unit, source)
     select $1, $2, $3::date, 1 + coalesce(max(version) filter (where region = $2 and from_day = $3::date), 0), $4, min(unit), 'test'
     from anomaly_threshold where name = $1`,
    [name, region, from, value],
  )
}
