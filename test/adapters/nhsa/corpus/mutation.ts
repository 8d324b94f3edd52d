import fc from 'fast-check'
import { codeTables } from '../../../../adapters/nhsa/codes.ts'
import type { Field, Nodes, Table } from '../../../../adapters/nhsa/field.ts'
import { wrongValues } from './derived.ts'

type Json = Record<string, unknown>

/** What is done to one field of an input: `at` picks the field, and `value` what it becomes. */
export interface Edit {
  readonly at: number
  readonly how: 'valid' | 'known' | 'wrong' | 'anything' | 'removed' | 'repeated'
  readonly pick: number
  readonly anything: unknown
}

const anything = fc.oneof(
  fc.constantFrom(null, '', 0, -1, 1e21, true, [], {}, [[]], '0', '\u0001', '\u202e', '𠮷', '-0'),
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
)

export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat(),
    how: fc.oneof(
      { arbitrary: fc.constant('valid' as const), weight: 8 },
      { arbitrary: fc.constant('known' as const), weight: 6 },
      { arbitrary: fc.constant('removed' as const), weight: 3 },
      { arbitrary: fc.constant('repeated' as const), weight: 1 },
      { arbitrary: fc.constant('wrong' as const), weight: 1 },
      { arbitrary: fc.constant('anything' as const), weight: 1 },
    ),
    pick: fc.nat(),
    anything,
  }),
  { maxLength: 4 },
)

/** A field of an input: the row it stands in, and how to read it. */
interface Place {
  readonly row: Json
  readonly rows?: unknown[] | undefined
  readonly name: string
  readonly field: Field<unknown>
}

function* placesOf(nodes: Nodes, input: Json): Generator<Place> {
  for (const [name, { table }] of Object.entries(nodes)) {
    const given = input[name]
    yield* placesIn(table, given)
  }
}

function* placesIn(table: Table, given: unknown): Generator<Place> {
  const rows = Array.isArray(given) ? (given as unknown[]) : undefined
  for (const row of rows ?? [given]) {
    if (typeof row !== 'object' || row === null) continue
    for (const [name, field] of Object.entries(table)) {
      yield { row: row as Json, rows, name, field }
      if (field.kind.rows) yield* placesIn(field.kind.rows, (row as Json)[name])
    }
  }
}

/** Ids and names that were answered in other scenes, by the field they stood in. */
export type Known = ReadonlyMap<string, readonly unknown[]>

const one = <T>(of: readonly T[], pick: number): T | undefined => of[pick % of.length]

/** A copy of an input with edits done to it. */
export function edited(nodes: Nodes, input: Json, list: readonly Edit[], known: Known): Json {
  const copy = structuredClone(input)
  for (const edit of list) {
    const place = one([...placesOf(nodes, copy)], edit.at)
    if (place) apply(edit, place, known)
  }
  return copy
}

function apply({ how, pick, anything: any }: Edit, place: Place, known: Known): void {
  const { row, rows, name, field } = place
  if (how === 'removed') delete row[name]
  else if (how === 'repeated') rows?.push(structuredClone(row))
  else if (how === 'anything') row[name] = any
  else if (how === 'wrong') {
    const [, value] = one(wrongValues(field), pick) ?? []
    if (typeof value === 'symbol') delete row[name]
    else row[name] = value
  } else if (how === 'known' && known.has(name)) row[name] = one(known.get(name) ?? [], pick)
  else row[name] = one(validValues(field), pick)
}

/** Values that a kind takes, the ends of its range among them. */
function validValues({ kind }: Field<unknown>): unknown[] {
  const [, base = '', length = '1', scale = '0'] = /^(\D+)(\d*),?(\d*)$/.exec(kind.type) ?? []
  const digits = Number(length)
  if (kind.codes)
    return Object.keys(codeTables[kind.codes as keyof typeof codeTables]).flatMap((code) => [
      code,
      code.padEnd(digits, '9'),
    ])
  if (base.startsWith('日期时间'))
    return ['2026-03-02 09:10:00', '2026-03-01', '2025-12-31 23:59:59', '1900-01-01', '9999-12-31']
  if (base.startsWith('日期'))
    return ['2026-03-02', '2026-03-01', '2024-02-29', '1900-01-01', '9999-12-31']
  if (base === '数值型')
    return [
      0,
      1,
      '0.00',
      '2',
      '9'.repeat(digits - Number(scale)),
      ...(Number(scale) > 0 ? [4.52, `0.${'0'.repeat(Number(scale) - 1)}1`] : []),
    ]
  if (base === '字符型')
    return [
      '1',
      'A',
      '长'.repeat(digits),
      '𠮷',
      ' ',
      '2026',
      '${x}',
      "';--",
      '510100',
      'H51010000002',
    ]
  if (base === '溯源码节点') return [[], ['83000000000000000009'], [{ drug_trac_codg: '' }]]
  return [[], '']
}
