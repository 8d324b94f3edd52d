import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, openAgencyDesk } from './agencyDesk.ts'
import { claim } from './served.ts'

// What bills cost whom, over HTTP, from books with settlements, cancellations and a paper bill.

let desk: Awaited<ReturnType<typeof openAgencyDesk>>
let ask: typeof desk.ask
const bill = (quantity: string, total: string, id: string) => ({
  ...claim,
  total,
  lines: [{ id, item: 'XJ01CAA040A001010100010', quantity, unitPrice: '15.60', amount: total }],
})

beforeAll(async () => {
  desk = await openAgencyDesk()
  ;({ ask } = desk)
  await desk.post('/v1/settlements', bill('100', '1560.00', 'A'))
  const taken = await desk.post('/v1/settlements', bill('50', '780.00', 'B'))
  const { institution } = claim
  await desk.post(`/v1/settlements/${String(taken.json['id'])}/cancellation`, { institution })
  const entered = await desk.enter(desk.paper({ person: '510100000000000000001002' }))
  await desk.act(at(entered), 'review', '初审乙')
})
afterAll(() => desk.served.close())

const totals = async (query: string) => (await ask(`/v1/totals?${query}`)).json as unknown as Told
interface Told {
  readonly items: readonly Record<string, string | number>[]
  readonly amount: string
  readonly settlements: number
}
const fen = (yuan: unknown): bigint => BigInt(String(yuan).replace('.', ''))
const sum = (told: Told): bigint => told.items.reduce((all, { amount }) => all + fen(amount), 0n)

describe('totals', () => {
  test('of everybody are the bills themselves, those that were undone taken off', async () => {
    const told = await totals('by=institution,month&payers=all')
    expect(told).toMatchObject({
      by: ['institution', 'month'],
      basis: 'treated',
      payers: 'all',
      items: [
        { institution: 'H51010000001', month: '2026-03', amount: '1560.00', settlements: 1 },
        { institution: 'unlisted', month: '2026-03', amount: '1560.00', settlements: 1 },
      ],
      amount: '3120.00',
      settlements: 2,
    })
    for (const by of [
      'fund',
      'region',
      'careRegion',
      'scheme',
      'care',
      'care,fund',
      'fund,institution',
    ]) {
      const same = await totals(`by=${by}&payers=all&basis=posted`)
      expect([sum(same), same.amount, same.settlements]).toEqual([312_000n, '3120.00', 2])
    }
  })

  test('of funds are what their accounts paid for bills', async () => {
    const told = await totals('by=scheme,fund')
    for (const { scheme, fund, amount } of told.items) {
      const account = (await ask(`/v1/ledger/accounts/fund:510100:${scheme}:${fund}`)).json
      expect(account['balance']).toBe(`-${amount}`)
    }
    expect(told.items.length).toBeGreaterThan(0)
    expect(sum(told)).toBe(fen(told.amount))
  })

  test('are narrowed to days and to what is asked', async () => {
    expect(await totals('by=fund&until=2026-03-01')).toMatchObject({
      items: [],
      amount: '0.00',
      settlements: 0,
    })
    const whole = await totals('by=fund&from=2026-03-02&until=2026-03-02&institution=H51010000001')
    expect(whole.settlements).toBe(1)
    const pool = await totals('by=care&fund=pool&payers=all')
    expect(fen(pool.amount)).toBe(fen((await totals('by=care&fund=pool')).amount))
    const cash = await totals('by=fund&fund=cash&payers=all')
    expect(cash.items.map(({ fund }) => fund)).toEqual(['cash'])
    expect((await totals('by=fund&fund=cash')).items).toEqual([])
  })

  test.each([
    'by=',
    'by=fund,',
    'by=fund,fund',
    'by=fund,care,month',
    'by=person',
    'by=fund&by=care',
    'by=fund&from=2026-13-01',
    'by=fund&basis=asked',
    'by=fund&payers=me',
    'by=fund&region=51',
    'by=fund&institution=%27%3B--',
    'by=fund&person=510100000000000000001001',
    `by=fund&fund=${'x'.repeat(41)}`,
  ])('refuse what they do not know: %s', async (query) => {
    expect(await ask(`/v1/totals?${query}`)).toMatchObject({
      status: 400,
      json: { code: 'field-invalid' },
    })
  })
})

