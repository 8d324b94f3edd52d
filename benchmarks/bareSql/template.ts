import type { Cell, ExampleRow } from './example.ts'

/** What differs from settlement to settlement. Everything else is as it was in the example, byte for byte. */
export type Hole =
  | 'owner'
  | 'id'
  | 'ms'
  | 'accountVersion'
  | 'before'
  | 'balance'
  | 'yearVersion'
  | 'counters'

/** What stands in each hole, as SQL. */
export type Filling = Readonly<Record<Hole, string>>

/** How a running sum of the year changes. */
export interface Counter {
  readonly key: string
  readonly delta: string
}

/** Values that never change travel as variables, as a client would send them: no plan may have them built in. */
export class Constants {
  readonly variables: Record<string, string> = {}
  #count = 0

  add(value: string): string {
    const known = Object.entries(this.variables).find(([, held]) => held === value)
    const name = known?.[0] ?? `c${++this.#count}`
    this.variables[name] = value
    return `:${name}`
  }
}

/** An example of a settlement's rows, to be written again and again for other people. */
export class Template {
  readonly #rows: readonly ExampleRow[]
  readonly #constants: Constants

  constructor(rows: readonly ExampleRow[], constants: Constants) {
    this.#rows = rows
    this.#constants = constants
  }

  get tables(): string[] {
    return [...new Set(this.#rows.map((row) => row.table))]
  }

  /** The columns of a table, and the values of each of its rows as SQL. */
  rowsOf(table: string, filling: Filling): { columns: string; values: string[] } {
    const rows = this.#rows.filter((row) => row.table === table)
    const columns = (rows[0]?.cells ?? []).map(({ column }) => column).join(', ')
    const values = rows.map((row) =>
      row.cells.map((cell) => this.#valueOf(table, cell, filling)).join(', '),
    )
    return { columns, values }
  }

  text(table: string, column: string): string {
    const row = this.#rows.find((each) => each.table === table)
    const text = row?.cells.find((cell) => cell.column === column)?.text
    if (text === undefined || text === null)
      throw new Error(`the example has no ${table}.${column}`)
    return text
  }

  get document(): ExampleDocument {
    return JSON.parse(Buffer.from(this.text('settlement', 'canonical').slice(2), 'hex').toString())
  }

  /** The running sums that the settlement adds to. */
  get counters(): Counter[] {
    return this.document.content.counters.map(({ key, delta }) => ({ key, delta: String(delta) }))
  }

  #valueOf(table: string, { column, type, text }: Cell, filling: Filling): string {
    const special = specials[`${table}.${column}`] ?? specials[column]
    if (special) return special(filling)
    if (column === 'canonical') return `convert_to(${this.#canonical(filling)}, 'UTF8')`
    if (text === null) return `null::${type}`
    return this.#compose(text, filling, type)
  }

  #canonical(filling: Filling): string {
    const { document } = this
    const text = Buffer.from(this.text('settlement', 'canonical').slice(2), 'hex').toString()
    const marked = text
      .replace(
        `"accountBalance":${document.content.accountBalance}`,
        '"accountBalance":\0balance\0',
      )
      .replace(`"postedAt":${document.postedAt}`, '"postedAt":\0ms\0')
    return this.#compose(marked, filling, 'text')
  }

  /** A text with holes for the owner, the row's id and whatever is marked, put together by the server. */
  #compose(text: string, filling: Filling, type: string): string {
    const marked = text
      .replaceAll(this.text('settlement', 'id'), '\0id\0')
      .replaceAll(this.text('settlement', 'owner_id'), '\0owner\0')
    const parts = marked.split('\0')
    const pieces = parts.flatMap((part, i) => {
      if (i % 2 === 1) return [`${filling[part as Hole]}::text`]
      return part === '' ? [] : [this.#constants.add(part)]
    })
    if (pieces.length === 1) return `${pieces[0]}::${type}`
    return `(${pieces.map((piece) => (piece.startsWith(':c') ? `${piece}::text` : piece)).join(' || ')})::${type}`
  }
}

interface ExampleDocument {
  readonly postedAt: number
  readonly content: {
    readonly account: number
    readonly accountBalance: number
    readonly counters: readonly { readonly key: string; readonly delta: number }[]
  }
}

const atNow = ({ ms }: Filling): string => `to_timestamp(${ms}::float8 / 1000)`
const hashed = ({ id }: Filling): string => `sha256(convert_to(${id}::text, 'UTF8'))`

/** Columns whose values are worked out and not put together. */
const specials: Readonly<Record<string, (filling: Filling) => string>> = {
  key_hash: hashed,
  bill_hash: hashed,
  bound_at: atNow,
  answered_at: atNow,
  posted_at: atNow,
  'account_version.version': ({ accountVersion }) => `${accountVersion}::bigint`,
  'account_version.balance_fen': ({ balance }) => `${balance}::bigint`,
  'settlement.account_before_fen': ({ before }) => `${before}::bigint`,
  'settlement.account_balance_fen': ({ balance }) => `${balance}::bigint`,
  'year_version.version': ({ yearVersion }) => `${yearVersion}::bigint`,
  'year_version.counters': ({ counters }) => `${counters}::jsonb`,
}
