import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type ParsedNode,
  type Document,
} from 'yaml'
import type { Path } from '../../engine/pack.ts'
import type { Complaint, Position } from './problem.ts'

/** What a rule file may hold: text, lists and named fields. No number is ever made, so no digit is ever lost. */
export type Value = string | readonly Value[] | { readonly [key: string]: Value }

export interface ReadText {
  readonly value: Value | undefined
  readonly complaints: readonly Complaint[]
  readonly located: readonly (Position & { readonly message: string })[]
  locate(path: Path, atKey?: boolean): Position
}

export const mostBytes = 256 * 1024
const mostNodes = 50_000
const deepest = 40
const longestScalar = 4_000

/** Reads one YAML text into plain values; whatever is not plain text, list or map is a complaint. */
export function readYaml(written: string): ReadText {
  // Some editors begin a file with a byte order mark, which would push the first line out of its column.
  const text = written.startsWith('\ufeff') ? written.slice(1) : written
  const start = { line: 1, column: 1 }
  const refused = (message: string): ReadText => ({
    value: undefined,
    complaints: [],
    located: [{ ...start, message }],
    locate: () => start,
  })
  if (text.length > mostBytes) return refused(`the file is longer than ${mostBytes} characters`)
  // The parser spends seconds on brackets nested without end; a look at the text costs nothing.
  if (nestsDeeperThan(text, deepest * 2)) return refused('brackets are nested too deeply')
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'failsafe',
    merge: false,
    strict: true,
    stringKeys: true,
    // Checked below in linear time.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  })
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const located = mistakesOf(document, text)
    .slice(0, 20)
    .map((e) => ({ ...at(e.pos[0]), message: `not usable YAML: ${e.message}` }))
  if (located.length > 0) return { value: undefined, complaints: [], located, locate: () => start }
  const reader = plainReader(document)
  const value = document.contents === null ? undefined : reader.read(document.contents, [], 0)
  if (document.contents === null) reader.complaints.push({ path: [], message: 'the file is empty' })
  return {
    value: reader.complaints.length > 0 ? undefined : value,
    complaints: reader.complaints,
    located: [],
    locate: (path, atKey) => at(offsetOf(document, path, atKey === true)),
  }
}

interface Mistake {
  readonly pos: readonly [number, number]
  readonly message: string
}

/** A tab throws the parser out of step, and what it says afterwards is of no use: the first tab is all there is to tell. */
function mistakesOf({ errors, warnings }: Document.Parsed, text: string): readonly Mistake[] {
  const startOf = (offset: number): number => text.lastIndexOf('\n', offset - 1) + 1
  const tab = errors.find(
    ({ code, pos }) => code === 'TAB_AS_INDENT' || /^ *\t/.test(text.slice(startOf(pos[0]))),
  )
  if (!tab) return [...errors, ...warnings]
  const start = startOf(tab.pos[0])
  const offset = start + text.slice(start).indexOf('\t')
  return [{ pos: [offset, offset], message: 'Tabs are no indentation here; use spaces instead' }]
}

function nestsDeeperThan(text: string, most: number): boolean {
  let depth = 0
  for (const letter of text) {
    if (letter === '[' || letter === '{') depth++
    else if (letter === ']' || letter === '}') depth = Math.max(0, depth - 1)
    if (depth > most) return true
  }
  return false
}

interface PlainReader {
  readonly complaints: Complaint[]
  read(node: Node | null, path: Path, depth: number): Value | undefined
}

/** Turns nodes into plain values, counting every node that an alias repeats, so that no bomb can grow. */
function plainReader(document: Document.Parsed): PlainReader {
  const complaints: Complaint[] = []
  let nodes = 0
  const complain = (path: Path, message: string, atKey?: boolean): undefined => {
    if (complaints.length < 20) complaints.push({ path, message, atKey })
    return undefined
  }
  function read(node: Node | null, path: Path, depth: number): Value | undefined {
    nodes++
    if (nodes === mostNodes + 1)
      complain(
        path.slice(0, 1),
        `the file holds more than ${mostNodes} values, aliases counted out`,
      )
    if (nodes > mostNodes) return undefined
    if (depth > deepest) return complain(path, `nested more than ${deepest} deep`)
    if (isAlias(node)) {
      const target = node.resolve(document)
      return target ? read(target, path, depth + 1) : complain(path, 'an alias of nothing')
    }
    if (node?.tag !== undefined && node.tag.startsWith('!'))
      return complain(path, 'a tag is not allowed here')
    if (isScalar(node)) return readScalar(node.value, path)
    if (isSeq(node)) {
      const items = node.items.map((item, i) => read(item as Node, [...path, i], depth + 1))
      return items.filter((item) => item !== undefined)
    }
    if (isMap(node)) return readMap(node.items, path, depth)
    return complain(path, 'a value is missing')
  }
  function readScalar(value: unknown, path: Path): Value | undefined {
    if (typeof value !== 'string' || value === '') return complain(path, 'a value is missing')
    return value.length > longestScalar
      ? complain(path, `a text of ${value.length} characters; at most ${longestScalar} are allowed`)
      : value
  }
  function readMap(pairs: readonly Pair[], path: Path, depth: number): Value {
    const entries = new Map<string, Value>()
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value) : ''
      if (entries.has(name)) complain([...path, name], `"${name}" is given twice`, true)
      const inside = read(value as Node | null, [...path, name], depth + 1)
      if (inside !== undefined) entries.set(name, inside)
    }
    // Defines own properties only, so that a key such as __proto__ stays a plain unknown field.
    return Object.fromEntries(entries)
  }
  return { complaints, read }
}

/** The offset of the value at a path, or of the nearest thing around it that exists. */
function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const found = childOf(node, step)
    if (found === undefined) return offset
    const last = depth === path.length - 1
    const key = isPair(found) ? (found.key as ParsedNode) : undefined
    node = isPair(found) ? found.value : found
    const range = (node as ParsedNode | null)?.range
    offset = (last && atKey ? key?.range[0] : undefined) ?? range?.[0] ?? key?.range[0] ?? offset
  }
  return offset
}

function childOf(node: unknown, step: string | number): unknown {
  if (isSeq(node)) return node.items[Number(step)]
  if (!isMap(node)) return undefined
  // The last of two pairs of one name is the one to show as given twice.
  return node.items.findLast((pair) => isScalar(pair.key) && pair.key.value === step)
}
