import type { TSchema } from 'typebox'
import { isDay } from '../../engine/day.ts'
import type { Path } from '../../engine/pack.ts'
import type { Complaint } from './problem.ts'
import type { Value } from './yaml.ts'

/** The part of JSON Schema that shapes.ts makes. */
interface Shape {
  readonly type?: 'string' | 'array' | 'object'
  readonly description?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly items?: Shape
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Shape>>
  readonly patternProperties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Shape[]
}

type Kind = 'text' | 'list' | 'fields'

const kindOf = (value: Value): Kind =>
  typeof value === 'string' ? 'text' : Array.isArray(value) ? 'list' : 'fields'

const kindsOfTypes = { string: 'text', array: 'list', object: 'fields' } as const

/** Enough to mend a file by; a hostile one does not get to fill the memory. */
const mostComplaints = 100

/**
 * Tells everything in which a value departs from its shape. A schema library would name every branch of a union that
 * failed; here the branch is chosen by what was written, so that one mistake is one sentence.
 */
export function checkShape(schema: TSchema, value: Value): Complaint[] {
  const complaints: Complaint[] = []
  const complain = (path: Path, message: string, atKey?: boolean): void => {
    if (complaints.length < mostComplaints) complaints.push({ path, message, atKey })
  }
  const shape: Shape = schema
  check(shape, value, [], complain)
  return complaints
}

type Complain = (path: Path, message: string, atKey?: boolean) => void

function check(shape: Shape, value: Value, path: Path, complain: Complain): void {
  if (shape.anyOf) return checkUnion(shape, value, path, complain)
  if (shape.type === undefined || kindsOfTypes[shape.type] !== kindOf(value))
    return complain(path, `found ${show(value)}, expected ${expected(shape)}`)
  if (typeof value === 'string') checkText(shape, value, path, complain)
  else if (Array.isArray(value)) checkList(shape, value, path, complain)
  else checkFields(shape, value as Readonly<Record<string, Value>>, path, complain)
}

function checkUnion(shape: Shape, value: Value, path: Path, complain: Complain): void {
  const fitting = (shape.anyOf ?? []).filter(
    (branch) => branch.type !== undefined && kindsOfTypes[branch.type] === kindOf(value),
  )
  const best = fitting.find((branch) => hasRequired(branch, value)) ?? fitting.at(-1)
  if (best === undefined) complain(path, `found ${show(value)}, expected ${expected(shape)}`)
  else check(best, value, path, complain)
}

const hasRequired = (shape: Shape, value: Value): boolean =>
  (shape.required ?? []).every((name) => Object.hasOwn(value as object, name))

function checkText(shape: Shape, value: string, path: Path, complain: Complain): void {
  const wrong =
    (shape.enum !== undefined && !shape.enum.includes(value)) ||
    value.length > (shape.maxLength ?? 400) ||
    value.length < (shape.minLength ?? 0) ||
    (shape.pattern !== undefined && !formOf(shape.pattern).test(value)) ||
    (shape.pattern === dayPattern && !isDay(value))
  if (wrong) complain(path, `found ${show(value)}, expected ${expected(shape)}`)
}

const dayPattern = '^\\d{4}-\\d{2}-\\d{2}$'
const forms = new Map<string, RegExp>()

function formOf(pattern: string): RegExp {
  const form = forms.get(pattern) ?? new RegExp(pattern, 'u')
  forms.set(pattern, form)
  return form
}

function checkList(shape: Shape, items: readonly Value[], path: Path, complain: Complain): void {
  const { minItems = 0, maxItems = 1_000 } = shape
  if (items.length < minItems)
    return complain(path, `found an empty list, expected ${expected(shape)}`)
  if (items.length > maxItems)
    return complain(path, `found a list of ${items.length}, expected at most ${maxItems}`)
  for (const [index, item] of items.entries())
    check(shape.items as Shape, item, [...path, index], complain)
}

function checkFields(
  shape: Shape,
  fields: Readonly<Record<string, Value>>,
  path: Path,
  complain: Complain,
): void {
  const known = shape.properties ?? {}
  const [[pattern, named] = []] = Object.entries(shape.patternProperties ?? {})
  if (Object.keys(fields).length > 500) return complain(path, 'found more than 500 fields')
  for (const [name, value] of Object.entries(fields)) {
    if (Object.hasOwn(known, name)) check(known[name] as Shape, value, [...path, name], complain)
    else if (named && formOf(pattern as string).test(name))
      check(named, value, [...path, name], complain)
    else complain([...path, name], unknown(name, known), true)
  }
  for (const name of shape.required ?? [])
    if (!Object.hasOwn(fields, name))
      complain(path, `"${name}" is missing, expected ${expected(known[name] as Shape)}`)
}

function unknown(name: string, known: Readonly<Record<string, Shape>>): string {
  const names = Object.keys(known)
  const found = `found the unknown field ${show(name)}`
  return names.length === 0 ? found : `${found}, expected one of ${names.join(', ')}`
}

function expected(shape: Shape): string {
  const what = shape.description ?? (shape.type === 'array' ? 'a list' : 'fields')
  return shape.enum ? `${what}: ${shape.enum.join(', ')}` : what
}

function show(value: Value): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value !== 'string')
    return `the fields ${Object.keys(value).slice(0, 5).join(', ') || '{}'}`
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
