import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkBooks } from '../../adapters/postgres/checks.ts'
import { claim } from '../adapters/http/served.ts'
import { cardOf, tap, withPin } from '../adapters/http/taps.ts'
import { envelope, signed } from '../adapters/nhsa/envelopes.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { personOf } from '../support/reader.ts'
import { askAnew, type Told } from './anew.ts'
import { type Started, start } from './start.ts'

/** Two processes that share a port and a database. */
let database: TestDatabase
let server: Started
let url: string
let owner: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  server = start({
    DATABASE_URL: database.appUrl,
    MODE: 'sandbox',
    WORKERS: '2',
    LOG_LEVEL: 'debug',
    // So fast that two clocks could not agree by chance.
    CLOCK: '2026-03-02T09:00:00+08:00@1000',
  })
  url = await server.url()
})
afterAll(async () => {
  await owner.end()
  await server.end()
  await database.drop()
})

const numbers = ['E1', 'E2', 'C1'].map((key) => personOf(key).citizenNumber)
const settle = (key: string, number = numbers[0]): Promise<Told> =>
  askAnew(`${url}/v1/settlements`, {
    key,
    body: { ...claim, credential: { type: 'citizen-number', number } },
  })
const count = async (table: string): Promise<number> =>
  Number((await owner.query(`select count(*) as n from ${table}`)).rows[0].n)

test('both serve what comes to the one address', () => {
  expect(server.said().match(/listening on/g)).toHaveLength(1)
  expect(
    [...server.said().matchAll(/"worker":(\d),"msg":"serving http/g)].map(([, w]) => w),
  ).toEqual(['1', '2'])
})

test('a storm of the same keys of the same people gives each key one outcome', async () => {
  const before = await count('settlement')
  const keys = Array.from({ length: 40 }, (_, i) => `storm${i}`)
  const send = async (key: string, i: number): Promise<readonly [string, Told]> =>
    [key, await settle(key, numbers[i % 3])] as const
  const told = await Promise.all(Array.from({ length: 6 }, () => keys.map(send)).flat())
  expect(new Set(told.map(([, { status }]) => status)).difference(new Set([201, 409]))).toEqual(
    new Set(),
  )
  for (const key of keys) {
    const answers = told.filter(([of, { status }]) => of === key && status === 201)
    expect(answers.filter(([, { replayed }]) => !replayed)).toHaveLength(1)
    expect(new Set(answers.map(([, { text }]) => text)).size).toBe(1)
  }
  expect((await count('settlement')) - before).toBe(keys.length)
  const answered = server.said().matchAll(/"worker":(\d)[^\n]*"path":"\/v1\/settlements"/g)
  expect(new Set(Array.from(answered, ([, worker]) => worker))).toEqual(new Set(['1', '2']))
  expect(await checkBooks(owner)).toEqual([])
}, 30_000)

test('they have one clock, which never runs backwards from one to the other', async () => {
  const told: number[] = []
  for (let i = 0; i < 60; i++) {
    const { json } = await askAnew(`${url}/v1/crossings`)
    told.push(Date.parse(json['asOf'] as string))
  }
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect((told.at(-1) ?? 0) - (told[0] ?? 0)).toBeGreaterThan(1_000)
})

test('their counters are added up, and what the books tell is told once', async () => {
  const metrics = async (): Promise<string> => (await askAnew(`${url}/metrics`)).text
  const settled = async (): Promise<number> =>
    Number(/^jiesuan_settlements_total\{outcome="settled"\} (\d+)$/m.exec(await metrics())?.[1])
  const before = await settled()
  for (let i = 0; i < 6; i++) await settle(`count${i}`)
  expect((await settled()) - before).toBe(6)
  const text = await metrics()
  expect(text).toMatch(/^jiesuan_workers 2$/m)
  expect(text).toMatch(/^jiesuan_workers_lost_total 0$/m)
  for (const name of ['crossings_stuck', 'pending_age_seconds', 'collections_stuck'])
    expect(text.match(new RegExp(`^jiesuan_${name} \\d`, 'gm'))).toHaveLength(1)
})

test('whoever signs out at one of them has signed out of both', async () => {
  const client = {
    paasid: 'sandbox-signin',
    secret: 'sandbox-signin-secret-not-for-production',
  }
  const send = async (
    infno: string,
    input: unknown,
    signNo = '',
  ): Promise<Record<string, unknown>> => {
    const words = { institution: 'H51010000005', signNo }
    const { json } = await askAnew(`${url}/fsi/api/any`, {
      headers: signed(client),
      body: envelope(infno, input, words),
    })
    return json
  }
  const signIn = { signIn: { opter_no: 'OP1', mac: '02-00-00-00-00-01', ip: '127.0.0.1' } }
  const { output } = await send('9001', signIn)
  const { sign_no: signNo } = (output as { signinoutb: { sign_no: string } }).signinoutb
  const asked = { data: { mdtrt_cert_type: '02', mdtrt_cert_no: numbers[0] } }
  const ask = async (): Promise<unknown> => (await send('1101', asked, signNo))['infcode']
  expect([await ask(), await ask()]).toEqual([0, 0])
  const signOut = { signOut: { sign_no: signNo, opter_no: 'OP1' } }
  expect((await send('9002', signOut, signNo))['infcode']).toBe(0)
  expect([await ask(), await ask(), await ask()]).toEqual([-1, -1, -1])
})

test('two copies of a tap with a wrong PIN, one at each of them, take one try', async () => {
  const card = cardOf('O1')
  const { json } = await askAnew(`${url}/v1/crossings`)
  const wrong = withPin(tap(card, { at: Date.parse(json['asOf'] as string) }), card, '000000')
  const pay = (key: string): Promise<Told> =>
    askAnew(`${url}/v1/quick-payments`, { key, body: wrong })
  const told = await Promise.all([pay('twin'), pay('twin')])
  expect(told.map(({ json: { code } }) => code).toSorted()).toEqual([
    'card-pin-wrong',
    'in-progress',
  ])
  expect((await pay('twin')).json['facts']).toEqual({ left: 2 })
})

test('the bank of the sandbox is one for both', async () => {
  const citizenNumber = '510199198603127021'
  const person = {
    id: '510100000000000000009901',
    name: '演示',
    citizenNumber,
    region: '510100',
    coverages: [{ scheme: 'employee', group: 'working', from: '2020-01-01' }],
    bankAccount: '6200000000000000017',
  }
  await askAnew(`${url}/v1/people`, { body: person })
  const states: unknown[] = []
  for (const key of ['b1', 'b2', 'b3']) {
    const lines = [{ id: 'L1', item: 'X1', quantity: '1', unitPrice: '6000', amount: '6000.00' }]
    const credential = { type: 'citizen-number', number: citizenNumber }
    const bill = { ...claim, credential, useAccount: false, total: '6000.00', lines }
    const { json } = await askAnew(`${url}/v1/settlements`, { key, body: bill })
    const collected = await askAnew(`${url}/v1/settlements/${json['id'] as string}/collection`, {
      key: `c${key}`,
      body: { institution: claim.institution },
    })
    states.push(collected.json['state'])
    // An odd number of connections a round, so that the next collection is the other one's.
    await askAnew(`${url}/livez`)
  }
  // It holds ten thousand yuan.
  expect(states).toEqual(['collected', 'refused', 'refused'])
})
