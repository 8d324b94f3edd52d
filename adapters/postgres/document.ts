import type { MovementRow } from '../../engine/movement.ts'
import type { Row } from '../../engine/ports.ts'
import { assert } from '../../engine/refusal.ts'

/** The members of a row that are numbers; every other number in its document is fen or a count, a bigint here. */
const numberMembers = new Set(['sequence', 'postedAt', 'tappedAt', 'booking'])
/** Facts of a warning are words for people and keep whatever they hold. */
const looseMembers = new Set(['facts'])

/**
 * RFC 8785 JSON: members in the order of their UTF-16 code units, no space, undefined members left out. A bigint is
 * written as an integer, which RFC 8785 allows up to 2^53: ninety thousand billion yuan.
 */
export const canonicalJson = (value: unknown): string => write(value, anyNumber)

/** The document of a row. It alone reproduces the row, and it is what a seal hashes. */
export const encodeRow = (row: Row | MovementRow): string => write(row, '')

/** Says that numbers may stand here; else a member's name says whether it is one. */
const anyNumber = Symbol('any number')

function write(value: unknown, member: string | typeof anyNumber): string {
  switch (typeof value) {
    case 'bigint':
      assert(value <= 9007199254740991n && value >= -9007199254740991n, 'an amount fits a document')
      return String(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? writeItems(value, member) : writeMembers(value, member)
    case 'number':
      assert(Number.isFinite(value), 'a number in a document is finite')
      // A number where a bigint belongs would come back as one, so it must not get in.
      assert(mayBeNumber(member), `${String(member)} of a row is a bigint`)
      return JSON.stringify(value)
    case 'string':
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      throw new TypeError(`a ${typeof value} has no place in a document`)
  }
}

const mayBeNumber = (member: string | typeof anyNumber): boolean =>
  member === anyNumber || numberMembers.has(member)

function writeItems(items: readonly unknown[], member: string | typeof anyNumber): string {
  let text = '['
  for (let i = 0; i < items.length; i++) text += (i > 0 ? ',' : '') + write(items[i], member)
  return `${text}]`
}

function writeMembers(value: object, within: string | typeof anyNumber): string {
  let text = '{'
  for (const name of sortedNames(value)) {
    const member = (value as Record<string, unknown>)[name]
    if (member === undefined) continue
    const under = within === anyNumber || looseMembers.has(name) ? anyNumber : name
    text += (text === '{' ? '' : ',') + quoted(name) + write(member, under)
  }
  return `${text}}`
}

/** Most objects are few, and built in one order: to look is cheaper than to sort. */
function sortedNames(value: object): readonly string[] {
  const names = Object.keys(value)
  for (let i = 1; i < names.length; i++)
    if ((names[i] as string) < (names[i - 1] as string)) return names.sort()
  return names
}

/** Names of members are few and come again in every row. */
const quotedNames = new Map<string, string>()
const mostQuoted = 2_000

function quoted(name: string): string {
  const known = quotedNames.get(name)
  if (known !== undefined) return known
  const text = `${JSON.stringify(name)}:`
  if (quotedNames.size < mostQuoted) quotedNames.set(name, text)
  return text
}

export const decodeRow = (canonical: Buffer): Row =>
  revive(JSON.parse(canonical.toString('utf8')), '') as Row

export const decodeMovement = (canonical: Buffer): MovementRow =>
  revive(JSON.parse(canonical.toString('utf8')), '') as MovementRow

function revive(value: unknown, name: string): unknown {
  if (typeof value === 'number') return numberMembers.has(name) ? value : BigInt(value)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = revive(value[i], name)
  } else if (typeof value === 'object' && value !== null) {
    const members = value as Record<string, unknown>
    for (const member of Object.keys(members))
      if (!looseMembers.has(member)) members[member] = revive(members[member], member)
  }
  return value
}

/** The path of the first member in which two JSON texts differ, in the order of the first; undefined where none does. */
export function firstDifference(stored: string, given: string): string | undefined {
  return compare(JSON.parse(stored), JSON.parse(given), '')
}

function compare(a: unknown, b: unknown, path: string): string | undefined {
  if (a === b) return undefined
  if (!isBranch(a) || !isBranch(b) || Array.isArray(a) !== Array.isArray(b)) return path || 'input'
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const here = Array.isArray(a) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    const found = compare(left[name], right[name], here)
    if (found !== undefined) return found
  }
  return undefined
}

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null
