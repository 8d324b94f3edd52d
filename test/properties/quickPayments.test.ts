import fc from 'fast-check'
import { expect, test } from 'vitest'
import { usualCardPolicy } from '../../engine/cardPolicy.ts'
import type { Row } from '../../engine/ports.ts'
import { cancel, keyOf } from '../engine/support/desk.ts'
import { shop, tap, till } from '../engine/support/taps.ts'
import { now, yuan } from '../engine/support/world.ts'

const amount = fc.integer({ min: 1, max: 45_000 }).map((fen) => (fen / 100).toFixed(2))
const counter = fc.integer({ min: 1, max: 25 })

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('tap' as const), counter, amount, pin: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('offline' as const),
      counter,
      amount,
      pin: fc.constant(false),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('cancel' as const), which: fc.nat(20) }) },
)
type Paid = {
  readonly row: Row
  readonly online: boolean
  readonly pin: boolean
  readonly counter: number
}

test('whatever is tapped, limits hold without PIN, a counter pays once, and no account falls below nothing', async () => {
  const { perDay, perDayCount, perPayment } = usualCardPolicy.quick
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 8 }),
      fc.integer({ min: 0, max: 150_000 }),
      async (batches, opening) => {
        const at = till({ balance: (opening / 100).toFixed(2) })
        const paid: Paid[] = []
        let keys = 0
        for (const batch of batches) {
          const asks = batch.map((one) => {
            const key = `K${++keys}`
            if (one.act === 'cancel') {
              const { settlement = 'none' } = paid[one.which % Math.max(1, paid.length)]?.row ?? {}
              const named = { ...keyOf(key), institution: shop.code }
              return { ...cancel(key, settlement), key: named, institution: shop.code }
            }
            const pin = one.pin ? ({ kind: 'right', initial: false } as const) : undefined
            const words = { key, amount: one.amount, ...(pin && { pin }) }
            return one.act === 'tap'
              ? tap(one.counter, words)
              : tap(one.counter, { ...words, at: now - 60_000, offline: { hotList: now } })
          })
          const outcomes = await at.settle(asks)
          for (const [i, outcome] of outcomes.entries()) {
            const one = batch[i]!
            expect(outcome.kind).not.toBe('bug')
            if (outcome.kind !== 'settled' || one.act === 'cancel') continue
            const { pin, counter } = one
            paid.push({ row: outcome.row, online: one.act === 'tap', pin, counter })
          }
        }
        expect(new Set(paid.map(({ counter }) => counter)).size).toBe(paid.length)
        const online = paid.filter((one) => one.online)
        expect(online.map((one) => one.counter)).toEqual(
          online.map((one) => one.counter).toSorted((a, b) => a - b),
        )
        const free = online.filter((one) => !one.pin).map(({ row }) => row.content.total)
        expect(free.every((total) => total <= perPayment)).toBe(true)
        expect(free.length).toBeLessThanOrEqual(perDayCount)
        expect(free.reduce((a, b) => a + b, 0n)).toBeLessThanOrEqual(perDay)
        let balance = yuan((opening / 100).toFixed(2)) as bigint
        for (const { content, kind } of at.books.rows) {
          const { total, account, fundTotal, cash, receivable = 0n } = content
          expect([fundTotal, cash]).toEqual([0n, receivable])
          expect(account + receivable).toBe(total)
          if (kind === 'settlement') expect(receivable).toBe(total > balance ? total - balance : 0n)
          balance += kind === 'settlement' ? -account : account
          expect(balance).toBeGreaterThanOrEqual(0n)
        }
        expect(at.books.balances.get('P1')).toBe(balance)
      },
    ),
    { numRuns: 300 },
  )
})
