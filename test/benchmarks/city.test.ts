import { afterAll, beforeAll, expect, it } from 'vitest'
import { tablesWritten } from '../../benchmarks/bareSql/example.ts'
import { hotBills, spreadBills } from '../../benchmarks/workload/bills.ts'
import { openCity } from '../../benchmarks/workload/city.ts'
import { dayBills } from '../../benchmarks/workload/day.ts'
import { enterCity } from '../../benchmarks/workload/enter.ts'
import type { Request } from '../../benchmarks/workload/request.ts'
import { openServed } from '../adapters/http/served.ts'

const city = openCity({ seed: 3, people: 800 })
let served: Awaited<ReturnType<typeof openServed>>

beforeAll(async () => {
  served = await openServed()
  await enterCity(city, served.owner.options.connectionString as string)
})
afterAll(() => served.close())

async function send({ path, type, key, body }: Request) {
  const headers = { 'content-type': type, 'idempotency-key': key }
  const { status, headers: told, json } = await served.ask(path, { method: 'POST', headers, body })
  return { status, replayed: told.get('idempotency-replayed'), json }
}

/** A few requests at a time; what is about an earlier one is sent once that was answered. */
function* together(requests: Iterable<Request>): Iterable<Request[]> {
  let some: Request[] = []
  for (const request of requests) {
    const isLater = request.kind === 'repeat' || request.kind === 'reversal'
    if (isLater || some.length === 16) {
      yield some
      some = []
    }
    some.push(request)
  }
  yield some
}

it('a city is entered as the register would enter it', async () => {
  const one = city.people.find(({ scheme }) => scheme === 'employee')
  const { json } = await served.ask(`/v1/people/${one?.id}`)
  expect(json).toMatchObject({
    birth: one?.birth,
    sex: one?.sex,
    cards: [{ life: 'active', pin: 'initial' }],
  })
  const { json: accounts } = await served.ask(`/v1/people/${one?.id}/accounts`)
  const yuan = `${(one?.balance ?? 0n) / 100n}.${String((one?.balance ?? 0n) % 100n).padStart(2, '0')}`
  expect(JSON.stringify(accounts)).toContain(`"${yuan}"`)
  expect(await served.violations()).toEqual([])
})

it('every bill of a day is settled by a real server, and what is repeated is answered with the same', async () => {
  const answers = new Map<string, object>()
  const kinds = new Set<string>()
  for (const some of together(dayBills(city, { count: 700, tag: 'day' }))) {
    const told = await Promise.all(
      some.map(async (request) => ({ request, ...(await send(request)) })),
    )
    for (const { request, status, replayed, json } of told) {
      const { kind, key } = request
      kinds.add(kind)
      expect([kind, status, json['code']]).toEqual([
        kind,
        kind === 'preview' ? 200 : 201,
        undefined,
      ])
      if (kind === 'repeat') expect([replayed, json]).toEqual(['true', answers.get(key)])
      if (kind !== 'preview') answers.set(key, json)
    }
  }
  expect([...kinds].toSorted()).toEqual([
    'daySurgery',
    'emergency',
    'inpatient',
    'outpatient',
    'pharmacy',
    'preview',
    'repeat',
    'reversal',
    'special',
  ])
  expect(await served.violations()).toEqual([])
}, 60_000)

it('a settlement writes to the tables that the bare arm writes to, and to no other', async () => {
  const rowsIn = async (): Promise<Map<string, string>> => {
    const { rows: tables } = await served.owner.query(
      `select tablename from pg_tables where schemaname = 'public' order by 1`,
    )
    const counts = tables.map(
      ({ tablename }) => `select '${tablename}' as name, count(*) from ${tablename}`,
    )
    const { rows } = await served.owner.query(counts.join(' union all '))
    return new Map(rows.map(({ name, count }) => [name, count]))
  }
  const before = await rowsIn()
  const settled = [...spreadBills(city, { count: 3, tag: 'written' })].map(send)
  expect((await Promise.all(settled)).map(({ status }) => status)).toEqual([201, 201, 201])
  const after = await rowsIn()
  const written = [...after]
    .filter(([name, count]) => count !== before.get(name))
    .map(([name]) => name)
  // The journal takes over what waits for it, whenever it comes by, and so does what goes on behind it.
  const behind =
    /^(unjournaled|journal|rollup|seal_head|seal_tile|bill_sum|account_sum|audit_state|audit_round)$/
  const own = (names: readonly string[]): string[] =>
    names.filter((name) => !behind.test(name)).toSorted()
  expect(own(written)).toEqual(own(tablesWritten))
})

it('every spread bill and every hot one is settled', async () => {
  const bills = [
    ...spreadBills(city, { count: 150, tag: 'spread' }),
    ...hotBills(city, { count: 150, tag: 'hot' }),
  ]
  const statuses = await Promise.all(bills.map(async (bill) => (await send(bill)).status))
  expect(new Set(statuses)).toEqual(new Set([201]))
  expect(await served.violations()).toEqual([])
})
