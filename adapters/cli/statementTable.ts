/** Letters that a terminal shows two columns wide. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/

/** How many columns a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of text) width += wide.test(letter) || letter > '\uffff' ? 2 : 1
  return width
}

const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))
const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - widthOf(text))) + text

export type Align = 'left' | 'right'

/** Rows in columns as wide as their widest cell, Chinese letters counted as terminals show them. */
export function columns(rows: readonly (readonly string[])[], align: readonly Align[]): string[] {
  const widths = align.map((_, i) => Math.max(0, ...rows.map((row) => widthOf(row[i] ?? ''))))
  return rows.map((row) =>
    align
      .map((side, i) => (side === 'left' ? padEnd : padStart)(row[i] ?? '', widths[i] as number))
      .join('  ')
      .trimEnd(),
  )
}
