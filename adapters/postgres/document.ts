import type { MovementRow } from '../../engine/movement.ts'
import type { Row } from '../../engine/ports.ts'
import { assert } from '../../engine/refusal.ts'

/** The members of a row that are numbers; every other number in its document is fen or a count, a bigint here. */
const numberMembers = new Set(['sequence', 'postedAt', 'booking'])
/** Facts of a warning are words for people and keep whatever they hold. */
const looseMembers = new Set(['facts'])

/**
 * RFC 8785 JSON: members in the order of their UTF-16 code units, no space, undefined members left out. A bigint is
 * written as an integer, which RFC 8785 allows up to 2^53: ninety thousand billion yuan.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      assert(value <= 9007199254740991n && value >= -9007199254740991n, 'an amount fits a document')
      return String(value)
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
      return writeMembers(value as Record<string, unknown>)
    case 'number':
      assert(Number.isFinite(value), 'a number in a document is finite')
      return JSON.stringify(value)
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    default:
      throw new TypeError(`a ${typeof value} has no place in a document`)
  }
}

function writeMembers(value: Record<string, unknown>): string {
  let text = '{'
  for (const name of Object.keys(value).toSorted()) {
    const member = value[name]
    if (member === undefined) continue
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`
  }
  return `${text}}`
}

/** The document of a row. It alone reproduces the row, and it is what a seal hashes. */
export function encodeRow(row: Row | MovementRow): string {
  checkNumbers(row, '')
  return canonicalJson(row)
}

/** A number where a bigint belongs would come back as one, so it must not get in. */
function checkNumbers(value: unknown, name: string): void {
  if (typeof value === 'number') {
    assert(numberMembers.has(name), `${name} of a row is a bigint`)
  } else if (Array.isArray(value)) {
    for (const item of value) checkNumbers(item, name)
  } else if (typeof value === 'object' && value !== null) {
    for (const [member, held] of Object.entries(value))
      if (!looseMembers.has(member)) checkNumbers(held, member)
  }
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
