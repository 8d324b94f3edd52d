import type { Columns } from './columns.ts'
import type { SealKey } from './head.ts'
import type { SealedPosting } from './posting.ts'

/** The first line of an audit export (审计导出): which positions of which log it has, and what it takes to check them. */
export interface ExportStart {
  readonly kind: 'export'
  readonly format: 1
  readonly log: string
  /** The first position, and the last one. */
  readonly from: number
  readonly until: number
  /** The last position that the log had then. */
  readonly last: number
  /** The hashes of the complete subtrees of all that is before, in base64. */
  readonly edge: readonly string[]
  readonly keys: readonly ExportedKey[]
  readonly at: string
}

/** A key that heads were signed with, since which size, and what the key before says of it. */
export interface ExportedKey extends SealKey {
  readonly since: number
  readonly note?: string
}

/** One position of the journal with all that its posting wrote. */
export interface ExportedPosting extends SealedPosting {
  readonly kind: 'posting'
  readonly position: number
  readonly at: string
  /** The digest that was kept beside it, in base64; none of what was posted before digests were kept. */
  readonly digest?: string | undefined
  readonly columns?: Columns | undefined
}

/** One entry of the access log (访问日志), as it was hashed. */
export interface ExportedEntry {
  readonly kind: 'entry'
  readonly position: number
  readonly text: string
}

/** The leaves of 256 positions as they were sealed: which, and their hashes one after the other in base64. */
export interface ExportedTile {
  readonly kind: 'tile'
  readonly tile: number
  readonly hashes: string
}

/** A signed head. */
export interface ExportedHead {
  readonly kind: 'head'
  readonly note: string
}

/** A row that moves money and has no position: nobody sealed it. */
export interface ExportedStray {
  readonly kind: 'stray'
  readonly table: string
  readonly owner: string
  readonly row: string
}

/** The last line: how many of each it took, so that a file that was cut off is told from a whole one. */
export interface ExportEnd {
  readonly kind: 'end'
  readonly postings: number
  readonly heads: number
}

/** A line of an audit export. */
export type ExportLine =
  | ExportStart
  | ExportedPosting
  | ExportedEntry
  | ExportedTile
  | ExportedHead
  | ExportedStray
  | ExportEnd

type Value = Readonly<Record<string, unknown>>

const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0
const isTextOrNone = (value: unknown): boolean => value === undefined || isText(value)
const isObject = (value: unknown): value is Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isListOf = (value: unknown, of: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(of)
const isRow =
  (...of: ((item: unknown) => boolean)[]) =>
  (value: unknown) =>
    Array.isArray(value) && value.length === of.length && of.every((is, i) => is(value[i]))

const isTransfer = isRow(isText, isCount, isText, isText, isText, isText)
const isBalance = isRow(isText, isText, isText, isText)
const isYear = isRow(isText, isText, isText, (counters) =>
  isListOf(counters, isRow(isText, isText)),
)
const isKey = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.name) &&
  isText(value.publicKey) &&
  isCount(value.since) &&
  isTextOrNone(value.note)

/** What each kind of line must have; it may come from anybody. */
const forms: Record<ExportLine['kind'], (line: Value) => boolean> = {
  export: (l) =>
    l.format === 1 &&
    isText(l.log) &&
    isCount(l.from) &&
    l.from >= 1 &&
    isCount(l.until) &&
    isCount(l.last) &&
    isListOf(l.edge, isText) &&
    isListOf(l.keys, isKey) &&
    isText(l.at),
  posting: (l) =>
    isCount(l.position) &&
    l.position >= 1 &&
    [l.at, l.owner, l.posting, l.document].every(isText) &&
    isTextOrNone(l.digest) &&
    isListOf(l.transfers, isTransfer) &&
    isListOf(l.balances, isBalance) &&
    isListOf(l.years, isYear) &&
    (l.columns === undefined || isObject(l.columns)),
  entry: (l) => isCount(l.position) && l.position >= 1 && isText(l.text),
  tile: (l) => isCount(l.tile) && isText(l.hashes),
  head: (l) => isText(l.note),
  stray: (l) => [l.table, l.owner, l.row].every(isText),
  end: (l) => isCount(l.postings) && isCount(l.heads),
}

/** Reads a line; undefined where it is none of an export. */
export function readExportLine(text: string): ExportLine | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(value) || !isText(value.kind) || !Object.hasOwn(forms, value.kind)) return undefined
  const isFormed = forms[value.kind as ExportLine['kind']]
  return isFormed(value) ? (value as unknown as ExportLine) : undefined
}
