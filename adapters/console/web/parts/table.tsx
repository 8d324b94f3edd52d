import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import type { Both } from '../words/say.ts'
import { sayBoth } from '../words/say.ts'
import { useRows } from './useRows.ts'

export interface Column<T> {
  readonly head: Both
  readonly cell: (row: T) => ComponentChildren
  /** Numbers stand to the right, so that they can be compared. */
  readonly number?: boolean
  /** Long text may break into lines; only where a table is short. */
  readonly wraps?: boolean
}

interface TableProps<T> {
  readonly caption: Both
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly foot?: readonly ComponentChildren[] | undefined
  /** There are more rows than are here. */
  readonly more?: boolean
  /** Called as the last row comes into sight. */
  readonly onEnd?: (() => void) | undefined
  readonly rowClass?: ((row: T) => string) | undefined
}

/** How many rows are drawn at once without a thought; beyond that only those in sight are. */
const mostDrawn = 200

export function Table<T>(props: TableProps<T>) {
  const { rows, more = false } = props
  return rows.length > mostDrawn || more ? <LongTable {...props} /> : <ShortTable {...props} />
}

function Head<T>({ columns }: { readonly columns: readonly Column<T>[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ head, number }) => (
          <th key={head.en} scope="col" class={number ? 'number' : undefined}>
            {sayBoth(head)}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Cells<T>({ columns, row }: { readonly columns: readonly Column<T>[]; readonly row: T }) {
  return columns.map(({ head, cell, number, wraps }) => (
    <td key={head.en} class={number ? 'number' : wraps ? 'wraps' : undefined}>
      {cell(row)}
    </td>
  ))
}

function Foot({
  foot,
  columns,
}: {
  foot: readonly ComponentChildren[]
  columns: readonly Column<never>[]
}) {
  return (
    <tfoot>
      <tr>
        {foot.map((cell, i) => (
          <td key={columns[i]?.head.en} class={columns[i]?.number ? 'number' : undefined}>
            {cell}
          </td>
        ))}
      </tr>
    </tfoot>
  )
}

function ShortTable<T>({ caption, columns, rows, foot, rowClass }: TableProps<T>) {
  return (
    <div class="scroll" role="group" tabIndex={0} aria-label={sayBoth(caption)}>
      <table>
        <caption class="unseen">{sayBoth(caption)}</caption>
        <Head columns={columns} />
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} class={rowClass?.(row)}>
              <Cells columns={columns} row={row} />
            </tr>
          ))}
        </tbody>
        {foot && <Foot foot={foot} columns={columns} />}
      </table>
    </div>
  )
}

/** Draws the rows in sight and a few around them; keys move from row to row, and all of them are counted for readers. */
function LongTable<T>(props: TableProps<T>) {
  const { caption, columns, rows, foot, more = false, onEnd, rowClass } = props
  const box = useRef<HTMLDivElement>(null)
  const { first, last, height, active, onScroll, onKey, onFocus } = useRows(box, rows.length, onEnd)
  // What is not known yet is told as such, and not as a number that changes.
  const count = more ? -1 : rows.length + 1
  const wide = columns.length
  return (
    <div
      role="group"
      class="scroll long"
      ref={box}
      tabIndex={0}
      aria-label={sayBoth(caption)}
      onScroll={onScroll}
      onKeyDown={onKey}
      onFocusCapture={onFocus}
    >
      <table aria-rowcount={count} class="even">
        <caption class="unseen">{sayBoth(caption)}</caption>
        <Head columns={columns} />
        <tbody>
          {first > 0 && <Gap wide={wide} tall={first * height} />}
          {rows.slice(first, last).map((row, i) => (
            <tr
              key={first + i}
              class={rowClass?.(row)}
              aria-rowindex={first + i + 2}
              data-row={first + i}
              tabIndex={first + i === active ? 0 : -1}
            >
              <Cells columns={columns} row={row} />
            </tr>
          ))}
          {last < rows.length && <Gap wide={wide} tall={(rows.length - last) * height} />}
        </tbody>
        {foot && <Foot foot={foot} columns={columns} />}
      </table>
    </div>
  )
}

/** Stands for rows that are not drawn; readers are told of them by their count. */
const Gap = ({ wide, tall }: { readonly wide: number; readonly tall: number }) => (
  <tr class="gap" aria-hidden="true">
    <td colSpan={wide} style={{ height: `${tall}px` }} />
  </tr>
)
