/** What stands in one place of a table: fen, a number of things, or text; a day and an instant are text as REST writes them. */
export type Cell = string | bigint | undefined

/** A column (列): its name for programs, and what it is called in both languages. */
export interface Column {
  readonly name: string
  readonly zh: string
  readonly en: string
  readonly kind: 'text' | 'day' | 'instant' | 'amount' | 'count'
}

export type Row = readonly Cell[]

/** Rows as they come, some at a time; each has a cell for every column. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: AsyncIterable<readonly Row[]>
}

/** Writes a table, some bytes at a time, and takes no more rows than it has written. */
export type Format = (table: Table) => AsyncGenerator<Uint8Array, void, void>

/** Both languages, and last the name by which programs know the column. */
export const headingOf = ({ zh, en, name }: Column): string => `${zh} ${en} (${name})`
