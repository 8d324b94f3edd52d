import {
  type Field,
  fieldsOf,
  type Kind,
  type Node,
  type Nodes,
  type ReadBy,
  type ReadNodes,
  type Table,
  type Taken,
} from './field.ts'

/** Something in an input that its field table does not allow, in Chinese and with the place where it stands. */
export class WrongInput extends Error {
  override name = 'WrongInput'
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads an input by its nodes. What no table names is left alone, since provinces add fields of their own. */
export function readNodes<N extends Nodes>(nodes: N, input: unknown): ReadNodes<N> {
  if (!isObject(input)) throw new WrongInput('input 须为对象')
  const read: Record<string, unknown> = {}
  for (const [name, node] of Object.entries(nodes)) read[name] = readNode(node, input[name], name)
  return read as ReadNodes<N>
}

function readNode({ table, many, required }: Node, given: unknown, name: string): unknown {
  if (given === undefined || given === null || given === '') {
    if (required) throw new WrongInput(`缺少节点 ${name}`)
    return undefined
  }
  if (!many) return readTable(table, alone(given), name)
  const rows = Array.isArray(given) ? given : [given]
  if (required && rows.length === 0) throw new WrongInput(`节点 ${name} 没有内容`)
  return rows.map((row, i) => readTable(table, row, `${name}[${i}]`))
}

/** Some clients send a list of one where an object is meant. */
const alone = (given: unknown): unknown =>
  Array.isArray(given) && given.length === 1 ? given[0] : given

export function readTable<T extends Table>(table: T, given: unknown, place: string): ReadBy<T> {
  if (!isObject(given)) throw new WrongInput(`${place} 须为对象`)
  const read: Record<string, unknown> = {}
  for (const [name, field] of fieldsOf(table))
    read[name] = readField(field, own(given, name), place, name)
  return read as ReadBy<T>
}

const own = (given: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(given, name) ? given[name] : undefined

function readField<T>(
  { kind, zh, required }: Field<T>,
  given: unknown,
  place: string,
  name: string,
): unknown {
  if (given === undefined || given === null || given === '') {
    if (required) throw new WrongInput(`${place}.${name}（${zh}）不能为空`)
    return undefined
  }
  const taken = take(kind, given)
  if ('wrong' in taken) throw new WrongInput(`${place}.${name}（${zh}）${taken.wrong}`)
  return taken.value
}

function take<T>(kind: Kind<T>, given: unknown): Taken<T> {
  if (typeof given === 'string' || typeof given === 'number') return kind.read(given)
  // Some clients send an object where a list of one is meant.
  const list = Array.isArray(given) ? given : isObject(given) ? [given] : undefined
  return (list && kind.readList?.(list)) ?? { wrong: `须为${kind.type}` }
}
