import { describe, expect, test } from 'vitest'
import { boundedPaying } from '../../../adapters/bank/bank.ts'
import type { PayoutWorld } from '../../../adapters/bank/needs.ts'
import { createPayouts, type Payouts } from '../../../adapters/bank/payouts.ts'
import { type SimulatedOptions, simulatedBank } from '../../../adapters/bank/simulated.ts'
import type { DeskCase } from '../../../engine/deskCase.ts'
import { keptOf } from '../../../engine/dossier.ts'
import {
  type Agency,
  enterPaper,
  openAgency,
  orderOf,
  paperForm,
  reviewOf,
} from '../../engine/support/agency.ts'
import { now as start, today, yuan } from '../../engine/support/world.ts'

const never = new AbortController().signal
const opening = 1_000_000n

/** A paper bill that is settled, a bank, and processes that come and go. */
async function openTown(account = '6200000000000000011', options: SimulatedOptions = {}) {
  const clock = { now: start }
  const at = openAgency({}, { clock: { now: () => clock.now, today: () => today } })
  const bank = simulatedBank({ latency_ms: 0, ...options })
  const { id, ask } = enterPaper(at, 'P1', '甲', (of) =>
    paperForm(of, '300.00', [{ issuer: 'I', number: '1' }]),
  )
  await at.submit(ask)
  const found = (): DeskCase => at.casesOf().find((one) => one.id === id) as DeskCase
  await at.submit(await reviewOf(at, found(), 'review', '乙'))
  const alarms: number[] = []
  const process = (steps = Infinity): Payouts => {
    let left = steps
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      if (left-- <= 0) throw new Error('killed')
      const done = await work()
      if (left <= 0) throw new Error('killed')
      return done
    }
    const world: PayoutWorld = {
      submit: async (one) => step(async () => (await at.submit(one))[0] as never),
      kept: async (subject) => step(async () => keptOf(at.books.dossiers, subject)),
      bankAccount: async () => step(async () => account),
      due: {
        list: async (...asked) => step(async () => at.books.due.list(...asked)),
        claim: async (...asked) => step(async () => at.books.due.claim(...asked)),
      },
      fingerprint: (input) => input,
      dayOf: () => today,
      now: () => clock.now,
      alarm: (_, attempts) => void alarms.push(attempts),
    }
    const line = {
      pay: async (...asked: Parameters<typeof bank.pay>) => step(async () => bank.pay(...asked)),
      queryPayment: async (reference: string) => step(async () => bank.queryPayment(reference)),
    }
    return createPayouts(world, boundedPaying(line, 200))
  }
  return {
    at,
    bank,
    clock,
    found,
    alarms,
    process,
    order: async () => at.submit(orderOf(at, found(), '丙')),
    got: () => bank.balanceOf(account) - opening,
    async calm() {
      bank.lose(0)
      for (let due = at.books.due.next(); due !== undefined; due = at.books.due.next()) {
        clock.now = Math.max(clock.now, due)
        await process().resolve(never)
      }
    },
  }
}

const booked = ({ books }: Agency) =>
  books.movements.rows.map(({ content }) => [content.kind, content.total])

describe('a payment to the bank account of a card (代发)', () => {
  test('is made once, and booked with what is entered of it', async () => {
    const town = await openTown()
    await town.order()
    await town.process().pay(town.found().subject)
    expect(town.found()).toMatchObject({ state: 'paid', paid: yuan('100.00') })
    expect(town.got()).toBe(yuan('100.00'))
    expect(booked(town.at)).toEqual([['reimbursement', yuan('100.00')]])
    expect(town.at.books.due.next()).toBeUndefined()
    // Whoever asks again finds nothing to pay.
    await town.process().pay(town.found().subject)
    expect(town.got()).toBe(yuan('100.00'))
  })

  test('that the bank returns is booked by nobody, and may be ordered again', async () => {
    const town = await openTown('6200000000000009002')
    await town.order()
    await town.process().pay(town.found().subject)
    expect(town.found()).toMatchObject({ state: 'returned', paid: 0n })
    expect(booked(town.at)).toEqual([])
    await town.order()
    expect(town.found().state).toBe('ordered')
  })

  test.each(['9003', '9004'])(
    'whose message was lost (%s) is found out later, and made once',
    async (last4) => {
      const town = await openTown(`620000000000000${last4}`)
      await town.order()
      await town.process().pay(town.found().subject)
      expect(town.found().state).toBe('ordered')
      await town.calm()
      expect(town.found().state).toBe('paid')
      expect(town.got()).toBe(yuan('100.00'))
    },
  )

  test('killed after each step in turn is made once', async () => {
    for (let steps = 0; steps < 16; steps++) {
      const town = await openTown()
      await town.order()
      await town
        .process(steps)
        .pay(town.found().subject)
        .catch(() => {})
      town.clock.now += 6_000
      await town
        .process(steps)
        .resolve(never)
        .catch(() => {})
      await town.calm()
      expect(town.found().state).toBe('paid')
      expect(town.got()).toBe(yuan('100.00'))
      expect(booked(town.at)).toHaveLength(1)
    }
  })

  test('looked after by three at once is made once', async () => {
    const town = await openTown(undefined, { lostPercent: 100 })
    await town.order()
    await town.process().pay(town.found().subject)
    town.bank.lose(0)
    town.clock.now += 5_000
    const ended = await Promise.all([1, 2, 3].map(async () => town.process().resolve(never)))
    expect(ended.sort()).toEqual([0, 0, 1])
    expect(town.got()).toBe(yuan('100.00'))
  })

  test('of which a bank never says anything is an alarm from the sixth time on, and asked for ever', async () => {
    const town = await openTown('6200000000000009006')
    await town.order()
    for (let attempt = 1; attempt <= 8; attempt++) {
      town.clock.now = town.at.books.due.next() as number
      expect(await town.process().resolve(never)).toBe(0)
    }
    expect(town.alarms).toEqual([6, 7, 8])
    expect(town.found().state).toBe('ordered')
  })

  test('over lines that lose a third of all messages is made once, whatever is lost', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const town = await openTown(undefined, { seed, lostPercent: 33 })
      await town.order()
      await town.process().pay(town.found().subject)
      for (let i = 0; i < 3; i++) {
        town.clock.now += 60_000
        await town.process().resolve(never)
      }
      await town.calm()
      expect(town.found().state).toBe('paid')
      expect(town.got()).toBe(yuan('100.00'))
      expect(booked(town.at)).toHaveLength(1)
    }
  })

  test('stops where it is told to, and waits no longer than the limit', async () => {
    const town = await openTown()
    await town.order()
    town.clock.now += 6_000
    expect(await town.process().resolve(AbortSignal.abort())).toBe(0)
    const hanging = async (): Promise<never> => new Promise(() => {})
    const dead = boundedPaying({ pay: hanging, queryPayment: hanging }, 20)
    await expect(dead.queryPayment('x')).rejects.toThrow('in time')
    await expect(dead.pay({ reference: 'x', account: '1', amount: yuan('1.00') })).rejects.toThrow(
      'in time',
    )
  })
})
