import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { Pair } from '../../../engine/pairRun.ts'
import {
  atHome,
  type Cleared,
  codeOf,
  day,
  inCare,
  keyOf,
  openCleared,
  resultOf,
  window,
} from './support.ts'

let world: Cleared
beforeAll(async () => {
  world = await openCleared()
})
afterAll(() => world.real.close())

const [hospital, mianyang] = ['H51010000001', 'H51070000001']
const chengduHome: Pair = { region: '510100', side: 'home', partner: '510700' }
const mianyangCare: Pair = { region: '510700', side: 'care', partner: '510100' }
const violations = async () => checkBooks(world.real.books.pool)
const close = async (pairs: readonly Pair[], name: string) => {
  for (const pair of pairs) await world.clearing.closeWindow(keyOf(pair.region), pair, window(name))
}
const order = async (
  step: 'payment-request' | 'payment' | 'receipt',
  region: string,
  operator: string,
  id: string,
) => world.clearing.stepOrder(keyOf(region), { order: id, step, operator })

describe('a prepaid fund', () => {
  const laid = { region: '510700', side: 'laid', partner: '510100' } as const
  const held = { region: '510100', side: 'held', partner: '510700' } as const

  it('is laid by two people, and received on the other side, where it pays nothing until it is drawn', async () => {
    const ask = { of: laid, operator: 'op1', amount: 30_000n, size: 40_000n }
    const approve = async (operator: string) =>
      world.clearing.stepPrepaid(keyOf('510700'), 'approval', { ...ask, operator })
    expect(codeOf(await approve('op2'))).toBe('nothing-to-approve')
    const key = keyOf('510700')
    const asked = await world.clearing.stepPrepaid(key, 'request', ask)
    expect(resultOf(asked)).toEqual({ by: 'op1', amount: '30000', size: '40000' })
    expect(codeOf(await world.clearing.stepPrepaid(keyOf('510700'), 'request', ask))).toBe(
      'approval-pending',
    )
    expect(await approve('op1')).toMatchObject({
      refusal: { code: 'second-person-needed', facts: { operator: 'op1' } },
    })
    expect(await world.balance('bank:510700')).toBe(0n)
    expect(resultOf(await approve('op2'))).toMatchObject({ balance: '30000', size: '40000' })
    expect(await world.balance('bank:510700')).toBe(30_000n)
    expect(await world.balance('prepaid-to:510700:510100')).toBe(-30_000n)
    const received = { of: held, operator: 'op9', amount: 30_000n }
    await world.clearing.stepPrepaid(keyOf('510100'), 'receipt', received)
    expect(await world.balance('bank-held:510100')).toBe(-30_000n)
    expect(await world.balance('bank:510100')).toBe(0n)
    expect(await world.balance('prepaid-from:510100:510700')).toBe(30_000n)
    expect(await violations()).toEqual([])
  })
})

