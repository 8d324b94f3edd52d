import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import type { Cell, Column, Row, Table } from './table.ts'

/** Rows that are written together: what is held at a time. Each group of them leaves some hundred bytes a column for the end of the file. */
const rowsAGroup = 4_000

const elements: Record<Column['kind'], Omit<SchemaElement, 'name'>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  day: { type: 'INT32', converted_type: 'DATE' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  // Fen as they are, two decimals being said of the column: no floating number is near them.
  amount: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 2 },
  count: { type: 'INT64' },
}

const schemaOf = (columns: readonly Column[]): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns.map(
    ({ name, kind }): SchemaElement => ({
      name,
      repetition_type: 'OPTIONAL',
      ...elements[kind],
    }),
  ),
]

function valueOf(cell: Cell, { kind }: Column): unknown {
  if (cell === undefined) return null
  if (kind === 'day') return Date.parse(`${String(cell)}T00:00:00Z`) / 86_400_000
  return kind === 'instant' ? BigInt(Date.parse(String(cell))) : cell
}

/** Apache Parquet, a group of rows after the other. */
export async function* parquet({ columns, rows }: Table): AsyncGenerator<Uint8Array, void, void> {
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    createdBy: 'jiesuan',
  })
  let held: Row[] = []
  const take = (): Uint8Array => {
    const taken = Uint8Array.from(bytes.getBytes())
    bytes.index = 0
    return taken
  }
  const write = async (): Promise<void> => {
    await writer.write({
      columnData: columns.map((column, i) => ({
        name: column.name,
        data: held.map((row) => valueOf(row[i], column)),
      })),
      rowGroupSize: rowsAGroup,
    })
    held = []
  }
  for await (const some of rows) {
    held.push(...some)
    if (held.length < rowsAGroup) continue
    await write()
    yield take()
  }
  if (held.length > 0) await write()
  await writer.finish()
  yield take()
}
