/** What a kind of field makes of something given: its value, or what is wrong with it, in Chinese for `err_msg`. */
export type Taken<T> = { readonly value: T } | { readonly wrong: string }

/** How one kind of field is read from what a client sent, and written into what we answer. */
export interface Kind<T> {
  /** As the field tables write it, such as 字符型30 or 数值型16,2. */
  readonly type: string
  readonly read: (given: string | number) => Taken<T>
  /** How a list is read, where the value may come as one, such as the bytes of a file. */
  readonly readList?: (given: readonly unknown[]) => Taken<T>
  readonly write: (value: T) => string | number | boolean
  /** The code table that the values stand in. */
  readonly codes?: string | undefined
  /** The field table of each row, where the value is a list of objects. */
  readonly rows?: Table
}

/** One field of a field table (字段): its kind, its Chinese name, and whether it must be given. */
export interface Field<T, R extends boolean = boolean> {
  readonly kind: Kind<T>
  readonly zh: string
  readonly required: R
}

export const must = <T>(kind: Kind<T>, zh: string): Field<T, true> => ({ kind, zh, required: true })
export const may = <T>(kind: Kind<T>, zh: string): Field<T, false> => ({
  kind,
  zh,
  required: false,
})

/** A field table (字段表): the fields of one node, in the order of the interface's document. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Table = Readonly<Record<string, Field<any>>>

/** The fields of a table by name. A claim of five lines is read and written by twenty tables, which are the same for every claim. */
export function fieldsOf(table: Table): readonly (readonly [string, Table[string]])[] {
  const known = listed.get(table)
  if (known) return known
  const fields = Object.entries(table)
  listed.set(table, fields)
  return fields
}

const listed = new WeakMap<Table, readonly (readonly [string, Table[string]])[]>()

/** What is read by a table: a field that may be left out is undefined where it is. */
export type ReadBy<T extends Table> = {
  readonly [K in keyof T]: T[K] extends Field<infer V, infer R>
    ? true extends R
      ? V
      : V | undefined
    : never
}

/** What is written by a table: a field that may be empty is written as null, and never left out. */
export type WrittenBy<T extends Table> = {
  readonly [K in keyof T]: T[K] extends Field<infer V, infer R>
    ? true extends R
      ? V
      : V | null | undefined
    : never
}

/** One node of an input or output: an object by a table, or a list of such objects. */
export interface Node<
  T extends Table = Table,
  M extends boolean = boolean,
  R extends boolean = boolean,
> {
  readonly table: T
  readonly many: M
  readonly required: R
}

export const one = <T extends Table>(table: T): Node<T, false, true> => ({
  table,
  many: false,
  required: true,
})
export const many = <T extends Table>(table: T): Node<T, true, true> => ({
  table,
  many: true,
  required: true,
})
export const maybeMany = <T extends Table>(table: T): Node<T, true, false> => ({
  table,
  many: true,
  required: false,
})

/** The name of a node that has none: its fields stand in the output itself, beside the other nodes. */
export const nameless = ''

/** The nodes (节点) of an input or output, by name, such as `data`, `mdtrtinfo`, `feedetail`. */
export type Nodes = Readonly<Record<string, Node>>

type Listed<V, M extends boolean> = true extends M ? readonly V[] : V

export type ReadNodes<N extends Nodes> = {
  readonly [K in keyof N]: N[K] extends Node<infer T, infer M, infer R>
    ? Listed<ReadBy<T>, M> | (true extends R ? never : undefined)
    : never
}

export type WrittenNodes<N extends Nodes> = {
  readonly [K in keyof N]: N[K] extends Node<infer T, infer M, infer R>
    ? Listed<WrittenBy<T>, M> | (true extends R ? never : null | undefined)
    : never
}
