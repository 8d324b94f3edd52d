import { describe, expect, test } from 'vitest'
import {
  add,
  allocate,
  atMostWhole,
  excess,
  extend,
  type Fen,
  least,
  minus,
  most,
  nothing,
  parseQuantity,
  parseRatio,
  parseUnitPrice,
  parseYuan,
  plus,
  ratio,
  ratioText,
  share,
  subtract,
  sum,
  times,
  toYuan,
  whole,
  zero,
} from '../../engine/money.ts'

const fen = (n: bigint | number): Fen => BigInt(n) as Fen

/** What looks like a number to some reader, but is no amount of money. */
const strange = [
  '',
  ' ',
  '0x10',
  '1e3',
  '1E3',
  '١',
  '１',
  'NaN',
  'Infinity',
  '-1',
  '+1',
  '-0',
  '01',
  '.5',
  '5.',
  '1,000.00',
  '1 000',
  ' 1',
  '1 ',
  '1\n',
  '1_000',
  '1.2.3',
  '1000000000000',
  'null',
  '1n',
  '0b1',
] // prettier-ignore

describe('reading amounts', () => {
  test('an amount in yuan becomes whole fen', () => {
    expect(parseYuan('1378.15')).toBe(137815n)
    expect(parseYuan('0')).toBe(0n)
    expect(parseYuan('0.05')).toBe(5n)
    expect(parseYuan('12.5')).toBe(1250n)
    expect(parseYuan('999999999999.99')).toBe(99999999999999n)
  })

  test.each([...strange, '1.001', '0.005'])('"%s" is not an amount', (text) => {
    expect(() => parseYuan(text)).toThrow(RangeError)
  })

  test('a unit price has at most six decimals, a quantity at most four', () => {
    expect(parseUnitPrice('1.000001')).toBe(1000001n)
    expect(parseUnitPrice('12')).toBe(12000000n)
    expect(parseQuantity('0.0001')).toBe(1n)
    expect(() => parseUnitPrice('1.0000001')).toThrow('a unit price with at most 6 decimals')
    expect(() => parseQuantity('1.00001')).toThrow('a quantity with at most 4 decimals')
  })

  test.each(strange)('"%s" is no price, no quantity and no rate', (text) => {
    for (const read of [parseUnitPrice, parseQuantity, parseRatio])
      expect(() => read(text)).toThrow(RangeError)
  })

  test('a rate is read as an exact fraction', () => {
    expect(parseRatio('0.85')).toEqual({ numerator: 17n, denominator: 20n })
    expect(parseRatio('1')).toEqual(whole)
    expect(parseRatio('0.000000000000000001').denominator).toBe(10n ** 18n)
  })
})

describe('writing amounts', () => {
  test('fen are written as yuan with two decimals and, where negative, their sign', () => {
    expect(toYuan(5n)).toBe('0.05')
    expect(toYuan(137815n)).toBe('1378.15')
    expect(toYuan(0n)).toBe('0.00')
    expect(toYuan(-7n)).toBe('-0.07')
    expect(toYuan(-12345n)).toBe('-123.45')
  })

  test('a rate is written as a decimal of at most six places', () => {
    expect(ratioText(parseRatio('0.765'))).toBe('0.765')
    expect(ratioText(ratio(1n, 3n))).toBe('0.333333')
    expect(ratioText(ratio(2n, 3n))).toBe('0.666667')
    expect(ratioText(whole)).toBe('1')
    expect(ratioText(nothing)).toBe('0')
    expect(ratioText(parseRatio('0.0000005'))).toBe('0.000001')
    expect(ratioText(parseRatio('0.0000004'))).toBe('0')
    expect(ratioText(parseRatio('10.05'))).toBe('10.05')
  })
})