describe('balances by the day of treatment', () => {
  test('leave out what belongs to later days, and add up to nothing', async () => {
    const now = (await ask('/v1/ledger/trial-balance')).json
    const {
      asOf: _asOf,
      treatedUntil,
      ...told
    } = (await ask('/v1/ledger/trial-balance?treatedUntil=2026-03-02')).json
    expect(treatedUntil).toBe('2026-03-02')
    const { asOf: _now, ...all } = now
    expect(told).toEqual(all)
    const before = (await ask('/v1/ledger/trial-balance?treatedUntil=2026-03-01')).json
    expect(before).toMatchObject({ items: [], difference: '0.00' })
    const account = '/v1/ledger/accounts/payable:H51010000001:settled'
    expect((await ask(`${account}?treatedUntil=2026-03-01`)).json).toMatchObject({
      balance: '0.00',
    })
    expect((await ask(`${account}?treatedUntil=2026-03-02`)).json).toEqual(
      (await ask(account)).json,
    )
    const person = '/v1/ledger/accounts/personal:510100000000000000001001'
    expect((await ask(`${person}?treatedUntil=2026-03-02`)).json).toEqual((await ask(person)).json)
    expect((await ask('/v1/ledger/accounts/personal:nobody?treatedUntil=2026-03-02')).status).toBe(
      404,
    )
  })

  test('are not asked beside a moment', async () => {
    const path = '/v1/ledger/trial-balance?treatedUntil=2026-03-02&asOf=2026-03-02T08:00:00%2B08:00'
    expect(await ask(path)).toMatchObject({
      status: 400,
      json: { facts: { field: '/treatedUntil' } },
    })
    expect((await ask('/v1/ledger/trial-balance?treatedUntil=yesterday')).status).toBe(400)
  })
})

describe('the entries of an account', () => {
  const path = '/v1/ledger/accounts/payable:H51010000001:settled/entries'
  test('run up to its balance, and from the newest down to its first', async () => {
    await expect
      .poll(async () => ((await ask(`${path}?limit=200`)).json['items'] as unknown[]).length)
      .toBeGreaterThan(2)
    const { items } = (await ask(`${path}?limit=200`)).json as { items: Record<string, string>[] }
    const { json } = await ask('/v1/ledger/accounts/payable:H51010000001:settled')
    expect(items.at(-1)?.['balance']).toBe(json['balance'])
    expect(items[0]).toMatchObject({
      side: 'credit',
      treatedOn: '2026-03-02',
      balance: items[0]?.['amount'],
    })
    const newest: unknown[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const more = cursor === '' ? '' : `&cursor=${cursor}`
      const page: Record<string, unknown> = (await ask(`${path}?order=newest&limit=1${more}`)).json
      newest.push(...(page['items'] as unknown[]))
      cursor = page['next'] as string | undefined
    }
    expect(newest.toReversed()).toEqual(items)
  })

  test('are those of one account: nobody’s account and made-up cursors are refused', async () => {
    expect(await ask('/v1/ledger/accounts/payable:nobody/entries')).toMatchObject({
      status: 404,
      json: { code: 'ledger-account-unknown' },
    })
    const { json } = await ask(`${path}?limit=1`)
    const cursor = String(json['next'])
    for (const query of [
      `cursor=${cursor}&order=newest`,
      'cursor=abc',
      `cursor=${Buffer.from(`${Buffer.from(cursor, 'base64url').toString().split(':')[0]}:x.1`).toString('base64url')}`,
      'limit=0',
      'order=random',
    ])
      expect((await ask(`${path}?${query}`)).status).toBe(400)
  })
})
