import { toYuan } from '../../engine/money.ts'
import type { Cell, Column, Table } from './table.ts'

function write(cell: Cell, { kind }: Column): string {
  if (kind === 'count') return String(cell)
  return JSON.stringify(kind === 'amount' ? toYuan(cell as bigint) : cell)
}

/** JSON Lines: an object a row, amounts as text in yuan as everywhere over REST; what a row has not is left out. */
export async function* jsonLines({ columns, rows }: Table): AsyncGenerator<Uint8Array, void, void> {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`)
  for await (const some of rows) {
    const lines = some.map((row) => {
      const members = columns.flatMap((column, i) =>
        row[i] === undefined ? [] : [`${names[i]}${write(row[i], column)}`],
      )
      return `{${members.join(',')}}\n`
    })
    yield Buffer.from(lines.join(''))
  }
}
