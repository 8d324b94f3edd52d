import type { TSchema } from 'typebox'
import { areasFile } from './areas.ts'
import { caseFile } from './caseShape.ts'
import { catalogueFile, overlayFile, regionFile, schemeFile } from './packShapes.ts'

export interface EditedFile {
  readonly shape: TSchema
  readonly title: string
}

const files: Record<string, EditedFile> = {
  scheme: { shape: schemeFile, title: 'The rules of one scheme in one region' },
  region: { shape: regionFile, title: 'What holds for a whole region' },
  overlay: { shape: overlayFile, title: 'Layers added after the rules of others' },
  catalogue: { shape: catalogueFile, title: 'A catalogue of items' },
  'pooling-areas': { shape: areasFile, title: 'Pooling areas without rules of their own' },
  cases: { shape: caseFile, title: 'Rule cases' },
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Fields = { [key: string]: Json }

/** The JSON schemas that editors check rule files by, and further files, as text under the names that the files mention. */
export function editorSchemas(further: Record<string, EditedFile>): Record<string, string> {
  const entries = Object.entries({ ...files, ...further }).map(([name, { shape, title }]) => {
    const { root, definitions } = shareRepeated(loosen(plain(shape)))
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title,
      ...root,
      definitions,
    }
    return [`${name}.schema.json`, `${print(schema, 0, 0)}\n`]
  })
  return Object.fromEntries(entries)
}

const plain = (shape: TSchema): Fields => JSON.parse(JSON.stringify(shape)) as Fields

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Rebuilds a value from the inside out. */
function rebuild(value: Json, change: (fields: Fields) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => rebuild(item, change))
  if (!isFields(value)) return value
  const inside = Object.entries(value).map(([key, v]) => [key, rebuild(v, change)])
  return change(Object.fromEntries(inside) as Fields)
}

/**
 * An editor reads 0.85 as a number and true as a truth where the engine reads text, so what is written for editors
 * accepts both; a pattern binds text only, and the engine's own reading stays the one that counts.
 */
function loosen(shape: Fields): Fields {
  return rebuild(shape, ({ editor, ...rest }) => {
    if (editor === 'number') return { ...rest, type: ['string', 'number'] }
    if (editor !== 'boolean') return rest
    const words = (rest['enum'] as string[]).flatMap((word) => [word === 'true', word])
    return { ...rest, type: ['string', 'boolean'], enum: words }
  }) as Fields
}

/** Fields may be named "type" too, but then what they hold is a schema and not its name. */
const isSchema = ({ type, anyOf }: Fields): boolean =>
  typeof type === 'string' || Array.isArray(type) || Array.isArray(anyOf)

const worthSharing = 120

/** Writes every part that occurs more than once only once, or a condition's keys alone would fill a megabyte. */
function shareRepeated(schema: Fields): { root: Fields; definitions: Fields } {
  const counts = new Map<string, number>()
  rebuild(schema, (fields) => {
    const text = JSON.stringify(fields)
    counts.set(text, (counts.get(text) ?? 0) + 1)
    return fields
  })
  const names = new Map<string, string>()
  const definitions: Fields = {}
  const share = (value: Json, isRoot: boolean): Json => {
    if (Array.isArray(value)) return value.map((item) => share(item, false))
    if (!isFields(value)) return value
    const text = JSON.stringify(value)
    const inside = (): Fields =>
      Object.fromEntries(Object.entries(value).map(([k, v]) => [k, share(v, false)]))
    if (isRoot || !isSchema(value) || text.length < worthSharing || counts.get(text) === 1)
      return inside()
    const name = names.get(text) ?? nameFor(value, definitions)
    if (!names.has(text)) {
      names.set(text, name)
      definitions[name] = null
      definitions[name] = inside()
    }
    return { $ref: `#/definitions/${name}` }
  }
  return { root: share(schema, true) as Fields, definitions }
}

function nameFor({ description }: Fields, taken: Fields): string {
  const words = (typeof description === 'string' ? description : 'part').match(/[A-Za-z]+/g) ?? [
    'part',
  ]
  const name = words.slice(0, 4).join('-').toLowerCase()
  let free = name
  for (let n = 2; free in taken; n++) free = `${name}-${n}`
  return free
}

const width = 100

/** Prints as the project's formatter does: fields one to a line, a list of plain values on one line where it fits. */
function print(value: Json, indent: number, before: number): string {
  const inner = ' '.repeat(indent + 2)
  const close = (open: string, lines: string[], end: string): string =>
    `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${' '.repeat(indent)}${end}`
  if (Array.isArray(value)) {
    const flat = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    if (value.every((item) => typeof item !== 'object') && before + flat.length + 1 <= width)
      return flat
    return close(
      '[',
      value.map((item) => print(item, indent + 2, indent + 2)),
      ']',
    )
  }
  if (!isFields(value)) return JSON.stringify(value)
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  const field = ([key, v]: [string, Json]): string => {
    const label = `${JSON.stringify(key)}: `
    return label + print(v, indent + 2, indent + 2 + label.length)
  }
  return close('{', entries.map(field), '}')
}
