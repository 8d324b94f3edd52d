import { parseRatio, parseYuan, type Ratio } from '../../engine/money.ts'
import type { Amount, Path, Table, When } from '../../engine/pack.ts'
import type { Complaint } from './problem.ts'
import type { AmountFields, RowFields, TableFields, WhenFields } from './when.ts'

/** Where decoding reports what a shape cannot say, such as an end before its beginning. */
export type Say = (path: Path, message: string) => void

export const collect = (): { say: Say; complaints: Complaint[] } => {
  const complaints: Complaint[] = []
  return { complaints, say: (path, message) => complaints.push({ path, message }) }
}

export const many = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T]

export const maybeMany = <T>(value: T | readonly T[] | undefined): readonly T[] | undefined =>
  value === undefined ? undefined : many(value)

export const isTrue = (value: 'true' | 'false'): boolean => value === 'true'
const maybeTrue = (value: 'true' | 'false' | undefined): boolean | undefined =>
  value === undefined ? undefined : isTrue(value)

const listKeys = [
  'level',
  'institutionType',
  'institution',
  'care',
  'group',
  'premiumTier',
  'identity',
  'benefit',
  'place',
  'reason',
  'disease',
  'maternityKind',
] as const
const bandKeys = ['age', 'contributionMonths', 'admission', 'fetuses'] as const
const truthKeys = ['civilServant', 'filed', 'emergency', 'prescription', 'continued'] as const

/** A condition, with only the keys that are given. */
export function decodeWhen(fields: WhenFields, path: Path, say: Say): When {
  const entries: [string, unknown][] = []
  for (const key of listKeys) entries.push([key, maybeMany(fields[key])])
  for (const key of truthKeys) entries.push([key, maybeTrue(fields[key])])
  for (const key of bandKeys) {
    const band = fields[key]
    if (band) entries.push([key, decodeBand(band, [...path, key], say)])
  }
  const given: When = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  return given
}

function decodeBand(
  band: { from?: string; below?: string },
  path: Path,
  say: Say,
): { from?: number; below?: number } {
  const from = band.from === undefined ? undefined : Number(band.from)
  const below = band.below === undefined ? undefined : Number(band.below)
  if (from === undefined && below === undefined) say(path, 'a band needs from or below')
  if (from !== undefined && below !== undefined && below <= from)
    say(path, `the band from ${from} to below ${below} holds nothing`)
  return { ...(from === undefined ? {} : { from }), ...(below === undefined ? {} : { below }) }
}

export const decodeAmount = (fields: AmountFields): Amount => {
  if (typeof fields !== 'string') return { times: parseRatio(fields.times), parameter: fields.of }
  return fields === 'unlimited' ? { unlimited: true } : { fen: parseYuan(fields) }
}

const isRows = <V>(fields: TableFields<V>): fields is RowFields<V>[] => Array.isArray(fields)
const isFirst = <V>(fields: TableFields<V>): fields is { first: RowFields<V>[] } =>
  typeof fields === 'object' && fields !== null && 'first' in fields

/** A table as the engine takes it; every row keeps its place in the file. */
export function decodeTable<V, W>(
  fields: TableFields<V>,
  decode: (value: V) => W,
  path: Path,
  say: Say,
): Table<W> {
  const row = (r: RowFields<V>, at: Path): Table<W>['rows'][number] => ({
    when: decodeWhen(r, at, say),
    value: decode(r.is),
    path: at,
  })
  if (isRows(fields)) {
    for (const [i, r] of fields.entries())
      if (r.otherwise !== undefined) say([...path, i, 'otherwise'], 'otherwise belongs under first')
    return { rows: fields.map((r, i) => row(r, [...path, i])), pick: 'only', path }
  }
  if (!isFirst(fields))
    return { rows: [{ when: {}, value: decode(fields), path }], pick: 'only', path }
  for (const [i, r] of fields.first.entries()) checkOtherwise(r, [...path, 'first', i], say)
  return { rows: fields.first.map((r, i) => row(r, [...path, 'first', i])), pick: 'first', path }
}

function checkOtherwise(row: RowFields<unknown>, path: Path, say: Say): void {
  if (row.otherwise !== undefined && Object.keys(row).length > 2)
    say(path, 'a row with otherwise has no other condition')
}

export const rateTableOf = (fields: TableFields<string>, path: Path, say: Say): Table<Ratio> =>
  decodeTable(fields, parseRatio, path, say)

export const amountTableOf = (
  fields: TableFields<AmountFields>,
  path: Path,
  say: Say,
): Table<Amount> => decodeTable(fields, decodeAmount, path, say)

/** A span written with from and until, the second not before the first. */
export function checkSpan(span: { from: string; until?: string }, path: Path, say: Say): void {
  if (span.until !== undefined && span.until < span.from)
    say([...path, 'until'], `found ${span.until}, expected a day not before ${span.from}`)
}
