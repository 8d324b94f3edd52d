import { codeTables } from '../../../../adapters/nhsa/codes.ts'
import type { Field, Node, Nodes, Table } from '../../../../adapters/nhsa/field.ts'
import { signedAmount } from '../../../../adapters/nhsa/kinds.ts'
import { netCount } from '../../../../adapters/nhsa/statement.ts'

type Json = Record<string, unknown>

/** An input that its tables must refuse, and the name that its refusal must tell. */
export interface Derived {
  readonly says: string
  readonly input: unknown
  readonly names: string
}

/** Every wrong input that follows from the field tables and one good input: always one thing wrong. */
export function derived(nodes: Nodes, good: Json): Derived[] {
  const whole = structuredClone(good)
  const around = Object.entries(nodes).flatMap(([name, node]) => wrongNodes(name, node, good))
  const inside = Object.entries(nodes).flatMap(([name, node]) => {
    const input = structuredClone(whole)
    input[name] ??= node.many ? [rowOf(node.table)] : rowOf(node.table)
    const [row] = [input[name]].flat() as [Json]
    return wrongRows(name, node.table, row, () => structuredClone(input))
  })
  return [...around, ...inside]
}

function wrongNodes(name: string, { many, required }: Node, good: Json): Derived[] {
  const { [name]: given, ...rest } = good
  const values: [string, unknown][] = [
    ['is text', 'text'],
    ['is a number', 7],
    ['is true', true],
    ['is a list of lists', [[given], [given]]],
    ['is a list of text', ['text', 'text']],
  ]
  if (!many) values.push(['comes twice', [given, given]], ['is an empty list', []])
  if (required) values.push(['is null', null], ['is empty text', ''])
  if (required && many) values.push(['is an empty list', []])
  const missing = required
    ? [
        { says: `${name} is missing`, input: rest, names: name },
        { says: `${name} is misspelt`, input: { ...rest, [`${name}x`]: given }, names: name },
      ]
    : []
  return [
    ...missing,
    ...values.map(([says, value]) => ({
      says: `${name} ${says}`,
      input: { ...good, [name]: value },
      names: name,
    })),
  ]
}

/** Each field of a row, wrong in every way; the row is set into the input and restored again. */
function wrongRows(place: string, table: Table, row: Json, copy: () => unknown): Derived[] {
  return Object.entries(table).flatMap(([name, field]) => {
    const before = row[name]
    const had = Object.hasOwn(row, name)
    const wrongs = wrongValues(field).map(([says, value]) => {
      if (value === missing) delete row[name]
      else row[name] = value
      return { says: `${place}.${name} ${says}`, input: copy(), names: name }
    })
    const { rows } = field.kind
    const nested: Derived[] = []
    if (rows) {
      const list = Array.isArray(before) && before.length > 0 ? before : [rowOf(rows)]
      row[name] = list
      nested.push(...wrongRows(`${place}.${name}`, rows, list[0] as Json, copy))
    }
    if (had) row[name] = before
    else delete row[name]
    return [...wrongs, ...nested]
  })
}

const missing = Symbol('missing')
/** Refunds make sums of a statement negative. */
const signed: readonly unknown[] = [signedAmount, netCount]
type Wrong = readonly [says: string, value: unknown]

/** What a field does not take, by its kind. */
export function wrongValues({ kind, required }: Field<unknown>): Wrong[] {
  const wrongs: Wrong[] = [['is true', true]]
  if (required) wrongs.push(['is missing', missing], ['is null', null], ['is empty', ''])
  const [, base = '', length = '', scale = '0'] =
    /^(字符型|数值型|日期时间型|日期型|字节数组|溯源码节点|节点)(\d*),?(\d*)$/.exec(kind.type) ?? []
  if (!kind.readList) wrongs.push(['is an object', { a: '1' }], ['is a list', ['1']])
  if (base === '字符型') wrongs.push(...wrongTexts(Number(length), kind.codes))
  else if (base === '数值型')
    wrongs.push(...wrongNumbers(Number(length), Number(scale), signed.includes(kind)))
  else if (base === '日期型') wrongs.push(...wrongDays)
  else if (base === '日期时间型') wrongs.push(...wrongDays, ...wrongTimes)
  else if (base === '字节数组') wrongs.push(['is no base64', '***'], ['has a big number', [300]])
  else if (base === '溯源码节点') wrongs.push(['has a list', [[1]]], ['lacks codes', [{ x: 1 }]])
  else if (base === '节点') wrongs.push(['is text', 'text'], ['is a list of text', ['text']])
  else throw new Error(`nothing is known to be wrong for ${kind.type}`)
  return wrongs
}

function wrongTexts(length: number, codes: string | undefined): Wrong[] {
  const wrongs: Wrong[] = [['is too long', '长'.repeat(length + 1)]]
  if (!codes) return wrongs
  const [known = ''] = Object.keys(codeTables[codes as keyof typeof codeTables])
  return [
    ['is a code that is too long', known.padEnd(length + 1, '0')],
    ['is no code', 'Z'.repeat(Math.min(length, 3))],
  ]
}

function wrongNumbers(digits: number, scale: number, canBeNegative: boolean): Wrong[] {
  const wrongs: Wrong[] = [
    ['has too many decimals', `1.${'1'.repeat(scale + 1)}`],
    ['is words', '三元'],
    ['has an exponent', '1e3'],
    ['has a comma', '1,000'],
    ['is hexadecimal', '0x10'],
    ['is not a number', 'NaN'],
    ['is too big', '9'.repeat(digits + 1)],
  ]
  return canBeNegative ? wrongs : [...wrongs, ['is negative', -1], ['is negative text', '-1']]
}

const wrongDays: Wrong[] = [
  ['has slashes', '2026/03/02'],
  ['has no dashes', '20260302'],
  ['is no day', '2026-02-30'],
  ['is short', '2026-3-2'],
  ['is no date', '昨天'],
  ['is of month 13', '2026-13-01'],
]
const wrongTimes: Wrong[] = [
  ['is past midnight', '2026-03-02 24:00:01'],
  ['has minute 60', '2026-03-02 09:60:00'],
  ['is in ISO form', '2026-03-02T09:00:00Z'],
]

/** A row with what is required, for a node that the good message does without. */
export function rowOf(table: Table): Json {
  const required = Object.entries(table).filter(([, field]) => field.required)
  return Object.fromEntries(required.map(([name, field]) => [name, usual(field)]))
}

function usual({ kind }: Field<unknown>): unknown {
  if (kind.rows) return [rowOf(kind.rows)]
  if (kind.codes) return Object.keys(codeTables[kind.codes as keyof typeof codeTables])[0]
  if (kind.type.startsWith('日期时间')) return '2026-03-02 09:00:00'
  if (kind.type.startsWith('日期')) return '2026-03-02'
  if (kind.type === '溯源码节点') return [{ drug_trac_codg: '1' }]
  return '1'
}
