import { Decimal } from 'decimal.js'

declare const fen: unique symbol

/** An amount of money in whole fen (分, 1/100 yuan). Never negative unless a name says so. */
export type Fen = bigint & { readonly [fen]: true }

/** A rate such as 85 % as an exact fraction of integers, compiled once from decimal text. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** How a fraction of a fen becomes a whole one. Half-up is the national interface's (0.226 → 0.23). */
export type Rounding = 'halfUp' | 'down'

/** A unit price (单价, pric) in millionths of a yuan: the interface allows six decimals. */
export type UnitPrice = bigint & { readonly unitPrice: true }

/** A quantity (数量, cnt) in ten-thousandths of a unit: the interface allows four decimals. */
export type Quantity = bigint & { readonly quantity: true }

const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP })

export const zero = 0n as Fen
export const whole: Ratio = { numerator: 1n, denominator: 1n }
export const nothing: Ratio = { numerator: 0n, denominator: 1n }

const yuanForm = /^(0|[1-9]\d{0,11})(?:\.(\d{1,2}))?$/
const decimalForm = /^(0|[1-9]\d{0,11})(?:\.(\d{1,18}))?$/

/** Reads an amount in yuan, such as "1378.15", with at most two decimals and no sign. */
export function parseYuan(text: string): Fen {
  const found = yuanForm.exec(text)
  if (!found) throw new RangeError(`"${text}" is not an amount in yuan such as 1378.15`)
  return (BigInt(found[1] as string) * 100n + BigInt((found[2] ?? '').padEnd(2, '0'))) as Fen
}

/** Writes fen as yuan with two decimals; a negative amount, as in a cancellation, keeps its sign. */
export function toYuan(amount: bigint): string {
  const sign = amount < 0n ? '-' : ''
  const digits = String(amount < 0n ? -amount : amount).padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Reads a rate such as "0.85" exactly; no rate has a sign or an exponent. */
export function parseRatio(text: string): Ratio {
  if (!decimalForm.test(text)) throw new RangeError(`"${text}" is not a decimal such as 0.85`)
  const [numerator, denominator] = new Exact(text).toFraction() as [Decimal, Decimal]
  return { numerator: BigInt(numerator.toFixed()), denominator: BigInt(denominator.toFixed()) }
}

/** Writes a rate as a decimal of at most six places, for people to read. */
export function ratioText({ numerator, denominator }: Ratio): string {
  const millionths = divide(numerator * 1_000_000n, denominator, 'halfUp')
  const decimals = String(millionths % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const units = String(millionths / 1_000_000n)
  return decimals === '' ? units : `${units}.${decimals}`
}

function parseScaled(text: string, places: number, what: string): bigint {
  const found = decimalForm.exec(text)
  const decimals = found?.[2] ?? ''
  if (!found || decimals.length > places)
    throw new RangeError(`"${text}" is not a ${what} with at most ${places} decimals`)
  return BigInt((found[1] as string) + decimals.padEnd(places, '0'))
}

export const parseUnitPrice = (text: string): UnitPrice =>
  parseScaled(text, 6, 'unit price') as UnitPrice

export const parseQuantity = (text: string): Quantity =>
  parseScaled(text, 4, 'quantity') as Quantity

function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  return rounding === 'halfUp'
    ? (2n * numerator + denominator) / (2n * denominator)
    : numerator / denominator
}

/** A unit price times a quantity, in fen. */
export function extend(price: UnitPrice, quantity: Quantity, rounding: Rounding): Fen {
  return divide(price * quantity, 100_000_000n, rounding) as Fen
}

/** The part of an amount that a rate gives. */
export function share(amount: Fen, rate: Ratio, rounding: Rounding): Fen {
  return divide(amount * rate.numerator, rate.denominator, rounding) as Fen
}

export const add = (a: Fen, b: Fen): Fen => (a + b) as Fen

/** Takes b from a; a result below zero is a bug of the caller. */
export function subtract(a: Fen, b: Fen): Fen {
  if (b > a) throw new RangeError(`cannot take ${toYuan(b)} from ${toYuan(a)}`)
  return (a - b) as Fen
}

/** Takes b from a and stops at nothing. */
export const excess = (a: Fen, b: Fen): Fen => (a > b ? a - b : 0n) as Fen
export const least = (a: Fen, b: Fen): Fen => (a < b ? a : b)
export const most = (a: Fen, b: Fen): Fen => (a > b ? a : b)

export function sum(amounts: Iterable<Fen>): Fen {
  let total = 0n
  for (const amount of amounts) total += amount
  return total as Fen
}

/**
 * Divides an amount by weights so that the parts add up to it: each gets its share rounded down and the fen left
 * over go, one each, to the largest remainders, the earlier first where remainders are equal.
 */
export function allocate(amount: Fen, weights: readonly bigint[]): Fen[] {
  const all = weights.reduce((a, b) => a + b, 0n)
  if (all === 0n) {
    if (amount !== 0n) throw new RangeError('nothing to allocate by')
    return weights.map(() => zero)
  }
  const parts = weights.map((weight) => (amount * weight) / all)
  let left = amount - parts.reduce((a, b) => a + b, 0n)
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % all }))
    .sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    )
  for (const { index } of byRemainder) {
    if (left === 0n) break
    parts[index] = (parts[index] as bigint) + 1n
    left -= 1n
  }
  return parts as Fen[]
}

export const ratio = (numerator: bigint, denominator: bigint): Ratio => ({ numerator, denominator })

export const times = (a: Ratio, b: Ratio): Ratio =>
  ratio(a.numerator * b.numerator, a.denominator * b.denominator)

export const plus = (a: Ratio, b: Ratio): Ratio =>
  ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)

/** One rate less another, never below nothing: "ten points off" a rate of 5 % leaves 0 %. */
export function minus(a: Ratio, b: Ratio): Ratio {
  const numerator = a.numerator * b.denominator - b.numerator * a.denominator
  return numerator > 0n ? ratio(numerator, a.denominator * b.denominator) : nothing
}

/** A rate, but at most 100 %. */
export const atMostWhole = (a: Ratio): Ratio => (a.numerator > a.denominator ? whole : a)
