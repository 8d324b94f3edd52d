import { afterAll, beforeAll, expect, it } from 'vitest'
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
  for (const request of dayBills(city, { count: 900, tag: 'day' })) {
    const { status, replayed, json } = await send(request)
    kinds.add(request.kind)
    expect([request.kind, status, json['code']]).toEqual([
      request.kind,
      request.kind === 'preview' ? 200 : 201,
      undefined,
    ])
    if (request.kind === 'repeat') {
      expect(replayed).toBe('true')
      expect(json).toEqual(answers.get(request.key))
    }
    if (request.kind !== 'preview') answers.set(request.key, json)
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
}, 120_000)

it('every spread bill and every hot one is settled', async () => {
  const bills = [
    ...spreadBills(city, { count: 150, tag: 'spread' }),
    ...hotBills(city, { count: 150, tag: 'hot' }),
  ]
  const statuses = await Promise.all(bills.map(async (bill) => (await send(bill)).status))
  expect(new Set(statuses)).toEqual(new Set([201]))
  expect(await served.violations()).toEqual([])
})
