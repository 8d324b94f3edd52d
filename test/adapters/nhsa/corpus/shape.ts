import { isCode, isCodeTable } from '../../../../adapters/nhsa/codes.ts'
import { type Field, type Nodes, nameless, type Table } from '../../../../adapters/nhsa/field.ts'

/** What is wrong with an output by its tables: fields that lack, are too many, or of another type than the interface has. */
export function misshapen(nodes: Nodes, output: unknown): string[] {
  const whole = nodes[nameless]
  if (whole?.many) return rows(whole.table, output, 'output')
  if (!isObject(output)) return ['output is no object']
  const names = Object.entries(nodes).flatMap(([name, { table }]) =>
    name === nameless ? Object.keys(table) : [name],
  )
  const surplus = Object.keys(output).filter((name) => !names.includes(name))
  return [
    ...surplus.map((name) => `${name} is of no table`),
    ...Object.entries(nodes).flatMap(([name, { table, many, required }]) => {
      if (name === nameless) return row(table, output, 'output', Object.keys(nodes))
      if (output[name] === null && !required && !many) return []
      return many ? rows(table, output[name], name) : row(table, output[name], name)
    }),
  ]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function rows(table: Table, given: unknown, place: string): string[] {
  if (!Array.isArray(given)) return [`${place} is no list`]
  return given.flatMap((each, i) => row(table, each, `${place}[${i}]`))
}

function row(table: Table, given: unknown, place: string, beside: string[] = []): string[] {
  if (!isObject(given)) return [`${place} is no object`]
  const surplus = Object.keys(given).filter((name) => !(name in table) && !beside.includes(name))
  return [
    ...surplus.map((name) => `${place}.${name} is of no table`),
    ...Object.entries(table).flatMap(([name, field]) =>
      Object.hasOwn(given, name)
        ? value(field, given[name], `${place}.${name}`)
        : [`${place}.${name} is missing`],
    ),
  ]
}

function value({ kind, required }: Field<unknown>, given: unknown, place: string): string[] {
  if (given === null) return required ? [`${place} is null`] : []
  if (kind.rows) return rows(kind.rows, given, place)
  const wrong = wrongOf(kind.type, given)
  if (wrong) return [`${place} ${wrong}: ${JSON.stringify(given)}`]
  const isCoded = typeof given === 'string' && given !== '' && kind.codes !== undefined
  return isCoded && isCodeTable(kind.codes) && !isCode(kind.codes, given)
    ? [`${place} is no code of ${kind.codes}: ${given}`]
    : []
}

const forms: Readonly<Record<string, RegExp>> = {
  日期型: /^\d{4}-\d\d-\d\d$/,
  日期时间型: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
}

function wrongOf(type: string, given: unknown): string | undefined {
  const [, base = '', length] = /^(\D+)(\d*)/.exec(type) ?? []
  if (base === '布尔型') return typeof given === 'boolean' ? undefined : 'is no boolean'
  if (base === '数值型') return typeof given === 'number' ? undefined : 'is no number'
  if (typeof given !== 'string') return 'is no text'
  if (base === '字符型' && Array.from(given).length > Number(length)) return 'is too long'
  return forms[base]?.test(given) === false ? 'has another form' : undefined
}
