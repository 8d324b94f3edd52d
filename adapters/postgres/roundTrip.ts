import type pg from 'pg'
import { prepareValue } from 'pg/lib/utils.js'
import { serialize } from 'pg-protocol'
import { assert } from '../../engine/refusal.ts'

/** A named statement: the server plans it once a connection. */
export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

export interface Result {
  // oxlint-disable-next-line typescript/no-explicit-any -- Each statement says what its rows are.
  readonly rows: any[]
  /** The first word of what was done, such as COMMIT. */
  readonly command: string
}

type Answer = (error: Error | undefined, results: readonly Result[]) => void

/** What the types of pg leave out of a connection: the statements that the server has for it, by name. */
type PreparingConnection = pg.Connection & {
  readonly parsedStatements: Readonly<Record<string, string>>
}

/** What is kept of a connection from one round trip to the next. */
export interface ConnectionState {
  readonly connection: pg.Connection
  /** How the rows of a statement are read, undefined where it gives none, once it was described. */
  readonly readers: Map<string, RowReader | undefined>
  readonly parserOf: (type: number) => (text: string) => unknown
}

/** Reads the rows of one statement. */
export class RowReader {
  readonly #names: readonly string[]
  readonly #parsers: readonly ((text: string) => unknown)[]
  readonly #empty: Readonly<Record<string, null>>

  constructor(fields: readonly pg.FieldDef[], parserOf: ConnectionState['parserOf']) {
    this.#names = fields.map(({ name }) => name)
    this.#parsers = fields.map(({ dataTypeID }) => parserOf(dataTypeID))
    this.#empty = Object.fromEntries(this.#names.map((name) => [name, null]))
  }

  read(texts: readonly (string | null)[]): Record<string, unknown> {
    assert(texts.length === this.#names.length, 'a row has the columns that were described')
    const row: Record<string, unknown> = { ...this.#empty }
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i] ?? null
      if (text !== null) row[this.#names[i] as string] = this.#parsers[i]?.(text)
    }
    return row
  }
}

/**
 * Statements that leave in one write and are answered in one, as a query of our own (`Submittable`) to pg. pg ends each statement with a
 * Sync, at which the server sends off what it has, so that both wake for each; here one Sync ends them all. What fails has the server
 * pass over those behind it. A statement is described once a connection.
 */
export class RoundTrip implements pg.Submittable {
  readonly #statements: readonly Statement[]
  readonly #state: ConnectionState
  readonly #answer: Answer
  readonly #results: Result[] = []
  #rows: unknown[] = []
  #described: RowReader | undefined
  #unreadable: Error | undefined
  #sent = false

  constructor(statements: readonly Statement[], state: ConnectionState, answer: Answer) {
    this.#statements = statements
    this.#state = state
    this.#answer = answer
  }

  /** Whether anything may have reached the server. */
  get sent(): boolean {
    return this.#sent
  }

  /**
   * Those of the statement that the server is at, which moves on with each that is complete: when something was parsed, pg asks for them
   * and remembers it.
   */
  get name(): string | undefined {
    return this.#now?.name
  }

  get text(): string | undefined {
    return this.#now?.text
  }

  get #now(): Statement | undefined {
    return this.#statements[this.#results.length]
  }

  /** Gives the error, where a statement cannot be written, say because it is too long: then nothing was sent. */
  submit({ stream }: pg.Connection): Error | null {
    if (!stream.writable) return new Error('the connection to PostgreSQL is closed')
    try {
      const bytes = write(this.#statements, this.#state)
      this.#sent = true
      stream.write(bytes)
      return null
    } catch (error) {
      return error as Error
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#described = new RowReader(fields, this.#state.parserOf)
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#unreadable) return
    const reader = this.#described ?? this.#state.readers.get(this.name ?? '')
    try {
      assert(reader !== undefined, 'rows come from a statement that was said to have some')
      this.#rows.push(reader.read(fields))
    } catch (error) {
      this.#unreadable = error as Error
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const { readers } = this.#state
    const name = this.name ?? ''
    if (!readers.has(name)) readers.set(name, this.#described)
    this.#described = undefined
    this.#results.push({ rows: this.#rows, command: text.split(' ', 1)[0] as string })
    this.#rows = []
  }

  /** A statement without words is complete as well. */
  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  /** What fails once all is complete is no refusal of any of it: nobody knows what became of COMMIT then. */
  handleError(error: Error): void {
    const after = this.#now === undefined && this.#results.length > 0
    this.#answer(after ? new Error('failed after all was done', { cause: error }) : error, [])
  }

  handleReadyForQuery(): void {
    this.#answer(this.#unreadable, this.#results)
  }
}

function write(statements: readonly Statement[], { connection, readers }: ConnectionState): Buffer {
  const { parsedStatements } = connection as PreparingConnection
  const parsed = new Map<string, string>()
  const parts: Buffer[] = []
  for (const { name, text, values } of statements) {
    const known = parsed.get(name) ?? parsedStatements[name]
    assert(known === undefined || known === text, `statements are told apart by name: ${name}`)
    if (known === undefined) parts.push(serialize.parse({ name, text }))
    parsed.set(name, text)
    parts.push(
      serialize.bind({ statement: name, values: values as unknown[], valueMapper: prepareValue }),
    )
    if (!readers.has(name)) parts.push(serialize.describe({ type: 'P', name: '' }))
    parts.push(serialize.execute())
  }
  parts.push(serialize.sync())
  return Buffer.concat(parts)
}
