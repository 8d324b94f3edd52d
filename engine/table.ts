import { type Case, compileWhen } from './case.ts'
import { casesFor, describe, type Surroundings } from './domain.ts'
import type { Path, Table, When } from './pack.ts'
import { assert } from './refusal.ts'

/** What is wrong with a pack, and where; the reader of files turns the path into line and column. */
export interface Complaint {
  readonly file: string
  readonly path: Path
  readonly message: string
}

/** Takes note of what is wrong with a pack. */
export type Complain = (path: Path, message: string) => void

/** A table as a plain function of the case. */
export type Lookup<V> = (c: Case) => V

export function compileTable<V>(table: Table<V>, at: Surroundings, complain: Complain): Lookup<V> {
  checkTable(table, at, complain)
  const rows = table.rows.map((row) => ({ fits: compileWhen(row.when), value: row.value }))
  const [only] = rows
  if (rows.length === 1 && only) return () => only.value
  return (c) => {
    const row = rows.find(({ fits }) => fits(c))
    assert(row !== undefined, 'a table proved complete at load has a row for every case')
    return row.value
  }
}

function checkTable(table: Table<unknown>, at: Surroundings, complain: Complain): void {
  const found = collide(
    table.rows.map((row) => row.when),
    at,
    table.pick,
  )
  if (found)
    complain(
      found.row === undefined ? table.path : (table.rows[found.row]?.path ?? table.path),
      found.message,
    )
}

/** The first case for which conditions overlap, or leave a gap unless they need only be `apart`. */
export function collide(
  whens: readonly When[],
  at: Surroundings,
  pick: 'only' | 'first' | 'apart',
): { message: string; row?: number } | undefined {
  const cases = casesFor(whens, at)
  if (!cases)
    return { message: 'too many cases to prove that exactly one row fits; use fewer keys' }
  const fits = whens.map(compileWhen)
  const reached = new Set<number>()
  for (const c of cases) {
    const rows = fits.flatMap((fit, index) => (fit(c) ? [index] : []))
    const [first, second] = rows
    if (first === undefined) {
      if (pick === 'apart') continue
      return { message: `no row fits: ${describe(c)}` }
    }
    if (second !== undefined && pick !== 'first')
      return {
        message: `rows ${first + 1} and ${second + 1} both fit: ${describe(c)}`,
        row: second,
      }
    reached.add(first)
  }
  const never = whens.findIndex((_, index) => !reached.has(index))
  return never === -1 || cases.length === 0
    ? undefined
    : { message: `row ${never + 1} can never apply`, row: never }
}
