/**
 * One step of a transaction, as pgbench knows them and our own driver plays them. `:name` in SQL is a variable, sent beside
 * the statement.
 */
export type Step =
  | { readonly kind: 'random'; readonly name: string; readonly upTo: string }
  | { readonly kind: 'sum'; readonly name: string; readonly of: readonly [string, string] }
  /** With `keep`, the columns of the one row that comes back are variables from then on. */
  | { readonly kind: 'ask'; readonly sql: string; readonly keep?: true }

/** What a driver plays over and over: its steps, and the variables that it begins with. */
export interface Play {
  readonly steps: readonly Step[]
  readonly variables: Readonly<Record<string, string>>
}

/** Connections are made, and statements planned, in the first second: it counts for nobody. */
export const warming_s = 1

export interface Ran {
  readonly perSecond: number
  readonly p50_ms: number
  readonly p99_ms: number
  /** All there were, those of the first second among them. */
  readonly transactions: number
  readonly failed: number
  readonly driver: string
}

export interface RunOptions {
  readonly url: string
  /** How long it counts. */
  readonly seconds: number
  readonly clients: number
  /** Who drives it; by default pgbench where the machine has it. */
  readonly driver?: 'pgbench' | 'connections'
  /** Settings of the server for these connections alone, such as `synchronous_commit`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** The settings as the server's command line has them, which is how a client hands them on. */
export const optionsOf = ({ settings = {} }: RunOptions): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')

/** The play as a script of pgbench. */
export const scriptOf = ({ steps }: Play): string =>
  steps.map((step) => `${lineOf(step)}\n`).join('')

function lineOf(step: Step): string {
  switch (step.kind) {
    case 'random':
      return `\\set ${step.name} random(1, :${step.upTo})`
    case 'sum':
      return `\\set ${step.name} ${step.of.map((name) => `:${name}`).join(' + ')}`
    case 'ask':
      return step.sql + (step.keep ? ' \\gset' : ';')
  }
}
