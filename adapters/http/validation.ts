import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import { Complaint } from './complaint.ts'
import { escapeStep } from './json.ts'
import { formOf } from './words.ts'

const places: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

type Detail = FastifySchemaValidationError & {
  readonly parentSchema?: { readonly examples?: readonly unknown[] }
}

/** Says which field is wrong and what it should be; the value itself is never repeated. */
export function formatSchemaError(
  errors: readonly FastifySchemaValidationError[],
  dataVar: string,
): Complaint {
  const error = errors[0] as Detail
  return new Complaint('field-invalid', {
    field: fieldOf(error).slice(0, 200),
    in: places[dataVar] ?? dataVar,
    expected: expectedOf(error, dataVar),
  })
}

function fieldOf({ instancePath, params }: Detail): string {
  const { missingProperty, additionalProperty } = params
  const step = missingProperty ?? additionalProperty
  return typeof step === 'string' ? `${instancePath}/${escapeStep(step)}` : instancePath || '/'
}

/** What ajv tells of each keyword; a key is there only for its own. */
interface Params {
  readonly type: string
  readonly allowedValues: readonly unknown[]
  readonly format: string
  readonly comparison: string
  readonly limit: number
  readonly pattern: string
}

function expectedOf({ keyword, params, parentSchema }: Detail, dataVar: string): string {
  const p = params as unknown as Params
  const example = parentSchema?.examples?.[0]
  const such = example === undefined ? '' : ` such as ${JSON.stringify(example)}`
  switch (keyword) {
    case 'required':
      return 'to be given'
    case 'additionalProperties':
      return 'no such field'
    case 'type':
      // A query holds nothing but text; what is no text there was given several times.
      if (dataVar === 'querystring') return 'to be given once'
      return `${article(p.type)}${such}`
    case 'enum':
      return `one of ${p.allowedValues.join(', ')}`
    case 'format':
      return p.format === 'date' ? 'a day of the calendar such as 2026-03-02' : `an instant${such}`
    case 'minItems':
      return `at least ${p.limit}`
    case 'maxItems':
      return `at most ${p.limit}`
    case 'minimum':
    case 'maximum':
      return `${p.comparison} ${p.limit}`
    case 'pattern':
      return formOf(p.pattern) ?? `text${such}`
    default:
      return `text${such}`
  }
}

const article = (type: string): string =>
  ({
    object: 'an object',
    array: 'a list',
    integer: 'a whole number',
    boolean: 'true or false',
    string: 'text in quotes',
  })[type] ?? type
