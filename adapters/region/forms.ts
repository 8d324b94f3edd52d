import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** How one value is written on the wire and read from it. What is read was checked by the schema before. */
export interface Form<D> {
  /** What is taken in a request, and written in every message: nothing but the fields that are known. */
  readonly schema: TSchema
  /** What is taken in an answer, which a newer region may give fields that this one does not know. */
  readonly lenient: TSchema
  read(wire: unknown): D
  write(value: D): unknown
}

interface Optional<D> {
  readonly optional: Form<D>
}

export const optional = <D>(form: Form<D>): Optional<D> => ({ optional: form })

/** A value that is the same here and on the wire. */
export const plain = <D extends string | number | boolean | readonly string[]>(
  schema: TSchema,
  lenient = schema,
): Form<D> => ({ schema, lenient, read: (wire) => wire as D, write: (value) => value })

export const list = <D>(of: Form<D>, most: number): Form<readonly D[]> => ({
  schema: Type.Array(of.schema, { maxItems: most }),
  lenient: Type.Array(of.lenient, { maxItems: most }),
  read: (wire) => (wire as unknown[]).map((one, at) => within(at, () => of.read(one))),
  write: (value) => value.map((one) => of.write(one)),
})

/** A form for every field of a type: one that the type may lack is optional on the wire, and none can be forgotten. */
type Fields<D> = {
  readonly [K in keyof D]-?: object extends Pick<D, K>
    ? Optional<Exclude<D[K], undefined>>
    : Form<D[K]>
}

type AnyField = Form<unknown> | Optional<unknown>
const isOptional = (field: AnyField): field is Optional<unknown> => 'optional' in field
const formOf = (field: AnyField): Form<unknown> => (isOptional(field) ? field.optional : field)

/** An object: whatever is undefined is left out. */
export function object<D extends object>(fields: Fields<D>, description?: string): Form<D> {
  const entries = Object.entries(fields as Record<string, AnyField>).map(
    ([name, field]) => [name, formOf(field)] as const,
  )
  return {
    ...schemasOf(fields, description),
    read: (wire) =>
      mapped(entries, wire, (form, value, name) => within(name, () => form.read(value))) as D,
    write: (value) => mapped(entries, value, (form, inner) => form.write(inner)),
  }
}

function mapped(
  entries: readonly (readonly [string, Form<unknown>])[],
  value: unknown,
  change: (form: Form<unknown>, value: unknown, name: string) => unknown,
): Record<string, unknown> {
  const from = value as Record<string, unknown>
  const to: Record<string, unknown> = {}
  for (const [name, form] of entries)
    if (Object.hasOwn(from, name) && from[name] !== undefined)
      to[name] = change(form, from[name], name)
  return to
}

/** What no pattern can see, such as a 30 February, is found where it is read; the way there is told with it. */
function within<R>(step: string | number, read: () => R): R {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    throw new Malformed(`/${step}${error.field}`, error.expected)
  }
}

function schemasOf(
  fields: Readonly<Record<string, AnyField>>,
  description?: string,
): Pick<Form<unknown>, 'schema' | 'lenient'> {
  const properties = (which: 'schema' | 'lenient') =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const schema = formOf(field)[which]
        return [name, isOptional(field) ? Type.Optional(schema) : schema]
      }),
    )
  const about = description === undefined ? {} : { description }
  return {
    schema: Type.Object(properties('schema'), { ...about, additionalProperties: false }),
    lenient: Type.Object(properties('lenient'), about),
  }
}

/** A value that is one of several kinds, told apart by its field `kind`. */
export interface Kinds<D extends { readonly kind: string }> {
  /** Any of them, for whoever wants to read about them. */
  readonly schema: TSchema
  readonly names: readonly D['kind'][]
  /** Checks and reads; throws `Malformed`. `strict` refuses fields that are not known. */
  read(wire: unknown, strict: boolean): D
  write(value: D): unknown
}

type Variants<D extends { readonly kind: string }> = {
  readonly [K in D['kind']]: Form<Omit<Extract<D, { readonly kind: K }>, 'kind'>>
}

interface Variant {
  readonly form: Form<object>
  readonly schema: TSchema
  check(wire: unknown, strict: boolean): void
}

export function kinds<D extends { readonly kind: string }>(variants: Variants<D>): Kinds<D> {
  const known = new Map(
    Object.entries(variants as Record<string, Form<object>>).map(([name, form]) => [
      name,
      variantOf(name, form),
    ]),
  )
  return {
    schema: Type.Union([...known.values()].map(({ schema }) => schema)),
    names: [...known.keys()],
    read(wire, strict) {
      const { kind } = (wire ?? {}) as { readonly kind?: unknown }
      const variant = typeof kind === 'string' ? known.get(kind) : undefined
      if (!variant) throw new Malformed('/kind', `one of ${[...known.keys()].join(', ')}`)
      variant.check(wire, strict)
      return { kind, ...variant.form.read(wire) } as unknown as D
    },
    write: (value) => ({
      kind: value.kind,
      ...((known.get(value.kind) as Variant).form.write(value) as object),
    }),
  }
}

function variantOf(name: string, form: Form<object>): Variant {
  const withKind = (schema: TSchema): TSchema => {
    const { properties, ...more } = schema as TSchema & { properties: Record<string, TSchema> }
    const options = 'additionalProperties' in more ? { additionalProperties: false } : {}
    return Type.Object({ kind: Type.Literal(name), ...properties }, options)
  }
  const [schema, lenient] = [withKind(form.schema), withKind(form.lenient)]
  const checkers = { strict: checkerOf(schema), lenient: checkerOf(lenient) }
  return { form, schema, check: (wire, strict) => checkers[strict ? 'strict' : 'lenient'](wire) }
}

/** What is wrong with a message, and where: a JSON pointer. */
export class Malformed extends Error {
  override name = 'Malformed'
  readonly field: string
  readonly expected: string
  constructor(field: string, expected: string) {
    super(`${field} is not ${expected}`)
    this.field = field.slice(0, 200)
    this.expected = expected.slice(0, 200)
  }
}

/** A schema is compiled when it is first needed: a start does not wait for kinds of messages that never come. */
function checkerOf(schema: TSchema): (wire: unknown) => void {
  let compiled: ReturnType<typeof Compile> | undefined
  return (wire) => {
    compiled ??= Compile(schema)
    if (!compiled.Check(wire)) throw complaintOf(compiled.Errors(wire))
  }
}

type Complaints = ReturnType<ReturnType<typeof Compile>['Errors']>

function complaintOf(errors: Complaints): Malformed {
  const [first] = errors
  const path = first?.instancePath ?? ''
  if (first?.keyword === 'required')
    return new Malformed(`${path}/${first.params.requiredProperties[0]}`, 'to be given')
  if (first?.keyword === 'boolean') return new Malformed(path, 'a field that is known')
  return new Malformed(path || '/', (first?.message ?? 'right').replace(/^must (be|match) /, ''))
}
