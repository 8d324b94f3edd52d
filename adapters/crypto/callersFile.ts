import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse, stringify } from 'yaml'
import { type KnownCaller, roles } from '../../engine/role.ts'
import { callerIdForm } from './callerKeys.ts'

const closed = { additionalProperties: false } as const

/** More keys than this are not beside each other while one is changed for another. */
export const mostKeys = 4

/** As many people as stand behind one system of a desk. */
const mostOperators = 500

/** A name as bodies have it: lists are written with commas, of which nobody's name has one. */
const operatorForm = '^(?! )[^\\p{C},，、;；]{1,40}(?<! )$'

/** Every value is text, as the failsafe schema of YAML gives it. */
const EntryShape = Type.Object(
  {
    id: Type.String({ pattern: `^${callerIdForm}$` }),
    role: Type.Enum(roles),
    name: Type.Optional(Type.String({ pattern: '^[^\\p{C}]{1,60}$' })),
    institution: Type.Optional(
      Type.String({ pattern: '^(?!(?:region|desk|self):)[0-9A-Za-z._:/+-]{1,30}$' }),
    ),
    operators: Type.Optional(
      Type.Array(Type.String({ pattern: operatorForm }), {
        minItems: 1,
        maxItems: mostOperators,
      }),
    ),
    keys: Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), {
      minItems: 1,
      maxItems: mostKeys,
    }),
  },
  closed,
)

const FileShape = Type.Object({ callers: Type.Array(EntryShape) }, closed)

/** A caller as the file has it: with the SM3 of each of its keys, never with a key. */
export type CallerEntry = Static<typeof EntryShape>

/** Reads the list of callers; what is wrong with it is told without repeating what stands there. */
export function parseCallers(text: string, what: string): readonly CallerEntry[] {
  const parsed = parseYaml(text, what)
  if (!Value.Check(FileShape, parsed)) {
    const [first] = Value.Errors(FileShape, parsed)
    const place = first?.instancePath.slice(1).replaceAll('/', '.')
    throw new Error(`${what}, at ${place || 'its top'}: ${first?.message ?? 'is wrong'}.`)
  }
  const seen = new Set<string>()
  for (const { id, role, institution, operators } of parsed.callers) {
    if (seen.has(id)) throw new Error(`${what} has the caller ${id} twice.`)
    seen.add(id)
    if (notCallers.has(id)) throw new Error(`${what} has a caller ${id}, which is no caller's id.`)
    if ((role === 'institution') !== (institution !== undefined))
      throw new Error(
        `${what}: ${id} is of the role ${role}, ${institution === undefined ? 'which needs its institution' : 'which has no institution'}.`,
      )
    if (operators?.some((one, i) => one !== one.normalize('NFKC') || operators.indexOf(one) < i))
      throw new Error(`${what}: ${id} has an operator twice, or one in wide letters or digits.`)
    if (operators && role !== 'desk')
      throw new Error(`${what}: ${id} is of the role ${role}; operators are those of a desk alone.`)
  }
  return parsed.callers
}

/** In the access log these are somebody else. */
const notCallers: ReadonlySet<string> = new Set(['anonymous', 'person'])

function parseYaml(text: string, what: string): unknown {
  try {
    return parse(text, { schema: 'failsafe' })
  } catch {
    throw new Error(`${what} is not YAML.`)
  }
}

const preface = `# Who may call the REST interface: \`npx jiesuan callers\` writes this file, and the server reads it again when it changes.
# \`keys\` are SM3 hashes: the keys themselves were printed once and are kept nowhere.
`

export const writeCallers = (callers: readonly CallerEntry[]): string =>
  preface +
  stringify(
    { callers },
    { lineWidth: 0, defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' },
  )

export function callerOf({
  id,
  role,
  name = id,
  institution,
  operators,
}: CallerEntry): KnownCaller {
  return role === 'institution'
    ? { kind: 'institution', id, name, role, institution: institution as string }
    : { kind: 'staff', id, name, role, ...(operators && { operators }) }
}
