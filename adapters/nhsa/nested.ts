import type { Kind, ReadBy, Table, WrittenBy } from './field.ts'
import { readTable, WrongInput } from './read.ts'
import { writeTable } from './write.ts'

/** A list of objects inside a node (嵌套节点), such as feedetailList, read by a field table of its own. */
export const rows = <T extends Table>(table: T): Kind<readonly ReadBy<T>[]> => ({
  type: '节点',
  rows: table,
  read: () => ({ wrong: '须为列表' }),
  readList(given) {
    try {
      return { value: given.map((row, i) => readTable(table, row, `[${i}]`)) }
    } catch (error) {
      if (error instanceof WrongInput) return { wrong: error.message }
      throw error
    }
  },
  write: () => '',
})

/** A list of objects inside a node of an output, such as judge_result_detail_dtos. */
export const writtenRows = <T extends Table>(table: T): Kind<readonly WrittenBy<T>[]> => ({
  type: '节点',
  rows: table,
  read: () => ({ wrong: '须为列表' }),
  // The one place where a field is not a single value: a node of an output has no nodes of its own.
  write: (values) => values.map((row) => writeTable(table, row)) as unknown as string,
})
