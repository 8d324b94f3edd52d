import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Division } from '../../engine/claim.ts'
import type { Region } from '../../engine/route.ts'
import type { KeySource } from './needs.ts'

const closed = { additionalProperties: false } as const
const division = Type.String({ pattern: '^\\d{6}$' })
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', format: 'date' })
const id = Type.String({ pattern: '^[0-9A-Za-z._-]{1,64}$' })
const count = (digits: string) => Type.String({ pattern: `^[1-9]\\d{0,${digits}}$` })
const days = { from: day, until: Type.Optional(day) }

export const OwnShape = Type.Object(
  {
    division,
    keys: Type.Array(Type.Object({ id, file: Type.String({ minLength: 1 }), ...days }, closed), {
      minItems: 1,
    }),
  },
  closed,
)

export const PartnerKeyShape = Type.Object(
  {
    id,
    publicKey: Type.String({ pattern: '^04[0-9a-f]{128}$' }),
    ...days,
    revoked: Type.Optional(Type.Literal('true')),
  },
  closed,
)

export const PartnerShape = Type.Object(
  {
    division,
    name: Type.Optional(Type.String({ pattern: '^[^\\p{C}]{1,100}$' })),
    province: Type.Optional(division),
    divisions: Type.Optional(Type.Array(division, { minItems: 1 })),
    url: Type.String({ pattern: '^https?://[^\\s/?#@]+/?$' }),
    versions: Type.Optional(Type.Array(Type.String({ pattern: '^[1-9]\\d{0,3}$' }))),
    keys: Type.Union([Type.Literal('sandbox'), Type.Array(PartnerKeyShape, { minItems: 1 })]),
    atOnce: Type.Optional(count('2')),
    waiting: Type.Optional(count('3')),
    together: Type.Optional(Type.String({ pattern: '^([1-9]|[1-5]\\d|6[0-4])$' })),
    timeOut_ms: Type.Optional(count('5')),
  },
  closed,
)

/** What the file may hold; every value is text, as the failsafe schema of YAML gives it. */
export const FileShape = Type.Object(
  {
    own: Type.Optional(Type.Union([Type.Literal('sandbox'), Type.Array(OwnShape)])),
    regions: Type.Array(PartnerShape),
  },
  closed,
)

/** What is wrong with the directory: the server does not start with it. */
export class WrongDirectory extends Error {
  override name = 'WrongDirectory'
}

export interface DirectoryOptions {
  readonly mode: 'sandbox' | 'production'
  /** The divisions that are served here. */
  readonly served: readonly Division[]
  /** A region that the rules know; it needs no name and no divisions in the file. */
  readonly known: (division: Division) => Region | undefined
  readonly keys: KeySource
}

/** Of a value that may be one of several things the deepest complaint is the one that helps. */
export function complaintOf(parsed: unknown): string {
  const errors = Value.Errors(FileShape, parsed)
  const depth = (path: string): number => path.split('/').length
  const deepest = errors.toSorted((a, b) => depth(b.instancePath) - depth(a.instancePath))[0]
  const place = deepest?.instancePath.slice(1).replaceAll('/', '.')
  const field = deepest?.keyword === 'boolean' ? 'a field that is not known' : deepest?.message
  return `at ${place || 'its top'}: ${field ?? 'is wrong'}`
}
