import fc from 'fast-check'
import type { TSchema } from 'typebox'

interface Node {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
}

const days = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10))
const instants = fc
  .date({ min: new Date('1971-01-01'), max: new Date('2999-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString().replace('Z', '+08:00'))
const yuan = fc
  .bigInt({ min: 0n, max: 10n ** 14n - 1n })
  .map((fen) => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`)

const visible = (least: number, most: number) =>
  fc
    .string({ unit: 'grapheme', minLength: least, maxLength: Math.min(most, 12) })
    .filter((text) => !/\p{Cc}/u.test(text) && Array.from(text).length <= most)

function text(pattern: string): fc.Arbitrary<string> {
  if (pattern.startsWith('^\\d{4}-\\d{2}-\\d{2}T')) return instants
  if (pattern === '^\\d{4}-\\d{2}-\\d{2}$') return days
  if (pattern.endsWith('\\.\\d{2}$')) return yuan
  const [, least, most] = /^\^\[\^\\p\{Cc\}\]\{(\d),(\d+)\}\$$/.exec(pattern) ?? []
  if (least !== undefined) return visible(Number(least), Number(most))
  return fc.stringMatching(new RegExp(pattern))
}

/** Whatever a schema of the wire lets through, so that no field of it is left out of a test. */
export function arbitraryOf(schema: TSchema | Node): fc.Arbitrary<unknown> {
  const node = schema as Node
  if (node.anyOf) return fc.oneof(...node.anyOf.map(arbitraryOf))
  if ('const' in node) return fc.constant(node.const)
  if (node.enum) return fc.constantFrom(...node.enum)
  switch (node.type) {
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: node.minimum ?? 0, max: node.maximum ?? 1000 })
    case 'number':
      return fc.integer({ min: -1_000_000, max: 1_000_000 })
    case 'string':
      return node.pattern === undefined ? visible(0, node.maxLength ?? 20) : text(node.pattern)
    case 'array':
      return fc.array(arbitraryOf(node.items as Node), { maxLength: 3 })
    case 'object':
      return node.patternProperties ? record(node.patternProperties) : object(node)
    default:
      throw new Error(`no such schema is made here: ${JSON.stringify(schema).slice(0, 200)}`)
  }
}

const object = ({ properties = {}, required = [] }: Node): fc.Arbitrary<unknown> =>
  fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, inner]) => [name, arbitraryOf(inner)]),
    ),
    { requiredKeys: [...required], noNullPrototype: true },
  )

function record(patterns: Readonly<Record<string, Node>>): fc.Arbitrary<unknown> {
  const [[pattern, inner]] = Object.entries(patterns) as [[string, Node]]
  const names = text(pattern).filter((name) => name !== '__proto__')
  return fc.dictionary(names, arbitraryOf(inner), { maxKeys: 3, noNullPrototype: true })
}