describe('rounding', () => {
  test('half a fen goes up, anything less goes down', () => {
    // 2.26 × 0.10 = 0.226 → 0.23, the example of the national interface.
    expect(share(fen(226), parseRatio('0.1'), 'halfUp')).toBe(23n)
    // 0.05 × 0.50 = 0.025 → 0.03; 0.05 × 0.49 = 0.0245 → 0.02.
    expect(share(fen(5), parseRatio('0.5'), 'halfUp')).toBe(3n)
    expect(share(fen(5), parseRatio('0.49'), 'halfUp')).toBe(2n)
    expect(share(fen(5), parseRatio('0.5'), 'down')).toBe(2n)
  })

  test('a third is never half', () => {
    // 100 / 3 = 33.33…; 50 / 3 = 16.66…
    expect(share(fen(100), ratio(1n, 3n), 'halfUp')).toBe(33n)
    expect(share(fen(50), ratio(1n, 3n), 'halfUp')).toBe(17n)
  })

  test('price times quantity is rounded once', () => {
    // 0.333333 × 3 = 0.999999 → 1.00; 0.005 × 1 = 0.005 → 0.01; 0.004999 → 0.00.
    expect(extend(parseUnitPrice('0.333333'), parseQuantity('3'), 'halfUp')).toBe(100n)
    expect(extend(parseUnitPrice('0.005'), parseQuantity('1'), 'halfUp')).toBe(1n)
    expect(extend(parseUnitPrice('0.004999'), parseQuantity('1'), 'halfUp')).toBe(0n)
    expect(extend(parseUnitPrice('0.333333'), parseQuantity('3'), 'down')).toBe(99n)
  })

  test('amounts beyond the exact numbers of floating point stay exact', () => {
    // 999999999999.99 × 0.9 = 899999999999.991 → 899999999999.99
    expect(share(parseYuan('999999999999.99'), parseRatio('0.9'), 'halfUp')).toBe(89999999999999n)
  })
})

describe('arithmetic', () => {
  test('taking more than there is, is a bug; an excess stops at nothing', () => {
    expect(subtract(fen(5), fen(5))).toBe(0n)
    expect(() => subtract(fen(5), fen(6))).toThrow('cannot take 0.06 from 0.05')
    expect(excess(fen(5), fen(6))).toBe(0n)
    expect(excess(fen(6), fen(5))).toBe(1n)
  })

  test('sums, least and most', () => {
    expect(sum([])).toBe(0n)
    expect(sum([fen(1), fen(2), fen(3)])).toBe(6n)
    expect(add(fen(1), fen(2))).toBe(3n)
    expect(least(fen(1), fen(2))).toBe(1n)
    expect(least(fen(2), fen(1))).toBe(1n)
    expect(most(fen(1), fen(2))).toBe(2n)
    expect(most(fen(2), fen(1))).toBe(2n)
  })

  test('rates add, multiply, and never fall below nothing or rise above one', () => {
    expect(ratioText(plus(parseRatio('0.85'), parseRatio('0.03')))).toBe('0.88')
    expect(ratioText(times(parseRatio('0.85'), parseRatio('0.9')))).toBe('0.765')
    expect(ratioText(minus(parseRatio('0.85'), parseRatio('0.1')))).toBe('0.75')
    expect(minus(parseRatio('0.05'), parseRatio('0.1'))).toBe(nothing)
    expect(minus(parseRatio('0.1'), parseRatio('0.1'))).toBe(nothing)
    expect(atMostWhole(ratio(21n, 20n))).toBe(whole)
    expect(ratioText(atMostWhole(ratio(19n, 20n)))).toBe('0.95')
  })
})

describe('allocating', () => {
  test('the fen left over go to the largest remainders, the earlier first', () => {
    // 1.00 by thirds: 33.33… each, one fen left for the first.
    expect(allocate(fen(100), [1n, 1n, 1n])).toEqual([34n, 33n, 33n])
    // 10 by 1 : 2 : 3 of 6: 1.67, 3.33, 5.00 → 1, 3, 5 and one left for the largest remainder.
    expect(allocate(fen(10), [1n, 2n, 3n])).toEqual([2n, 3n, 5n])
    // 11 by 3 : 1: 8.25, 2.75 → 8, 2 and one left for the second.
    expect(allocate(fen(11), [3n, 1n])).toEqual([8n, 3n])
  })

  test('nothing is allocated by no weights, and something cannot be', () => {
    expect(allocate(zero, [])).toEqual([])
    expect(allocate(zero, [0n, 0n])).toEqual([0n, 0n])
    expect(() => allocate(fen(1), [0n])).toThrow('nothing to allocate by')
  })

  test('parts add up, and no part of an amount within the weights exceeds its weight', () => {
    for (let amount = 0; amount <= 17; amount++) {
      const weights = [3n, 0n, 7n, 1n, 6n]
      const parts = allocate(fen(amount), weights)
      expect(sum(parts)).toBe(BigInt(amount))
      for (const [i, part] of parts.entries()) expect(part <= (weights[i] as bigint)).toBe(true)
    }
  })
})
