import { expect, test } from 'vitest'
import { type Bank, bounded } from '../../../adapters/bank/bank.ts'
import { simulatedBank } from '../../../adapters/bank/simulated.ts'
import type { Fen } from '../../../engine/money.ts'

const order = (reference: string, last4 = '0001', amount = 1_000n) => ({
  reference,
  account: `621700000000${last4}`,
  amount: amount as Fen,
})
const quick = { latency_ms: 0 }

test('under one reference money is taken once, however often it is asked for', async () => {
  const bank = simulatedBank(quick)
  const told = await Promise.all([1, 2, 3].map(async () => bank.collect(order('A'))))
  expect(told).toEqual([1, 2, 3].map(() => ({ state: 'collected' })))
  expect(bank.balanceOf(order('A').account)).toBe(999_000n)
  expect(bank.holds('A')).toBe(1_000n)
})

test('an account gives what it holds and no more', async () => {
  const bank = simulatedBank({ ...quick, opening: 1_500n as Fen })
  expect(await bank.collect(order('A'))).toEqual({ state: 'collected' })
  const short = { state: 'refused', reason: 'insufficient-funds' }
  expect(await bank.collect(order('B'))).toEqual(short)
  await bank.returnMoney('A')
  // What was refused stays refused under its reference.
  expect(await bank.collect(order('B'))).toEqual(short)
  expect(await bank.collect(order('C'))).toEqual({ state: 'collected' })
})

test('what is given back is not taken again, also where the collection comes after its return', async () => {
  const bank = simulatedBank(quick)
  await bank.collect(order('A'))
  await bank.returnMoney('A')
  await bank.returnMoney('A')
  await bank.returnMoney('late')
  const withdrawn = { state: 'refused', reason: 'withdrawn' }
  for (const reference of ['A', 'late']) {
    expect(await bank.collect(order(reference))).toEqual(withdrawn)
    expect(await bank.query(reference)).toEqual(withdrawn)
  }
  expect(bank.balanceOf(order('A').account)).toBe(1_000_000n)
})

test('the last four digits of an account choose what becomes of its first collection', async () => {
  const bank = simulatedBank(quick)
  const refused = (reason: string) => ({ state: 'refused', reason })
  expect(await bank.collect(order('1', '9001'))).toEqual(refused('insufficient-funds'))
  expect(await bank.collect(order('2', '9002'))).toEqual(refused('account-closed'))
  for (const last4 of ['9003', '9004', '9006', '9007'])
    await expect(bank.collect(order(last4, last4))).rejects.toThrow('line to the bank')
  expect(await bank.query('9003')).toEqual({ state: 'collected' })
  expect(await bank.query('9004')).toEqual({ state: 'absent' })
  expect(await bank.collect(order('9004', '9004'))).toEqual({ state: 'collected' })
  expect(await bank.query('9007')).toEqual(refused('insufficient-funds'))
  for (const ask of [async () => bank.query('9006'), async () => bank.returnMoney('9006')])
    await expect(ask()).rejects.toThrow('line to the bank')
  expect(await bank.query('nobody')).toEqual({ state: 'absent' })
})

test('nobody waits for a reply longer than the limit, and a slow bank has taken the money all the same', async () => {
  const bank = simulatedBank(quick)
  const line = bounded(bank, 50)
  const before = performance.now()
  await expect(line.collect(order('S', '9005'))).rejects.toThrow('in time')
  expect(performance.now() - before).toBeLessThan(500)
  expect(await line.query('S')).toEqual({ state: 'collected' })
  const hanging = async (): Promise<never> => new Promise(() => {})
  const dead: Bank = { collect: hanging, query: hanging, returnMoney: hanging }
  await expect(bounded(dead, 20).query('x')).rejects.toThrow('in time')
  await expect(bounded(dead, 20).returnMoney('x')).rejects.toThrow('in time')
})

test('the same seed loses and refuses the same', async () => {
  const story = async (seed: number): Promise<string> => {
    const bank = simulatedBank({ ...quick, seed, lostPercent: 30, refusedPercent: 30 })
    const told: string[] = []
    for (let i = 0; i < 40; i++)
      told.push(
        await bank.collect(order(`r${i}`)).then(
          (answer) => answer.state,
          () => 'lost',
        ),
      )
    return told.join(' ')
  }
  const [one, again, other] = [await story(7), await story(7), await story(8)]
  expect(again).toBe(one)
  expect(other).not.toBe(one)
  for (const word of ['lost', 'refused', 'collected']) expect(one).toContain(word)
})
