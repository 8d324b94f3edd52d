import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { crypto } from '../adapters/postgres/support.ts'
import { duePositions } from '../../adapters/postgres/journal.ts'
import { createLedgerQueries } from '../../adapters/postgres/ledger.ts'
import { createPool } from '../../adapters/postgres/pool.ts'
import { listChains, type SettlementFilter } from '../../adapters/postgres/summaries.ts'
import { chainsNewestFirst } from '../../adapters/postgres/sql/summaries.ts'
import { diskBySettlement, diskTable } from '../../benchmarks/growth/disk.ts'
import { checkSample } from '../../benchmarks/growth/sample.ts'
import { seed } from '../../benchmarks/growth/seed.ts'
import { parseDay as day } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const settlements = 4_500
const people = 800
let database: TestDatabase
let pool: pg.Pool
/** As the server connects. */
let application: pg.Pool
let before: string[]

const indexes = async (): Promise<string[]> =>
  (
    await pool.query(`select indexdef from pg_indexes where schemaname = 'public' order by 1`)
  ).rows.map(({ indexdef }) => indexdef)
const one = async (sql: string): Promise<unknown> =>
  Object.values((await pool.query(sql)).rows[0])[0]

beforeAll(async () => {
  database = await createTestDatabase()
  pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  application = createPool({
    url: database.appUrl,
    max: 2,
    applicationName: 'test',
    onError: () => {},
  })
  before = await indexes()
  const say = (): void => {}
  await seed({ url: database.ownerUrl, seed: 'small', people, settlements, parts: 2, say })
}, 180_000)
afterAll(async () => {
  await application.end()
  await pool.end()
  await database.drop()
})

it('books that are seeded hold in every check', async () => {
  expect(await checkBooks(pool)).toEqual([])
})

it('as many are settled as were asked for, over days, by several kinds of care, and some are cancelled', async () => {
  expect(await one('select count(*)::int from settlement where sequence = 1')).toBe(settlements)
  expect(await one('select count(distinct treated_on)::int from settlement')).toBe(10)
  expect(await one('select count(distinct care)::int from settlement')).toBe(4)
  expect(
    await one(`select count(*)::int from settlement where kind = 'cancellation'`),
  ).toBeGreaterThan(40)
  expect(await one(`select count(*)::int from transfer where kind = 'family'`)).toBeGreaterThan(0)
})

it('everything has its place in the journal, accounts are opened first, and rollups go as far as they would', async () => {
  const rows = await one('select (select count(*) from settlement)::int')
  expect(await one('select position::int from journal_head')).toBe(people + Number(rows))
  expect(await one('select count(*)::int from unjournaled')).toBe(0)
  expect(
    await one(
      `select max(position)::int from journal join transfer using (posting_id) where kind = 'opening'`,
    ),
  ).toBe(people)
  const accounts = await one(
    `select count(distinct summary_account(account))::int from (
       select debit_account as account from transfer union all select credit_account from transfer) side`,
  )
  const due = duePositions(Number(accounts))
  const placed = people + Number(rows)
  expect(await one('select max(position)::int from rollup')).toBe(placed - (placed % due))
})

it('every index and key is there again, and the planner knows how large the tables are', async () => {
  expect(await indexes()).toEqual(before)
  expect(
    await one(`select reltuples::int from pg_class where relname = 'request'`),
  ).toBeGreaterThanOrEqual(settlements)
})

it('what a settlement takes on disk is told table by table', async () => {
  const sizes = await diskBySettlement(pool)
  const found = new Map(sizes.map((size) => [size.table, size]))
  expect(found.get('settlement')?.all).toBeGreaterThan(1_000)
  expect(found.get('settlement')?.rows).toBeGreaterThan(1)
  expect(diskTable(sizes)).toMatch(/^settlement +1\.\d\d( +\d+){4}$/m)
})

