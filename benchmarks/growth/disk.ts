import type pg from 'pg'

/** What one table takes, in bytes a settlement. */
export interface TableSize {
  readonly table: string
  readonly rows: number
  readonly heap: number
  readonly toast: number
  readonly indexes: number
  readonly all: number
}

/** What a settlement takes on disk, table by table, the largest first. */
export async function diskBySettlement(pool: Pick<pg.Pool, 'query'>): Promise<TableSize[]> {
  const { rows } = await pool.query<TableSize>(sizes)
  return rows
}

const sizes = `
  with settled as (select count(*)::float8 as n from settlement where sequence = 1)
  select c.relname as table, greatest(c.reltuples, 0) / n as rows, pg_relation_size(c.oid) / n as heap,
         coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0) / n as toast,
         pg_indexes_size(c.oid) / n as indexes, pg_total_relation_size(c.oid) / n as all
  from pg_class c, settled
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and pg_total_relation_size(c.oid) > 65536
  order by pg_total_relation_size(c.oid) desc, c.relname`

export function diskTable(sizesOf: readonly TableSize[]): string {
  const number = (value: number): string => value.toFixed(0).padStart(8)
  const sum = (of: (one: TableSize) => number): number =>
    sizesOf.reduce((all, one) => all + of(one), 0)
  const line = (name: string, rows: string, ...bytes: number[]): string =>
    `${name.padEnd(18)}${rows.padStart(6)}${bytes.map(number).join('')}`
  return [
    `bytes a settlement  rows    heap   toast indexes     all`,
    ...sizesOf.map((one) =>
      line(one.table, one.rows.toFixed(2), one.heap, one.toast, one.indexes, one.all),
    ),
    line(
      'together',
      '',
      sum((one) => one.heap),
      sum((one) => one.toast),
      sum((one) => one.indexes),
      sum((one) => one.all),
    ),
  ].join('\n')
}
