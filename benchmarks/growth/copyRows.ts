import { binaryArray } from '../../adapters/postgres/arrays.ts'
import type { Statement } from '../../adapters/postgres/transaction.ts'

/** Rows of one table in the form in which COPY reads them, without head and tail. */
export interface CopyRows {
  readonly table: string
  readonly columns: string
  readonly rows: number
  readonly bytes: Buffer
}

/** What goes before and after the rows of one COPY in the server's own form. */
export const copyHead = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
export const copyTail = Buffer.from([0xff, 0xff])

/** An element of an array as it stands in the column. */
type Convert = (element: Buffer) => Buffer

const asItIs: Convert = (element) => element

const since2000_ms = Date.parse('2000-01-01T00:00:00Z')

/** Milliseconds since 1970 become microseconds since 2000. */
function toMoment(element: Buffer): Buffer {
  const moment = Buffer.allocUnsafe(8)
  moment.writeBigInt64BE(BigInt(Math.round((element.readDoubleBE() - since2000_ms) * 1000)))
  return moment
}

const item = /"((?:[^"\\]|\\.)*)"/gs

const toArray =
  (type: 'text' | 'bigint'): Convert =>
  (element) => {
    const items = [...element.toString().matchAll(item)].map(([, inside = '']) =>
      inside.replace(/\\(.)/gs, '$1'),
    )
    // What has no element has no dimension either.
    if (items.length > 0) return binaryArray(type, items)
    const empty = Buffer.alloc(12)
    binaryArray(type, []).copy(empty, 8, 8, 12)
    return empty
  }

/** What becomes of an element on its way into its column, by the expression in the statement. */
const expressions: readonly (readonly [pattern: RegExp, convert: Convert])[] = [
  [/^to_timestamp\(\w+ \/ 1000\.0\)$/, toMoment],
  [/^\w+::text\[\]$/, toArray('text')],
  [/^\w+::bigint\[\]$/, toArray('bigint')],
  [/^\w+$/, asItIs],
]

interface Shape {
  readonly table: string
  readonly columns: string
  readonly converts: readonly Convert[]
}

const shapes = new Map<string, Shape>()

/**
 * An insert of many rows, as the adapters make it, turned for COPY: the same rows at a fraction of the cost. It is read from the
 * statement itself, so that a column that is added there is copied as well.
 */
export function copyRowsOf({ text, values }: Statement): CopyRows {
  const shape = shapes.get(text) ?? readShape(text)
  shapes.set(text, shape)
  const { table, columns, converts } = shape
  const cells = (values as readonly Buffer[]).map((array, i) =>
    cellsOf(array, converts[i] as Convert),
  )
  const head = Buffer.allocUnsafe(2)
  head.writeInt16BE(cells.length)
  const [first = []] = cells
  const parts = first.flatMap((_, row) => [head, ...cells.map((column) => column[row] as Buffer)])
  return { table, columns, rows: first.length, bytes: Buffer.concat(parts) }
}

const headerLength = 20

/** The elements of an array, each with its length before it. */
function cellsOf(array: Buffer, convert: Convert): Buffer[] {
  const cells: Buffer[] = []
  for (let at = headerLength; at < array.length; ) {
    const length = array.readInt32BE(at)
    const end = at + 4 + Math.max(0, length)
    const cell = array.subarray(at, end)
    cells.push(length < 0 || convert === asItIs ? cell : withLength(convert(cell.subarray(4))))
    at = end
  }
  return cells
}

function withLength(bytes: Buffer): Buffer {
  const cell = Buffer.allocUnsafe(4 + bytes.length)
  cell.writeInt32BE(bytes.length)
  bytes.copy(cell, 4)
  return cell
}

function readShape(text: string): Shape {
  const found = /^insert into (\w+) \((.+?)\) select (.+) from unnest\(/s.exec(text)
  const [, table = '', columns = '', selected = ''] = found ?? []
  if (!found) throw new Error(`no insert of arrays: ${text}`)
  const converts = selected.split(/, (?![^(]*\))/).map((expression) => {
    const known = expressions.find(([pattern]) => pattern.test(expression))
    if (!known) throw new Error(`nothing is known of ${expression}`)
    return known[1]
  })
  return { table, columns, converts }
}