it('what an institution cancelled is read in order, and no further than a page goes', async () => {
  const asked = { institution: 'H510100A0001', heads: ['cancellation'], limit: 50, most: 1_000 }
  const { text, values } = chainsNewestFirst(asked)
  const { rows } = await pool.query(`explain (costs off) ${text}`, [...values])
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('Index Only Scan Backward using settlement_undone')
  expect(plan).not.toMatch(/Sort|Bitmap|Seq Scan/)
})

const filters: readonly (readonly [
  words: string,
  filter: Omit<SettlementFilter, 'limit'>,
  sql: string,
])[] = [
  ['everything', {}, 'true'],
  ['a person', { person: '510100C00000000000000001' }, `owner_id = '510100C00000000000000001'`],
  ['an institution', { institution: 'H510100A0001' }, `institution = 'H510100A0001'`],
  ['a day', { from: day('2026-02-23'), until: day('2026-02-23') }, `treated_on = '2026-02-23'`],
  ['all days from one on', { from: day('2026-02-27') }, `treated_on >= '2026-02-27'`],
  ['all days until one', { until: day('2026-02-21') }, `treated_on <= '2026-02-21'`],
  ['days before anything', { from: day('1990-01-01'), until: day('1999-12-31') }, 'false'],
  [
    'an institution on some days',
    { institution: 'H510100A0002', from: day('2026-02-22'), until: day('2026-02-24') },
    `institution = 'H510100A0002' and treated_on between '2026-02-22' and '2026-02-24'`,
  ],
  [
    'what an institution cancelled',
    { institution: 'H510100A0001', state: 'cancelled' },
    `institution = 'H510100A0001' and exists (select from settlement u where u.settlement_id = s.settlement_id and u.sequence = 2)`,
  ],
  [
    'what an institution had cancelled under one scheme',
    { institution: 'H510100A0001', state: 'cancelled', scheme: 'resident' },
    `institution = 'H510100A0001' and scheme = 'resident' and exists (select from settlement u where u.settlement_id = s.settlement_id and u.sequence = 2)`,
  ],
  ['what an institution had reversed', { institution: 'H510100A0001', state: 'reversed' }, 'false'],
  [
    'what was cancelled of some days under one scheme',
    {
      from: day('2026-02-20'),
      until: day('2026-02-28'),
      state: 'cancelled',
      scheme: 'employee',
      care: 'outpatient',
    },
    `treated_on <= '2026-02-28' and scheme = 'employee' and care = 'outpatient'
     and exists (select from settlement u where u.settlement_id = s.settlement_id and u.sequence = 2)`,
  ],
  [
    'amounts',
    { totalFrom: 100_000n as Fen, totalUntil: 200_000n as Fen },
    'total_fen between 100000 and 200000',
  ],
  ['an amount that nobody paid', { totalFrom: 900_000_000n as Fen }, 'false'],
  [
    'what one fund paid at an institution',
    { institution: 'H510100A0001', fund: 'largeExpense' },
    `institution = 'H510100A0001' and exists (
       select from unnest(share_funds, share_fen) f (fund, fen) where fund = 'largeExpense' and fen > 0)`,
  ],
  [
    'what the pool paid',
    { fund: 'pool' },
    `'pool' = any (share_funds)
     and exists (select from unnest(share_funds, share_fen) f (fund, fen) where fund = 'pool' and fen > 0)`,
  ],
  ['other rules', { rulePack: 'none' }, 'false'],
  ['a route', { route: 'crossProvince' }, `route = 'crossProvince'`],
  [
    'two regions',
    { careRegion: '510100', homeRegion: '510100', from: day('2026-02-22') },
    `care_region = '510100' and home_region = '510100' and treated_on >= '2026-02-22'`,
  ],
  [
    'a stretch of time',
    {
      postedFrom: Date.parse('2026-02-22T10:00:00+08:00'),
      postedUntil: Date.parse('2026-02-23T10:00:00+08:00'),
    },
    `posted_at between '2026-02-22T10:00:00+08:00' and '2026-02-23T10:00:00+08:00'`,
  ],
  [
    'a stretch of time at an institution',
    {
      institution: 'H510100A0001',
      postedFrom: Date.parse('2026-02-22T10:00:00+08:00'),
      postedUntil: Date.parse('2026-02-25T10:00:00+08:00'),
    },
    `institution = 'H510100A0001' and posted_at between '2026-02-22T10:00:00+08:00' and '2026-02-25T10:00:00+08:00'`,
  ],
]

