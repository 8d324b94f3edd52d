/** The types of elements that are sent in the server's own form. */
export type ElementType =
  | 'text'
  | 'bytea'
  | 'jsonb'
  | 'int'
  | 'bigint'
  | 'float8'
  | 'date'
  | 'boolean'

/** Grows where an array needs more; whoever writes holds it until the array is copied out, and nobody waits meanwhile. */
let scratch = Buffer.allocUnsafe(256 * 1024)

function reserve(bytes: number, written: number): void {
  if (written + bytes <= scratch.length) return
  const larger = Buffer.allocUnsafe(2 * (written + bytes))
  scratch.copy(larger, 0, 0, written)
  scratch = larger
}

interface Element {
  /** The server's number of the type, which stays what it is from version to version. */
  readonly oid: number
  /** Writes an item into the scratch buffer and gives its length. */
  readonly write: (item: unknown, at: number) => number
}

/** No character takes more bytes in UTF-8 for each of its UTF-16 units. */
const mostBytesOfUnit = 3

function writeText(item: unknown, at: number): number {
  const text = item as string
  reserve(text.length * mostBytesOfUnit, at)
  return scratch.write(text, at)
}

function writeBytes(item: unknown, at: number): number {
  // Text becomes its bytes, so that a document is not written twice.
  if (typeof item === 'string') return writeText(item, at)
  const bytes = item as Buffer
  reserve(bytes.length, at)
  return bytes.copy(scratch, at)
}

/** A byte of version goes before the text. */
function writeJson(item: unknown, at: number): number {
  reserve(1, at)
  scratch[at] = 1
  return 1 + writeText(item, at + 1)
}

/** An item that always takes so many bytes. */
const fixed =
  (size: number, write: (item: unknown, at: number) => void) =>
  (item: unknown, at: number): number => {
    reserve(size, at)
    write(item, at)
    return size
  }

const day_ms = 86_400_000
/** Days are counted from 2000-01-01. */
const firstDay = Date.parse('2000-01-01') / day_ms
const dayNumber = (day: unknown): number => Date.parse(day as string) / day_ms - firstDay

const elements: Readonly<Record<ElementType, Element>> = {
  text: { oid: 25, write: writeText },
  bytea: { oid: 17, write: writeBytes },
  jsonb: { oid: 3802, write: writeJson },
  int: { oid: 23, write: fixed(4, (item, at) => scratch.writeInt32BE(Number(item), at)) },
  bigint: {
    oid: 20,
    write: fixed(8, (item, at) => scratch.writeBigInt64BE(BigInt(item as number | bigint), at)),
  },
  float8: { oid: 701, write: fixed(8, (item, at) => scratch.writeDoubleBE(item as number, at)) },
  date: { oid: 1082, write: fixed(4, (item, at) => scratch.writeInt32BE(dayNumber(item), at)) },
  boolean: { oid: 16, write: fixed(1, (item, at) => scratch.writeUInt8(item ? 1 : 0, at)) },
}

const headerLength = 20
const absent = -1

/**
 * What each row has in one column, as an array in the form in which the server sends and stores it. As text every element
 * would be quoted here and read again there, and bytes would be twice as long.
 */
export function column<T>(rows: readonly T[], type: ElementType, of: (row: T) => unknown): Buffer {
  const { oid, write } = elements[type]
  let at = headerLength
  let hasAbsent = 0
  for (const row of rows) {
    const item = of(row)
    reserve(4, at)
    const isAbsent = item === null || item === undefined
    const length = isAbsent ? absent : write(item, at + 4)
    at = scratch.writeInt32BE(length, at)
    if (isAbsent) hasAbsent = 1
    else at += length
  }
  // One dimension, whose first element has the number one.
  scratch.writeInt32BE(1, 0)
  scratch.writeInt32BE(hasAbsent, 4)
  scratch.writeInt32BE(oid, 8)
  scratch.writeInt32BE(rows.length, 12)
  scratch.writeInt32BE(1, 16)
  return Buffer.from(scratch.subarray(0, at))
}

export const binaryArray = (type: ElementType, items: readonly unknown[]): Buffer =>
  column(items, type, (item) => item)
