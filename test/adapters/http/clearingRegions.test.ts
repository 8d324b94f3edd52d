import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  chengdu,
  code,
  e1,
  hospital,
  mianyang,
  openServed,
  toolsOf,
  y1,
  yearEnds_ms,
} from './clearingTools.ts'

// Clearing between two regions, as their agencies do it.

let served: Awaited<ReturnType<typeof openServed>>
const { apply, balance, list, settle } = toolsOf(() => served)
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

describe('clearing between regions', () => {
  const home = { region: '510700', side: 'home', partner: '510100' }
  const query = new URLSearchParams(home).toString()

  test(
    'closes a window, tells both statements and their differences',
    async () => {
      await settle(y1, hospital, '700.00')
      await settle(e1, mianyang, '250.00')
      // Whoever may apply for the clearing of a month knows that it is over.
      await expect
        .poll(async () => (await apply()).infcode, { timeout: 60_000, interval: 500 })
        .toBe(0)
      const days = 'from=2026-12-01&until=2026-12-31'
      const [stated] = await list(`/v1/clearing/statements?${query}&${days}`)
      expect(stated).toMatchObject({ kind: 'settlement', sequence: 1, scheme: 'employee' })
      expect(await list(`/v1/clearing/differences?${query}&window=2026-12`)).toEqual([])
      const wrong = await served.ask(`/v1/clearing/differences?${query}&window=2026-02-30`)
      expect(wrong).toMatchObject({ status: 400, json: { facts: { field: '/window' } } })
      const madeUp = await served.ask(`/v1/clearing/statements?${query}&${days}&cursor=AAAA`)
      expect(madeUp.status).toBe(400)
      const body = { ...home, operator: 'op1', window: '2026-12' }
      const closed = await served.post('/v1/clearing/windows', body)
      expect(closed.json).toMatchObject({ rows: 1, disputes: 0, due: stated?.['due'] })
      expect(code(await served.post('/v1/clearing/windows', body))).toBe('window-closed')
      expect(code(await served.post('/v1/clearing/windows', { ...body, region: '440100' }))).toBe(
        'institution-unknown',
      )
      expect(
        (await served.post('/v1/clearing/windows', { ...body, window: '2026-12-32' })).status,
      ).toBe(400)
      const sides = [
        { region: '510100', side: 'care', partner: '510700' },
        { region: '510100', side: 'home', partner: '510700' },
        { region: '510700', side: 'care', partner: '510100' },
      ]
      for (const side of sides)
        expect((await served.post('/v1/clearing/windows', { ...body, ...side })).status).toBe(201)
    },
    yearEnds_ms,
  )

  test('warns of a prepaid fund that is used up, nets, and has what is left paid', async () => {
    const laid = { region: '510700', partner: '510100', operator: 'm1' }
    expect((await served.post('/v1/clearing/prepaid', { ...laid, amount: '0.00' })).status).toBe(
      400,
    )
    const asked = await served.post('/v1/clearing/prepaid', {
      ...laid,
      amount: '100.00',
      size: '120.00',
    })
    expect(asked.json).toEqual({ amount: '100.00', by: 'm1', size: '120.00' })
    expect(await list('/v1/clearing/prepaid?region=510700')).toMatchObject([
      { waiting: '100.00', balance: '0.00' },
    ])
    await served.post('/v1/clearing/prepaid/approval', { ...laid, operator: 'm2' })
    const held = { region: '510100', partner: '510700', operator: 'op1', amount: '100.00' }
    expect((await served.post('/v1/clearing/prepaid/receipt', held)).json).toMatchObject({
      balance: '100.00',
    })
    const [before] = await list('/v1/clearing/prepaid?region=510700')
    expect(before).toMatchObject({
      side: 'laid',
      partner: '510100',
      balance: '100.00',
      size: '120.00',
      level: 'normal',
    })
    const netted = await served.post('/v1/clearing/nettings', { ...chengdu, until: '2026-12-31' })
    expect(netted.json).toMatchObject({ rows: 4, waiting: 0, orders: 1 })
    expect(
      code(await served.post('/v1/clearing/nettings', { ...chengdu, until: '2026-12-31' })),
    ).toBe('nothing-to-net')
    expect(await list('/v1/clearing/prepaid?region=510700')).toMatchObject([
      { balance: '0.00', level: 'red' },
    ])
    const [order] = await list('/v1/clearing/orders?region=510700')
    expect(order).toMatchObject({ payment: 'ordered', receipt: 'ordered' })
    const path = `/v1/clearing/orders/${order?.['order']}`
    const debtor = { region: order?.['debtor'], operator: 'm1' }
    const creditor = { region: order?.['creditor'], operator: 'op1' }
    expect(code(await served.post(`${path}/payment-request`, creditor))).toBe(
      'payment-order-unknown',
    )
    await served.post(`${path}/payment-request`, debtor)
    expect(code(await served.post(`${path}/payment`, debtor))).toBe('second-person-needed')
    await served.post(`${path}/payment`, { ...debtor, operator: 'm2' })
    await served.post(`${path}/receipt`, creditor)
    expect(await list(`/v1/clearing/orders?netting=${String(netted.json['run'])}`)).toMatchObject([
      { payment: 'paid', receipt: 'received' },
    ])
    expect(await balance('net:510100')).toBe('0.00')
    expect(await balance('net:510700')).toBe('0.00')
    const page = await served.ask('/v1/clearing/runs?region=510100&limit=1')
    expect(page.json['next']).toBeTruthy()
    expect((await served.ask('/v1/ledger/trial-balance')).json).toMatchObject({
      difference: '0.00',
    })
    expect(await served.violations()).toEqual([])
  })
})

describe('the interface of clearing', () => {
  test('is described, and takes no write without a key', async () => {
    const { json } = await served.ask('/openapi.json')
    const paths = json['paths'] as Record<
      string,
      Record<string, { tags: string[]; summary: string }>
    >
    const own = Object.entries(paths).filter(([path]) => path.startsWith('/v1/clearing/'))
    expect(own.length).toBeGreaterThan(25)
    for (const [path, methods] of own)
      for (const [method, { tags, summary }] of Object.entries(methods)) {
        expect(tags).toEqual(['clearing'])
        expect(summary).toBeTruthy()
        if (method !== 'post') continue
        const url = path.replaceAll(/\{\w+\}/g, 'X')
        const told = await served.ask(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
        expect(told).toMatchObject({ status: 400, json: { code: 'idempotency-key-missing' } })
      }
  })

  test('tells an operator of windows that cannot be closed', async () => {
    expect((await served.ask('/metrics')).text).toMatch(/jiesuan_clearing_stuck 0/)
  })

  test('names nobody in the log', () => expect(served.named()).toEqual([]))
})
