import type { Statement } from '../../adapters/postgres/transaction.ts'

/** Rows of one table as the text that COPY reads. */
export interface CopyText {
  readonly table: string
  readonly columns: string
  readonly rows: number
  readonly text: string
}

type Write = (value: unknown) => string

/** What becomes of an element of an array on its way into its column, by the expression in the statement. */
const expressions: readonly (readonly [pattern: RegExp, write: Write])[] = [
  [/^to_timestamp\(\w+ \/ 1000\.0\)$/, (ms) => new Date(ms as number).toISOString()],
  // The escape format of bytea: text goes in as it stands, but for its backslashes.
  [/^convert_to\(\w+, 'UTF8'\)$/, (text) => escape((text as string).replaceAll('\\', '\\\\'))],
  [/^\w+::(text|bigint)\[\]$/, (literal) => escape(literal as string)],
  [/^\w+$/, writeValue],
]

function writeValue(value: unknown): string {
  if (typeof value === 'string') return escape(value)
  return Buffer.isBuffer(value) ? `\\\\x${value.toString('hex')}` : String(value)
}

const special = /[\\\n\r\t]/g
const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escape = (text: string): string => text.replace(special, (one) => escapes[one] as string)

interface Shape {
  readonly table: string
  readonly columns: string
  readonly writes: readonly Write[]
}

const shapes = new Map<string, Shape>()

/**
 * An insert of many rows, as the adapters make it, as text for COPY: the same rows at a fraction of the cost. It is read from
 * the statement itself, so that a column that is added there is copied as well.
 */
export function copyTextOf({ text, values }: Statement): CopyText {
  const shape = shapes.get(text) ?? readShape(text)
  shapes.set(text, shape)
  const { table, columns, writes } = shape
  const arrays = values as readonly (readonly unknown[])[]
  const rows = arrays[0]?.length ?? 0
  let lines = ''
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < writes.length; column++) {
      const value = arrays[column]?.[row]
      if (column > 0) lines += '\t'
      lines += value === null || value === undefined ? '\\N' : (writes[column] as Write)(value)
    }
    lines += '\n'
  }
  return { table, columns, rows, text: lines }
}

function readShape(text: string): Shape {
  const found = /^insert into (\w+) \((.+?)\) select (.+) from unnest\(/s.exec(text)
  const [, table = '', columns = '', selected = ''] = found ?? []
  if (!found) throw new Error(`no insert of arrays: ${text}`)
  const writes = selected.split(/, (?![^(]*\))/).map((expression) => {
    const known = expressions.find(([pattern]) => pattern.test(expression))
    if (!known) throw new Error(`nothing is known of ${expression}`)
    return known[1]
  })
  return { table, columns, writes }
}
