import { type FactValue, isRefusalCode, type Refusal, refuse } from '../../engine/refusal.ts'
import { Type } from 'typebox'
import type { Form } from './forms.ts'
import type { Explain } from './needs.ts'

const fact = Type.Union([
  Type.String({ maxLength: 2000 }),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 500 }),
])

const factsSchema = Type.Record(Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$' }), fact, {
  additionalProperties: false,
  description: 'Ids, limits and days; never personal data',
})

export const facts: Form<Readonly<Record<string, FactValue>>> = {
  schema: factsSchema,
  lenient: factsSchema,
  read: (wire) => wire as Record<string, FactValue>,
  write: (value) => value,
}

const said = Type.String({ maxLength: 2000 })
const fields = {
  code: Type.String({ pattern: '^[a-z0-9-]{1,64}$', description: 'Stable: programs go by it' }),
  facts: factsSchema,
}
const message = { en: said, zh: said }

interface Wire {
  readonly code: string
  readonly facts: Refusal['facts']
  readonly message: { readonly en: string; readonly zh: string }
}

/**
 * A refusal (拒付) travels with its sentences: whoever knows its code says it in words of their own, and whoever does not
 * hands these on.
 */
export const refusalForm = (explain: Explain): Form<Refusal> => ({
  schema: Type.Object(
    { ...fields, message: Type.Object(message, { additionalProperties: false }) },
    { additionalProperties: false, description: 'Why it is refused (拒付原因)' },
  ),
  lenient: Type.Object({ ...fields, message: Type.Object(message) }),
  read(wire) {
    const { code, facts: told, message: sentences } = wire as Wire
    if (isRefusalCode(code)) return refuse(code, { ...told })
    return refuse('home-region-refused', { theirs: code, en: sentences.en, zh: sentences.zh })
  },
  write: (refusal) => ({
    code: refusal.code,
    facts: refusal.facts,
    message: explain(refusal),
  }),
})
