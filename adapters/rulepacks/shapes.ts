import Type, {
  type Static,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
} from 'typebox'

/**
 * The pieces that every rule file is made of. Values are text, because the reader makes no numbers; an editor reads
 * the same file with numbers and booleans, so `editor` names what else it must accept (see editorSchemas.ts).
 */
export interface LeafOptions {
  readonly editor?: 'number' | 'boolean'
  readonly maxLength?: number
}

/** A text of one form; `expected` completes the sentence "expected …". */
export const leaf = (expected: string, pattern: string, options: LeafOptions = {}) =>
  Type.String({ description: expected, pattern, maxLength: 400, ...options })

export const text = (expected: string) =>
  Type.String({ description: expected, minLength: 1, maxLength: 2000 })

/** One of a closed list of words. */
export const oneOf = <const T extends string>(words: readonly T[], what: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...words], description: what })

export const truth = (what: string) =>
  Type.Unsafe<'true' | 'false'>({
    type: 'string',
    enum: ['true', 'false'],
    description: what,
    editor: 'boolean',
  })

/** Fields not named are refused. */
export const closed = <P extends TProperties>(fields: P, what?: string): TObject<P> =>
  Type.Object(fields, {
    additionalProperties: false,
    ...(what === undefined ? {} : { description: what }),
  })

export const maybe = <T extends TSchema>(schema: T) => Type.Optional(schema)

/** An optional field of one shape for each of some names. */
export const optional = <const K extends string, T extends TSchema>(
  names: readonly K[],
  value: T,
) => Object.fromEntries(names.map((name) => [name, maybe(value)])) as Record<K, TOptional<T>>

export const list = <T extends TSchema>(items: T, what: string, most = 200) =>
  Type.Array(items, { description: what, minItems: 1, maxItems: most })

export const emptyOrList = <T extends TSchema>(items: T, what: string, most = 200) =>
  Type.Array(items, { description: what, maxItems: most })

/** One value, or a list of them. */
export const oneOrMany = <T extends TSchema>(item: T, what: string) =>
  Type.Union([item, list(item, what)], { description: what })

/** Fields whose names the author chooses. */
export const named = <T extends TSchema>(value: T, names: string, what: string) =>
  Type.Record(Type.String({ pattern: names }), value, { description: what, maxProperties: 500 })

export const day = leaf('a day such as 2026-03-02', '^\\d{4}-\\d{2}-\\d{2}$')
export const division = leaf('a division of six digits such as 510100', '^\\d{6}$', {
  editor: 'number',
})
export const word = leaf(
  'a word of letters and digits such as pool',
  '^[A-Za-z][A-Za-z0-9.-]{0,79}$',
)
export const anyWord = leaf('a word without blanks', '^[^\\s]{1,80}$', { editor: 'number' })
export const count = leaf('a whole number', '^\\d{1,5}$', { editor: 'number' })
export const yuan = leaf(
  'an amount in yuan with at most two decimals, such as 1378.15',
  '^(0|[1-9]\\d{0,11})(\\.\\d{1,2})?$',
  { editor: 'number' },
)
export const price = leaf(
  'a price in yuan with at most six decimals',
  '^(0|[1-9]\\d{0,11})(\\.\\d{1,6})?$',
  { editor: 'number' },
)
export const quantity = leaf(
  'a quantity with at most four decimals',
  '^(0|[1-9]\\d{0,11})(\\.\\d{1,4})?$',
  { editor: 'number' },
)
export const rate = leaf('a rate from 0 to 1 such as 0.85', '^(0(\\.\\d{1,18})?|1(\\.0{1,18})?)$', {
  editor: 'number',
})
export const factor = leaf(
  'a factor such as 0.6 or 6, without sign or exponent',
  '^(0|[1-9]\\d{0,5})(\\.\\d{1,18})?$',
  { editor: 'number' },
)
export const sourceId = leaf('the id of a source listed under sources', '^[^\\s]{1,80}$')

export const source = closed(
  {
    title: text('the title of the document, in its own language'),
    document: maybe(text('the document number 文号')),
    article: maybe(text('the article or section 条款')),
    link: maybe(leaf('an https address', '^https?://[^\\s]+$')),
    grade: oneOf(
      ['A', 'B', 'C', 'D', 'illustrative'],
      'A or B: read in an official text; C: quoted; D: computed; illustrative: invented',
    ),
    confirmed: day,
    note: maybe(text('a remark')),
  },
  'where values come from',
)
export const sources = named(source, '^[^\\s]{1,80}$', 'sources by id; every value names one')

export type SourceFields = Static<typeof source>
