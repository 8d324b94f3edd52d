import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import {
  bareUrlOf,
  dropBareSql,
  prepareBareSql,
  runBareSql,
  runBlindInsert,
} from '../../benchmarks/bareSql/bareSql.ts'
import { hasPgbench } from '../../benchmarks/arm/pgbench.ts'
import { measurePeers } from '../../benchmarks/peers/peers.ts'
import { simpleLedger } from '../../benchmarks/peers/simpleLedger.ts'
import { openCity } from '../../benchmarks/workload/city.ts'
import { checkBooks } from '../../adapters/postgres/checks.ts'

const { ownerUrl: url } = inject('server')
const drivers = hasPgbench() ? (['pgbench', 'connections'] as const) : (['connections'] as const)
/** Those by which the example filled its deductible, and the example. */
const own = 4
let bare: pg.Pool

beforeAll(async () => {
  await prepareBareSql(url, openCity({ seed: 1, people: 300 }))
  bare = new pg.Pool({ connectionString: bareUrlOf(url), max: 1 })
})
afterAll(async () => {
  await bare.end()
  await dropBareSql(url)
})

const count = async (table: string): Promise<number> =>
  Number((await bare.query(`select count(*) from ${table}`)).rows[0].count)

it.each(drivers)(
  'what %s writes are sound books, with every transaction in them',
  async (driver) => {
    const before = await count('settlement')
    const ran = await runBareSql({ url, seconds: 1, clients: 4, driver })
    expect(ran).toMatchObject({ failed: 0 })
    expect(ran.transactions).toBeGreaterThan(0)
    expect(ran.p99_ms).toBeGreaterThanOrEqual(ran.p50_ms)
    expect((await count('settlement')) - before).toBe(ran.transactions)
    expect(await checkBooks(bare)).toEqual([])
  },
)

it.each(drivers)('the blind insert by %s writes the same rows, and none fails', async (driver) => {
  const ran = await runBlindInsert({ url, seconds: 1, clients: 4, driver })
  expect(ran).toMatchObject({ failed: 0 })
  expect(ran.transactions).toBeGreaterThan(0)
})

it('each row is as wide as the one that our engine wrote', async () => {
  await runBareSql({ url, seconds: 1, clients: 2 })
  const tables = ['request', 'answer', 'settlement', 'year_version', 'account_version']
  for (const table of tables) {
    const postings =
      table === 'request'
        ? '(select key_hash, posting_id from answer) a using (key_hash)'
        : undefined
    const from = postings ? `${table} t join ${postings}` : `${table} t`
    const id = table === 'settlement' ? 'id' : 'posting_id'
    const { rows } = await bare.query(
      `select avg(pg_column_size(t)) filter (where ${id} = (select id from bare_example))::float8 as ours,
              avg(pg_column_size(t)) filter (where ${id} ~ '^[0-9]{30}$')::float8 as theirs
       from ${from}`,
    )
    const { ours, theirs } = rows[0]
    // The deductible that the example had filled before is not in the year of the others.
    const least = table === 'year_version' ? 0.8 : 0.97
    expect([table, theirs / ours > least && theirs / ours < 1.03]).toEqual([table, true])
  }
  expect(await count('settlement')).toBeGreaterThan(own)
})

it('peers are measured in turns with the bare arm, and of one that cannot run nothing is told', async () => {
  const absent = { ...simpleLedger, name: 'absent', missing: () => 'absent is not here' }
  const said: string[] = []
  const measured = await measurePeers([simpleLedger, absent], {
    url,
    shape: { people: 100, institutions: 3, paid: 10, drawn: 20 },
    seconds: 1,
    clients: 2,
    rounds: 1,
    say: (line) => void said.push(line),
  })
  expect(said).toContain('absent is not here')
  expect(measured.map(({ name, wrong }) => ({ name, wrong }))).toEqual([
    { name: 'bare SQL', wrong: [] },
    { name: 'simple ledger', wrong: [] },
    { name: 'simple ledger', wrong: [] },
  ])
  expect(measured[0]).toMatchObject({ ofBareSql: 1 })
})
