import { type Day, type Instant, isDay } from '../../engine/day.ts'
import {
  type Fen,
  parseQuantity,
  parseRatio,
  parseUnitPrice,
  parseYuan,
  type Quantity,
  type Ratio,
  ratioText,
  toYuan,
  type UnitPrice,
} from '../../engine/money.ts'
import { type CodeTable, isCode } from './codes.ts'
import type { Kind, Taken } from './field.ts'
import { readMoment, writeMoment } from './moment.ts'

/** Neither a text column nor a printed page takes these, and nobody types them. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** 字符型: characters as people count them. A number is taken as its digits, since real clients send some. */
export const text = (length: number): Kind<string> => ({
  type: `字符型${length}`,
  read: (given) => readText(given, length),
  write: (value) => value,
})

function readText(given: string | number, length: number): Taken<string> {
  const value = String(given)
  if (!value.isWellFormed() || unprintable.test(value)) return { wrong: '含有不可显示的字符' }
  // A character is one or two units, so that few texts need to be counted.
  const fits = value.length <= length || Array.from(value).length <= length
  return fits ? { value } : { wrong: `长度超过${length}` }
}

/** 字符型, 代码: a value of a code table, or a longer one that a province derived from it. */
export const code = (table: CodeTable, length: number): Kind<string> => ({
  type: `字符型${length}`,
  codes: table,
  read(given) {
    const taken = readText(given, length)
    if ('wrong' in taken || isCode(table, taken.value)) return taken
    return { wrong: `“${taken.value}”不在代码表${table}内` }
  },
  write: (value) => value,
})

/** 数值型: numbers and numeric strings alike, without a sign or an exponent. */
const decimal = <T>(
  type: string,
  example: string,
  parse: (text: string) => T,
  show: (value: T) => string,
): Kind<T> => ({
  type,
  read(given) {
    try {
      return { value: parse(plain(given)) }
    } catch {
      return { wrong: `须为${type}的数值，如${example}` }
    }
  },
  write: (value) => Number(show(value)),
})

/** "12.00", "012" and ".5" are what some clients make of numbers; more decimals than allowed are not rounded away. */
function plain(given: string | number): string {
  const digits = String(given).trim()
  const [, whole = '', decimals] = /^0*(\d*)(?:\.(\d*))?$/.exec(digits) ?? [undefined, 'x']
  const kept = decimals?.replace(/0+$/, '')
  return `${whole === '' && digits !== '' ? '0' : whole}${kept ? `.${kept}` : ''}`
}

/** 数值型16,2: yuan with at most two decimals, integer fen inside. */
export const amount: Kind<Fen> = decimal('数值型16,2', '12.34', parseYuan, toYuan)

/** An amount that may be negative, as those of refunds and of what we answer to a cancellation. */
export const signedAmount: Kind<Fen> = {
  ...amount,
  read(given) {
    const digits = String(given).trim()
    const taken = amount.read(digits.replace(/^-/, ''))
    return 'value' in taken && digits.startsWith('-') ? { value: -taken.value as Fen } : taken
  },
}

/** 数值型16,6 */
export const price: Kind<UnitPrice> = decimal('数值型16,6', '1.234567', parseUnitPrice, (value) =>
  scaled(value, 6),
)

/** 数值型16,4 */
export const quantity: Kind<Quantity> = decimal('数值型16,4', '1.5', parseQuantity, (value) =>
  scaled(value, 4),
)

/** 数值型5,4: a rate such as 0.05. */
export const rate: Kind<Ratio> = decimal('数值型5,4', '0.05', parseRatio, ratioText)

/** A number of a fee line: one below zero is a refund to its sender, which is told how charges are taken back here. */
export const charged = <T>(kind: Kind<T>): Kind<T> => ({
  ...kind,
  read: (given) => (/^\s*-[\d.]/.test(String(given)) ? { wrong: noRefundLine } : kind.read(given)),
})

const noRefundLine =
  '不能为负数：本接口不收退费（负数）明细，未结算的明细用2205（住院用2302）撤销，已结算的先撤销结算'

function scaled(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** 数值型 without decimals: a count. */
export const count = (digits: number): Kind<number> => ({
  type: `数值型${digits}`,
  read(given) {
    const value = plain(given)
    return /^\d+$/.test(value) && value.length <= Math.min(digits, 15)
      ? { value: Number(value) }
      : { wrong: `须为至多${digits}位的整数` }
  },
  write: (value) => value,
})

/** 日期型: yyyy-MM-dd. */
export const day: Kind<Day> = {
  type: '日期型',
  read: (given) =>
    isDay(String(given)) ? { value: String(given) as Day } : { wrong: '须为yyyy-MM-dd格式的日期' },
  write: (value) => value,
}

/** 日期时间型: yyyy-MM-dd HH:mm:ss in China, or a day alone, which is its midnight. */
export const moment: Kind<Instant> = {
  type: '日期时间型',
  read(given) {
    const value = readMoment(String(given))
    return value === undefined ? { wrong: '须为yyyy-MM-dd HH:mm:ss格式的时间' } : { value }
  },
  write: writeMoment,
}
