import {
  type Field,
  fieldsOf,
  type Node,
  type Nodes,
  nameless,
  type Table,
  type WrittenBy,
  type WrittenNodes,
} from './field.ts'

type Written = Readonly<Record<string, unknown>>

/** Writes an output by its nodes: every field of every table, in its order, and nothing else. */
export function writeNodes<N extends Nodes>(nodes: N, output: WrittenNodes<N>): Written {
  // 5204 answers a bare list.
  const whole = nodes[nameless]
  if (whole?.many) return writeNode(whole, output[nameless]) as Written
  return Object.fromEntries(
    Object.entries(nodes).flatMap(([name, node]) => {
      const written = writeNode(node, output[name])
      return name === nameless ? Object.entries(written as Written) : [[name, written]]
    }),
  )
}

function writeNode({ table, many }: Node, given: unknown): unknown {
  if (given === undefined || given === null) return many ? [] : null
  return many
    ? (given as readonly WrittenBy<Table>[]).map((row) => writeTable(table, row))
    : writeTable(table, given as WrittenBy<Table>)
}

export function writeTable<T extends Table>(table: T, values: WrittenBy<T>): Written {
  const written: Record<string, unknown> = {}
  for (const [name, field] of fieldsOf(table)) written[name] = writeField(field, values[name], name)
  return written
}

function writeField<T>({ kind, required }: Field<T>, value: T | null | undefined, name: string) {
  if (value !== undefined && value !== null) return kind.write(value)
  if (required) throw new TypeError(`the output has no ${name}`)
  return null
}