it.each(filters)(
  'a list of %s has each of its chains once, the newest first, page by page, however little a page looks through',
  async (_, filter, sql) => {
    const { rows } = await pool.query<{ settlement_id: string }>(
      `select settlement_id from settlement s where sequence = 1 and ${sql}
       order by ${filter.from || filter.until ? 'treated_on desc, ' : ''}settlement_id desc`,
    )
    const listed: string[] = []
    const limit = Math.max(2, Math.ceil(rows.length / 7))
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page = await listChains(
        { pool: application, crypto, most: 400 },
        { ...filter, limit, ...(after !== '' && { after }) },
      )
      listed.push(...page.items.map(({ id }) => id))
      after = page.next
    }
    expect(listed.length).toBe(rows.length)
    expect(listed).toEqual(rows.map((row) => row.settlement_id))
  },
)

it('sums as of any moment are those of all that was posted until then', async () => {
  const ledger = createLedgerQueries(application)
  const { rows: moments } = await pool.query<{ at: string; sums: string }>(`
    select extract(epoch from at) * 1000 as at, (
      select string_agg(line, E'\n' order by line collate "C") from (
        select summary_account(e.account) || ' ' || sum(e.debit_fen) || ' ' || sum(e.credit_fen) as line
        from entry e left join settlement s on s.id = e.posting_id
        where coalesce(s.posted_at <= at, true) group by summary_account(e.account)
      ) l
    ) as sums
    from generate_series('2026-02-20T03:00:00Z'::timestamptz, '2026-03-01T12:00:00Z', interval '37 hours') at`)
  for (const { at, sums } of moments) {
    const told = await ledger.trialBalance(Number(at))
    const lines = told.map(({ account, debits, credits }) => `${account} ${debits} ${credits}`)
    expect(lines.toSorted().join('\n')).toBe(sums)
  }
  expect(moments.length).toBeGreaterThan(5)
})

it.each([
  'payable:H510100A0001:settled',
  'payable:P510100D0100:settled',
  'fund:510100:employee:pool',
])('the transfers of %s are told one after the other, and add up to its sums', async (account) => {
  const ledger = createLedgerQueries(application)
  const found: string[] = []
  let [debits, credits] = [0n, 0n]
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await ledger.transfers({ account, limit: 200, ...(after !== '' && { after }) })
    for (const { row, leg, debit, amount } of page.items) {
      found.push(`${row} ${leg}`)
      if (debit === account) debits += amount
      else credits += amount
    }
    after = page.next
  }
  const { rows } = await pool.query<{ name: string }>(
    `select posting_id || ' ' || leg as name from transfer join journal using (posting_id)
       where $1 in (debit_account, credit_account) order by position, leg`,
    [account],
  )
  expect(found).toEqual(rows.map(({ name }) => name))
  expect(await ledger.account(account, undefined)).toEqual({ account, debits, credits })
})

it('a sample of households is checked as all are, and what is wrong with one is found', async () => {
  const url = database.ownerUrl
  const said: string[] = []
  const check = async () => checkSample({ url, oneIn: 4, say: (line) => said.push(line) })
  expect(await check()).toEqual([])
  const rows = Number(/checking (\d+) rows/.exec(said[0] ?? '')?.[1])
  expect(rows).toBeGreaterThan(settlements / 8)
  expect(rows).toBeLessThan(settlements / 2)
  await pool.query(`update account_version set balance_fen = balance_fen + 1 where version = 2`)
  expect(new Set((await check()).map((violation) => violation.check))).toEqual(
    new Set(['check_account_balance_told', 'check_account_versions']),
  )
})
