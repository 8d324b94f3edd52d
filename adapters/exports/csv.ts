import { toYuan } from '../../engine/money.ts'
import { type Cell, type Column, headingOf, type Row, type Table } from './table.ts'

/** Without it Excel reads a file in China as GBK. */
const byteOrderMark = '\ufeff'

/** What a spreadsheet would take for a formula and carry out. */
const formula = /^[=+\-@\t\r\n]/
const needsQuotes = /[",\r\n]/

function write(cell: Cell, { kind }: Column): string {
  if (cell === undefined) return ''
  if (kind === 'amount') return toYuan(cell as bigint)
  if (kind !== 'text') return String(cell)
  const text = String(cell)
  return quote(formula.test(text) ? `'${text}` : text)
}

const quote = (text: string): string =>
  needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** CSV as RFC 4180 has it, in UTF-8 with a byte order mark. Text that begins like a formula has an apostrophe before it. */
export async function* csv({ columns, rows }: Table): AsyncGenerator<Uint8Array, void, void> {
  const line = (row: Row): string =>
    `${columns.map((column, i) => write(row[i], column)).join(',')}\r\n`
  yield Buffer.from(`${byteOrderMark}${columns.map((one) => quote(headingOf(one))).join(',')}\r\n`)
  for await (const some of rows) yield Buffer.from(some.map(line).join(''))
}
