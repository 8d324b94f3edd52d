import { expect, test } from 'vitest'
import { type Fen, parseRatio } from '../../engine/money.ts'
import { consumedBy, exactly, shown, type Stretch } from '../../engine/stretch.ts'

const stretches = (
  ...some: readonly (readonly [from: number, to: number, rate: string])[]
): Stretch[] =>
  some.map(([from, to, rate]) => ({
    from: BigInt(from) as Fen,
    to: BigInt(to) as Fen,
    rate: parseRatio(rate),
    text: rate,
    because: [],
  }))
const fen = (n: number): Fen => BigInt(n) as Fen

test('what a capped payment answers for is counted through the stretches, rounded up', () => {
  const some = stretches([0, 100, '0.5'], [100, 300, '0.8'])
  // Nothing answers for nothing; 25 for 50; 50 + 80 for 100 + 100; 50 + 81 for 100 + ⌈81 / 0.8⌉ = 202.
  expect(consumedBy(fen(0), some)).toBe(0n)
  expect(consumedBy(fen(25), some)).toBe(50n)
  expect(consumedBy(fen(130), some)).toBe(200n)
  expect(consumedBy(fen(131), some)).toBe(202n)
})

test('a stretch at nothing is passed over, and a payment of nothing stops before it', () => {
  const some = stretches([0, 100, '0'], [100, 200, '1'])
  expect(consumedBy(fen(1), some)).toBe(101n)
  expect(consumedBy(fen(0), some)).toBe(0n)
})

test('rounding once per layer never makes a payment answer for more than there is', () => {
  // 0.4 + 0.4 + 1.6 = 2.4 → 2, shown by stretch as 0, 0 and 2; capped at 1 it answers for all but one fen or two.
  const some = stretches([0, 1, '0.4'], [1, 2, '0.4'], [2, 6, '0.4'])
  expect(exactly(some)).toBe(2n)
  expect(shown(some, fen(2)).map((s) => s.paid)).toEqual([0n, 0n, 2n])
  expect(consumedBy(fen(1), some)).toBe(5n)
  // 0.4 + 0.4 + 1.4 = 2.2 → 2; the stretches alone round to 0, 0 and 1, so 1 answers for everything.
  const odd = stretches([0, 1, '0.4'], [1, 2, '0.4'], [2, 4, '0.7'])
  expect(exactly(odd)).toBe(2n)
  expect(consumedBy(fen(1), odd)).toBe(4n)
})

test('no stretches pay nothing', () => {
  expect(exactly([])).toBe(0n)
  expect(shown([], fen(0))).toEqual([])
  expect(consumedBy(fen(0), [])).toBe(0n)
})