describe('a netting', () => {
  let netting: string
  let position: bigint

  it('has nothing before both sides have closed a window alike', async () => {
    for (const amount of [50_000n, 40_000n]) await world.settle('Y1', hospital, amount)
    await world.settle('E1', mianyang, 10_000n)
    world.clock.set('2026-04-02T09:00:00+08:00')
    const until = day('2026-03-31')
    expect(codeOf(await world.clearing.net(keyOf('510100'), until))).toBe('nothing-to-net')
    await close([atHome], '2026-03')
    expect(codeOf(await world.clearing.net(keyOf('510100'), until))).toBe('nothing-to-net')
    expect(codeOf(await world.clearing.net(keyOf('510100'), day('2026-04-02')))).toBe(
      'period-not-over',
    )
    expect(codeOf(await world.clearing.net(keyOf('440100'), until))).toBe('institution-unknown')
  })

  it('draws the prepaid fund first, and leaves every region what it was owed', async () => {
    await close([inCare, chengduHome, mianyangCare], '2026-03')
    const owed = await world.balance('clearing:510700:510100')
    const back = await world.balance('clearing:510100:510700')
    expect(owed).toBe(-back)
    position = owed - 30_000n
    expect(position).toBeGreaterThan(0n)
    const key = keyOf('510100')
    const netted = await world.clearing.net(key, day('2026-03-31'))
    expect(resultOf(netted)).toMatchObject({ rows: 4, waiting: 0, orders: 1 })
    netting = resultOf(netted)['run'] as string
    expect(await world.clearing.net(key, day('2026-03-31'))).toMatchObject({ replayed: true })
    expect(codeOf(await world.clearing.net(keyOf('510700'), day('2026-03-31')))).toBe(
      'nothing-to-net',
    )
    for (const account of [
      'clearing:510700:510100',
      'clearing:510100:510700',
      'prepaid-to:510700:510100',
      'prepaid-from:510100:510700',
      'bank-held:510100',
    ])
      expect(await world.balance(account)).toBe(0n)
    // What was received before is settled now, and may be used.
    expect(await world.balance('bank:510100')).toBe(-30_000n)
    expect(await world.balance('net:510700')).toBe(position)
    expect(await world.balance('net:510100')).toBe(-position)
    const { items } = await world.queries.runs({ kind: 'netting', limit: 5 })
    expect(items).toMatchObject([{ id: netting, rows: 4, window: '2026-03-31' }])
    expect(await violations()).toEqual([])
  })

  it('orders what is left: paid by two people there, received here', async () => {
    const { items } = await world.queries.orders({ netting, limit: 5 })
    expect(items).toEqual([
      { id: `${netting}-1`, netting, debtor: '510700', creditor: '510100', amount: position },
    ])
    const id = `${netting}-1`
    expect(await world.queries.order(id)).toEqual(items[0])
    expect(codeOf(await order('payment', '510700', 'op2', id))).toBe('nothing-to-approve')
    expect(codeOf(await order('payment-request', '510100', 'op1', id))).toBe(
      'payment-order-unknown',
    )
    expect(codeOf(await order('payment-request', '510700', 'op1', 'X'))).toBe(
      'payment-order-unknown',
    )
    expect(codeOf(await order('payment-request', '510700', 'op1', id))).toBe('entered')
    expect(codeOf(await order('payment-request', '510700', 'op1', id))).toBe(
      'clearing-state-forbids',
    )
    expect(codeOf(await order('payment', '510700', 'op1', id))).toBe('second-person-needed')
    expect(resultOf(await order('payment', '510700', 'op2', id))).toMatchObject({ state: 'paid' })
    expect(await world.balance('net:510700')).toBe(0n)
    expect(await world.balance('bank:510700')).toBe(30_000n + position)
    expect(codeOf(await order('receipt', '510100', 'op9', id))).toBe('entered')
    expect(codeOf(await order('receipt', '510100', 'op9', id))).toBe('clearing-state-forbids')
    expect(await world.balance('net:510100')).toBe(0n)
    expect(await world.balance('bank:510100')).toBe(-30_000n - position)
    expect(await violations()).toEqual([])
  })

  it('is told by both books: benefits when they were settled, cash when it moved', async () => {
    const days = { from: day('2026-03-01'), until: day('2026-03-31') }
    const march = await world.queries.reports('510700', days)
    expect(march.benefits.every(({ scheme }) => scheme === 'employee')).toBe(true)
    expect(march.benefits.map(({ account }) => account)).toContain('personal:*')
    const taken = march.benefits.reduce((all, { amount }) => all + amount, 0n)
    const owed = await world.queries.runs({ owner: 'region:510700', kind: 'pair', limit: 5 })
    expect(taken).toBe(owed.items.find(({ side }) => side === 'home')?.due)
    const april = await world.queries.reports('510700', {
      from: day('2026-04-01'),
      until: day('2026-04-30'),
    })
    expect(april.benefits).toEqual([])
    expect(april.cash).toEqual([
      { account: 'bank:510700', for: 'payment', received: 0n, paid: position },
    ])
    expect(march.cash).toEqual([
      { account: 'bank:510700', for: 'prepaid', received: 0n, paid: 30_000n },
    ])
  })

  it('holds back a window that its two sides closed differently', async () => {
    await world.settle('Y2', hospital, 50_000n)
    world.clock.set('2026-05-02T09:00:00+08:00')
    const deaf = world.another({ regions: ['510100'] }, { statementOf: async () => [] })
    expect(
      resultOf(await deaf.closeWindow(keyOf('510100'), inCare, window('2026-04'))),
    ).toMatchObject({ rows: 0, disputes: 1 })
    await close([atHome, chengduHome, mianyangCare], '2026-04')
    const netted = await world.clearing.net(keyOf('510100'), day('2026-04-30'))
    expect(resultOf(netted)).toMatchObject({ rows: 2, waiting: 1, orders: 0 })
    expect(await violations()).toEqual([])
  })
})

describe('a region with one side of the books', () => {
  it('nets with the other by itself, and pays what it owes', async () => {
    const alone = world.another(
      { regions: ['510100'] },
      {
        statementOf: async ({ of: region, side, by: partner, ...days }) =>
          world.rows.statement({ region, side, partner }, days),
      },
    )
    await world.settle('E2', mianyang, 10_000n)
    world.clock.set('2026-06-02T09:00:00+08:00')
    const may = window('2026-05')
    await alone.closeWindow(keyOf('510100'), chengduHome, may)
    await alone.closeWindow(keyOf('510100'), inCare, may)
    const netted = resultOf(await alone.net(keyOf('510100'), day('2026-05-31')))
    expect(netted).toMatchObject({ orders: 1, waiting: 0 })
    const { items } = await world.queries.orders({ netting: netted['run'] as string, limit: 5 })
    // Of what was held back in April the region is owed more than it owes for May.
    expect(items).toMatchObject([{ debtor: '510700', creditor: '510100' }])
    expect(await violations()).toEqual([])
  })
})
